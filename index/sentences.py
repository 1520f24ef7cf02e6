"""Here is clean text; give me its sentences as spans, or each with what stands around it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.document import Chunk, Document

# A sentence ends at its mark, with the quotes and brackets that close behind it.
# `.` ends nothing: it stands in numbers and addresses, and clean Chinese text seldom uses it.
_END = re.compile(r"(?:[。！？!?；;…]+[”’」』》）)】\]\"']*|\n)[^\S\n]*")
LONGEST = 300  # characters; beyond that a reader wants less than the whole
_HARD = 1_000  # no span is longer, whatever the text holds
_COMMA = re.compile("[，,、：:]")
_OPENING = "“「『《（("
_MARKS = re.compile("[“「『《（(”」』》）)]")
# An article of up to so many characters is about one thing, which its beginning names.
SHORT_ARTICLE = 1600
OPENING = 160
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
    def around(self) -> str:
        """What a reader knows when he is through the sentence: title, heading, lead, sentence."""
        return f"{self.document.title}\n{self.heading}\n{self.lead}\n{self.text}"

    @property
    def topic(self) -> str:
        """How a short article begins, which says what all of it is about; "" for a long one."""
        text = self.document.text
        return text[: min(OPENING, self.start)] if len(text) <= SHORT_ARTICLE else ""

    @property
    def text(self) -> str:
        """The characters of the sentence."""
        return self.document.text[self.start : self.end]


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences in text[start:end], in order: everything but white space between.

    A sentence longer than 300 characters is cut at its last comma before that, and one without
    commas at 1,000.
    """
    stop = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    at = start
    for match in _END.finditer(text, start, stop):
        _append(spans, text, at, match.end())
        at = match.end()
    _append(spans, text, at, stop)
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add [start, end) without the white space at its ends, in parts where it is too long."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = _cut(text, start, end)
        if cut >= end:
            break
        spans.append((start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        spans.append((start, end))


def _cut(text: str, start: int, end: int) -> int:
    """Where to cut an overlong sentence: behind a comma, or at the hard limit."""
    last = 0
    for match in _COMMA.finditer(text, start, min(end, start + _HARD)):
        if match.end() - start > LONGEST and last:
            break
        last = match.end()
    return last or min(end, start + _HARD)


def sentences_of(
    chunks: Iterable[Chunk], documents: Mapping[str, Document], *, lists: bool = False
) -> list[Sentence]:
    """The sentences of ranked chunks, in rank order; one that two chunks share comes once.

    With `lists`, a row of parts that semicolons divide is one sentence.
    """
    found: list[Sentence] = []
    seen: set[tuple[str, int]] = set()
    for rank, chunk in enumerate(chunks):
        document = documents.get(chunk.document_id)
        if document is None:
            continue
        text = document.text
        spans = _joined(text, sentences(text, *_surroundings(text, chunk)), lists)
        spans = [span for span in spans if span[1] > chunk.start and span[0] < chunk.end]
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


def _surroundings(text: str, chunk: Chunk) -> tuple[int, int]:
    """The paragraphs a chunk stands in, or as much of them as its sentences may reach into."""
    start = max(text.rfind("\n", 0, chunk.start) + 1, chunk.start - _LONGEST)
    end = text.find("\n", chunk.end)
    return start, min(end if end >= 0 else len(text), chunk.end + _LONGEST)


def _joined(text: str, spans: list[tuple[int, int]], lists: bool) -> list[tuple[int, int]]:
    """Spans joined where one ends inside a quotation, or (with `lists`) at a semicolon."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined:
            before, until = joined[-1]
            fits = end - before <= _LONGEST and "\n" not in text[before:end]
            if fits and (_open(text[before:until]) or (lists and text[until - 1] in ";；")):
                joined[-1] = (before, end)
                continue
        joined.append((start, end))
    return joined


def _open(text: str) -> bool:
    """Whether a quotation or bracket opened in `text` is still open at its end."""
    depth = 0
    for mark in _MARKS.findall(text):
        depth = depth + 1 if mark in _OPENING else max(0, depth - 1)
    return depth > 0


def clause_at(text: str, position: int) -> tuple[int, int]:
    """The span of the comma-separated clause of a text that holds `position`."""
    start = max((text.rfind(mark, 0, position) for mark in "，,；;。\n"), default=-1) + 1
    ends = [at for mark in "，,；;。\n" if (at := text.find(mark, position)) >= 0]
    return start, min(ends, default=len(text))
