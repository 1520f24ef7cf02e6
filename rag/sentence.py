"""Here are chunks; give me their sentences, each with what stands around it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.document import Chunk, Document
from index.sentences import sentences

_OPENING = "“「『《（("
_CLOSING = "”」』》）)"
# How many characters a sentence may grow to when a quotation runs over its end.
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document: clean span [start, end), and the passage it was found in.

    `lead` is what stands before it in its paragraph (at most two sentences) and `heading` the
    nearest heading: what a reader knows when he reaches it. `rank` is the place of its chunk in
    the fused ranking, from 0.
    """

    document: Document
    chunk: Chunk
    start: int
    end: int
    lead: str
    heading: str
    rank: int

    @property
    def text(self) -> str:
        """The characters of the sentence."""
        return self.document.text[self.start : self.end]


def sentences_of(chunks: Iterable[Chunk], documents: Mapping[str, Document]) -> list[Sentence]:
    """The sentences of ranked chunks, in rank order; one that two chunks share comes once."""
    found: list[Sentence] = []
    seen: set[tuple[str, int]] = set()
    for rank, chunk in enumerate(chunks):
        document = documents.get(chunk.document_id)
        if document is None:
            continue
        spans = _balanced(document.text, sentences(document.text, chunk.start, chunk.end))
        for at, (start, end) in enumerate(spans):
            if (document.document_id, start) in seen:
                continue
            seen.add((document.document_id, start))
            paragraph = document.text.rfind("\n", 0, start) + 1
            lead_at = max(paragraph, spans[at - 2][0] if at > 1 else paragraph, start - 300)
            found.append(
                Sentence(
                    document, chunk, start, end, document.text[lead_at:start], chunk.heading, rank
                )
            )
    return found


def _balanced(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans joined where one ends inside a quotation: a list in quotes is one sentence."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined:
            before, until = joined[-1]
            if (
                end - before <= _LONGEST
                and "\n" not in text[before:end]
                and _open(text[before:until])
            ):
                joined[-1] = (before, end)
                continue
        joined.append((start, end))
    return joined


def _open(text: str) -> bool:
    """Whether a quotation or bracket opened in `text` is still open at its end."""
    depth = 0
    for character in text:
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
    return depth > 0


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the comma-separated clause of `text` that holds [start, end)."""
    left = max((m.end() for m in re.finditer(r"[，,；;：:。\n]", text[:start])), default=0)
    right = re.search(r"[，,；;。\n]", text[end:])
    return left, end + right.start() if right else len(text)
