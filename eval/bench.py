"""Here is a number of articles; tell me how fast each engine builds, searches and answers.

Every engine gets the same passages, rows and questions, runs in a process of its own (so that its
memory is its own), and has its answers checked while it is timed. Ours is measured as a whole:
reading, cleaning, encoding and committing to disk; the others are given passages and rows.
"""

import hashlib
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from eval.apart import Bounds, leave, leave_task, run_apart
from eval.corpus import open_index
from eval.dataset import DATA_ROOT, entries, find_entry, open_dataset, size
from eval.engine import Outcome
from eval.figures import Figures, Timing, as_html, as_markdown
from eval.references import passages_of
from eval.results import percentile, provenance
from eval.systems import Local
from eval.workload import Sought, made_documents, made_texts, news_corpus, questions
from index.build import index_paths
from index.document import Document
from index.index import Index
from rag.ask import ask
from rag.search import search

# Questions of a run: sentences of indexed articles, each of which must find its own article.
QUESTIONS = 200
WARM = 20
K = 10
ADDED = 20
OURS = "unionqa"
# What is measured beside ours where nobody asks for more.
USUAL = ("rank-bm25", "bm25s")


@dataclass(frozen=True, slots=True)
class Rivals:
    """Which engines are measured beside ours, by which Python, within which bounds."""

    names: tuple[str, ...] = USUAL
    python: Path | None = None
    bounds: Bounds = field(default_factory=Bounds)


def bench(
    sizes: Sequence[int],
    data_root: Path = DATA_ROOT,
    *,
    rivals: Rivals | None = None,
    report: Callable[[str], None],
) -> list[Figures]:
    """The figures of every engine at every size (news articles beside the seeds), ours first."""
    rivals = rivals or Rivals()
    found: list[Figures] = []
    for articles in sizes:
        with tempfile.TemporaryDirectory(prefix="unionqa-bench-") as name:
            folder = Path(name)
            paths = news_corpus(folder, articles, data_root)
            sought = questions(paths[1:], QUESTIONS)
            report(f"{articles} news articles: {OURS}")
            ours = _apart(_measure_ours, paths, sought, folder)
            found.append(ours)
            if rivals.names:
                _apart(_leave_passages, folder)
                asked = [one.text for one in sought]
                leave_task(folder, asked, K, warm=WARM, added=made_texts(ADDED))
            for rival in rivals.names:
                report(f"{ours.passages} passages: {rival}")
                outcome = run_apart(rival, folder, ours.passages, rivals.python, rivals.bounds)
                found.append(_figures(outcome, ours, sought, folder))
    return found


