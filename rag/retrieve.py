"""Here is a query and a snapshot; give me a ranking for each retriever, and one of both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.hit import Hit
from index.index import Filters, Snapshot
from index.neighbours import neighbours_of
from rag.expand import balanced, groups_of, in_pairs
from rag.features import reordered
from rag.fuse import DENSE_WEIGHT, SENTENCE_DENSE_WEIGHT, WINDOW_WEIGHT, fuse
from rag.nearest import by_window
from rag.query import Query
from rag.telling import by_sentence
from rag.terms import pairs_of, terms_of

RETRIEVERS = ("bm25", "dense")
LEXICAL = ("chunks", "windows")
# How deep each ranking goes before fusion; beyond 50 the fused top 20 no longer changed on the
# tuning questions.
DEPTH = 50
# What counts as a passage of one sentence, in characters, how many times as long as the query it
# may be (English takes twice the characters), and how many of the first are looked at.
SENTENCE = 120
LONGER = {"zh": 2, "en": 1}
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Which retrievers search and what each counts; None takes the weight of the language.

    `dense_weight` is the share of the dense score against BM25's, `window_weight` that of windows
    against whole chunks within BM25's; both in [0, 1]. `features` False leaves the fused order (see
    `rag.features`), `sentences` True also weighs the best sentence of the first passages (see
    `rag.telling`), or each passage as the one sentence that it is.
    """

    retrievers: tuple[str, ...] = RETRIEVERS
    dense_weight: float | None = None
    window_weight: float | None = None
    features: bool = True
    sentences: bool = False


def retrieve(
    query: Query,
    snapshot: Snapshot,
    *,
    k: int = DEPTH,
    filters: Filters | None = None,
    how: Retrieval | None = None,
) -> dict[str, list[Hit]]:
    """Retriever name → its best hits for a query under `filters`, best first.

    "bm25" is BM25 over chunks and over their windows, as one ranking with scores in [0, 1];
    "dense" also has the chunks of the other, so that both speak of each candidate.
    """
    how = how or Retrieval()
    filters = filters or Filters()
    rankings: dict[str, list[Hit]] = {}
    if "bm25" in how.retrievers:
        rankings["bm25"] = lexical(query, snapshot, filters, k, how.window_weight)
    if "dense" in how.retrievers:
        rankings["dense"] = dense(query, snapshot, filters, k, rankings.get("bm25", ()))
    return rankings


def dense(
    query: Query, snapshot: Snapshot, filters: Filters, k: int, others: Iterable[Hit] = ()
) -> list[Hit]:
    """The k nearest chunks and the `others`, by their best window, of an English question.

    Else, and with an encoder too slow for it, the k nearest alone, by their own row: windows take
    some 45 ms (see `rag.nearest`), and a Chinese question gains .003 in MRR by them.
    """
    row = snapshot.encoder.encode_queries([query.search_text])[0]
    hits = snapshot.dense(row, k, filters)
    if query.language != "en":
        return hits
    found = by_window(row, [*hits, *others], snapshot)
    return hits if found is None else found


def ranked(
    query: Query,
    snapshot: Snapshot,
    rankings: dict[str, list[Hit]],
    k: int,
    how: Retrieval | None = None,
    by_place: bool = True,
) -> list[Hit]:
    """The k best hits of what `retrieve` gave: by their scores together, then by what they hold.

    `by_place` as for `rag.features.reordered`. Where passages are as short as what is asked, the
    encoder says more than the features do. Sentences are weighed for an English question only
    where it names a place: else too few of its words are known in Chinese to tell sentences apart.
    """
    how = how or Retrieval()
    share = DENSE_WEIGHT[query.language] if how.dense_weight is None else how.dense_weight
    wanted = how.sentences and how.dense_weight is None and len(rankings) > 1
    short = wanted and are_short(query, snapshot, rankings)
    if short:
        share = SENTENCE_DENSE_WEIGHT
    weights = {"bm25": 1 - share, "dense": share}
    if len(rankings) < 2:
        weights = dict.fromkeys(rankings, 1.0)
    hits = fuse(rankings, weights, max(k, DEPTH))
    if how.features and not short:
        hits = reordered(query, snapshot, hits, by_place=by_place)
        if how.sentences and (query.language == "zh" or query.places):
            hits = by_sentence(query, snapshot, hits)
    return hits[:k]


def are_short(query: Query, snapshot: Snapshot, rankings: Mapping[str, Sequence[Hit]]) -> bool:
    """Whether the first passages are single sentences, about as long as the query.

    A row is the mean of what a text says: that of a sentence says it all, that of a passage blurs.
    """
    first = [hit.chunk_id for hit in rankings["bm25"][:SHOWN]]
    lengths = sorted(len(chunk.text) for chunk in snapshot.get_chunks(first).values())
    middle = lengths[len(lengths) // 2] if lengths else SENTENCE + 1
    return middle <= min(SENTENCE, LONGER[query.language] * len(query.text))


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


def within_places(query: Query, filters: Filters) -> list[Filters]:
    """The filters narrowed to each place the query names, in the order named.

    None where the caller limits places himself: what he asked for must hold.
    """
    if filters.regions or filters.codes:
        return []
    return [
        replace(filters, codes=tuple(place.code for place in places)) for places in query.places
    ]
