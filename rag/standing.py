"""Here is a sentence with figures and a word in it; tell me where the word stands to each figure.

A figure is closed where a mark follows it (示范点16个,) and counts what stands before; it is open
where its noun follows (97个|乡级工会).
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

# Where a word may stand to a figure, the closest first: of two occurrences the first counts.
STANDINGS = (
    "paired", "left_near", "right_near", "left_mid", "right_mid", "left_near_open",
    "right_near_shared", "left_mid_open", "right_mid_shared", "left_far", "right_far",
    "left_far_open", "right_far_shared", "left_item", "right_item", "left_clause", "head",
    "left_clauses", "right_clause", "left_figure", "right_figure", "left_figure_item",
    "right_figure_item", "left_figure_clause", "right_figure_clause", "left_sentence",
    "left_figure_sentence", "unpaired",
)  # fmt: skip
_AT = {name: at for at, name in enumerate(STANDINGS)}
_LEFT, _LEFT_OPEN, _RIGHT, _RIGHT_SHARED = (
    tuple(_AT[f"{side}_{distance}{how}"] for distance in ("near", "mid", "far"))
    for side, how in (("left", ""), ("left", "_open"), ("right", ""), ("right", "_shared"))
)
# Characters between a word and a figure: near up to the first, in the middle up to the second.
NEAR, MID = 4, 10
_ITEM, _CLAUSE, _STOP = "、", "，,:：(（)）", "；;。！？!?\n"
_MARKS = frozenset(_ITEM + _CLAUSE + _STOP)
# What stands in brackets or quotation marks parts nothing, if no figure is in it.
_ASIDE = re.compile(r"[（(][^（()）]{1,40}[)）]|“[^“”]{1,40}”|《[^《》]{1,40}》")
_DIGIT = re.compile(r"\d")
_RESPECTIVELY = re.compile(r"分别|依次")
_ITEMS = re.compile(r"[、，,]|[和与及](?=[^和与及]{2,})")


@dataclass(frozen=True, slots=True)
class Row:
    """A text with its figures in order, [start, end) each, as standings are read off it.

    `items`, `clauses` and `stops` count the marks before each character; `closed` says which
    figures no noun follows. `pairs` has the items of a row (A、B分别为1和2), each with its start,
    its end and the number of its figure.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    items: tuple[int, ...]
    clauses: tuple[int, ...]
    stops: tuple[int, ...]
    closed: tuple[bool, ...]
    pairs: tuple[tuple[int, int, int], ...]

    def said_of(self, figure: int) -> tuple[int, int]:
        """The first and the last of the figures that all is said of that is said of one: itself,
        or those of its row (A、B分别为1和2).
        """
        if any(own == figure for _, _, own in self.pairs):
            return self.pairs[0][2], self.pairs[-1][2]
        return figure, figure


def row_of(text: str, figures: Sequence[tuple[int, int]]) -> Row:
    """The Row of a text whose figures stand at the spans given, in order."""
    plain = _ASIDE.sub(lambda m: m[0] if _DIGIT.search(m[0]) else "-" * len(m[0]), text)
    counts = [
        tuple(accumulate((character in marks for character in plain), initial=0))
        for marks in (_ITEM, _CLAUSE, _STOP)
    ]
    starts, ends = tuple(s for s, _ in figures), tuple(e for _, e in figures)
    closed = tuple(e >= len(text) or text[e] in _MARKS for e in ends)
    row = Row(text, starts, ends, counts[0], counts[1], counts[2], closed, ())
    return Row(text, starts, ends, counts[0], counts[1], counts[2], closed, _paired(row))


