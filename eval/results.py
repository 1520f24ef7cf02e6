"""Here are the rows of a run; give me a result file, and read it back.

A number is a file: `<name>-<sha12>.json` holds every row, the means with their intervals, and what
made them: data hash, commit, command, machine and date.
"""

import hashlib
import json
import os
import platform
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from eval.dataset import ROOT
from eval.errors import BadResult
from eval.interval import Interval, bootstrap_mean

RESULTS = ROOT / "eval" / "results"


@dataclass(frozen=True, slots=True)
class Worked:
    """Seconds on the clock, those that all cores have worked in all, and those that were ours."""

    clock: float
    every: float
    own: float


def _worked() -> Worked:
    """How much this machine and this process, with its ended children, have worked so far."""
    every = psutil.cpu_times()
    own = os.times()
    idle = every.idle + getattr(every, "iowait", 0.0)
    ours = own.user + own.system + own.children_user + own.children_system
    return Worked(time.monotonic(), sum(every[:8]) - idle, ours)


_BEGAN = _worked()


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One question of a run: what was asked, expected, answered, cited and found, and measures.

    `cluster` is the article the question is about, so that questions on one article are not taken
    for independent ones. `found` lists passages as [chunk id, document id, ranks, holds gold],
    `weighed` the sentences that might have answered and the gate that kept each out.
    """

    id: str
    kind: str
    split: str
    question: str
    history: tuple[str, ...]
    standalone: str
    cluster: str
    expected: tuple[str, ...]
    expected_status: str
    status: str
    answer: str
    citations: tuple[dict[str, Any], ...]
    related: tuple[int, ...]
    found: tuple[dict[str, Any], ...]
    measures: dict[str, float]
    took_ms: float
    error: str | None = None
    weighed: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a result: everything needed to make it again.

    `others` is the share of the machine's cores that other processes took meanwhile, in [0, 1]:
    with much of it, times are longer than they need be.
    """

    commit: str
    changed: bool
    command: str
    machine: str
    date: str
    data_sha256: str
    system: dict[str, Any] = field(default_factory=dict)
    others: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A whole run."""

    name: str
    rows: tuple[ResultRow, ...]
    provenance: Provenance

    @property
    def timed(self) -> bool:
        """Whether questions were asked of it; a reference ranking only searches."""
        return any(row.took_ms > 0 for row in self.rows)

    def means(self) -> dict[str, dict[str, Interval]]:
        """Kind ("all" for every kind) → measure → mean with its 95 % interval."""
        kinds: dict[str, list[ResultRow]] = {"all": list(self.rows)}
        for row in self.rows:
            kinds.setdefault(row.kind, []).append(row)
        return {kind: _means(rows) for kind, rows in kinds.items()}

    def latency(self, kind: str = "all") -> dict[str, float]:
        """p50, p95 and p99 of the time a caller waited for an answer, in ms; failed rows left out.

        Nearest-rank percentiles: each is a time that was measured.
        """
        kinds = {kind} if kind != "all" else {row.kind for row in self.rows}
        times = sorted(r.took_ms for r in self.rows if r.error is None and r.kind in kinds)
        return {f"p{p}": percentile(times, p) for p in (50, 95, 99)}


def percentile(ordered: Sequence[float], p: int) -> float:
    """The nearest-rank percentile of ascending values; 0.0 of none."""
    return ordered[max(0, -(-len(ordered) * p // 100) - 1)] if ordered else 0.0


def _means(rows: Sequence[ResultRow]) -> dict[str, Interval]:
    names = sorted({name for row in rows for name in row.measures})
    means = {}
    for name in names:
        measured = [row for row in rows if name in row.measures]
        means[name] = bootstrap_mean(
            [row.measures[name] for row in measured], [row.cluster for row in measured]
        )
    return means


def provenance(
    data_sha256: str,
    system: dict[str, Any],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Provenance:
    """What is true of this process: commit (and whether files differ from it), command, machine."""
    program = ["python", "-m", "eval", *sys.argv[1:]]
    return Provenance(
        commit=_git("rev-parse", "HEAD") or "unknown",
        changed=bool(_git("status", "--porcelain")),
        command=shlex.join(program),
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        date=now().isoformat(timespec="seconds"),
        data_sha256=data_sha256,
        system=system,
        others=round(taken_by_others(_BEGAN, _worked(), os.cpu_count() or 1), 2),
    )


def taken_by_others(began: Worked, now: Worked, cores: int) -> float:
    """The share of the cores' time that other processes took in between, in [0, 1].

    A child that still runs counts among the others.
    """
    lasted = (now.clock - began.clock) * cores
    others = (now.every - began.every) - (now.own - began.own)
    return min(1.0, max(0.0, others / lasted)) if lasted > 0 else 0.0


def _git(*arguments: str) -> str:
    """What git says about this checkout; "" outside one."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def save(result: Result, folder: Path = RESULTS) -> Path:
    """Where the result stands now: its name and the first 12 digits of its content's hash.

    Times and dates are not hashed, so two runs of the same commit give the same name.
    """
    body = {
        "name": result.name,
        "provenance": asdict(result.provenance),
        "latency_ms": result.latency(),
        "means": {
            kind: {name: asdict(interval) for name, interval in means.items()}
            for kind, means in result.means().items()
        },
        "rows": [asdict(row) for row in result.rows],
    }
    path = folder / f"{result.name}-{identity(result)[:12]}.json"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def identity(result: Result) -> str:
    """SHA-256 of what was answered, by which commit, on which data."""
    rows = [{**asdict(row), "took_ms": 0} for row in result.rows]
    known = [result.name, result.provenance.commit, result.provenance.data_sha256, rows]
    return hashlib.sha256(
        json.dumps(known, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()


def load(path: Path) -> Result:
    """The result of a file; BadResult where it is none."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        rows = tuple(_row(row) for row in body["rows"])
        return Result(body["name"], rows, Provenance(**body["provenance"]))
    except (OSError, json.JSONDecodeError, KeyError, TypeError) as exc:
        raise BadResult(f"{path}: is no result file of this version ({exc!r})") from exc


def _row(record: dict[str, Any]) -> ResultRow:
    """A row as it was saved: JSON has lists where the record has tuples."""
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    return ResultRow(**fields)
