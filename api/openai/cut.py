"""Here is an answer's text and what a client allows of it; give me the part to send.

A figure is never cut in two, whatever was asked for: 163 of 163万元 would be another figure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from api.openai.wire import Reason
from index.quantity import quantities

TOKEN = re.compile(r"[A-Za-z\u00c0-\u024f]+|\d+(?:[.,]\d+)*|\S")
"""A word in Latin letters, a number, a Chinese character, or a mark."""
CITATION = re.compile(r"\[(\d+)\]")
_WHOLE = re.compile(
    r"\[\d+\]|\([^()]*\)|\d+(?:[.,:/-]\d+)*(?:年(?:\d+月(?:\d+日)?)?|月(?:\d+日)?)?"
)
_SENTENCE_END = re.compile(r"(?:[。！？!?；;…\n]|\.(?=\s|\[|$))[”’」』》）)\]\"']*(?:\s*\[\d+\])*")
_MARKS = re.compile(r"(?:\s*\[\d+\])+$")
_CLAUSE_END = re.compile(r"[，、：,:](?!\d)")


@dataclass(frozen=True, slots=True)
class Cut:
    """What is sent of a text, and why it ends there."""

    text: str
    reason: Reason


def tokens(text: str) -> int:
    """How many tokens a text has."""
    return sum(1 for _ in TOKEN.finditer(text))


def cut(text: str, stops: Sequence[str], most: int | None) -> Cut:
    """The text up to the first of `stops`, and of that at most `most` tokens.

    Over the limit it ends with a sentence if one fits, else with a clause, else before a figure.
    """
    found = [at for at in (text.find(stop) for stop in stops) if at >= 0]
    if found:
        text = text[: _outside(text, min(found))]
    ends = [match.end() for match in TOKEN.finditer(text)]
    if most is None or len(ends) <= most:
        return Cut(text, "stop")
    return Cut(text[: _last_end(text, ends[most - 1])], "length")


def _last_end(text: str, limit: int) -> int:
    """The best place to end at or before `limit`."""
    sentences: list[int] = []
    for match in _SENTENCE_END.finditer(text):
        marks = _MARKS.search(match[0])
        sentences += [match.start() + marks.start()] if marks else []
        sentences.append(match.end())
    for places in (sentences, [match.end() for match in _CLAUSE_END.finditer(text)]):
        fitting = [at for at in places if at <= limit and _outside(text, at) == at]
        if fitting:
            return max(fitting)
    return _outside(text, limit)


def _outside(text: str, at: int) -> int:
    """`at`, or the start of the figure, date, bracket or citation that it would cut in two."""
    spans = [(one.start, one.end) for one in quantities(text)]
    spans += [match.span() for match in _WHOLE.finditer(text)]
    while inside := [start for start, end in spans if start < at < end]:
        at = min(inside)
    return at
