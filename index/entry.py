"""Here is a document; give me everything the store and both indexes need of it.

An Entry is made outside any lock, in a worker process or a request's thread, and can be pickled.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.analyzer import Analyzer
from index.chunk import chunk, context
from index.document import Chunk, Document
from index.encoder import Encoder
from index.figures import Figure, FigureReader
from index.gazetteer import Gazetteer
from index.vectors import quantize
from index.windows import windows


@dataclass(frozen=True, slots=True)
class Tools:
    """What turns articles into entries."""

    analyzer: Analyzer
    encoder: Encoder
    gazetteer: Gazetteer
    figures: FigureReader = field(init=False)

    def __post_init__(self) -> None:
        """Make what reads figures from the words and places that are there."""
        object.__setattr__(self, "figures", FigureReader(self.analyzer, self.gazetteer))


@dataclass(frozen=True, slots=True)
class Figures:
    """A document's figures, and the fingerprint of the rules that found them."""

    found: tuple[Figure, ...]
    rules: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A document ready to be written.

    `terms` and `contexts` hold, chunk by chunk, the analyzer's terms joined by spaces (of the
    text, and of what is indexed beside it), `windows` those of each chunk's windows; `rows` are the
    chunks' int8 rows, shape (n, dim).
    `figures` are those printed in the text.
    `revision` tells two states of a document apart. `received` is the fingerprint of the article
    it was made from, "" where that is not known (see `index.build`).
    """

    document: Document
    chunks: tuple[Chunk, ...]
    terms: tuple[str, ...]
    contexts: tuple[str, ...]
    windows: tuple[tuple[str, ...], ...]
    rows: NDArray[np.int8]
    revision: str
    figures: Figures
    received: str = ""


def prepare(
    documents: Sequence[Document], tools: Tools, received: Sequence[str] = ()
) -> list[Entry]:
    """One Entry per document, in order; all their chunks are encoded in one call."""
    analyzer = tools.analyzer
    chunked = [tuple(chunk(document)) for document in documents]
    rows = encode(documents, chunked, tools.encoder)
    entries: list[Entry] = []
    at = 0
    for number, (document, chunks) in enumerate(zip(documents, chunked, strict=True)):
        entries.append(
            Entry(
                document=document,
                chunks=chunks,
                terms=tuple(join(analyzer.terms(one.text)) for one in chunks),
                contexts=tuple(join(analyzer.terms(context(document, one))) for one in chunks),
                windows=tuple(tuple(windows(analyzer.normalise(one.text))) for one in chunks),
                rows=rows[at : at + len(chunks)],
                revision=revision(document, chunks),
                figures=find_figures(document, chunks, tools.figures),
                received=received[number] if received else "",
            )
        )
        at += len(chunks)
    return entries


def find_figures(document: Document, chunks: Sequence[Chunk], reader: FigureReader) -> Figures:
    """The figures of a document with its chunks."""
    return Figures(tuple(reader.read(document, chunks)), reader.fingerprint)


def encode(
    documents: Sequence[Document], chunked: Sequence[Sequence[Chunk]], encoder: Encoder
) -> NDArray[np.int8]:
    """Rows of all chunks, document after document, shape (n, dim)."""
    texts = [
        passage(document, one)
        for document, chunks in zip(documents, chunked, strict=True)
        for one in chunks
    ]
    if not texts:
        return np.empty((0, encoder.dimension), dtype=np.int8)
    return quantize(encoder.encode_passages(texts))


def passage(document: Document, one: Chunk) -> str:
    """What is encoded for a chunk: its text under its article's title."""
    return f"{document.title}\n{one.text}" if document.title else one.text


def join(terms: Sequence[str]) -> str:
    """Terms as one text that splits at white space into the same terms."""
    return " ".join(terms)


def revision(document: Document, chunks: Sequence[Chunk]) -> str:
    """BLAKE2b-128 hex of all that would be stored: equal exactly where nothing would change."""
    digest = hashlib.blake2b(digest_size=16)
    fields = (
        document.document_id,
        document.source,
        document.title,
        document.date,
        document.date_inferred,
        document.region,
        document.region_code,
        document.publisher,
        document.author,
        document.url,
        document.digest,
        [(heading.start, heading.end) for heading in document.headings],
        [(drop.source_start, drop.source_end, drop.reason) for drop in document.dropped],
        [(one.chunk_id, one.start, one.end, one.heading) for one in chunks],
    )
    for part in (
        repr(fields).encode("utf-8", "surrogatepass"),
        document.text.encode(),
        document.source_text.encode("utf-8", "surrogatepass"),
        document.alignment.to_bytes(),
    ):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()
