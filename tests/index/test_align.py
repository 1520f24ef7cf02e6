"""Laws of the alignment: monotone, complete, and the same after a round trip."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.align import Aligned, Alignment, Edit


@st.composite
def _texts_and_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text("abc工会 \n", max_size=40))
    marks = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return text, [Edit(a, b, draw(st.text("xyz市", max_size=3)), "test") for a, b in pairs]


def _spelled(text: str, edits: list[Edit]) -> str:
    """`edits` applied to `text` in the slow, obvious way."""
    for edit in reversed(edits):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


@given(_texts_and_edits())
def test_edits_give_the_text_that_replacing_from_the_end_gives(
    case: tuple[str, list[Edit]],
) -> None:
    text, edits = case
    assert Aligned.identity(text).apply(edits).text == _spelled(text, edits)


@given(_texts_and_edits(), st.data())
def test_after_two_rounds_every_character_has_a_span_and_kept_ones_their_own(
    case: tuple[str, list[Edit]], data: st.DataObject
) -> None:
    text, edits = case
    once = Aligned.identity(text).apply(edits)
    marks = sorted(data.draw(st.lists(st.integers(0, len(once.text)), max_size=6)))
    again = [Edit(a, b, "Q", "t") for a, b in zip(marks[::2], marks[1::2], strict=False)]
    twice = once.apply(again)
    before = (0, 0)
    for at, character in enumerate(twice.text):
        start, end = twice.alignment.source_span(at, at + 1)
        assert 0 <= start <= end <= len(text)
        assert start >= before[0]
        assert end >= before[1]
        before = (start, end)
        if character not in "xyz市Q":
            assert text[start:end] == character


@given(_texts_and_edits())
def test_an_alignment_survives_its_bytes(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    alignment = Aligned.identity(text).apply(edits).alignment
    assert np.array_equal(Alignment.from_bytes(alignment.to_bytes()).runs, alignment.runs)


def test_a_fold_maps_each_of_its_characters_to_the_whole_span() -> None:
    folded = Aligned.identity("a習(xí)b").apply([Edit(1, 6, "习", "ruby")])
    assert folded.text == "a习b"
    assert folded.alignment.source_span(1, 2) == (1, 6)
    assert folded.alignment.source_span(2, 3) == (6, 7)


def test_a_place_outside_the_text_is_refused() -> None:
    alignment = Alignment.identity(3)
    with pytest.raises(IndexError, match="past the text"):
        alignment.source_span(1, 5)
    with pytest.raises(IndexError, match="before the text"):
        alignment.source_span(-1, 2)


@pytest.mark.parametrize(
    "edits", [[Edit(2, 4, "", "t"), Edit(3, 5, "", "t")], [Edit(4, 9, "", "")]]
)
def test_edits_that_overlap_or_leave_the_text_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps or leaves the text"):
        Aligned.identity("abcdef").apply(edits)


def test_equal_texts_with_equal_maps_are_equal() -> None:
    one = Aligned.identity("工会之家").apply([Edit(1, 2, "", "dropped")])
    same = Aligned.identity("工会之家").apply([Edit(1, 2, "", "dropped")])
    other = Aligned.identity("工之之家").apply([Edit(2, 3, "", "dropped")])
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
