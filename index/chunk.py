"""Here is a document; give me its chunks, and for each what is indexed beside its text."""

from collections.abc import Container
from hashlib import blake2b
from typing import NamedTuple

from index.document import Chunk, Document
from index.gazetteer import short_name
from index.sentences import sentences

# Characters. A passage of three or four sentences: long enough to name its subject, short enough
# that a search for one fact is not drowned by others.
SHORT, LONG = 200, 350
_SHORTEST = 120  # a passage below this takes a long sentence in, up to the longest
_LONGEST = 450
_SCRAP = 80  # a rest this short, at the end of a section, joins the chunk before it


def chunk(document: Document, scale: float = 1.0) -> list[Chunk]:
    """Chunks in order: whole sentences, about 200 to 350 characters, none across a heading.

    `scale` multiplies every length (for measuring what the size is worth).
    Law: document.text[chunk.start:chunk.end] == chunk.text, and every sentence is in one chunk.
    """
    text = document.text
    headings = {heading.start: heading.end for heading in document.headings}
    spans: list[_Span] = []
    above = ""
    begin = last = -1
    body = 0  # where the text under the chunk's own headings begins
    for start, end in sentences(text):
        opens = start in headings
        if (
            begin >= 0
            and last > body
            and (opens or _is_full(text, begin, last, (start, end), scale))
        ):
            _add(spans, _Span(begin, last, above), headings, scale)
            begin = -1
        if opens:
            above, body = text[start : headings[start]], headings[start]
        elif begin < 0:
            body = start
        begin = start if begin < 0 else begin
        last = end
    if begin >= 0:
        _add(spans, _Span(begin, last, above), headings, scale)
    return [_made(document, span) for span in spans]


class _Span(NamedTuple):
    """A chunk to be: clean span [start, end) and the heading it stands under."""

    start: int
    end: int
    heading: str


def _add(spans: list[_Span], span: _Span, headings: Container[int], scale: float) -> None:
    """Append `span`, or lengthen the last one by it where it is a scrap of the same section."""
    last = spans[-1] if spans else None
    is_scrap = span.end - span.start < scale * _SCRAP and span.start not in headings
    if (
        last is not None
        and is_scrap
        and span.heading == last.heading
        and span.end - last.start <= scale * _LONGEST
    ):
        spans[-1] = last._replace(end=span.end)
    else:
        spans.append(span)


def _is_full(text: str, begin: int, last: int, coming: tuple[int, int], scale: float) -> bool:
    """Whether the chunk [begin, last) ends before the coming sentence.

    It prefers to end with a paragraph, and to be too long rather than far too short.
    """
    start, end = coming
    if end - begin <= scale * LONG:
        return last - begin >= scale * SHORT and "\n" in text[last:start]
    return last - begin >= scale * _SHORTEST or end - begin > scale * _LONGEST


def context(document: Document, chunk: Chunk) -> str:
    """What is indexed beside a chunk's text: title, heading, region in full and short, publisher.

    One per line; not stored as text, so no quote can come from it.
    """
    parts = [document.title]
    if chunk.heading and chunk.heading not in chunk.text:
        parts.append(chunk.heading)
    if document.region:
        short = short_name(document.region)
        parts.append(document.region if short == document.region else f"{document.region} {short}")
    if document.publisher:
        parts.append(document.publisher)
    return "\n".join(part for part in parts if part)


def _made(document: Document, span: _Span) -> Chunk:
    """The chunk of a span, its id made from document, place and text."""
    text = document.text[span.start : span.end]
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return Chunk(
        chunk_id=f"{document.document_id}-{span.start}-{span.end}-{digest}",
        document_id=document.document_id,
        start=span.start,
        end=span.end,
        text=text,
        heading=span.heading,
    )
