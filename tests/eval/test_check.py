"""The committed gold is right, and a fault in it would be found."""

from dataclasses import replace

import pytest

from eval.check import check, seed_source
from eval.dataset import UNION
from eval.formats import read_union
from eval.question import Cell, Gold, Question
from tests.eval.made import QUESTION, START, TEXT

UNIONS = read_union([UNION])


def _messages(question: Question) -> list[str]:
    return [fault.message for fault in check([question], lambda gold: TEXT) if fault.certain]


def test_the_committed_questions_have_no_certain_fault() -> None:
    assert [fault for fault in check(UNIONS, seed_source) if fault.certain] == []


def test_every_gold_span_of_the_seeds_is_a_sentence() -> None:
    for question in UNIONS:
        for gold in question.gold:
            source = seed_source(gold)
            if source is not None:
                span = source[gold.source_start : gold.source_end]
                assert span == span.strip(), question.id
                assert 0 < len(span) < 600, question.id


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answers": ("164万元",)}, "does not hold '164万元'"),
        ({"value": 163.0}, "is not what is printed"),
        ({"unit": "人"}, "is not what is printed"),
        ({"gold": (Gold("a.txt", None, 0, 10_000),)}, "leaves the file"),
        ({"gold": (Gold("a.txt", None, 0, 5),)}, "does not hold '163万元'"),
        ({"forbidden": ("163万元",)}, "is forbidden and is the answer"),
        ({"kind": "followup"}, "without an earlier question"),
        ({"cells": (Cell("甲市", "7个"),)}, "does not hold '7个'"),
    ],
)
def test_each_fault_is_found(change: dict[str, object], message: str) -> None:
    assert _messages(QUESTION) == []
    changed: Question = replace(QUESTION, **change)  # type: ignore[arg-type]
    assert any(message in found for found in _messages(changed))


def test_many_figures_of_one_unit_are_only_worth_a_look() -> None:
    text = "甲163万元,乙1万元,丙2万元,丁3万元。"
    question = replace(QUESTION, gold=(Gold("a.txt", None, 0, len(text)),))
    (fault,) = check([question], lambda gold: text)
    assert not fault.certain
    assert "4 figures" in fault.message


def test_a_question_asked_twice_is_found() -> None:
    twice = [QUESTION, replace(QUESTION, id="other")]
    assert {fault.id for fault in check(twice, lambda gold: TEXT)} == {"q1", "other"}


def test_an_article_that_is_not_here_is_left_alone() -> None:
    assert check([replace(QUESTION, answers=("164万元",))], lambda gold: None) == []
    assert START > 0
