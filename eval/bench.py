"""Here is a number of articles; tell me how fast each engine builds, searches and answers.

Every engine gets the same passages, terms and questions, runs in a process of its own (so that its
memory is its own), and has its answers checked while it is timed. Ours is measured as a whole:
reading, cleaning, encoding and committing; the references only index and search in memory.
"""

import hashlib
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from eval.corpus import beir_lines, open_index
from eval.dataset import DATA_ROOT, SEEDS, entries, find_entry, open_dataset, size
from eval.figures import Figures, Timing, as_html, as_markdown
from eval.references import Passage, Reference, bm25s_ranker, passages_of, rank_bm25_ranker
from eval.results import percentile, provenance
from eval.systems import Local
from index.analyzer import Analyzer
from index.build import index_paths
from index.clean import clean
from index.document import Document
from index.gazetteer import Gazetteer
from index.index import Index
from index.read import read_bytes
from index.sentences import sentences
from rag.ask import ask
from rag.search import search

# Questions of a run: sentences of indexed articles, each of which must find its own article.
QUESTIONS = 200
SENTENCE = (14, 40)  # characters of a sentence that can be asked
WARM = 20
K = 10
# rank-bm25 scores every passage in Python for every question.
RANK_BM25_PASSAGES = 60_000
ADDED = 20


@dataclass(frozen=True, slots=True)
class Sought:
    """A question whose answer is known: the article its sentence came from."""

    text: str
    document_id: str


def bench(
    sizes: Sequence[int], data_root: Path = DATA_ROOT, *, report: Callable[[str], None]
) -> list[Figures]:
    """The figures of every engine at every size (news articles beside the seeds), ours first."""
    found: list[Figures] = []
    for articles in sizes:
        with tempfile.TemporaryDirectory(prefix="unionqa-bench-") as folder:
            paths = _corpus(Path(folder), articles, data_root)
            sought = questions(paths[1:], QUESTIONS)
            report(f"{articles} news articles: unionqa")
            ours = _apart(_measure_ours, paths, sought, Path(folder))
            found.append(ours)
            for name in ("rank-bm25", "bm25s"):
                if name == "bm25s" or ours.passages <= RANK_BM25_PASSAGES:
                    report(f"{articles} news articles: {name}")
                    found.append(_apart(_measure_reference, name, sought, Path(folder)))
    return found


