"""Here are edits to a text; give me the new text and, for every character, where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace text[start:end] by `new` ("" to drop it), for a stated reason."""

    start: int
    end: int
    new: str
    reason: str


@dataclass(frozen=True, eq=False)
class Alignment:
    """A monotone map from the characters of a clean text to spans of its source.

    `runs` is an int32 array of shape (n, 4): clean start, clean length, source start, source
    length, ascending and without gaps in the clean text. Where both lengths agree the run maps
    character by character; otherwise every clean character of the run maps to the whole source
    span (a fold such as 習(xí) → 习).
    """

    runs: NDArray[np.int32]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alignment) and np.array_equal(self.runs, other.runs)

    def __hash__(self) -> int:
        return hash(self.runs.tobytes())

    @staticmethod
    def identity(length: int) -> Alignment:
        """The alignment of a text with itself."""
        rows = [[0, length, 0, length]] if length else []
        return Alignment(np.array(rows, dtype=np.int32).reshape(-1, 4))

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The smallest source span holding clean characters [start, end); needs start < end."""
        return self._source_of(start)[0], self._source_of(end - 1)[1]

    def _source_of(self, position: int) -> tuple[int, int]:
        """Source span of one clean character; IndexError outside the clean text."""
        row = int(np.searchsorted(self.runs[:, 0], position, side="right")) - 1
        if position < 0 or row < 0:
            raise IndexError(f"clean offset {position} is before the text")
        clean, length, source, extent = (int(v) for v in self.runs[row])
        if position >= clean + length:
            raise IndexError(
                f"clean offset {position} is past the text, which ends at {clean + length}"
            )
        if length == extent:
            return source + position - clean, source + position - clean + 1
        return source, source + extent

    def to_bytes(self) -> bytes:
        """A compact, platform-independent form."""
        return self.runs.astype("<i4").tobytes()

    @staticmethod
    def from_bytes(data: bytes) -> Alignment:
        """The inverse of `to_bytes`."""
        return Alignment(np.frombuffer(data, dtype="<i4").reshape(-1, 4).astype(np.int32))


@dataclass(frozen=True)
class Aligned:
    """A text and its alignment to the source it was made from."""

    text: str
    alignment: Alignment

    @staticmethod
    def identity(text: str) -> Aligned:
        """A text as its own source."""
        return Aligned(text, Alignment.identity(len(text)))

    def apply(self, edits: Iterable[Edit]) -> Aligned:
        """The text after `edits` (ascending, not overlapping), aligned to the same source.

        Raises ValueError where edits overlap, run backwards or leave the text.
        """
        ordered = list(edits)
        if not ordered:
            return self
        cursor = _Cursor(self.alignment.runs.tolist())
        pieces: list[str] = []
        at = 0
        for edit in ordered:
            if not at <= edit.start <= edit.end <= len(self.text):
                raise ValueError(f"edit [{edit.start}, {edit.end}) overlaps or leaves the text")
            cursor.keep(at, edit.start)
            pieces.append(self.text[at : edit.start])
            if edit.new:
                source = self._source_extent(edit.start, edit.end)
                cursor.place(len(edit.new), source)
                pieces.append(edit.new)
            at = edit.end
        cursor.keep(at, len(self.text))
        pieces.append(self.text[at:])
        return Aligned("".join(pieces), Alignment(_merged(cursor.rows)))

    def _source_extent(self, start: int, end: int) -> tuple[int, int]:
        """Source span of [start, end).

        An insertion (start == end) stands between its neighbours; inside what was one fold it
        takes the whole fold, so that spans stay in order.
        """
        if start < end:
            return self.alignment.source_span(start, end)
        after = self.alignment.source_span(start, start + 1)[0] if start < len(self.text) else None
        before = self.alignment.source_span(start - 1, start)[1] if start else 0
        if after is None:
            return before, before
        return after, max(before, after)


class _Cursor:
    """Walks the runs of an alignment once, while a new one is laid."""

    def __init__(self, runs: list[list[int]]) -> None:
        self.rows: list[tuple[int, int, int, int]] = []
        self._runs = runs
        self._row = 0
        self._length = 0

    def keep(self, start: int, end: int) -> None:
        """Lay [start, end) of the old text with its runs."""
        runs, row = self._runs, self._row
        while start < end:
            clean, size, source, extent = runs[row]
            if clean + size <= start:
                row += 1
                continue
            stop = min(end, clean + size)
            if size == extent:
                self.place(stop - start, (source + start - clean, source + stop - clean))
            else:
                # subtle: part of a folded run still maps whole; length 1 → a fold, never 1:1
                for _ in range(stop - start):
                    self.place(1, (source, source + extent))
            start = stop
        self._row = row

    def place(self, length: int, source: tuple[int, int]) -> None:
        """Lay a run of `length` new characters over a source span."""
        self.rows.append((self._length, length, source[0], source[1] - source[0]))
        self._length += length


def _merged(rows: Sequence[tuple[int, int, int, int]]) -> NDArray[np.int32]:
    """Rows with neighbouring character-by-character runs joined; shape (n, 4)."""
    merged: list[list[int]] = []
    for clean, length, source, extent in rows:
        last = merged[-1] if merged else None
        if (
            last is not None
            and length == extent
            and last[1] == last[3]
            and last[2] + last[3] == source
        ):
            last[1] += length
            last[3] += extent
        else:
            merged.append([clean, length, source, extent])
    return np.array(merged, dtype=np.int32).reshape(-1, 4)
