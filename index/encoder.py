"""Here are texts; give me a unit row for each, so that near rows mean near texts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.errors import EncoderError
from index.transformer import Options, SentenceTransformerEncoder, digest, encodable, unit

SHIPPED = Path(__file__).with_name("model")

_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
_BATCH = 1024  # texts tokenized at once


class Encoder(Protocol):
    """What the index and the retriever need of an encoder.

    `encode_…` gives float32 rows of shape (n, dimension) in the order of the texts, each of length
    1; a text without a known token (the empty text) gives a row of zeros, which is near nothing.
    The same text always gives the same row. `fingerprint` changes when any row could.
    """

    name: str
    dimension: int
    fingerprint: str

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for questions, shape (n, dimension)."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for passages, shape (n, dimension)."""
        ...


def open_encoder(options: Options | str | None = None) -> Encoder:
    """The shipped static encoder, or any sentence-transformers model by name, folder or options.

    Raises EncoderError, naming the model, where it cannot be loaded.
    """
    if options is None:
        return StaticEncoder.open(SHIPPED)
    return SentenceTransformerEncoder.open(
        Options(options) if isinstance(options, str) else options
    )


class StaticEncoder:
    """A row is the mean of fixed token rows: sentence-transformers' StaticEmbedding without torch.

    The same tokenizer and the same table as stock `SentenceTransformer(folder)`, so the same rows.
    """

    def __init__(
        self, name: str, tokenizer: Tokenizer, table: NDArray[np.float32], fingerprint: str
    ) -> None:
        self.name = name
        self.dimension = int(table.shape[1])
        self.fingerprint = fingerprint
        self._tokenizer = tokenizer
        self._table = table

    @staticmethod
    def open(folder: Path) -> "StaticEncoder":
        """The encoder saved in `folder` (tokenizer.json, model.safetensors)."""
        try:
            weights = load_file(folder / _WEIGHTS)
            serialised = (folder / _TOKENIZER).read_bytes()
            tokenizer = Tokenizer.from_buffer(serialised)
        except (OSError, SafetensorError, ValueError) as exc:
            raise EncoderError(f"{folder}: cannot be loaded as a static encoder ({exc})") from exc
        table = _fold(folder, weights)
        if len(table) < tokenizer.get_vocab_size():
            raise EncoderError(
                f"{folder}: {len(table)} rows for {tokenizer.get_vocab_size()} tokens; "
                "the two files do not belong together"
            )
        tokenizer.no_padding()
        tokenizer.no_truncation()
        fingerprint = digest(serialised, (folder / _WEIGHTS).read_bytes())
        return StaticEncoder("static", tokenizer, table, fingerprint)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for questions, shape (n, dimension); the same as for passages."""
        return self.encode_passages(texts)

    @property
    def vocabulary(self) -> dict[str, int]:
        """Token → its row in the table."""
        return self._tokenizer.get_vocab()

    def tokens(self, text: str) -> list[int]:
        """The rows of a text's tokens, in order."""
        return list(self._tokenizer.encode(encodable(text), add_special_tokens=False).ids)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for passages, shape (n, dimension)."""
        return unit(self.sums(texts))

    def sums(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The sum of each text's token rows, shape (n, dimension); its direction is its row."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = [encodable(text) for text in texts[start : start + _BATCH]]
            found = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, encoding in enumerate(found, start):
                # row by row: the tokens of one text stay in the cache (reduceat: 20 times slower)
                rows[row] = self._table.take(encoding.ids, axis=0).sum(axis=0)
        return rows

    def rows(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """The unit rows of some tokens, shape (n, dimension); a row of zeros stays one."""
        return unit(self._table[list(tokens)])


def _fold(folder: Path, weights: dict[str, NDArray[Any]]) -> NDArray[np.float32]:
    """The float32 table (tokens, dimension): a plain one, or int8 rows times a scale each."""
    if "embedding.weight" in weights:
        return weights["embedding.weight"].astype(np.float32)
    if "embeddings" not in weights or "mapping" in weights:
        raise EncoderError(
            f"{folder / _WEIGHTS}: found {sorted(weights)}; expected `embedding.weight`, or "
            "`embeddings` with `weights`"
        )
    table = weights["embeddings"].astype(np.float32)
    scales = weights.get("weights")
    if scales is not None:
        table *= scales.astype(np.float32)[:, None]
    return table
