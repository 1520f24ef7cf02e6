"""Here is a test set; give me how well each retriever, each control and all together find.

Never tune on what this prints: `python -m eval tune` is for that.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eval.controls import controls
from eval.corpus import Corpus, open_corpus
from eval.dataset import entries, find_entry, open_dataset
from eval.errors import UnknownDataset
from eval.interval import Interval, bootstrap_mean
from eval.judged import Wanted, document_of, hit_within, reciprocal_rank
from eval.references import passages_of
from index.encoder import SHIPPED, StaticEncoder
from index.hit import Hit, top_k
from index.index import Filters, Index, Snapshot
from rag.fuse import DENSE_WEIGHT, WINDOW_WEIGHT
from rag.query import understand
from rag.retrieve import DEPTH, Retrieval, ranked, retrieve
from rag.search import SEARCHED

HYBRID = "hybrid"
RECIPROCAL = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One ranking's reciprocal rank and hits within 1, 5 and 10 on each query, and its speed."""

    name: str
    values: tuple[tuple[float, float, float, float], ...]
    clusters: tuple[str, ...]
    ms: float


def compete(
    name: str,
    root: Path,
    cache: Path,
    limit: int | None = None,
    beside: Sequence[str] | None = None,
) -> list[Row]:
    """The rows of one test set, the hybrid first; `beside` it only these, None: all.

    UnknownDataset where one of them is no ranking.
    """
    wanted, corpus = TASKS[name](root, cache)
    with open_corpus(corpus, cache=cache) as index:
        rankers = _rankers(index.snapshot())
        if beside is None or not set(beside) <= set(rankers):
            rankers |= _controls(index)
        names = list(dict.fromkeys((HYBRID, *(rankers if beside is None else beside))))
        if unknown := sorted(set(names) - set(rankers)):
            raise UnknownDataset(f"no ranking {', '.join(unknown)}; have {', '.join(rankers)}")
        return [_row(title, rankers[title], wanted[:limit]) for title in names]


Ranker = Callable[[str], list[Hit]]


def _rankers(snapshot: Snapshot) -> dict[str, Ranker]:
    """Our own retrievers, alone and together, as `rag.search` ranks."""

    def ranker(how: Retrieval) -> Ranker:
        def rank(text: str) -> list[Hit]:
            query = understand(text, text, snapshot.analyzer, snapshot.gazetteer)
            rankings = retrieve(query, snapshot, filters=Filters(), how=how)
            return ranked(query, snapshot, rankings, DEPTH, how)

        return rank

    def reciprocal(text: str) -> list[Hit]:
        query = understand(text, text, snapshot.analyzer, snapshot.gazetteer)
        rankings = retrieve(query, snapshot)
        total: dict[str, float] = {}
        for hits in rankings.values():
            for rank, hit in enumerate(hits, 1):
                score = total.get(hit.chunk_id, 0.0) + 1 / (RECIPROCAL + rank)
                total[hit.chunk_id] = score
        return top_k((Hit(chunk_id, score) for chunk_id, score in total.items()), DEPTH)

    lexical = ("bm25",)
    words = replace(SEARCHED, retrievers=lexical)
    plain = {
        "without features": Retrieval(),
        "BM25 chunks": Retrieval(lexical, window_weight=0.0),
        "BM25 windows": Retrieval(lexical, window_weight=1.0),
        "BM25 both": Retrieval(lexical),
        "dense": Retrieval(("dense",)),
        "chunks + dense": Retrieval(window_weight=0.0),
    }
    return {
        HYBRID: ranker(SEARCHED),
        "without sentences": ranker(Retrieval()),
        "BM25 both, features": ranker(Retrieval(lexical)),
        "BM25 both, features, sentences": ranker(words),
        **{name: ranker(replace(how, features=False)) for name, how in plain.items()},
        "both + dense, RRF": reciprocal,
    }


def _controls(index: Index) -> dict[str, Ranker]:
    """The controls over the same passages."""
    encoder = index.encoder if isinstance(index.encoder, StaticEncoder) else None
    passages = passages_of(index.snapshot())
    made = controls(passages, index.analyzer, encoder or StaticEncoder.open(SHIPPED))

    def bound(control: Callable[[str, int], list[Hit]]) -> Ranker:
        return lambda text: control(text, DEPTH)

    return {name: bound(control) for name, control in made.items()}


