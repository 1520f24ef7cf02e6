"""Here are texts; give me a unit row for each, so that near rows mean near texts."""

import logging
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.errors import EncoderError

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


def open_encoder(name: str | None = None) -> Encoder:
    """The shipped static encoder, or any sentence-transformers model by name or folder.

    Raises EncoderError, naming the model, where it cannot be loaded.
    """
    return StaticEncoder.open(SHIPPED) if name is None else SentenceTransformerEncoder.open(name)


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
        fingerprint = _digest(serialised, (folder / _WEIGHTS).read_bytes())
        return StaticEncoder("static", tokenizer, table, fingerprint)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for questions, shape (n, dimension); the same as for passages."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for passages, shape (n, dimension)."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = [_encodable(text) for text in texts[start : start + _BATCH]]
            found = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, encoding in enumerate(found, start):
                # row by row: the tokens of one text stay in the cache (reduceat: 20 times slower)
                rows[row] = self._table.take(encoding.ids, axis=0).sum(axis=0)
        return _unit(rows)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, with its own prompts for questions and passages."""

    def __init__(self, name: str, model: Any) -> None:  # noqa: ANN401 - see `open`
        self.name = name
        self.dimension = int(model.get_embedding_dimension())
        weights = (value.cpu().contiguous() for _, value in sorted(model.state_dict().items()))
        self.fingerprint = _digest(
            repr((name, sorted(model.prompts.items()))).encode(),
            *(value.numpy().tobytes() for value in (_plain(weight) for weight in weights)),
        )
        self._model = model

    @staticmethod
    def open(name: str) -> "SentenceTransformerEncoder":
        """The model of that name or in that folder; never runs code that comes with it."""
        from sentence_transformers import (  # noqa: PLC0415 - imports torch: seconds, 500 MB
            SentenceTransformer,
        )

        # what it warns of while it looks for a model stands in our own error
        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        try:
            model = SentenceTransformer(name, trust_remote_code=False)
        except (OSError, ValueError, RuntimeError, KeyError) as exc:
            reason = str(exc).splitlines()[0] if str(exc) else type(exc).__name__
            raise EncoderError(
                f"encoder {name!r} cannot be loaded ({reason}); expected the name or the folder "
                "of a sentence-transformers model"
            ) from exc
        return SentenceTransformerEncoder(name, model)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for questions, shape (n, dimension)."""
        return self._rows(self._model.encode_query, texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for passages, shape (n, dimension)."""
        return self._rows(self._model.encode_document, texts)

    def _rows(self, encode: Any, texts: Sequence[str]) -> NDArray[np.float32]:  # noqa: ANN401 - as above
        """Unit rows of `encode`, checked for their shape."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = encode([_encodable(text) for text in texts], show_progress_bar=False)
        rows = np.asarray(rows, dtype=np.float32)
        if rows.shape != (len(texts), self.dimension):
            expected = (len(texts), self.dimension)
            raise EncoderError(f"encoder {self.name!r} gave {rows.shape}; expected {expected}")
        if not np.isfinite(rows).all():
            raise EncoderError(f"encoder {self.name!r} gave numbers that are not finite")
        return _unit(rows)


def _plain(weight: Any) -> Any:  # noqa: ANN401 - a torch tensor, and torch is not imported here
    """A tensor that numpy can hold: bfloat16 has no numpy type, float32 holds it exactly."""
    return weight.float() if weight.is_floating_point() else weight


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
    return table if scales is None else table * scales.astype(np.float32)[:, None]


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _encodable(text: str) -> str:
    """`text` with lone surrogates, which are no Unicode text, replaced by question marks."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _digest(*parts: bytes) -> str:
    """Hex digest of bytes."""
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
