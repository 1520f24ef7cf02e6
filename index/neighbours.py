"""Here are English words; give me the Chinese words whose rows in our encoder are nearest.

The table learned from a dictionary and from sentence pairs, so near rows across the languages are
translations; nothing but the shipped weights is needed.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import faiss
import numpy as np

from index.encoder import SHIPPED, Encoder, StaticEncoder
from index.vectors import flat, quantize, scale

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
        # in int8 as the index's rows: a fifth of the time that a product in float32 takes
        self._rows = flat(encoder.dimension)
        if han:
            rows = quantize(encoder.rows([at for at, _ in han]))
            self._rows.add_with_ids(rows.astype(np.float32), np.arange(len(han)))
        self._known: OrderedDict[str, Nearest] = OrderedDict()
        self._lock = Lock()

    def nearest(self, words: Sequence[str]) -> dict[str, Nearest]:
        """The nearest Chinese words of each word that the encoder knows."""
        with self._lock:
            found = {word: self._known[word] for word in words if word in self._known}
        missing = list(dict.fromkeys(word for word in words if word not in found))
        if missing and self._words:
            found |= self._search(missing)
            with self._lock:
                self._known.update((word, found[word]) for word in missing)
                while len(self._known) > CACHED:
                    self._known.popitem(last=False)
        return {word: near for word, near in found.items() if near}

    def _search(self, words: Sequence[str]) -> dict[str, Nearest]:
        """The nearest words above 0 of each word, ties by the order of the vocabulary."""
        asked = quantize(self._encoder.encode_queries(words)).astype(np.float32)
        # one thread, as in `index.vectors`
        faiss.omp_set_num_threads(1)
        products, places = self._rows.search(asked, min(NEAREST, len(self._words)))
        cosines = products / scale(self._encoder.dimension) ** 2
        return {
            word: tuple((self._words[at], float(cosine)) for cosine, at in best if cosine > 0)
            for word, best in (
                (word, sorted(zip(cosines[n], places[n], strict=True), key=lambda p: (-p[0], p[1])))
                for n, word in enumerate(words)
            )
        }


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
