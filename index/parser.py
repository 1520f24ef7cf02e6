"""Here are bytes a parser could choke on; give me their text, or one line saying why not.

The parsers (trafilatura, pypdf, python-docx) run in a fresh process with limits, because each of
them can be made to hang or to fill the memory; nothing of theirs is imported here.
"""

import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

from index import errors
from index.errors import DamagedFile, ReadError, TooLarge

Kind = Literal["html", "pdf", "docx"]

# Beyond this a "document" is a book shelf or an attack; 5 M characters are about 8,000 pages.
MAX_TEXT_CHARACTERS = 5_000_000
_ROOT = Path(__file__).resolve().parent.parent
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Extracted:
    """The readable text of a file, and what its container says of itself.

    `runs` are the rows of an `Alignment` to the page's HTML, None where the text is its own source.
    """

    text: str
    runs: list[list[int]] | None = None
    title: str | None = None
    date: str | None = None
    author: str | None = None
    publisher: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one parse may use: address space and result in bytes, processor and wall time in s."""

    memory: int = 1024 * _MIB
    result: int = 128 * _MIB
    cpu_s: int = 30
    wall_s: float = 60.0


def parse(kind: Kind, data: bytes, name: str, limits: Limits = Limits()) -> Extracted:
    """What a fresh process makes of the bytes (of decoded HTML: UTF-8).

    Raises DamagedFile, TooLarge or another ReadError, its message beginning with the file's name.
    """
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as result,
        tempfile.TemporaryFile() as complaint,
    ):
        given.write(data)
        given.seek(0)
        status = _run(kind, limits, given, result, complaint)
        if status is None:
            raise DamagedFile(f"{name}: took its parser longer than {limits.wall_s:g} s; {_ADVICE}")
        if status != 0:
            raise DamagedFile(f"{name}: {_reason(status, complaint, limits)}; {_ADVICE}")
        result.seek(0)
        return _received(result.read(limits.result), name)


_ADVICE = "open it and save it again, or save its text as .txt"


def _run(
    kind: Kind, limits: Limits, given: IO[bytes], result: IO[bytes], complaint: IO[bytes]
) -> int | None:
    """The exit status of the child (negative: the signal that ended it), None if out of time."""
    command = [sys.executable, "-P", "-m", "index.parser_child", kind, json.dumps(asdict(limits))]
    # Nothing of this process's environment: a parser needs no key. One BLAS thread, since each
    # takes address space.
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"}
    child = subprocess.Popen(
        command, stdin=given, stdout=result, stderr=complaint, env=environment, cwd="/"
    )
    try:
        return child.wait(limits.wall_s)
    except subprocess.TimeoutExpired:
        return None
    finally:
        child.kill()
        child.wait()


def _reason(status: int, complaint: IO[bytes], limits: Limits) -> str:
    """Why the child ended without a result, in words."""
    complaint.seek(0)
    lines = complaint.read(_MIB).decode("utf-8", "replace").strip().splitlines()
    last = lines[-1][:200] if lines else ""
    if -status == signal.SIGXCPU:
        return f"took its parser more than {limits.cpu_s} s of processor time"
    if "MemoryError" in last or "cannot allocate memory" in last.lower():
        return f"took its parser more than {limits.memory // _MIB} MiB of memory"
    if "File too large" in last:
        return f"gave more than {limits.result // 1024:,} KiB of text"
    if status < 0:
        return f"ended its parser with signal {-status}"
    return f"its parser failed ({last or f'exit status {status}'})"


def _received(data: bytes, name: str) -> Extracted:
    """The child's answer; the error it reports is raised here, with the file's name."""
    try:
        answer = json.loads(data)
    except ValueError as exc:
        raise DamagedFile(f"{name}: its parser gave no whole result; {_ADVICE}") from exc
    if "error" in answer:
        kind = getattr(errors, answer["error"], ReadError)
        raise kind(f"{name}: {answer['message']}")
    extracted = Extracted(**answer)
    if len(extracted.text) > MAX_TEXT_CHARACTERS:
        raise TooLarge(
            f"{name}: holds {len(extracted.text):,} characters of text, "
            f"the limit is {MAX_TEXT_CHARACTERS:,}; split it"
        )
    return extracted