def _apart(measure: Callable[..., Figures], *arguments: Any) -> Figures:  # noqa: ANN401
    """What `measure` returns in a fresh process, with that process's own peak memory."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(measure, *arguments).result()


def _corpus(folder: Path, articles: int, data_root: Path) -> list[Path]:
    """The seeds, and a file of the first `articles` news articles where any are asked."""
    if not articles:
        return [SEEDS]
    part = folder / "news.jsonl"
    with part.open("w", encoding="utf-8") as stream:
        left = articles
        for path in sorted((data_root / "news").glob("*.jsonl.gz")):
            for line in beir_lines(path):
                if left:
                    stream.write(json.dumps(line, ensure_ascii=False) + "\n")
                    left -= 1
    return [SEEDS, part]


def questions(paths: Sequence[Path], count: int) -> list[Sought]:
    """`count` sentences of the articles with the lowest hashes, one an article, in that order."""
    articles = [line for path in paths for line in beir_lines(path)]
    articles.sort(key=lambda line: hashlib.sha256(str(line["_id"]).encode()).digest())
    found: list[Sought] = []
    for line in articles:
        text = line["text"]
        fit = [text[a:b] for a, b in sentences(text) if SENTENCE[0] <= b - a <= SENTENCE[1]]
        if fit and len(found) < count:
            found.append(Sought(fit[len(fit) // 2], line["_id"]))
    return found


def timed(run: Callable[[Any], bool], asked: Sequence[Any]) -> Timing:
    """Times of `run` over what is asked, after some warm-up; `run` says whether it was right."""
    for one in asked[:WARM]:
        run(one)
    times, right = [], 0
    for one in asked:
        started = time.perf_counter()
        right += run(one)
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    p50, p95, p99 = (round(percentile(times, p), 3) for p in (50, 95, 99))
    return Timing(len(times), p50, p95, p99, right / len(times) if times else 0.0)


def _measure_ours(paths: list[Path], sought: list[Sought], folder: Path) -> Figures:
    """Our own figures: build, open again, search, ask, add; leaves the passages for the others."""
    data = folder / "index"
    started = time.perf_counter()
    index = open_index(data)
    summary = index_paths(paths, index, lambda progress: None)
    build = time.perf_counter() - started
    index.close()
    started = time.perf_counter()
    index = open_index(data)
    index.snapshot()
    startup = 1000 * (time.perf_counter() - started)
    try:
        snapshot = index.snapshot()
        _leave_passages(passages_of(snapshot), folder)
        questions = [q for q in _union_questions() if not q.history]

        def finds(one: Sought) -> bool:
            """Whether the article of a sentence is among the first hits."""
            hits = search(one.text, snapshot, top_k=K)
            return one.document_id in {hit.document.document_id for hit in hits}

        def answers(question: Any) -> bool:  # noqa: ANN401
            """Whether an accepted answer is said."""
            return any(a in ask(question.text, snapshot).text for a in question.answers)

        return Figures(
            engine="unionqa",
            articles=summary.done,
            passages=snapshot.chunks,
            build_s=round(build, 2),
            articles_s=round(summary.done / build, 1),
            peak_mb=_peak_mb(),
            search=timed(finds, sought),
            ask=timed(answers, questions),
            add=timed(partial(_add, index), _documents(ADDED)),
            disk_mb=round(size([data]) / 1e6, 1),
            startup_ms=round(startup, 1),
        )
    finally:
        index.close()


def _union_questions() -> list[Any]:
    """The answerable tuning questions over the seeds."""
    entry = find_entry("union", entries())
    asked = open_dataset(entry, use="tune", split="tune").questions
    return [q for q in asked if q.needs == "seeds" and q.status == "answered"]


def _documents(count: int) -> list[Document]:
    """Made documents with one sentence that stands in no other."""
    gazetteer = Gazetteer.open()
    made = []
    for number in range(count):
        text = f"测量文章之{number}\n\n本次测量的编号是测量{number}号。" + "这是一句普通的话。" * 30
        article = read_bytes(f"bench-{number}.txt", text.encode())
        made.append(clean(article, gazetteer))
    return made


def _add(index: Index, document: Document) -> bool:
    """Whether a document is found by the search right after it was added."""
    index.add(replace(document, digest=f"{document.digest}{time.perf_counter_ns()}"))
    found = Local(index).search(document.title, K)
    return document.document_id in {hit.document_id for hit in found}


def _leave_passages(passages: Sequence[Passage], folder: Path) -> None:
    with (folder / "passages.jsonl").open("w", encoding="utf-8") as stream:
        for passage in passages:
            stream.write(json.dumps(asdict(passage), ensure_ascii=False) + "\n")


def _measure_reference(name: str, sought: list[Sought], folder: Path) -> Figures:
    """A reference's figures over the passages that ours made."""
    with (folder / "passages.jsonl").open(encoding="utf-8") as stream:
        passages = tuple(Passage(**json.loads(line)) for line in stream)
    analyzer = Analyzer.open()
    make = {"rank-bm25": rank_bm25_ranker, "bm25s": bm25s_ranker}[name]
    started = time.perf_counter()
    ranker = make([analyzer.terms(passage.text) for passage in passages])
    build = time.perf_counter() - started
    reference = Reference(name, passages, ranker, analyzer)

    def finds(one: Sought) -> bool:
        """Whether the article of a sentence is among the first hits."""
        return one.document_id in {hit.document_id for hit in reference.search(one.text, K)}

    articles = len({passage.document_id for passage in passages})
    return Figures(
        engine=name,
        articles=articles,
        passages=len(passages),
        build_s=round(build, 2),
        articles_s=round(articles / build, 1),
        peak_mb=_peak_mb(),
        search=timed(finds, sought),
    )


def _peak_mb() -> float:
    """Most memory this process ever had resident, in MB (Linux counts in KiB)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1)


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
