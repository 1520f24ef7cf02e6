"""Here is a data folder; give me a real server on it, on a free loopback port."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from api.commands import app

Json = Any
"""Whatever JSON holds."""

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"


@dataclass(frozen=True, slots=True)
class Running:
    """A server process and how to reach it."""

    process: "subprocess.Popen[str]"
    url: str
    data: Path
    lines: tuple[str, ...]

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def client(self) -> httpx.Client:
        """A client that no proxy of the environment gets between."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=30)


def environment(**settings: object) -> dict[str, str]:
    """The environment of this process with no settings but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNIONQA_")}
    return {**kept, **{f"UNIONQA_{name}": str(value) for name, value in settings.items()}}


@dataclass(frozen=True, slots=True)
class Done:
    """What a command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def unionqa(*words: str, **settings: object) -> Done:
    """What `unionqa` with these words does; in this process, which spares the imports."""
    given = environment(**settings)
    absent = {name: None for name in os.environ if name not in given}
    said = CliRunner().invoke(app, list(words), env={**absent, **given})
    if said.exception and not isinstance(said.exception, SystemExit):
        raise said.exception
    return Done(said.exit_code, said.stdout, said.stderr)


@contextmanager
def serving(data: Path, log: Path | None = None, /, **settings: object) -> Iterator[Running]:
    """A server over `data`, which has printed its address; it is killed afterwards.

    What it writes to its standard error output goes to `log`.
    """
    errors = log.open("w", encoding="utf-8") if log else None
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "serve"],
        cwd=ROOT,
        env=environment(DATA=data, PORT=0, **settings),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    try:
        assert process.stdout
        lines = tuple(process.stdout.readline().rstrip() for _ in range(3))
        address = re.search(r"http://\S+", lines[0])
        assert address, f"the server did not start: {lines}"
        yield Running(process, address[0], data, lines)
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()
        if errors:
            errors.close()
