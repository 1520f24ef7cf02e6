"""Here are rankings of several retrievers; give me one."""

from collections.abc import Mapping, Sequence

from index.hit import Hit, top_k

# Share of the dense score in the convex sum, by the language of the question, from the tuning data
# (`python -m eval tune`): in Chinese a small static encoder is behind BM25 and helps a little;
# English leans on it, and on what `rag.expand` carries over.
DENSE_WEIGHT = {"zh": 0.15, "en": 0.7}
# The same where single sentences are asked of single sentences, from held-out sentences and their
# Chinese translations: of other Chinese ones .15 finds .51, .75 .63 (MRR@10); of English ones .7
# finds .74, .75 .78.
SENTENCE_DENSE_WEIGHT = 0.75
# Share of the windows' score in that of BM25 (see `index.windows`), by the same.
WINDOW_WEIGHT = {"zh": 0.5, "en": 0.5}


def fuse(rankings: Mapping[str, Sequence[Hit]], weights: Mapping[str, float], k: int) -> list[Hit]:
    """The k best hits by the weighted sum of min–max scaled scores (each ranking in [0, 1]).

    A chunk that a ranking does not list gets 0 from it. Convex combination: Bruch, Gai, Ingber,
    "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023, section 4.
    """
    total: dict[str, float] = {}
    for name, hits in rankings.items():
        for hit in _scaled(hits):
            total[hit.chunk_id] = total.get(hit.chunk_id, 0.0) + weights.get(name, 0.0) * hit.score
    return top_k((Hit(chunk_id, score) for chunk_id, score in total.items()), k)


def _scaled(hits: Sequence[Hit]) -> list[Hit]:
    """Scores of one ranking moved to (0, 1]; the lowest stays above an absent one.

    subtle: a single hit, or equal scores, scale to 1, not to 0/0.
    """
    if not hits:
        return []
    low = min(hit.score for hit in hits)
    span = max(hit.score for hit in hits) - low
    if span <= 0:
        return [Hit(hit.chunk_id, 1.0) for hit in hits]
    floor = 0.01
    return [Hit(h.chunk_id, floor + (1 - floor) * (h.score - low) / span) for h in hits]