def _apart(measure: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
    """What `measure` returns in a fresh process, with that process's own peak memory."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(measure, *arguments).result()


def timed(run: Callable[[Any], bool], asked: Sequence[Any]) -> Timing:
    """Times of `run` over what is asked, after some warm-up; `run` says whether it was right."""
    for one in asked[:WARM]:
        run(one)
    times, right = [], 0
    for one in asked:
        started = time.perf_counter()
        right += run(one)
        times.append(1000 * (time.perf_counter() - started))
    return timing(times, right / len(times) if times else 0.0)


def timing(times: Sequence[float], right: float) -> Timing:
    """Times in ms as a Timing; `right` is the share of right answers."""
    ordered = sorted(times)
    p50, p95, p99 = (round(percentile(ordered, p), 3) for p in (50, 95, 99))
    return Timing(len(ordered), p50, p95, p99, right)


def _measure_ours(paths: list[Path], sought: list[Sought], folder: Path) -> Figures:
    """Our own figures: build, open again, search, ask, add."""
    data = folder / "index"
    started = time.perf_counter()
    index = open_index(data)
    summary = index_paths(paths, index, lambda progress: None)
    build = time.perf_counter() - started
    built_mb = _peak_mb()
    index.close()
    on_disk = size([data])
    started = time.perf_counter()
    index = open_index(data)
    startup = 1000 * (time.perf_counter() - started)
    try:
        snapshot = index.snapshot()
        asked = [q for q in _union_questions() if not q.history]

        def finds(one: Sought) -> bool:
            """Whether the article of a sentence is among the first hits."""
            hits = search(one.text, snapshot, top_k=K)
            return one.is_in([hit.document.document_id for hit in hits])

        def answers(question: Any) -> bool:  # noqa: ANN401
            """Whether an accepted answer is said."""
            return any(a in ask(question.text, snapshot).text for a in question.answers)

        return Figures(
            engine=OURS,
            articles=summary.done,
            passages=snapshot.chunks,
            build_s=round(build, 2),
            articles_s=round(summary.done / build, 1),
            peak_mb=built_mb,
            search=timed(finds, sought),
            ask=timed(answers, asked),
            add=timed(partial(_add, index), made_documents(ADDED)),
            disk_mb=round(on_disk / 1e6, 1),
            startup_ms=round(startup, 1),
        )
    finally:
        index.close()


def _union_questions() -> list[Any]:
    """The answerable tuning questions over the seeds."""
    entry = find_entry("union", entries())
    asked = open_dataset(entry, use="tune", split="tune").questions
    return [q for q in asked if q.needs == "seeds" and q.status == "answered"]


def _add(index: Index, document: Document) -> bool:
    """Whether a document is found by the search right after it was added."""
    index.add(replace(document, digest=f"{document.digest}{time.perf_counter_ns()}"))
    found = Local(index).search(document.title, K)
    return document.document_id in {hit.document_id for hit in found}


def _leave_passages(folder: Path) -> None:
    """Write our passages, without those added while timing, and their rows for the others."""
    index = open_index(folder / "index")
    try:
        passages = [p for p in passages_of(index.snapshot()) if not p.source.startswith("bench-")]
        rows = index.encoder.encode_passages([passage.encoded for passage in passages])
    finally:
        index.close()
    leave(folder, [passage.text for passage in passages], rows)
    ids = json.dumps([passage.document_id for passage in passages])
    (folder / "documents.json").write_text(ids, encoding="utf-8")


def _figures(outcome: Outcome, ours: Figures, sought: Sequence[Sought], folder: Path) -> Figures:
    """An engine's figures, its answers checked; where it has none, the reason."""
    if outcome.error is not None:
        return Figures(outcome.engine, ours.articles, ours.passages, note=outcome.error)
    documents = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
    right = [
        one.is_in([documents[number] for number in numbers])
        for one, numbers in zip(sought, outcome.found, strict=True)
    ]
    return Figures(
        engine=outcome.engine,
        articles=ours.articles,
        passages=ours.passages,
        build_s=round(outcome.build_s, 2),
        articles_s=round(ours.articles / outcome.build_s, 1),
        peak_mb=round(outcome.peak_mb, 1),
        search=timing(outcome.took_ms, sum(right) / max(1, len(right))),
        add=timing(outcome.add_ms, outcome.add_right) if outcome.add_ms else None,
        disk_mb=None if outcome.disk_mb is None else round(outcome.disk_mb, 1),
        startup_ms=None if outcome.startup_ms is None else round(outcome.startup_ms, 1),
        version=outcome.version,
    )


def _peak_mb() -> float:
    """Most memory this process and a child of it ever had resident, in MB (Linux counts KiB)."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(own * 1024 / 1e6, 1)


def save_bench(found: Sequence[Figures], folder: Path) -> Path:
    """Where the figures stand now, with what made them; beside it the page and the table."""
    made = provenance(hashlib.sha256(repr([f.articles for f in found]).encode()).hexdigest(), {})
    body = {"provenance": asdict(made), "figures": [asdict(figures) for figures in found]}
    text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"bench-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
    path.write_text(text, encoding="utf-8")
    said = f"commit {made.commit[:12]}, {made.date}, {made.machine}; {made.command}"
    path.with_suffix(".html").write_text(as_html(found, said), encoding="utf-8")
    path.with_suffix(".md").write_text(as_markdown(found) + f"\n{said}\n", encoding="utf-8")
    return path
