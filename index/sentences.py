"""Here is clean text; give me its sentences as spans."""

import re

# A sentence ends at its mark, with the quotes and brackets that close behind it.
# `.` ends nothing: it stands in numbers and addresses, and clean Chinese text seldom uses it.
_END = re.compile(r"(?:[。！？!?；;…]+[”’」』》）)】\]\"']*|\n)[^\S\n]*")
LONGEST = 300  # characters; beyond that a reader wants less than the whole
_HARD = 1_000  # no span is longer, whatever the text holds
_COMMA = re.compile("[，,、：:]")


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
