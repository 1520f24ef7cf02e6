"""Here is a query and a snapshot; give me one ranking for each retriever, nothing mixed."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.hit import Hit
from index.index import Filters, Snapshot
from rag.query import Query

RETRIEVERS = ("bm25", "dense")
# How deep each ranking goes before fusion; beyond 50 the fused top 20 no longer changed on the
# tuning questions.
DEPTH = 50
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")


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
        rankings["bm25"] = snapshot.bm25(terms_of(query, snapshot, filters), k, filters)
    if "dense" in retrievers:
        row = snapshot.encoder.encode_queries([query.search_text])[0]
        rankings["dense"] = snapshot.dense(row, k, filters)
    return rankings


def terms_of(query: Query, snapshot: Snapshot, filters: Filters) -> list[str]:
    """The BM25 terms of a query.

    Those of the whole question, and the places in full and short. Within a place its name says
    nothing, so it is left out there. A word that the index does not hold was cut another way in
    the articles (三必贺 in 三必|贺三必访): its pairs and single characters stand in for it.
    """
    analyzer = snapshot.analyzer
    names = set(analyzer.terms(" ".join(query.place_names)))
    terms = list(dict.fromkeys(analyzer.terms(f"{query.text} {' '.join(query.search_words)}")))
    if filters.codes and query.search_words:
        terms = [term for term in terms if term not in names]
    else:
        terms = list(dict.fromkeys([*terms, *sorted(names)]))
    unseen = [t for t in terms if _HAN.fullmatch(t) and snapshot.df(t) == 0]
    pieces = [t[i : i + size] for t in unseen for size in (2, 1) for i in range(len(t) - size + 1)]
    return list(dict.fromkeys([*terms, *pieces]))


def within_places(query: Query, filters: Filters) -> list[Filters]:
    """The filters narrowed to each place the query names, in the order named.

    None where the caller limits places himself: what he asked for must hold.
    """
    if filters.regions or filters.codes:
        return []
    return [
        replace(filters, codes=tuple(place.code for place in places)) for places in query.places
    ]
