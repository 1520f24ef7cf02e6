"""Here are English words; give me the Chinese words whose rows in our encoder are nearest.

The table learned from a dictionary and from sentence pairs, so near rows across the languages are
translations; nothing but the shipped weights is needed.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from index.encoder import SHIPPED, Encoder, StaticEncoder

NEAREST = 8
"""Neighbours kept of a word."""
CACHED = 4096
"""Words remembered: about a megabyte."""
_HAN = re.compile("[\u3400-\u9fff]+")
# A sentence's first piece, as the tokenizer marks where a word begins.
_BEGINS = "▁"

Nearest = tuple[tuple[str, float], ...]
"""(Chinese word, cosine in [-1, 1]), nearest first."""


class Neighbours:
    """The Chinese tokens of a static encoder, found by the rows of other words."""

    def __init__(self, encoder: StaticEncoder) -> None:
        vocabulary = encoder.vocabulary
        words = [(at, token.lstrip(_BEGINS)) for token, at in vocabulary.items()]
        han = sorted((at, word) for at, word in words if _HAN.fullmatch(word))
        self._encoder = encoder
        self._words = [word for _, word in han]
        self._rows = np.array([at for at, _ in han], dtype=np.int64)
        self._known: OrderedDict[str, Nearest] = OrderedDict()
        self._lock = Lock()

    def nearest(self, words: Sequence[str]) -> dict[str, Nearest]:
        """The nearest Chinese words of each word that the encoder knows."""
        with self._lock:
            found = {word: self._known[word] for word in words if word in self._known}
        missing = list(dict.fromkeys(word for word in words if word not in found))
        if missing and self._words:
            for word, cosines in zip(missing, self._cosines(missing), strict=True):
                found[word] = self._best(cosines)
            with self._lock:
                self._known.update((word, found[word]) for word in missing)
                while len(self._known) > CACHED:
                    self._known.popitem(last=False)
        return {word: near for word, near in found.items() if near}

    def _cosines(self, words: Sequence[str]) -> NDArray[np.float32]:
        """The cosine of each word to each Chinese token, shape (words, tokens)."""
        rows = self._encoder.encode_queries(words)
        return np.asarray(self._encoder.cosines(rows)[:, self._rows], dtype=np.float32)

    def _best(self, cosines: NDArray[np.float32]) -> Nearest:
        """The nearest words above 0, ties by the order of the vocabulary."""
        count = min(NEAREST, len(cosines))
        best = np.argpartition(-cosines, count - 1)[:count]
        best = best[np.lexsort((best, -cosines[best]))]
        return tuple((self._words[at], float(cosines[at])) for at in best if cosines[at] > 0)


def neighbours_of(encoder: Encoder) -> Neighbours:
    """The Chinese words of this encoder if it is a static one, else of the shipped one."""
    return _neighbours(encoder if isinstance(encoder, StaticEncoder) else _shipped())


@lru_cache(maxsize=1)
def _shipped() -> StaticEncoder:
    """The shipped encoder, for indexes that another one encodes."""
    return StaticEncoder.open(SHIPPED)


@lru_cache(maxsize=2)
def _neighbours(encoder: StaticEncoder) -> Neighbours:
    """The neighbours in one encoder's table, made once."""
    return Neighbours(encoder)
