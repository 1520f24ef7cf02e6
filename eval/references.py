"""Here are passages; give me the reference rankings that ours is measured against.

rank-bm25 is the formula in plain Python; bm25s is the fast one. Both get our analyzer's terms.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from rank_bm25 import BM25Okapi

from eval.reply import Found
from index.analyzer import Analyzer
from index.chunk import chunk
from index.entry import passage
from index.index import Snapshot

# The formula's parameters, the same for every engine compared.
K1 = 1.2
B = 0.75
# Documents listed in one page; the contract's most.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk with the names a search result carries; `encoded` is what its row is made of."""

    chunk_id: str
    document_id: str
    source: str
    text: str
    encoded: str = ""


Ranker = Callable[[Sequence[str], int], list[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Reference:
    """A named ranking over passages: terms of a question → the k best passages."""

    name: str
    passages: tuple[Passage, ...]
    ranker: Ranker
    analyzer: Analyzer

    def search(self, query: str, k: int) -> list[Found]:
        """The k best passages with a score above 0, ties by chunk id."""
        terms = self.analyzer.terms(query)
        ranked = [(at, score) for at, score in self.ranker(terms, k) if score > 0]
        ranked.sort(key=lambda pair: (-pair[1], self.passages[pair[0]].chunk_id))
        return [
            Found(p.chunk_id, p.document_id, p.source, p.text, score, {self.name: rank})
            for rank, (p, score) in enumerate(((self.passages[at], s) for at, s in ranked[:k]), 1)
        ]


def passages_of(snapshot: Snapshot) -> tuple[Passage, ...]:
    """Every chunk of a snapshot, by document and place."""
    return tuple(iter_passages(snapshot))


def iter_passages(snapshot: Snapshot) -> Iterator[Passage]:
    """The same one by one, for more than memory should hold."""
    cursor: str | None = None
    while True:
        page, cursor = snapshot.list_documents(PAGE, cursor, None)
        for stored in page:
            document = stored.document
            for part in chunk(document):
                yield Passage(
                    part.chunk_id,
                    document.document_id,
                    document.source,
                    part.text,
                    passage(document, part),
                )
        if cursor is None:
            return


def references(passages: tuple[Passage, ...], analyzer: Analyzer) -> list[Reference]:
    """rank-bm25 over the passages, and bm25s where it is installed."""
    corpus = [analyzer.terms(passage.text) for passage in passages]
    found = [Reference("rank-bm25", passages, rank_bm25_ranker(corpus), analyzer)]
    if find_spec("bm25s"):
        found.append(Reference("bm25s", passages, bm25s_ranker(corpus), analyzer))
    return found


def rank_bm25_ranker(corpus: Sequence[Sequence[str]]) -> Ranker:
    """Scores by rank_bm25.BM25Okapi."""
    model = BM25Okapi(corpus, k1=K1, b=B)

    def rank(terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        """(place, score) of the k best."""
        scores = model.get_scores(list(terms))
        best = np.argsort(-scores, kind="stable")[:k]
        return [(int(at), float(scores[at])) for at in best]

    return rank


def bm25s_ranker(corpus: Sequence[Sequence[str]]) -> Ranker:
    """Scores by bm25s with Lucene's idf (https://github.com/xhluca/bm25s)."""
    import bm25s  # noqa: PLC0415  a peer of the eval extra, not needed to measure our own system

    numbers = {term: i for i, term in enumerate(sorted({t for terms in corpus for t in terms}))}
    ids = [[numbers[term] for term in terms] for terms in corpus]
    model = bm25s.BM25(method="lucene", k1=K1, b=B)
    model.index((ids, numbers), show_progress=False)

    def rank(terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        """(place, score) of the k best; none for terms that no passage has."""
        known = [term for term in terms if term in numbers]
        if not known:
            return []
        found, scores = model.retrieve([known], k=min(k, len(ids)), show_progress=False)
        return [(int(at), float(s)) for at, s in zip(found[0], scores[0], strict=True)]

    return rank
