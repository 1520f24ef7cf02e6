"""Here is the name of a sentence-transformers model; give me its rows, prompted as it expects."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.hub import is_local

# What some model families were trained with; their folders often do not say so themselves. A key
# is part of the model's name, the first that fits counts; the values are (query, passage).
KNOWN_PROMPTS: Mapping[str, tuple[str, str]] = {
    "e5-mistral": ("Instruct: Retrieve relevant passages that answer the query\nQuery: ", ""),
    "e5-large-instruct": (
        "Instruct: Retrieve relevant passages that answer the query\nQuery: ",
        "",
    ),
    "e5-": ("query: ", "passage: "),
    "bge-m3": ("", ""),
    "bge-small-zh": ("为这个句子生成表示以用于检索相关文章：", ""),
    "bge-base-zh": ("为这个句子生成表示以用于检索相关文章：", ""),
    "bge-large-zh": ("为这个句子生成表示以用于检索相关文章：", ""),
    "bge-small-en": ("Represent this sentence for searching relevant passages: ", ""),
    "bge-base-en": ("Represent this sentence for searching relevant passages: ", ""),
    "bge-large-en": ("Represent this sentence for searching relevant passages: ", ""),
    "nomic-embed": ("search_query: ", "search_document: "),
}
_PASSAGE_PROMPTS = ("document", "passage", "corpus")


@dataclass(frozen=True, slots=True)
class Options:
    """Which model, and how it is used; None leaves a thing as the model has it.

    Prompts are put before each question or passage. `max_tokens` cuts longer texts, `batch` is how
    many texts are encoded at once, `device` is torch's name for where (cpu, cuda, mps).
    """

    name: str
    query_prompt: str | None = None
    passage_prompt: str | None = None
    max_tokens: int | None = None
    batch: int = 32
    device: str | None = None


class SentenceTransformerEncoder:
    """Any sentence-transformers model; its rows are brought to length 1 whatever it gives."""

    def __init__(self, options: Options, model: Any) -> None:  # noqa: ANN401 - see `open`
        self.name = options.name
        self.dimension = int(model.get_embedding_dimension())
        self.query_prompt, self.passage_prompt = prompts(options, model.prompts)
        self._model = model
        self._batch = options.batch
        weights = (value.cpu().contiguous() for _, value in sorted(model.state_dict().items()))
        described = (self.name, self.query_prompt, self.passage_prompt, model.max_seq_length)
        self.fingerprint = digest(
            repr(described).encode(),
            *(value.numpy().tobytes() for value in (_plain(weight) for weight in weights)),
        )

    @staticmethod
    def open(options: Options) -> "SentenceTransformerEncoder":
        """The model of that name or in that folder; never runs code that comes with it."""
        from sentence_transformers import (  # noqa: PLC0415 - imports torch: seconds, 500 MB
            SentenceTransformer,
        )

        # what it warns of while it looks for a model stands in our own error
        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        try:
            model = SentenceTransformer(
                options.name,
                device=options.device,
                trust_remote_code=False,
                local_files_only=is_local(options.name),
            )
        except (OSError, ValueError, RuntimeError, KeyError) as exc:
            reason = str(exc).splitlines()[0] if str(exc) else type(exc).__name__
            raise EncoderError(
                f"encoder {options.name!r} cannot be loaded ({reason}); expected the name or the "
                "folder of a sentence-transformers model, and a device that is there"
            ) from exc
        longest = model.max_seq_length
        if options.max_tokens and (longest is None or options.max_tokens <= longest):
            model.max_seq_length = options.max_tokens
        elif options.max_tokens:
            raise EncoderError(
                f"encoder {options.name!r} reads {longest} tokens at most; "
                f"{options.max_tokens} were asked for"
            )
        return SentenceTransformerEncoder(options, model)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for questions, shape (n, dimension)."""
        return self._rows(self._model.encode_query, texts, self.query_prompt)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows for passages, shape (n, dimension)."""
        return self._rows(self._model.encode_document, texts, self.passage_prompt)

    def _rows(
        self,
        encode: Any,  # noqa: ANN401 - as above
        texts: Sequence[str],
        prompt: str,
    ) -> NDArray[np.float32]:
        """Unit rows of `encode`, checked for their shape."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = encode(
            [encodable(text) for text in texts],
            prompt=prompt,
            batch_size=self._batch,
            show_progress_bar=False,
        )
        rows = np.asarray(rows, dtype=np.float32)
        if rows.shape != (len(texts), self.dimension):
            expected = (len(texts), self.dimension)
            raise EncoderError(f"encoder {self.name!r} gave {rows.shape}; expected {expected}")
        if not np.isfinite(rows).all():
            raise EncoderError(f"encoder {self.name!r} gave numbers that are not finite")
        return unit(rows)


def prompts(options: Options, own: Mapping[str, str]) -> tuple[str, str]:
    """What is put before a question and before a passage.

    The options' own words if given, else the model's configuration, else what its family is known
    to have been trained with, else nothing.
    """
    known = next(
        (pair for part, pair in KNOWN_PROMPTS.items() if part in options.name.lower()), ("", "")
    )
    passages = (own[name] for name in _PASSAGE_PROMPTS if own.get(name))
    query = own.get("query") or known[0]
    passage = next(passages, known[1])
    return (
        query if options.query_prompt is None else options.query_prompt,
        passage if options.passage_prompt is None else options.passage_prompt,
    )


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def encodable(text: str) -> str:
    """`text` with lone surrogates, which are no Unicode text, replaced by question marks."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def digest(*parts: bytes) -> str:
    """Hex digest of bytes."""
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(part)
    return found.hexdigest()


def _plain(weight: Any) -> Any:  # noqa: ANN401 - a torch tensor, and torch is not imported here
    """A tensor that numpy can hold: bfloat16 has no numpy type, float32 holds it exactly."""
    return weight.float() if weight.is_floating_point() else weight
