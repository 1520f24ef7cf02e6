"""Where a word stands to each figure, read off hand-worked sentences."""

import pytest

from index.quantity import quantities
from rag.standing import STANDINGS, row_of, standings


def said(text: str, word: str) -> list[str] | None:
    """The names of a word's standings to the figures of a text, in their order."""
    found = standings(row_of(text, [(q.start, q.end) for q in quantities(text)]), word)
    return None if found is None else [STANDINGS[at] if at >= 0 else "inside" for at in found]


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("审理案件63件,成功调解40件。", "案件", ["left_near", "head"]),
        ("审理案件63件,成功调解40件。", "调解", ["right_clause", "left_near"]),
        ("户外交友5场、大型联谊活动7场", "大型", ["right_item", "left_near"]),
        ("户外交友5场、大型联谊活动7场。", "交友", ["left_near", "head"]),
        ("为120名患病职工发放互助金17万元。", "患病", ["right_near_shared", "left_mid"]),
        ("为120名患病职工发放互助金17万元。", "互助", ["right_mid_shared", "left_near"]),
        ("新建97个乡级工会。", "新建", ["left_near_open"]),
        ("新建97个乡级工会。", "乡级", ["right_near"]),
        ("先后慰问,发放补助20元,另有3家", "慰问", ["left_clause", "head"]),
        ("先后慰问;发放补助20元", "慰问", ["left_sentence"]),
        ("甲地1家、乙地2家、丙地3家", "乙地", ["right_item", "left_near", "left_figure_item"]),
        ("甲地1家，乙地2家，丙地3家", "丙地", ["right_figure_clause", "right_clause", "left_near"]),
        ("慰问职工（农民工）9万余人次", "职工", ["left_mid"]),
        ("慰问职工（含农民工3名）9万余人次", "职工", ["left_clause", "head"]),
        ("开展“走千企、访万家”活动20场", "走千", ["left_mid"]),
        ("共有20名代表", "火星", None),
        ("共有20名代表", "20", ["inside"]),
    ],
)
def test_a_word_stands_as_a_reader_sees_it(
    text: str, word: str, expected: list[str] | None
) -> None:
    assert said(text, word) == expected


def test_of_two_occurrences_the_closer_counts() -> None:
    assert said("调解案件63件,成功调解40件。", "调解") == ["left_near", "left_near"]


def test_items_and_figures_of_a_row_belong_together_in_order() -> None:
    text = "甲车间、乙车间和丙车间分别选出12名、8名和5名代表。"
    assert said(text, "乙车间") == ["unpaired", "paired", "unpaired"]
    assert said(text, "丙车间") == ["unpaired", "unpaired", "paired"]
    assert said(text, "车间") is None  # of which, nobody can say


def test_a_row_of_another_length_pairs_nothing() -> None:
    text = "甲车间、乙车间分别选出12名、8名和5名代表。"
    assert said(text, "乙车间") == ["left_near", "head", "head"]
