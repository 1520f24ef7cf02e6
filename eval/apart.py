"""Here is an engine's name and passages; run it in a process of its own, within bounds.

An engine that is not installed, fails, or passes its bounds has an outcome that says so.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import psutil

from eval.dataset import ROOT
from eval.engine import Outcome, Row
from eval.errors import SystemFailed
from eval.peers import PEERS

# How often the child's memory is looked at.
LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a child may take: seconds of wall clock, and MB resident of all its processes."""

    seconds: float = 600.0
    megabytes: float = 12_000.0


def leave(folder: Path, passages: Iterable[tuple[Sequence[str], Row]], count: int) -> None:
    """Write `count` passages and their rows, given in parts, where children read them."""
    done = 0
    rows: Row | None = None
    with (folder / "passages.jsonl").open("w", encoding="utf-8") as stream:
        for texts, part in passages:
            stream.writelines(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
            if rows is None:
                rows = np.lib.format.open_memmap(
                    folder / "rows.npy", "w+", dtype=np.float32, shape=(count, part.shape[1])
                )
            rows[done : done + len(texts)] = part
            done += len(texts)
    if rows is None or done != count:
        raise SystemFailed(f"{done} passages were left for the engines, expected {count}")
    rows.flush()  # type: ignore[attr-defined]  # a memmap is an array to numpy's types


def leave_task(
    folder: Path, questions: Sequence[str], k: int, *, warm: int = 0, added: Sequence[str] = ()
) -> None:
    """Write what children are asked: `warm` questions once more before, texts to be added after."""
    task = {"questions": list(questions), "k": k, "warm": warm, "added": list(added)}
    (folder / "task.json").write_text(json.dumps(task, ensure_ascii=False), encoding="utf-8")


def run_apart(
    name: str, folder: Path, passages: int, python: Path | None = None, bounds: Bounds | None = None
) -> Outcome:
    """The outcome of an engine over what was left in `folder`; `python` has it installed.

    What the engine itself kept on disk is gone afterwards.
    """
    most = PEERS[name].most
    if most is not None and passages > most:
        return Outcome(name, f"not run over more than {most:,} passages")
    child = Child("eval.peer_child", (name, str(folder)), folder / f"{name}.txt")
    peak, error = run_child(child, python, bounds)
    shutil.rmtree(folder / name, ignore_errors=True)
    if error:
        return Outcome(name, error)
    found = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    found |= {
        "found": tuple(tuple(numbers) for numbers in found["found"]),
        "took_ms": tuple(found["took_ms"]),
        "add_ms": tuple(found["add_ms"]),
    }
    outcome = Outcome(**found)
    return replace(outcome, peak_mb=max(peak, outcome.peak_mb))


@dataclass(frozen=True, slots=True)
class Child:
    """A module to be run as a program, its arguments, and the file for what it says."""

    module: str
    arguments: tuple[str, ...]
    said: Path


def run_child(
    child: Child, python: Path | None = None, bounds: Bounds | None = None
) -> tuple[float, str | None]:
    """Most MB a child had with its own children, and in one line why it did not end well."""
    command = [str(python or sys.executable), "-W", "ignore", "-m", child.module]
    started = time.monotonic()
    with child.said.open("w", encoding="utf-8") as stream:
        try:
            process = subprocess.Popen(
                [*command, *child.arguments], cwd=ROOT, stdout=stream, stderr=stream
            )
        except OSError as exc:
            return 0.0, f"{python} cannot be run: {exc}"
        peak, passed = watch(process, bounds or Bounds(), started)
    if not passed and process.returncode:
        passed = _last_line(child.said) or f"ended with status {process.returncode}"
    return peak, passed


def watch(
    child: "subprocess.Popen[bytes]", bounds: Bounds, started: float
) -> tuple[float, str | None]:
    """Most MB the child and its children had, and which bound it passed before it was ended."""
    peak, passed = 0.0, None
    while child.poll() is None:
        family = _family(child.pid)
        peak = max(peak, _resident(family))
        if time.monotonic() - started > bounds.seconds:
            passed = f"ended after {bounds.seconds:.0f} s"
        elif peak > bounds.megabytes:
            passed = f"ended at {peak:,.0f} MB"
        if passed:
            for process in family:
                _end(process)
            child.wait()
        else:
            time.sleep(LOOK_S)
    return peak, passed


def _family(pid: int) -> list[psutil.Process]:
    """The child and its children; none once it has ended."""
    try:
        child = psutil.Process(pid)
        return [*child.children(recursive=True), child]
    except psutil.NoSuchProcess:
        return []


def _resident(family: Sequence[psutil.Process]) -> float:
    """MB of memory of all of them together; what several of them share counts once, on Linux."""
    total = 0
    for process in family:
        try:
            if len(family) > 1 and psutil.LINUX:
                total += process.memory_full_info().pss
            else:
                total += process.memory_info().rss
        except psutil.Error:
            continue
    return total / 1e6


def _end(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _last_line(path: Path) -> str:
    """The last line a child said: of a traceback, the error itself."""
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")
