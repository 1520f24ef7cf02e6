"""Here are passages; give me rankings of what a trained encoder must beat, and plain BM25's.

An untrained table says what the tokenizer alone is worth, latent semantic analysis what counting
alone learns from these very passages; BM25 over jieba's words is what most people would build.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import rjieba
from numpy.typing import NDArray

from eval.references import Passage, bm25s_ranker, rank_bm25_ranker
from index.analyzer import Analyzer
from index.encoder import StaticEncoder
from index.hit import Hit, top_k

Control = Callable[[str, int], list[Hit]]
"""A query and k → its k best passages."""

DIMENSION = 256
SEED = 5
# LSA factors a passages × terms matrix, and rank-bm25 scores every passage in Python.
MOST_PASSAGES = 5_000
_NOT_WORDS = frozenset(" \t\n，。、；：？！“”‘’（）《》,.;:?!()")


def controls(
    passages: Sequence[Passage], analyzer: Analyzer, encoder: StaticEncoder
) -> dict[str, Control]:
    """The controls by name; those that do not scale only where there are few passages."""
    words = [_words(passage.text) for passage in passages]
    found = {"jieba, bm25s": _lexical(passages, bm25s_ranker(words))}
    if len(passages) <= MOST_PASSAGES:
        found["jieba, rank-bm25"] = _lexical(passages, rank_bm25_ranker(words))
        found["untrained table"] = _untrained(passages, encoder)
        found["LSA"] = _lsa(passages, analyzer)
    return found


def _words(text: str) -> list[str]:
    """Jieba's words in search mode, as they come."""
    return [word for word in rjieba.cut_for_search(text) if word not in _NOT_WORDS]


def _lexical(
    passages: Sequence[Passage], ranker: Callable[[Sequence[str], int], list[tuple[int, float]]]
) -> Control:
    """A ranking of BM25 over jieba's words."""

    def search(query: str, k: int) -> list[Hit]:
        ranked = ranker(_words(query), k)
        return top_k((Hit(passages[at].chunk_id, score) for at, score in ranked if score > 0), k)

    return search


def _untrained(passages: Sequence[Passage], encoder: StaticEncoder) -> Control:
    """The shipped tokenizer with random rows times their token's idf."""
    tokens = [encoder.tokens(passage.encoded) for passage in passages]
    df = Counter(token for found in tokens for token in set(found))
    rng = np.random.default_rng(SEED)
    table = rng.standard_normal((len(encoder.vocabulary), DIMENSION)).astype(np.float32)
    idf = np.log(len(passages) / np.array([df.get(at, 0) + 0.5 for at in range(len(table))]))
    table *= np.maximum(idf, 0.0)[:, None].astype(np.float32)
    rows = _unit(np.array([table[found].sum(axis=0) for found in tokens]))
    return _nearest(passages, rows, lambda query: table[encoder.tokens(query)].sum(axis=0))


def _lsa(passages: Sequence[Passage], analyzer: Analyzer) -> Control:
    """Truncated SVD of the terms' tf-idf (Deerwester et al., 1990)."""
    from sklearn.decomposition import (  # noqa: PLC0415 - seconds to load, only for this control
        TruncatedSVD,
    )
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - as above

    terms = TfidfVectorizer(analyzer=analyzer.terms, sublinear_tf=True)
    counts = terms.fit_transform([passage.encoded for passage in passages])
    size = min(DIMENSION, min(counts.shape) - 1)
    svd = TruncatedSVD(size, random_state=SEED)
    rows = _unit(svd.fit_transform(counts))
    return _nearest(passages, rows, lambda query: svd.transform(terms.transform([query]))[0])


def _nearest(
    passages: Sequence[Passage],
    rows: NDArray[np.float32],
    encode: Callable[[str], NDArray[np.float32]],
) -> Control:
    """A ranking by cosine to unit rows."""

    def search(query: str, k: int) -> list[Hit]:
        cosines = rows @ _unit(np.asarray(encode(query))[None])[0]
        found = np.argsort(-cosines, kind="stable")[:k]
        return top_k((Hit(passages[at].chunk_id, float(cosines[at])) for at in found), k)

    return search


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)
