"""Here is a data folder or a running server; tell me how fast it starts, answers and adds.

It is measured from outside, as people have it: `unionqa serve` in a process of its own, over HTTP,
one client, one request after another. The articles added while timing are deleted afterwards.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from eval.apart import Bounds, watch
from eval.dataset import ROOT
from eval.errors import SystemFailed
from eval.interval import Interval, bootstrap_percentile
from eval.results import provenance
from eval.workload import made_texts

ADDED = 30
FOUND_S = 10.0
START_S = 120.0
INDEXED = re.compile(r"finished: ([\d,]+) articles new or changed")


@dataclass(frozen=True, slots=True)
class Served:
    """Figures of one server: times in ms, memory in MB; None is what could not be seen from here.

    `indexing` is (articles a second, most memory of all its processes).
    """

    documents: int
    passages: int
    ask_ms: tuple[float, ...]
    add_ms: tuple[float, ...]
    startup_ms: float | None = None
    resident_mb: float | None = None
    peak_mb: float | None = None
    indexing: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """A server that answers, and how long it took to."""

    process: "subprocess.Popen[str]"
    url: str
    startup_ms: float


@contextmanager
def serving(data: Path) -> Iterator[Started]:
    """`unionqa serve` over a folder, on a free port; SystemFailed where it does not get ready."""
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        started = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "api", "serve"],
            cwd=ROOT,
            env={**os.environ, "UNIONQA_DATA": str(data.absolute()), "UNIONQA_PORT": "0"},
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        ) as process:
            try:
                assert process.stdout
                address = re.search(r"http://\S+", process.stdout.readline())
                if not address:
                    process.wait()
                    said.seek(0)
                    reason = said.read().strip().rpartition("\n")[2]
                    raise SystemFailed(f"no server over {data}: {reason}")
                _wait_until_ready(address[0], started)
                yield Started(process, address[0], 1000 * (time.perf_counter() - started))
            finally:
                process.terminate()


def _wait_until_ready(url: str, started: float) -> None:
    """Nothing, once the server answers; SystemFailed where it takes too long."""
    with httpx.Client(base_url=url, trust_env=False) as client:
        while not _is_ready(client):
            if time.perf_counter() - started > START_S:
                raise SystemFailed(f"the server is not ready after {START_S:.0f} s")
            time.sleep(0.005)


def measure_folder(data: Path, questions: Sequence[str], added: int = ADDED) -> Served:
    """The figures of a server over a folder, started for the purpose."""
    with serving(data) as started:
        return measure(started.url, questions, started, added)


def measure(
    url: str, questions: Sequence[str], started: Started | None = None, added: int = ADDED
) -> Served:
    """The figures of a running server; those of its process only where it was started here."""
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        size = _done(client.get("/readyz"))
        asked = tuple(_ask(client, question) for question in questions)
        taken = tuple(_add(client, number, text) for number, text in enumerate(made_texts(added)))
    process = psutil.Process(started.process.pid) if started else None
    return Served(
        size["documents"],
        size["chunks"],
        asked,
        taken,
        started.startup_ms if started else None,
        process.memory_info().rss / 1e6 if process else None,
        _peak_mb(process.pid) if process else None,
    )


def index_rate(articles: Path, bounds: Bounds) -> tuple[float, float]:
    """Articles a second and most MB of `unionqa index` into a new folder; SystemFailed."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as said:
        started = time.monotonic()
        child = subprocess.Popen(
            [sys.executable, "-m", "api", "index", str(articles.absolute())],
            cwd=ROOT,
            env={**os.environ, "UNIONQA_DATA": str(Path(folder) / "data")},
            stdout=said,
            stderr=subprocess.DEVNULL,
        )
        peak, passed = watch(child, bounds, started)
        took = time.monotonic() - started
        said.seek(0)
        found = INDEXED.search(said.read())
    count = int(found[1].replace(",", "")) if found else 0
    if passed or not count:
        raise SystemFailed(f"{articles} was not indexed: {passed or 'it holds no article'}")
    return count / took, peak


def rows(served: Served) -> str:
    """The README's rows in Markdown; percentiles with 95 % bootstrap intervals."""
    ask, add = sorted(served.ask_ms), sorted(served.add_ms)
    asked = ", ".join(f"p{p} {_shown(bootstrap_percentile(ask, p))}" for p in (50, 95, 99))
    lines = [
        "| what | figure | how |",
        "|---|---|---|",
        f"| `/v1/ask`, {len(ask)} questions | {asked}, longest {ask[-1]:.1f} ms "
        "| one client, one question after another |",
        f"| adding an article, until it is found | p50 {_shown(bootstrap_percentile(add, 50))}, "
        f"longest of {len(add)} {add[-1]:.1f} ms | `POST /v1/documents`, then `/v1/search` |",
    ]
    if served.startup_ms is not None:
        ready = f"{served.startup_ms / 1000:.1f} s"
        lines.append(f"| start-up until ready | {ready} | `unionqa serve`, `GET /readyz` |")
    if served.resident_mb is not None and served.peak_mb is not None:
        memory = f"{served.resident_mb:.0f} MB, at most {served.peak_mb:.0f} MB"
        lines.append(f"| server memory | {memory} | resident; `/proc/PID/status` |")
    if served.indexing:
        rate, peak = served.indexing
        lines.append(
            f"| indexing | {rate:.0f} articles/s, at most {peak:.0f} MB | `unionqa index PATH` |"
        )
    made = provenance("", {})
    changed = " and changed files" if made.changed else ""
    size = f"{served.documents:,} articles, {served.passages:,} passages"
    said = f"{size}; commit {made.commit[:7]}{changed}, {made.date}, {made.machine}"
    return "\n".join([*lines, "", said, ""])


def _shown(value: Interval) -> str:
    return f"{value.mean:.1f} ms [{value.low:.1f}, {value.high:.1f}]"


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").is_success
    except httpx.TransportError:
        return False


def _ask(client: httpx.Client, question: str) -> float:
    """Milliseconds until the answer is there; an answer that is none fails."""
    started = time.perf_counter()
    answer = _done(client.post("/v1/ask", json={"question": question}))
    took = 1000 * (time.perf_counter() - started)
    if answer["question"] != question.strip():
        raise SystemFailed(f"/v1/ask answered {answer['question']!r}, asked was {question!r}")
    return took


def _add(client: httpx.Client, number: int, text: str) -> float:
    """Milliseconds until a new article is found by a search; it is deleted again."""
    file = {"file": (f"bench-{os.getpid()}-{number}.txt", text.encode())}
    sought = {"query": text.split("\n", 1)[0], "top_k": 10}
    started = time.perf_counter()
    document = _done(client.post("/v1/documents", files=file))["document_id"]
    try:
        while time.perf_counter() - started < FOUND_S:
            hits = _done(client.post("/v1/search", json=sought))["hits"]
            if any(hit["document_id"] == document for hit in hits):
                return 1000 * (time.perf_counter() - started)
        raise SystemFailed(f"an article was not found {FOUND_S:.0f} s after it was added")
    finally:
        client.delete(f"/v1/documents/{document}")


def _done(response: httpx.Response) -> Any:  # noqa: ANN401 - JSON is any value
    if not response.is_success:
        raise SystemFailed(f"{response.url.path}: {response.status_code} {response.text[:200]}")
    return response.json()


def _peak_mb(pid: int) -> float | None:
    """Most MB a process ever had resident; None where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1e6 if found else None
