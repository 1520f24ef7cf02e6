"""Here are stand-ins that always give the same: an encoder, an analyzer, a gazetteer, documents.

They are real implementations of small rules, not mocks: equal texts have equal rows and terms.
"""

import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.align import Alignment
from index.analyzer import Analyzer
from index.document import Document
from index.gazetteer import Gazetteer, Place

DIMENSION = 32


class HashEncoder:
    """A row for each text from its hash: same text, same row; other texts are nearly at right
    angles to it.
    """

    def __init__(self, name: str = "hash", dimension: int = DIMENSION) -> None:
        self.name = name
        self.dimension = dimension
        self.fingerprint = f"{name}:{dimension}"

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows, shape (n, dim)."""
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        for number, text in enumerate(texts):
            seed = blake2b(f"{self.name}:{text}".encode(), digest_size=8).digest()
            rows[number] = np.random.default_rng(int.from_bytes(seed, "little")).standard_normal(
                self.dimension
            )
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same as for queries."""
        return self.encode_queries(texts)


class BigramAnalyzer(Analyzer):
    """Pairs of neighbouring characters, and words of letters and digits."""

    def __init__(self, name: str = "bigram") -> None:
        self.fingerprint = name
        self.words = ()

    def normalise(self, text: str) -> str:
        """`text` after NFKC, in lower case."""
        return unicodedata.normalize("NFKC", text).lower()

    def terms(self, text: str) -> list[str]:
        """The terms of `text`: 工会ab1 → 工会, ab1."""
        terms: list[str] = []
        run = ""
        for character in self.normalise(text) + " ":
            if character.isascii() and character.isalnum():
                run += character
                continue
            if run:
                terms.append(run)
            run = ""
        han = [c if "\u4e00" <= c <= "\u9fff" else " " for c in text]
        pairs = ("".join(pair) for pair in pairwise(han))
        return terms + [pair for pair in pairs if " " not in pair]


class FewPlaces(Gazetteer):
    """A gazetteer of a province, two of its cities and a district that two cities have."""

    def __init__(self) -> None:
        super().__init__(
            [
                (Place("甲江省", "甲江", "province", "91"), "jiajiang", False),
                (Place("乙州市", "乙州", "city", "9101"), "yizhou", False),
                (Place("丙山市", "丙山", "city", "9102"), "bingshan", False),
                (Place("东阳区", "东阳", "county", "910101"), "dongyang", False),
                (Place("东阳区", "东阳", "county", "910203"), "dongyang", False),
            ]
        )


def document(document_id: str, text: str, **fields: object) -> Document:
    """A document with this text as its own source."""
    given: dict[str, object] = {
        "source": f"{document_id}.txt",
        "title": "",
        "alignment": Alignment.identity(len(text)),
        "source_text": text,
        "digest": blake2b(text.encode(), digest_size=16).hexdigest(),
    }
    return Document(document_id=document_id, text=text, **(given | fields))  # type: ignore[arg-type]
