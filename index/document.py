"""Here are the nouns of this room: Article, Document, Chunk, and the laws between them.

The laws, tested on every article:
    document.text[chunk.start:chunk.end] == chunk.text
    document.alignment.source_span(start, end) is where those characters stand in source_text
"""

from dataclasses import dataclass

from index.align import Aligned, Alignment


@dataclass(frozen=True, slots=True)
class Article:
    """A file as received: its decoded text, and what its container said about it.

    `source_text` is the decoded file, untouched (for PDF and DOCX, the extracted text). `body` is
    the readable text in it, aligned to `source_text` (the identity for plain text, the main text
    of a web page). `digest` is the BLAKE2b-128 hex of the bytes received. The metadata fields are
    None unless the container or the caller states them; cleaning finds the rest.
    """

    source: str
    source_text: str
    body: Aligned
    digest: str
    document_id: str | None = None
    title: str | None = None
    date: str | None = None
    region: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A span of the source that cleaning left out or replaced, and why."""

    source_start: int
    source_end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the text: clean span [start, end)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """Clean text with an identity, and the way back to its source.

    `date` is ISO 8601, of reduced precision where only that is known ("2021", "2021-03");
    `date_inferred` marks a date that no line of the article states. `region` is the full name of
    the place the article reports on ("双鸭山市"), `region_code` its GB/T 2260 code without trailing
    zeros ("2305"; a prefix is an ancestor), both None where the article names no single place.
    """

    document_id: str
    source: str
    title: str
    text: str
    alignment: Alignment
    source_text: str
    digest: str
    date: str | None = None
    date_inferred: bool = False
    region: str | None = None
    region_code: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    headings: tuple[Heading, ...] = ()
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """An indexed span of a document: clean offsets [start, end), whole sentences.

    `heading` is the nearest heading above it ("" where there is none): context for indexing, not
    part of `text`. `chunk_id` comes from content and place (see `index.chunk`).
    """

    chunk_id: str
    document_id: str
    start: int
    end: int
    text: str
    heading: str = ""
