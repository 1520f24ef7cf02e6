"""Here are articles and questions; build our index, ask it, leave its passages, write figures.

Run as `python -m eval.our_child FOLDER` by `eval.bench`, in a process of its own as other engines
are. Ours is measured as a whole: reading, cleaning, encoding and committing to disk.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from eval.apart import leave
from eval.corpus import open_index
from eval.dataset import entries, find_entry, open_dataset, size
from eval.engine import Row
from eval.errors import SystemFailed
from eval.figures import Figures, Timing, timing
from eval.question import Question
from eval.references import Passage, iter_passages
from eval.systems import Local
from eval.workload import Sought, made_documents
from index.build import Summary, index_paths
from index.document import Document
from index.index import Index, Snapshot
from rag.ask import ask
from rag.search import search

OURS = "unionqa"
K = 10
WARM = 20
ADDED = 20
# Passages encoded and written at a time when they are left for the others.
PART = 2_000


def leave_articles(folder: Path, paths: Sequence[Path], sought: Sequence[Sought]) -> None:
    """Write what the child is given: the files to index and the questions to search."""
    given = {"paths": [str(path) for path in paths], "sought": [asdict(one) for one in sought]}
    (folder / "given.json").write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")


def measure(folder: Path) -> Figures:
    """Our own figures: build, open again, search, ask, add; the passages are left in between."""
    given = json.loads((folder / "given.json").read_text(encoding="utf-8"))
    sought = [Sought(**one) for one in given["sought"]]
    summary, build = _build(folder / "index", [Path(path) for path in given["paths"]])
    on_disk = size([folder / "index"])
    started = time.perf_counter()
    index = open_index(folder / "index")
    _finds(index.snapshot(), sought[0])
    startup = 1000 * (time.perf_counter() - started)
    try:
        snapshot = index.snapshot()
        found = Figures(
            engine=OURS,
            articles=snapshot.documents,
            passages=snapshot.chunks,
            build_s=round(build, 2),
            articles_s=round(summary.done / build, 1),
            search=timed(partial(_finds, snapshot), sought),
            ask=timed(partial(_answers, snapshot), _union_questions()),
            disk_mb=round(on_disk / 1e6, 1),
            startup_ms=round(startup, 1),
        )
        _leave_passages(folder, index)
        return replace(found, add=timed(partial(_add, index), made_documents(ADDED), warm=0))
    finally:
        index.close()


def _build(folder: Path, paths: Sequence[Path]) -> tuple[Summary, float]:
    """What became of the articles, and the seconds it took; SystemFailed where one is missing."""
    started = time.perf_counter()
    index = open_index(folder)
    try:
        summary = index_paths(paths, index, lambda progress: None)
        if summary.failed or summary.interrupted:
            raise SystemFailed(
                f"{summary.failed} articles were not indexed: {summary.failures[:1]}"
            )
        return summary, time.perf_counter() - started
    finally:
        index.close()


def timed(run: Callable[[Any], bool], asked: Sequence[Any], warm: int = WARM) -> Timing:
    """Times of `run` over what is asked, after some warm-up; `run` says whether it was right."""
    for one in asked[:warm]:
        run(one)
    times, right = [], 0
    for one in asked:
        started = time.perf_counter()
        right += run(one)
        times.append(1000 * (time.perf_counter() - started))
    return timing(times, right / len(times) if times else 0.0)


def _finds(snapshot: Snapshot, one: Sought) -> bool:
    """Whether the article of a sentence is among the first hits."""
    return one.is_in([hit.document.document_id for hit in search(one.text, snapshot, top_k=K)])


def _answers(snapshot: Snapshot, question: Question) -> bool:
    """Whether an accepted answer is said."""
    said = ask(question.text, snapshot).text
    return any(answer in said for answer in question.answers)


def _union_questions() -> list[Question]:
    """The answerable tuning questions over the seeds that need no earlier one."""
    entry = find_entry("union", entries())
    asked = open_dataset(entry, use="tune", split="tune").questions
    return [q for q in asked if q.needs == "seeds" and q.status == "answered" and not q.history]


def _add(index: Index, document: Document) -> bool:
    """Whether a document is found by the search right after it was added."""
    index.add(document)
    found = Local(index).search(document.title, K)
    return document.document_id in {hit.document_id for hit in found}


def _leave_passages(folder: Path, index: Index) -> None:
    """Write our passages, their rows and the articles they are of, for the other engines."""
    snapshot = index.snapshot()
    passages = iter_passages(snapshot)
    with (folder / "documents.jsonl").open("w", encoding="utf-8") as stream:

        def parts() -> Iterator[tuple[list[str], Row]]:
            """Texts and rows, so many at a time that memory does not grow with the corpus."""
            while part := list(islice(passages, PART)):
                stream.writelines(json.dumps(one.document_id) + "\n" for one in part)
                yield [one.text for one in part], _rows(index, part)

        leave(folder, parts(), snapshot.chunks)


def _rows(index: Index, part: Sequence[Passage]) -> Row:
    """The rows of passages, shape (n, dim)."""
    return index.encoder.encode_passages([one.encoded for one in part])


def main() -> None:
    """Measure and write the figures beside the index."""
    folder = Path(sys.argv[1])
    body = json.dumps(asdict(measure(folder)))
    (folder / f"{OURS}.json").write_text(body, encoding="utf-8")


if __name__ == "__main__":
    main()
