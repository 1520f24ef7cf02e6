"""Here is a query and a snapshot; give me a ranking for each retriever, and one of both."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.hit import Hit
from index.index import Filters, Snapshot
from index.neighbours import neighbours_of
from index.windows import pairs
from rag.expand import balanced, groups_of, in_pairs
from rag.fuse import DENSE_WEIGHT, WINDOW_WEIGHT, fuse
from rag.query import Query

RETRIEVERS = ("bm25", "dense")
LEXICAL = ("chunks", "windows")
# How deep each ranking goes before fusion; beyond 50 the fused top 20 no longer changed on the
# tuning questions.
DEPTH = 50
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
# The words of an English question: `rag.expand` says what they stand for.
_LATIN = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Which retrievers search and what each counts; None takes the weight of the language.

    `dense_weight` is the share of the dense score against BM25's, `window_weight` that of windows
    against whole chunks within BM25's; both in [0, 1].
    """

    retrievers: tuple[str, ...] = RETRIEVERS
    dense_weight: float | None = None
    window_weight: float | None = None


def retrieve(
    query: Query,
    snapshot: Snapshot,
    *,
    k: int = DEPTH,
    filters: Filters | None = None,
    how: Retrieval | None = None,
) -> dict[str, list[Hit]]:
    """Retriever name → its k best hits for a query under `filters`, best first.

    "bm25" is BM25 over chunks and over their windows, as one ranking with scores in [0, 1].
    """
    how = how or Retrieval()
    filters = filters or Filters()
    rankings: dict[str, list[Hit]] = {}
    if "bm25" in how.retrievers:
        rankings["bm25"] = lexical(query, snapshot, filters, k, how.window_weight)
    if "dense" in how.retrievers:
        row = snapshot.encoder.encode_queries([query.search_text])[0]
        rankings["dense"] = snapshot.dense(row, k, filters)
    return rankings


def fused(
    query: Query, rankings: dict[str, list[Hit]], k: int, dense_weight: float | None = None
) -> list[Hit]:
    """The k best hits of what `retrieve` gave, by their scores together."""
    dense = DENSE_WEIGHT[query.language] if dense_weight is None else dense_weight
    weights = {"bm25": 1 - dense, "dense": dense}
    return fuse(rankings, weights if len(rankings) > 1 else dict.fromkeys(rankings, 1.0), k)


def lexical(
    query: Query, snapshot: Snapshot, filters: Filters, k: int, window_weight: float | None
) -> list[Hit]:
    """The k best hits by BM25 over chunks and over windows, scores in [0, 1]."""
    share = WINDOW_WEIGHT[query.language] if window_weight is None else window_weight
    wanted = [name for name, weight in (("chunks", 1 - share), ("windows", share)) if weight > 0]
    rankings = lexical_rankings(query, snapshot, filters, k, wanted)
    return fuse(rankings, {"chunks": 1 - share, "windows": share}, k)


def lexical_rankings(
    query: Query, snapshot: Snapshot, filters: Filters, k: int, wanted: Sequence[str] = LEXICAL
) -> dict[str, list[Hit]]:
    """The k best hits of BM25 over chunks and over windows, each with its own scores."""
    groups = groups_of(query, neighbours_of(snapshot.encoder)) if query.language == "en" else []
    rankings: dict[str, list[Hit]] = {}
    if "chunks" in wanted:
        terms = terms_of(query, snapshot, filters)
        words = balanced(groups, snapshot.df, snapshot.chunks)
        rankings["chunks"] = snapshot.bm25(terms, k, filters, words)
    if "windows" in wanted:
        terms = pairs_of(query, snapshot, filters)
        parts = balanced(in_pairs(groups, snapshot.analyzer), snapshot.window_df, snapshot.chunks)
        rankings["windows"] = snapshot.windows(terms, k, filters, parts)
    return rankings


def terms_of(query: Query, snapshot: Snapshot, filters: Filters) -> list[str]:
    """The BM25 terms of a query for whole chunks.

    Those of the question, and of its places where they are not written in characters. A place
    counts once: its pinyin, which stands beside its name in the index, is left out, and within a
    place so is its name, which says nothing there. A word that the index does not hold was cut
    another way in the articles (三必贺 in 三必|贺三必访): its pairs and single characters stand in
    for it.
    """
    analyzer = snapshot.analyzer
    names = set(analyzer.terms(" ".join(query.place_names)))
    terms = list(dict.fromkeys(analyzer.terms(f"{query.text} {' '.join(query.search_words)}")))
    if query.language == "en":
        terms = [term for term in terms if not _LATIN.fullmatch(term)]
    if filters.codes and query.search_words:
        terms = [term for term in terms if term not in names]
    else:
        written = [term for term in terms if term in names and not term.isascii()]
        terms = [term for term in terms if term not in names or term in written]
        if not written:
            terms += [name for name in dict.fromkeys(query.place_names) if name in names]
    unseen = [t for t in terms if _HAN.fullmatch(t) and snapshot.df(t) == 0]
    pieces = [t[i : i + size] for t in unseen for size in (2, 1) for i in range(len(t) - size + 1)]
    return list(dict.fromkeys([*terms, *pieces]))


def pairs_of(query: Query, snapshot: Snapshot, filters: Filters) -> list[str]:
    """The BM25 terms of a query for windows: as `terms_of`, in pairs of characters."""
    text = query.text
    if query.language == "en":
        text = f"{text} {' '.join(query.search_words)}"
    if filters.codes and query.search_words:
        for name in sorted(query.place_names, key=len, reverse=True):
            text = text.replace(name, " ")
    elif not any(name in text for name in query.place_names):
        text = f"{text} {' '.join(query.place_names)}"
    terms = dict.fromkeys(pairs(snapshot.analyzer.normalise(text)))
    return [term for term in terms if query.language == "zh" or not _LATIN.fullmatch(term)]


def within_places(query: Query, filters: Filters) -> list[Filters]:
    """The filters narrowed to each place the query names, in the order named.

    None where the caller limits places himself: what he asked for must hold.
    """
    if filters.regions or filters.codes:
        return []
    return [
        replace(filters, codes=tuple(place.code for place in places)) for places in query.places
    ]
