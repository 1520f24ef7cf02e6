"""Here is a query; give me the passages nearest to it, and which retriever found each."""

from dataclasses import dataclass

from index.document import Chunk, Document
from index.index import Filters, Snapshot
from rag.query import understand
from rag.retrieve import DEPTH, Retrieval, ranked, retrieve

SEARCHED = Retrieval(sentences=True)
"""How a search ranks: its order is all that it answers with."""


@dataclass(frozen=True, slots=True)
class RetrieverHit:
    """Where one retriever ranked a passage, from 1, and its own score."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One passage found: its rank from 1, fused score in [0, 1], and each retriever's own hit."""

    rank: int
    score: float
    chunk: Chunk
    document: Document
    retrievers: dict[str, RetrieverHit]


def search(
    query: str,
    snapshot: Snapshot,
    *,
    top_k: int = 10,
    filters: Filters | None = None,
    how: Retrieval | None = None,
) -> list[SearchHit]:
    """The `top_k` best passages for a query, by the fused score; ties by chunk id."""
    how = how or SEARCHED
    understood = understand(query, query, snapshot.analyzer, snapshot.gazetteer)
    rankings = retrieve(understood, snapshot, k=max(DEPTH, top_k), filters=filters, how=how)
    hits = ranked(understood, snapshot, rankings, top_k, how)
    found = {
        name: {hit.chunk_id: RetrieverHit(rank, hit.score) for rank, hit in enumerate(ranking, 1)}
        for name, ranking in rankings.items()
    }
    chunks = snapshot.get_chunks([hit.chunk_id for hit in hits])
    documents = snapshot.get_documents(
        list(dict.fromkeys(chunk.document_id for chunk in chunks.values()))
    )
    kept = [
        hit
        for hit in hits
        if hit.chunk_id in chunks and chunks[hit.chunk_id].document_id in documents
    ]
    return [
        SearchHit(
            rank,
            hit.score,
            chunks[hit.chunk_id],
            documents[chunks[hit.chunk_id].document_id],
            {name: by_id[hit.chunk_id] for name, by_id in found.items() if hit.chunk_id in by_id},
        )
        for rank, hit in enumerate(kept, 1)
    ]