def _row(name: str, ranker: Ranker, wanted: Sequence[Wanted]) -> Row:
    """The values of one ranking; its speed is the median over queries, in milliseconds."""
    values, took = [], []
    for one in wanted:
        started = time.perf_counter()
        hits = ranker(one.text)
        took.append(1000 * (time.perf_counter() - started))
        items = list(dict.fromkeys(document_of(hit.chunk_id) for hit in hits))
        hit = (hit_within(items, one.gold, cut) for cut in (1, 5, 10))
        values.append((reciprocal_rank(items, one.gold), *hit))
    clusters = tuple(one.cluster for one in wanted)
    return Row(name, tuple(values), clusters, float(np.median(took)))  # type: ignore[arg-type]


def difference(first: Row, second: Row, measure: int = 0) -> Interval:
    """The mean of first − second over the same queries, with its paired interval."""
    paired = zip(first.values, second.values, strict=True)
    return bootstrap_mean([a[measure] - b[measure] for a, b in paired], first.clusters)


def as_table(name: str, rows: Sequence[Row]) -> str:
    """The rows in Markdown; beside each, what the hybrid has over it in MRR and in the first."""
    weights = f"windows {WINDOW_WEIGHT}, dense {DENSE_WEIGHT}"
    lines = [
        f"### {name} ({len(rows[0].values)} queries; {weights})",
        "",
        "| ranking | MRR@10 | first | in 5 | in 10 | hybrid − it, MRR | hybrid − it, first | ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        means = [f"{mean:.3f}" for mean in np.mean(row.values, axis=0)]
        more = [_signed(difference(rows[0], row, measure)) for measure in (0, 1)]
        lines.append(f"| {' | '.join([row.name, *means, *more, f'{row.ms:.1f}'])} |")
    return "\n".join([*lines, "", ""])


def _signed(value: Interval) -> str:
    """A difference with its bounds, in points."""
    return f"{100 * value.mean:+.2f} [{100 * value.low:+.2f}, {100 * value.high:+.2f}]"


def _set(name: str) -> Callable[[Path, Path], tuple[list[Wanted], Corpus]]:
    """A registered test set."""

    def read(root: Path, _: Path) -> tuple[list[Wanted], Corpus]:
        dataset = open_dataset(find_entry(name, entries(root)), use="test")
        wanted = []
        for question in dataset.questions:
            gold = frozenset(one.document_id for one in question.gold if one.document_id)
            if gold and question.text:
                wanted.append(Wanted(question.text, gold, min(gold)))
        return wanted, Corpus(dataset.corpus)

    return read


def _sentences(language: str) -> Callable[[Path, Path], tuple[list[Wanted], Corpus]]:
    """NTREX: the sentences of one language asked of the Simplified ones, each a document."""

    def read(root: Path, cache: Path) -> tuple[list[Wanted], Corpus]:
        queries = _lines(root / "test" / "ntrex" / f"{language}.txt")
        passages = _lines(root / "test" / "ntrex" / "cn.txt")
        path = cache / "ntrex-cn.jsonl"
        rows = ({"_id": f"n{number}", "text": text} for number, text in enumerate(passages))
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")
        names = [f"n{number}" for number in range(len(queries))]
        wanted = [
            Wanted(text, frozenset({name}), name) for name, text in zip(names, queries, strict=True)
        ]
        return wanted, Corpus((path,))

    return read


def _lines(path: Path) -> list[str]:
    """The lines of a file."""
    return path.read_text(encoding="utf-8").split("\n")[:-1]


TASKS: dict[str, Callable[[Path, Path], tuple[list[Wanted], Corpus]]] = {
    "XQuAD zh": _set("test/xquad_zh"),
    "CMRC dev": _set("test/cmrc_dev"),
    "XQuAD en→zh": _set("test/xquad_en_zh"),
    "NTREX en→zh": _sentences("en"),
    "NTREX tw→cn": _sentences("tw"),
    "news": _set("test/news_qa"),
}
