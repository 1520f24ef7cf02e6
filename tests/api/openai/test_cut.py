"""A text is cut where the client says, and never within a figure, a date or a citation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.openai.cut import cut, tokens

FIRST = "甲市金秋助学：去年,各级工会筹措助学资金1,630.5万元。[1]"
TEXT = f"{FIRST}资助学生902人,其中“三孤”学生12人。[2]"


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("工会", 2), ("163万元。[1]", 7), ("1.63 million yuan", 3), ("1,630,000元", 2)],
)
def test_a_token_is_a_character_a_word_a_number_or_a_mark(text: str, count: int) -> None:
    assert tokens(text) == count


def test_what_fits_is_whole() -> None:
    assert cut(TEXT, [], None).text == TEXT
    assert cut(TEXT, [], tokens(TEXT)) == cut(TEXT, ["乙市"], None)
    assert cut(TEXT, [], tokens(TEXT)).reason == "stop"


def test_over_the_limit_it_ends_with_a_sentence_and_its_citation() -> None:
    found = cut(TEXT, [], tokens(TEXT) - 1)
    assert (found.text, found.reason) == (TEXT.removesuffix("[2]"), "length")
    assert cut(TEXT, [], tokens(FIRST) + 6).text == FIRST
    assert cut(TEXT, [], tokens(FIRST) - 1).text == FIRST.removesuffix("[1]")


def test_without_room_for_a_sentence_it_ends_with_a_clause() -> None:
    assert cut(TEXT, [], tokens(FIRST) - 5).text == "甲市金秋助学：去年,"
    assert cut(TEXT, [], 8).text == "甲市金秋助学："


@pytest.mark.parametrize(
    ("text", "most", "left"),
    [
        ("筹措163万元", 3, "筹措"),
        ("筹措163万元", 1, "筹"),
        ("2018年2月3日成立", 3, ""),
        ("raised 163万元 (1.63 million yuan)", 5, "raised 163万元 "),
        ("百分之九十八的职工", 3, ""),
    ],
)
def test_without_room_for_a_clause_it_ends_before_a_figure(text: str, most: int, left: str) -> None:
    assert cut(text, [], most).text == left


def test_a_stop_ends_the_text_before_it() -> None:
    assert cut(TEXT, ["资助", "筹措"], None).text == "甲市金秋助学：去年,各级工会"
    assert cut(TEXT, ["筹措"], None).reason == "stop"
    # the stop stands within the figure 1,630.5万元
    assert cut(TEXT, ["30"], None).text.endswith("筹措助学资金")


PARTS = ("筹措", "163万元", "2018年2月3日", "[1]", "。", ",", "：", "902人", "98.5%", "甲市", " ")


@given(st.lists(st.sampled_from(PARTS), max_size=12), st.integers(1, 40), st.sampled_from(PARTS))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_a_cut_is_a_beginning_within_the_limit(words: list[str], most: int, stop: str) -> None:
    text = "甲".join(words)
    found = cut(text, [stop], most)
    assert text.startswith(found.text)
    assert tokens(found.text) <= most
    assert stop not in found.text
    rest = text[len(found.text) :]
    assert not (found.text[-1:].isdigit() and rest[:1].isdigit())
    assert not (found.text.endswith("163") and rest.startswith("万元"))
