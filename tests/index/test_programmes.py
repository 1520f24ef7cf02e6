"""Programmes are found by the dictionary's names and by what a quoted name is called."""

import pytest

from index.analyzer import Analyzer
from index.programmes import Programmes

KNOWN = Programmes(Analyzer.open().words)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("开展金秋助学活动,发放助学金", ["金秋助学活动"]),
        ("夏送清凉和冬送温暖", ["夏送清凉", "冬送温暖"]),
        ("启动“暖蜂行动”公益活动", ["暖蜂行动"]),
        ("他笑称这是“第二个家”。", []),
        ("市总工会慰问困难职工", []),
        ("", []),
    ],
)
def test_the_programmes_of_a_text(text: str, named: list[str]) -> None:
    assert [text[a:b] for a, b in KNOWN.find(text)] == named


def test_without_a_dictionary_only_quoted_names_are_found() -> None:
    text = "金秋助学之外,“爱心冰柜”项目启动"
    assert [text[a:b] for a, b in Programmes(()).find(text)] == ["爱心冰柜"]
