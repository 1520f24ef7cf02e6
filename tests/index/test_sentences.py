"""Sentences: where they end, and that together they are the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import LONGEST, sentences
from tests.index.articles import damaged_texts


def _cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "筹资61.19万元。救助3人!真的?好;行",
            ["筹资61.19万元。", "救助3人!", "真的?", "好;", "行"],
        ),
        ("他说:“行。”她走了。", ["他说:“行。”", "她走了。"]),
        ("(建成41家。)另有3家。", ["(建成41家。)", "另有3家。"]),
        ("家庭……脱贫攻坚", ["家庭……", "脱贫攻坚"]),
        ("标题\n  正文一。  正文二。\n", ["标题", "正文一。", "正文二。"]),
        (" 工会。 好", ["工会。", "好"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_a_sentence_ends_at_its_mark_and_takes_its_quotes(text: str, expected: list[str]) -> None:
    assert _cut(text) == expected


def test_a_long_sentence_is_cut_at_a_comma_and_a_shapeless_one_at_a_thousand() -> None:
    parts = _cut("工会组织," * 100 + "。")
    assert all(len(part) <= LONGEST and part[-1] in ",。" for part in parts)
    assert [len(part) for part in _cut("工" * 2300)] == [1000, 1000, 300]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(damaged_texts() | st.text("工会。,\n ”!;", max_size=60), st.data())
def test_sentences_are_everything_but_the_white_space_between(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at = start
    for first, last in sentences(text, start, end):
        assert at <= first < last <= end
        assert text[at:first].strip() == ""
        assert text[first:last].strip() == text[first:last]
        at = last
    assert text[at:end].strip() == ""
