"""Here is a document; give me its row in the store. Here is the row; give me the document.

The source text is compressed against the clean text, which mostly repeats it.
"""

import json
import zlib
from collections.abc import Sequence

from index.align import Alignment
from index.document import Document, Dropped, Heading
from index.filters import DATE, days

COLUMNS = (
    "document_id",
    "source",
    "title",
    "date",
    "date_inferred",
    "region",
    "region_code",
    "publisher",
    "author",
    "url",
    "digest",
    "first_day",
    "last_day",
    "headings",
    "dropped",
    "text",
    "alignment",
    "source_text",
)
"""The columns of table `documents` that hold a Document, in the order of `to_row`."""

WINDOW = 32_768
"""How far back deflate can refer (RFC 1951), so how much of a dictionary is of use, in bytes."""

LEVEL = 1
"""zlib's fastest: level 6 saves 4 % here, because most of it is copied from the clean text."""

Value = str | int | bytes | None


def to_row(document: Document) -> tuple[Value, ...]:
    """The values of COLUMNS."""
    first, last = day_span(document.date) or (None, None)
    return (
        document.document_id,
        document.source,
        document.title,
        document.date,
        int(document.date_inferred),
        document.region,
        document.region_code,
        document.publisher,
        document.author,
        document.url,
        document.digest,
        first,
        last,
        json.dumps([[heading.start, heading.end] for heading in document.headings]),
        json.dumps(
            [[drop.source_start, drop.source_end, drop.reason] for drop in document.dropped],
            ensure_ascii=False,
        ),
        document.text,
        zlib.compress(document.alignment.to_bytes(), LEVEL),
        _compress(document.source_text, document.text),
    )


def to_document(row: Sequence[Value]) -> Document:
    """The Document whose COLUMNS are `row`: equal to the one stored."""
    named = dict(zip(COLUMNS, row, strict=True))
    text = str(named["text"])
    return Document(
        document_id=str(named["document_id"]),
        source=str(named["source"]),
        title=str(named["title"]),
        text=text,
        alignment=Alignment.from_bytes(zlib.decompress(_blob(named["alignment"]))),
        source_text=_decompress(_blob(named["source_text"]), text),
        digest=str(named["digest"]),
        date=_text(named["date"]),
        date_inferred=bool(named["date_inferred"]),
        region=_text(named["region"]),
        region_code=_text(named["region_code"]),
        publisher=_text(named["publisher"]),
        author=_text(named["author"]),
        url=_text(named["url"]),
        headings=tuple(Heading(*pair) for pair in json.loads(str(named["headings"]))),
        dropped=tuple(Dropped(*three) for three in json.loads(str(named["dropped"]))),
    )


def day_span(date: str | None) -> tuple[int, int] | None:
    """First and last day, as yyyymmdd, of a document's date; None where it cannot be compared."""
    return days(date) if date is not None and DATE.fullmatch(date) else None


def _dictionary(text: str) -> bytes:
    """The end of the clean text, as zlib's preset dictionary."""
    return text[-WINDOW:].encode()[-WINDOW:]


def _compress(source_text: str, text: str) -> bytes:
    """`source_text` deflated against `text`."""
    deflate = zlib.compressobj(LEVEL, zdict=_dictionary(text))
    # a source may hold lone surrogates (a JSON line can say \ud800), and must come back as it was
    return deflate.compress(source_text.encode("utf-8", "surrogatepass")) + deflate.flush()


def _decompress(data: bytes, text: str) -> str:
    """The inverse of `_compress`."""
    inflate = zlib.decompressobj(zdict=_dictionary(text))
    return (inflate.decompress(data) + inflate.flush()).decode("utf-8", "surrogatepass")


def _blob(value: Value) -> bytes:
    """A BLOB column's value."""
    assert isinstance(value, bytes)
    return value


def _text(value: Value) -> str | None:
    """A nullable TEXT column's value."""
    return None if value is None else str(value)
