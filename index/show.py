"""Here is a document; give me a page of text that shows what cleaning made of its source."""

from collections.abc import Iterator

from index.document import Document

_LONGEST = 72  # characters of a line shown; the rest is told by its length
_FIELDS = ("title", "date", "region", "publisher", "author", "url")
_SMALL = {"ruby", "unseen character", "tag"}  # told by their number


def show(document: Document) -> str:
    """Metadata, then each clean paragraph over its source, then what was dropped and why."""
    return "\n".join((*_metadata(document), "", *_paragraphs(document), "", *_dropped(document)))


def _metadata(document: Document) -> Iterator[str]:
    """One line for each fact; `-` where none was found."""
    yield f"{document.source}  ({document.document_id})"
    for name in _FIELDS:
        value = getattr(document, name) or "-"
        if name == "date" and document.date_inferred:
            value += "  (inferred)"
        if name == "region" and document.region_code:
            value += f"  ({document.region_code})"
        yield f"  {name:<10}{value}"
    lengths = f"{len(document.source_text)} → {len(document.text)} characters"
    yield f"  {'length':<10}{lengths}"


def _paragraphs(document: Document) -> Iterator[str]:
    """Clean line and, where it differs, the source it came from, both with their offsets."""
    headings = {heading.start for heading in document.headings}
    at = 0
    for line in document.text.split("\n"):
        end = at + len(line)
        start, stop = document.alignment.source_span(at, end)
        source = document.source_text[start:stop]
        yield f"{'#' if at in headings else ' '} {at}-{end}  {_short(line)}"
        if source != line:
            yield f"    from {start}-{stop}  {_short(source)}"
        at = end + 1


def _dropped(document: Document) -> Iterator[str]:
    """One line for each span left out; the smallest kinds only counted."""
    counts: dict[str, int] = {}
    yield "left out:"
    for span in document.dropped:
        counts[span.reason] = counts.get(span.reason, 0) + 1
        if span.reason not in _SMALL:
            text = document.source_text[span.source_start : span.source_end]
            yield f"  {span.reason:<18}{span.source_start}-{span.source_end}  {_short(text)}"
    for reason in sorted(_SMALL & counts.keys()):
        yield f"  {reason:<18}{counts[reason]} times"


def _short(text: str) -> str:
    """`text` on one line, cut to what fits."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}… ({len(line)})"
