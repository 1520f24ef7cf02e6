"""Here are scored chunk ids; give me the best k, in an order that never depends on chance."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of one search: higher is better, whatever the retriever."""

    chunk_id: str
    score: float


def top_k(hits: Iterable[Hit], k: int) -> list[Hit]:
    """The k best hits by (−score, chunk_id): the only place where a ranking is cut."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:k]
