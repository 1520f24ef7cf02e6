"""Here are queries with what they should find, and an index; give me what any weighting finds.

Every retriever is asked once; weights are then tried on the rankings it gave.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from eval.interval import Interval, bootstrap_mean
from index.hit import Hit
from index.index import Filters, Snapshot
from rag.fuse import fuse
from rag.query import understand
from rag.retrieve import DEPTH, dense, lexical_rankings

# Ranks that count for the mean reciprocal rank, and for recall.
CUT = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query and the articles that answer it; `cluster` groups queries on one article.

    `passage` tells, where given, whether a passage's text answers, so that passages are ranked
    instead of articles. `own` is the article that the query was taken from, which does not count.
    """

    text: str
    gold: frozenset[str]
    cluster: str
    passage: Callable[[str], bool] | None = None
    own: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A query's rankings by retriever; each chunk's item, and the items that are right."""

    wanted: Wanted
    language: str
    rankings: Mapping[str, Sequence[Hit]]
    items: Mapping[str, str] = field(repr=False)
    gold: frozenset[str]

    def found(self, ranking: Sequence[Hit], depth: int = CUT) -> list[str]:
        """The first items of a ranking of chunks, each once."""
        items = dict.fromkeys(self.items[hit.chunk_id] for hit in ranking)
        return [item for item in items if item != self.wanted.own][:depth]


def judge(wanted: Wanted, snapshot: Snapshot) -> Judged:
    """The query's rankings by BM25 over chunks, over windows, and by the encoder."""
    query = understand(wanted.text, wanted.text, snapshot.analyzer, snapshot.gazetteer)
    rankings = lexical_rankings(query, snapshot, Filters(), DEPTH)
    others = [hit for hits in rankings.values() for hit in hits]
    rankings["dense"] = dense(query, snapshot, Filters(), DEPTH, others)
    return judged(wanted, query.language, rankings, snapshot)


def judged(
    wanted: Wanted, language: str, rankings: Mapping[str, Sequence[Hit]], snapshot: Snapshot
) -> Judged:
    """The rankings with what each chunk counts as."""
    ids = list(dict.fromkeys(hit.chunk_id for hits in rankings.values() for hit in hits))
    items = {chunk_id: document_of(chunk_id) for chunk_id in ids}
    gold = wanted.gold
    if wanted.passage is not None:
        chunks = snapshot.get_chunks(ids)
        items = {chunk_id: chunk_id for chunk_id in ids}
        gold = frozenset(
            chunk_id
            for chunk_id, chunk in chunks.items()
            if chunk.document_id in wanted.gold and wanted.passage(chunk.text)
        )
    return Judged(wanted, language, rankings, items, gold)


def document_of(chunk_id: str) -> str:
    """The document_id in a chunk_id (see `index.chunk`)."""
    return chunk_id.rsplit("-", 3)[0]


def mixed(query: Judged, windows: float, share: float, depth: int = CUT) -> list[str]:
    """The first items with these shares: of windows within BM25, of the encoder in all."""
    names = {"chunks": 1 - windows, "windows": windows}
    lexical = fuse(
        {name: query.rankings[name] for name, weight in names.items() if weight > 0}, names, DEPTH
    )
    parts = {"bm25": lexical, "dense": query.rankings["dense"]}
    weights = {"bm25": 1 - share, "dense": share}
    kept = {name: hits for name, hits in parts.items() if weights[name] > 0}
    return query.found(fuse(kept, weights, DEPTH), depth)


def reciprocal_rank(items: Sequence[str], gold: frozenset[str]) -> float:
    """1 / the rank of the first right item within CUT, else 0."""
    return next((1 / rank for rank, item in enumerate(items[:CUT], 1) if item in gold), 0.0)


def hit_within(items: Sequence[str], gold: frozenset[str], cut: int) -> float:
    """1.0 where one of the first `cut` items is right, else 0.0."""
    return float(any(item in gold for item in items[:cut]))


def mean_of(queries: Sequence[Judged], values: Sequence[float]) -> Interval:
    """The mean of one value a query, with its interval over articles."""
    return bootstrap_mean(values, [query.wanted.cluster for query in queries])
