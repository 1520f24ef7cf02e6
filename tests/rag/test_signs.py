"""What speaks for a sentence is what it shares with the question, and what it says beyond it."""

import math

import pytest

from index.index import Snapshot
from rag.ask import look
from rag.signs import NAMES, Features, values_of
from tests.rag.conftest import Made

TEXT = (
    "红星机床厂创办于1952年，厂址在东山脚下。首任厂长是赵立本。厂里有三个车间。\n"
    "职工食堂每天供应午饭。谁见过这样的职工食堂？"
)
# Features that are no share: the logarithm of a length, and a cosine.
SIGNED = {"length", "dense"}


@pytest.fixture(scope="module")
def factory(made: Made) -> Snapshot:
    return made([("厂.txt", TEXT), ("别的.txt", "今年雨水多。河边的树都绿了。")])


def read(question: str, snapshot: Snapshot) -> dict[str, Features]:
    """The features of each sentence that has anything of the question, by its text."""
    return {e.sentence.text: e.features for e in look(question, snapshot).evidence[0]}


@pytest.mark.parametrize(
    "question", ["首任厂长是谁", "职工食堂供应什么", "红星机床厂是哪一年创办的", "Who is 赵立本?"]
)
def test_features_are_finite_and_shares_lie_between_0_and_1(
    question: str, factory: Snapshot
) -> None:
    found = read(question, factory)
    assert found
    for features in found.values():
        for name, value in zip(NAMES, values_of(features), strict=True):
            assert math.isfinite(value), name
            assert name in SIGNED or -1e-9 <= value <= 2.5, name
        assert -1 <= features.dense <= 1.000001


def test_the_sentence_asked_for_shares_most(factory: Snapshot) -> None:
    found = read("红星机床厂首任厂长是谁", factory)
    asked = found["首任厂长是赵立本。"]
    for text, other in found.items():
        if text != "首任厂长是赵立本。":
            assert asked.left > other.left, text
    # 首任厂长 is the longest stretch in common, four characters of twelve
    assert asked.run == pytest.approx(4 / 12)
    # beside it stands 红星机床厂
    assert asked.pairs_beside > 0
    assert asked.first_article == 1


def test_a_question_in_the_article_is_marked(factory: Snapshot) -> None:
    found = read("职工食堂供应什么", factory)
    assert found["谁见过这样的职工食堂？"].asks == 1
    assert found["职工食堂每天供应午饭。"].asks == 0


def test_what_is_new_is_told_from_what_is_asked(factory: Snapshot) -> None:
    found = read("红星机床厂创办于1952年吗", factory)
    assert found["红星机床厂创办于1952年，厂址在东山脚下。"].digit == 0
    found = read("红星机床厂创办于哪一年", factory)
    assert found["红星机床厂创办于1952年，厂址在东山脚下。"].digit == 1


def test_the_thing_asked_for_by_name(factory: Snapshot) -> None:
    found = read("红星机床厂里有什么车间", factory)
    assert found["厂里有三个车间。"].noun == 1
    assert found["首任厂长是赵立本。"].noun == 0