def _paired(row: Row) -> tuple[tuple[int, int, int], ...]:
    """The items before 分别 with the figures behind it, one to one; () where they do not match."""
    match = _RESPECTIVELY.search(row.text)
    if match is None:
        return ()
    behind = [at for at, start in enumerate(row.starts) if start >= match.end()]
    stop = next(
        (end for end in behind if row.stops[row.starts[end]] > row.stops[match.end()]), None
    )
    if stop is not None:
        behind = [at for at in behind if at < stop]
    opens = max((row.text.rfind(mark, 0, match.start()) for mark in _CLAUSE + _STOP), default=-1)
    items, at = [], opens + 1
    for piece in _ITEMS.split(row.text[at : match.start()]):
        start = row.text.find(piece, at)
        items.append((start, start + len(piece)))
        at = start + len(piece)
    if len(items) < 2 or len(items) != len(behind):
        return ()
    return tuple((a, b, figure) for (a, b), figure in zip(items, behind, strict=True))


def standings(row: Row, word: str) -> list[int] | None:
    """The number of the word's standing (of `STANDINGS`) to each figure; None where it is not said.

    A word inside a figure stands nowhere: -1. One that several items of a row have tells nothing.
    """
    if sum(word in row.text[start:end] for start, end, _ in row.pairs) > 1:
        return None
    found: list[int] | None = None
    at = row.text.find(word)
    while at >= 0:
        own = [_standing(row, at, at + len(word), figure) for figure in range(len(row.starts))]
        if found is None:
            found = own
        else:
            found = [a if b < 0 or 0 <= a <= b else b for a, b in zip(found, own, strict=True)]
        at = row.text.find(word, at + len(word))
    return found


def _standing(row: Row, start: int, end: int, figure: int) -> int:
    """The number of the standing of text[start:end] to one figure."""
    for a, b, own in row.pairs:
        if a <= start and end <= b:
            return _AT["paired" if own == figure else "unpaired"]
    first, last = row.said_of(figure)
    if end <= row.starts[first]:
        return _left(row, end, first)
    if start >= row.ends[last]:
        return _right(row, start, last)
    return -1


def _left(row: Row, end: int, figure: int) -> int:
    """The standing of a word that ends at `end` before a figure."""
    at = row.starts[figure]
    first = bisect_left(row.starts, end)
    items, clauses = row.items[at] - row.items[end], row.clauses[at] - row.clauses[end]
    stops = row.stops[at] - row.stops[end]
    if first < figure:
        if stops:
            return _AT["left_figure_sentence"]
        if first == 0:
            return _AT["head"]
        if clauses:
            return _AT["left_figure_clause"]
        return _AT["left_figure_item" if items else "left_figure"]
    if stops:
        return _AT["left_sentence"]
    if clauses:
        return _AT["left_clause" if clauses == 1 else "left_clauses"]
    if items:
        return _AT["left_item"]
    return (_LEFT if row.closed[figure] else _LEFT_OPEN)[_distance(at - end)]


def _right(row: Row, start: int, figure: int) -> int:
    """The standing of a word that begins at `start` behind a figure."""
    at = row.ends[figure]
    between = bisect_left(row.ends, start + 1) - figure - 1
    items, clauses = row.items[start] - row.items[at], row.clauses[start] - row.clauses[at]
    clauses += row.stops[start] - row.stops[at]
    if between:
        if clauses:
            return _AT["right_figure_clause"]
        return _AT["right_figure_item" if items else "right_figure"]
    if clauses or items:
        return _AT["right_clause" if clauses else "right_item"]
    return (_RIGHT_SHARED if _shared(row, figure) else _RIGHT)[_distance(start - at)]


def _distance(between: int) -> int:
    """How far a word stands from a figure with so many characters between: 0 near, 2 far."""
    return 0 if between <= NEAR else 1 if between <= MID else 2


def _shared(row: Row, figure: int) -> bool:
    """Whether the next figure follows without a mark between: both may own what stands there."""
    if figure + 1 == len(row.starts):
        return False
    a, b = row.ends[figure], row.starts[figure + 1]
    return all(marks[a] == marks[b] for marks in (row.items, row.clauses, row.stops))
