"""Here are a query and its passages in order; give me first those with a sentence that answers it.

What answers stands in one sentence, and what was learned to choose it among sentences (`rag.rank`)
also tells the passages apart that have one from those that only speak of the same. For a search,
whose answer is the order; `rag.ask` weighs the sentences of all that it reads anyhow.
"""

from collections.abc import Sequence

from index.hit import Hit, top_k
from index.index import Snapshot
from index.sentences import sentences_of
from rag.evidence import weigh
from rag.query import Query
from rag.rank import Ranking, read_ranking
from rag.signs import features_of

READ = 10
"""Passages whose sentences are read, under half a millisecond each; 30 differed by less than the
tuning data can tell."""
WEIGHT = 0.35
"""What the best sentence of all adds to a passage's score; 0.15 to 0.7 differ by less than that."""
FALL = 6.0
"""How much worse a sentence scores that adds nothing: e to this power less likely the answer."""
_RANKING = read_ranking()


def by_sentence(
    query: Query, snapshot: Snapshot, hits: Sequence[Hit], ranking: Ranking = _RANKING
) -> list[Hit]:
    """The hits with scores in [0, 1] that count the best sentence of the first `READ`, best first.

    The order of those behind, and of all where no sentence holds enough of the question, stays.
    """
    best = best_scores(query, snapshot, [hit.chunk_id for hit in hits[:READ]], ranking)
    most = max(best.values(), default=0.0)
    worth = {name: max(0.0, 1 - (most - score) / FALL) for name, score in best.items()}
    whole = 1 + WEIGHT
    weighed = [
        Hit(hit.chunk_id, (hit.score + WEIGHT * worth.get(hit.chunk_id, 0.0)) / whole)
        for hit in hits
    ]
    return top_k(weighed, len(weighed))


def best_scores(
    query: Query, snapshot: Snapshot, chunk_ids: Sequence[str], ranking: Ranking = _RANKING
) -> dict[str, float]:
    """Chunk → the score of its best sentence, of those with one that is worth looking at."""
    found = snapshot.get_chunks(chunk_ids)
    chunks = [found[name] for name in chunk_ids if name in found]
    documents = snapshot.get_documents(list(dict.fromkeys(c.document_id for c in chunks)))
    sentences = sentences_of(chunks, documents, lists=query.ask.kind == "list")
    terms = {term for word in query.words for term in (word.text, *word.parts)}
    weights = weigh(query.words, {term: snapshot.df(term) for term in terms}, snapshot.chunks)
    features = features_of(sentences, query, weights, snapshot.encoder)
    worth = [(s, own) for s, own in zip(sentences, features, strict=True) if own is not None]
    scores = ranking.scores([own for _, own in worth], query.ask.kind)
    best: dict[str, float] = {}
    for (sentence, _), score in zip(worth, scores.tolist(), strict=True):
        name = sentence.chunk.chunk_id
        best[name] = max(score, best.get(name, score))
    return best
