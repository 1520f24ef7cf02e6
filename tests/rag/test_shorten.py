"""Of a printed sentence only what the extractive answer cuts out is ever given back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.shorten import Part, clauses_of, ends_as

TEXT = "去年,全市筹措资金163万元,救助902人、慰问80人;建成“书屋”1,630个,比分9:02"


def part(said: str) -> Part:
    start = TEXT.index(said)
    return Part(start, start + len(said), None)


def found(said: str, *parts: Part) -> list[tuple[str, Part]]:
    folded = clauses_of(said)
    return [] if folded is None else list(ends_as(folded, TEXT, parts, str))


RAISED, CALLED = part("全市筹措资金163万元"), part("慰问80人")


@pytest.mark.parametrize(
    ("said", "parts", "before"),
    [
        ("全市筹措资金163万元", (RAISED,), ""),
        ("甲市,全市筹措资金163万元", (RAISED,), "甲市,"),
        ("去年,全市筹措资金163万元,救助902人、慰问80人", (RAISED,), ""),
        ("慰问80人", (CALLED,), ""),
        ("救助902人、慰问80人", (CALLED,), ""),
    ],
)
def test_a_part_is_said_alone_or_among_whole_clauses(
    said: str, parts: tuple[Part, ...], before: str
) -> None:
    assert (before, parts[0]) in found(said, *parts)


@pytest.mark.parametrize(
    "said",
    [
        "筹措资金163万元", "去年,筹措资金163万元", "全市资金163万元", "全市筹措资金163",
        "救助902人、慰问80人", "去年,救助902人、慰问80人", "全市筹措资金163万元,慰问80人",
        "全市筹措资金16'3万元", "全市筹措资金1 63万元",
    ],
)  # fmt: skip
def test_anything_else_is_none(said: str) -> None:
    assert not [before for before, _ in found(said, RAISED) if not before]


@settings(derandomize=True, max_examples=300)
@given(cut=st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))))
def test_whatever_is_cut_out_holds_the_part_and_ends_at_clauses(cut: tuple[int, int]) -> None:
    start, end = sorted(cut)
    for before, kept in found(TEXT[start:end], RAISED):
        assert kept == RAISED
        assert start <= RAISED.start or before
        assert end >= RAISED.end
        assert TEXT[end - 1 : end + 1] in {"元,", "元", ",救", "人;", ";建", "个,", ",比", "2"} or (
            end == len(TEXT)
        )


def test_marks_are_read_as_ends_of_clauses() -> None:
    assert clauses_of("“甲”筹集;乙 捐款。") == "甲筹集,乙捐款"
    for parted in ("1 6万元", "1,63万元", "9'02人", "9:02", "9”02"):
        assert clauses_of(parted) is None
    assert re.fullmatch(r"\w+", clauses_of("“甲”") or "")
