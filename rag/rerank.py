"""Here are a question and the passages retrieved; give me them in the order of a reranker."""

from collections.abc import Sequence
from typing import Protocol

from index.document import Chunk
from index.hit import Hit, top_k
from rag.errors import RerankerError

# How many of the passages read are scored: each costs a run of the model.
RERANKED = 30
UNAVAILABLE = "reranker_unavailable"
"""A reranker is set, but could not score the passages in time: they stay as they were fused."""


class Reranker(Protocol):
    """What scores passages; the two sides are the model and its absence."""

    def score(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """A score for each text, higher is better; RerankerError where there is none in time."""
        ...


def rerank(question: str, chunks: Sequence[Chunk], reranker: Reranker) -> list[Chunk]:
    """The first `RERANKED` chunks by their scores, ties by id, then the others as they were.

    Raises RerankerError.
    """
    head, rest = chunks[:RERANKED], chunks[RERANKED:]
    scores = reranker.score(question, [chunk.text for chunk in head]) if head else ()
    if len(scores) != len(head):
        raise RerankerError(f"the reranker gave {len(scores)} scores for {len(head)} passages")
    by_id = {chunk.chunk_id: chunk for chunk in head}
    hits = [Hit(chunk.chunk_id, score) for chunk, score in zip(head, scores, strict=True)]
    return [*(by_id[hit.chunk_id] for hit in top_k(hits, len(hits))), *rest]
