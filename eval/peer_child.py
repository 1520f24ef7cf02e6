"""Here is an engine's name and a folder of passages; build it, ask it, write what it found.

Run as `python -m eval.peer_child NAME FOLDER` by `eval.apart`, in a process of its own, so that
its memory is its own and a crash ends nothing else. An engine's own errors are left to end it.
"""

import json
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from eval.dataset import size
from eval.engine import Engine, Material, Outcome, Row
from eval.peers import PEERS, version_of
from index.analyzer import Analyzer
from index.encoder import open_encoder

# Adding goes over so many places to find what was just added.
ADD_DEPTH = 10


def measure(name: str, folder: Path) -> Outcome:
    """What the engine needed and found, question by question."""
    task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    given = open_material(folder, name)
    peer = PEERS[name]
    started = time.perf_counter()
    engine = peer.build(given)
    build = time.perf_counter() - started
    on_disk = size([given.folder])
    startup = None
    if engine.reopen is not None:
        started = time.perf_counter()
        engine = engine.reopen()
        engine.search(task["questions"][0], task["k"])
        startup = 1000 * (time.perf_counter() - started)
    found, took = _search(engine, task)
    added, right = _add(engine, task["added"], given)
    return Outcome(
        engine=name,
        version=version_of(peer),
        build_s=build,
        found=tuple(found),
        took_ms=tuple(took),
        add_ms=tuple(added),
        add_right=right,
        startup_ms=startup,
        disk_mb=on_disk / 1e6 if on_disk else None,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    )


def open_material(folder: Path, name: str) -> Material:
    """What `eval.apart.leave` wrote, with our analyzer and encoder, and a folder for the engine."""
    with (folder / "passages.jsonl").open(encoding="utf-8") as stream:
        texts = tuple(json.loads(line) for line in stream)
    encoder, analyzer = open_encoder(), Analyzer.open()
    own = folder / name
    own.mkdir(exist_ok=True)

    def encode(text: str) -> Row:
        """A question's row."""
        row: Row = encoder.encode_queries([text])[0]
        return row

    rows = np.load(folder / "rows.npy", mmap_mode="r")
    return Material(texts, rows, analyzer.terms, encode, own)


def _search(engine: Engine, task: dict[str, Any]) -> tuple[list[tuple[int, ...]], list[float]]:
    """What every question found and the ms it took, after some warm-up."""
    for text in task["questions"][: task["warm"]]:
        engine.search(text, task["k"])
    found, took = [], []
    for text in task["questions"]:
        started = time.perf_counter()
        numbers = engine.search(text, task["k"])
        took.append(1000 * (time.perf_counter() - started))
        found.append(tuple(numbers))
    return found, took


def _add(engine: Engine, texts: list[str], given: Material) -> tuple[list[float], float]:
    """The ms until a passage added was found again, and the share that was found at all."""
    if engine.add is None or not texts:
        return [], 0.0
    took, right = [], 0
    for number, text in enumerate(texts, len(given.texts)):
        row = given.encode(text)
        started = time.perf_counter()
        engine.add(text, row)
        right += number in engine.search(text, ADD_DEPTH)
        took.append(1000 * (time.perf_counter() - started))
    return took, right / len(texts)


def main() -> None:
    """Measure the engine named and write its outcome beside its folder."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    body = json.dumps(asdict(measure(name, folder)))
    (folder / f"{name}.json").write_text(body, encoding="utf-8")


if __name__ == "__main__":
    main()
