"""Here is a span of a document; give me its citation, numbered once."""

from collections.abc import Iterable

from index.chunk import chunk as chunk_document
from index.document import Chunk, Document
from index.sentences import Sentence
from rag.answer import Citation


class Citations:
    """The citations of one answer, numbered from 1 in the order first cited."""

    def __init__(self, known: Iterable[Citation] = ()) -> None:
        """Go on behind the citations `known`, which keep their numbers."""
        self._by_span = {(c.document_id, c.start, c.end): c for c in known}

    def add(self, document: Document, chunk: Chunk, start: int, end: int) -> int:
        """The number of the citation of document.text[start:end], new or known.

        White space at both ends is left out of the quote.
        """
        quote = document.text[start:end]
        start += len(quote) - len(quote.lstrip())
        quote = quote.strip()
        end = start + len(quote)
        key = (document.document_id, start, end)
        if key not in self._by_span:
            source_start, source_end = document.alignment.source_span(start, end)
            self._by_span[key] = Citation(
                id=len(self._by_span) + 1,
                document_id=document.document_id,
                chunk_id=_holding(document, chunk, start).chunk_id,
                title=document.title,
                date=document.date,
                date_inferred=document.date_inferred,
                region=document.region,
                source=document.source,
                quote=quote,
                start=start,
                end=end,
                source_start=source_start,
                source_end=source_end,
            )
        return self._by_span[key].id

    def add_sentence(self, sentence: Sentence) -> int:
        """The number of the citation of a whole sentence."""
        return self.add(sentence.document, sentence.chunk, sentence.start, sentence.end)

    def all(self) -> tuple[Citation, ...]:
        """The citations in order of their numbers."""
        return tuple(self._by_span.values())


def _holding(document: Document, near: Chunk, start: int) -> Chunk:
    """The chunk of a document that the character `start` stands in; `near` is looked at first."""
    if near.start <= start < near.end:
        return near
    return next((c for c in chunk_document(document) if c.start <= start < c.end), near)
