"""Here is a query and a snapshot; give me one ranking for each retriever, nothing mixed."""

from collections.abc import Sequence
from dataclasses import replace

from index.hit import Hit
from index.index import Filters, Snapshot
from rag.query import Query

RETRIEVERS = ("bm25", "dense")
# How deep each ranking goes before fusion; beyond 50 the fused top 20 no longer changed on the
# tuning questions.
DEPTH = 50


def retrieve(
    query: Query,
    snapshot: Snapshot,
    *,
    k: int = DEPTH,
    filters: Filters | None = None,
    retrievers: Sequence[str] = RETRIEVERS,
) -> dict[str, list[Hit]]:
    """Retriever name → its k best hits for a query under `filters`, best first."""
    filters = filters or Filters()
    rankings: dict[str, list[Hit]] = {}
    if "bm25" in retrievers:
        terms = snapshot.analyzer.terms(" ".join(query.search_words))
        rankings["bm25"] = snapshot.bm25(list(dict.fromkeys(terms)), k, filters)
    if "dense" in retrievers:
        row = snapshot.encoder.encode_queries([query.search_text])[0]
        rankings["dense"] = snapshot.dense(row, k, filters)
    return rankings


def within_places(query: Query, filters: Filters) -> list[Filters]:
    """The filters narrowed to each place the query names, in the order named."""
    return [
        replace(filters, codes=tuple(place.code for place in places)) for places in query.places
    ]
