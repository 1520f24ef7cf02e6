"""Here are a model's words and a printed sentence; give me what of it the extractive answer would
say, where the words are that or whole clauses around it.

What is given back is a place in the printed sentence: whatever a model writes, only printed
characters are shown, and only those that the code of the extractive answer cuts out itself.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rag.compose import clause_of
from rag.evidence import Evidence
from rag.query import Query

# Where a clause ends, unless between two digits (9:02, 1,630).
_CLAUSE_END = re.compile(r"(?<!\d)[，,；;：:。!！\n]|[，,；;：:。!！\n](?!\d)")
_UNSAID = re.compile(r"[“”\"‘’'「」『』《》\s]")
# Two numbers, not one with something in it.
_PARTED = re.compile(r"\d[\s,，;；:：“”\"‘’']+\d")
_MARKS = re.compile(r"[,，;；:：。!！\n]+")
Fold = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Part:
    """What the extractive answer says of a sentence: its text[start:end], of the place `region`."""

    start: int
    end: int
    region: str | None


def part_of(evidence: Evidence, query: Query) -> Part:
    """What the extractive answer says of the sentence of some evidence."""
    text, said, span = evidence.sentence.text, clause_of(evidence, query), evidence.span
    start = text.find(said)
    while span is not None and start >= 0 and start + len(said) < span.end:
        start = text.find(said, start + 1)
    return Part(start, start + len(said), evidence.region)


def clauses_of(said: str) -> str | None:
    """A plain text without quotation marks and space, `,` for each mark between clauses; None where
    a space, a mark or a quotation mark parts two digits.
    """
    if _PARTED.search(said):
        return None
    return _MARKS.sub(",", _UNSAID.sub("", said)).strip(",")


def ends_as(said: str, text: str, parts: Iterable[Part], fold: Fold) -> Iterator[tuple[str, Part]]:
    """Each part that a folded text ends with, alone or among whole clauses of the printed sentence
    that follow each other; with what stands before it in the folded text.

    `fold` makes printed characters plain. Parts come as they were given, best first.
    """
    for part in parts:
        for start, end in ((part.start, part.end), *_runs(text, part)):
            printed = clauses_of(fold(text[start:end]))
            if printed and said.endswith(printed):
                yield said[: -len(printed)], part


def _runs(text: str, part: Part) -> Iterator[tuple[int, int]]:
    """The runs of whole clauses of a sentence around a part, the longest first."""
    marks = [m.end() for m in _CLAUSE_END.finditer(text)]
    bounds = sorted({0, len(text), *marks})
    for start in (at for at in bounds if at <= part.start):
        for end in (at for at in reversed(bounds) if at >= part.end):
            yield start, end
