"""Questions made of sentences ask for one figure, in words that are its own, always the same."""

import pytest

from eval.cloze import clozes, owned
from index.quantity import quantities

ARTICLE = (
    "株洲市总工会通报全年工作。全市举办大型联谊活动7场、户外交友活动5场。"
    "法律援助中心受理案件16件，调解纠纷63件。帮助16位受援人挽回经济损失38万元。共有职工120名。"
)


@pytest.mark.parametrize(
    ("text", "at", "left", "right"),
    [
        ("举办大型联谊活动7场、户外交友活动5场。", 1, ["户外", "交友", "活动"], []),
        ("为120名困难职工发放互助金17万元。", 0, [], ["困难职工"]),
        ("为120名困难职工发放互助金17万元。", 1, ["发放", "互助金"], []),
        ("建成97个乡级工会，发展会员5万名。", 0, ["建成"], ["乡级", "工会"]),
        ("甲车间、乙车间分别选出12名、8名。", 1, ["车间"], []),
    ],
)
def test_the_words_of_a_figure_are_those_a_reader_gives_it(
    text: str, at: int, left: list[str], right: list[str]
) -> None:
    before, behind = owned(text, quantities(text), at)
    assert [word.text for word in before] == left
    assert [word.text for word in behind] == right


def test_a_question_is_made_of_each_sentence_with_several_figures() -> None:
    found = list(clozes("a", ARTICLE))
    assert 1 <= len(found) <= 3  # one sentence has one figure, one has none
    for cloze in found:
        figures = quantities(cloze.text)
        assert len(figures) > 1
        assert "多少" in cloze.question
        assert figures[cloze.right].text not in cloze.question
    assert list(clozes("a", ARTICLE)) == found


def test_another_article_of_the_same_text_asks_in_other_words() -> None:
    asked = {tuple(cloze.question for cloze in clozes(name, ARTICLE)) for name in "abcdefgh"}
    assert len(asked) > 1
