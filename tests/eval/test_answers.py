"""Answer measures on hand-made replies: what is right, wrong, cited and refused."""

from dataclasses import replace

import pytest

from eval.answers import answer_measures, f1, meets, passages_with_gold, unsupported
from eval.question import Cell, Gold
from eval.reply import Cited, Reply, Row, Short
from tests.eval.made import (
    CITED,
    QUESTION,
    QUOTE,
    REFUSAL,
    REPLY,
    START,
    TEXT,
    UNANSWERABLE,
    documents,
)


def measured(question: object = QUESTION, reply: Reply = REPLY) -> dict[str, float]:
    return answer_measures(question, reply, documents)  # type: ignore[arg-type]


def test_a_right_answer_is_good_in_every_measure() -> None:
    values = measured()
    for name in ("good", "right", "exact", "f1", "citation_valid", "citation_precision",
                 "citation_recall", "first_quote", "language"):  # fmt: skip
        assert values[name] == 1.0, name
    for name in ("false_refusal", "wrong_place", "wrong_year", "wrong_figure"):
        assert values[name] == 0.0, name


@pytest.mark.parametrize("printed", ["1630000元", "一百六十三万元"])
def test_another_written_form_is_right_by_value(printed: str) -> None:
    shorts = (Short(printed, 1, "甲市", 1_630_000.0, "元"),)
    reply = replace(REPLY, text="筹措了助学资金。[1]", short_answers=shorts)
    assert measured(reply=reply)["right"] == 1.0
    other = replace(shorts[0], value=1_630_001.0)
    assert measured(reply=replace(reply, short_answers=(other,)))["right"] == 0.0
    unit = replace(shorts[0], unit="人")
    assert measured(reply=replace(reply, short_answers=(unit,)))["right"] == 0.0


def test_another_places_figure_makes_a_right_answer_bad() -> None:
    cited = replace(
        CITED, id=2, region="乙市", quote="乙市发放61.19万元。", source_start=0, source_end=8
    )
    reply = replace(REPLY, text=REPLY.text + "61.19万元[2]", citations=(CITED, cited))
    values = measured(reply=reply)
    assert values["right"] == 1.0
    assert values["wrong_place"] == 1.0
    assert values["wrong_figure"] == 0.0
    assert values["good"] == 0.0


def test_a_figure_of_the_gold_sentence_is_wrong_only_as_the_short_answer() -> None:
    question = replace(QUESTION, forbidden=("902人",))
    quoted = replace(REPLY, text=QUOTE + "[1]")
    assert measured(question, quoted)["wrong_figure"] == 0.0
    given = replace(quoted, short_answers=(Short("902人", 1, "甲市", 902.0, "人"),))
    assert measured(question, given)["wrong_figure"] == 1.0


def test_a_figure_of_another_year_is_named_so() -> None:
    question = replace(UNANSWERABLE, kind="unanswerable", forbidden=("163万",), note="year")
    values = measured(question)
    assert (values["wrong_year"], values["refused"], values["good"]) == (1.0, 0.0, 0.0)


def test_a_figure_in_no_quote_is_a_wrong_figure() -> None:
    reply = replace(REPLY, text="甲市筹措163万元,救助1902人。[1]")
    assert unsupported(QUESTION, reply) == ["1902人"]
    assert measured(reply=reply)["wrong_figure"] == 1.0


def test_figures_of_the_question_and_computed_ones_are_no_invention() -> None:
    question = replace(QUESTION, text="2019年5家单位筹了多少钱")
    assert unsupported(question, replace(REFUSAL, text="没有2019年5家单位的金额。")) == []
    shorts = (Short("163万元", 1, "甲市", 1.63e6, "元"), Short("37万元", 1, "乙市", 3.7e5, "元"))
    quote = replace(CITED, quote="163万元,37万元")
    reply = replace(
        REPLY, text="163万元和37万元,合计200万元,相差126万元。",
        short_answers=shorts, citations=(quote,),
    )  # fmt: skip
    assert unsupported(question, reply) == []
    assert unsupported(question, replace(reply, text="合计201万元")) == ["201万元"]


def test_refusing() -> None:
    assert measured(UNANSWERABLE, REFUSAL)["good"] == 1.0
    assert measured(UNANSWERABLE, REPLY)["refused"] == 0.0
    values = measured(QUESTION, REFUSAL)
    assert (values["false_refusal"], values["good"], values["right"]) == (1.0, 0.0, 0.0)
    partial = replace(UNANSWERABLE, accept_status=("partial",))
    assert measured(partial, replace(REFUSAL, status="partial"))["refused"] == 1.0


def test_a_refusal_that_names_the_figure_is_wrong() -> None:
    values = measured(
        replace(UNANSWERABLE, forbidden=("163万",)), replace(REPLY, status="not_found")
    )
    assert (values["refused"], values["wrong_place"], values["good"]) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    "broken",
    [
        replace(CITED, start=START + 1),
        replace(CITED, quote=QUOTE[:-1]),
        replace(CITED, source_start=0, source_end=8),
        replace(CITED, document_id="unknown"),
        replace(CITED, quote="", end=START),
    ],
)
def test_a_broken_citation_is_not_valid(broken: Cited) -> None:
    assert measured(reply=replace(REPLY, citations=(broken,)))["citation_valid"] == 0.0


def test_an_answer_without_citations_is_not_valid_and_a_refusal_is_neither() -> None:
    assert measured(reply=replace(REPLY, citations=()))["citation_valid"] == 0.0
    assert "citation_valid" not in measured(UNANSWERABLE, REFUSAL)


def test_citation_precision_and_recall() -> None:
    elsewhere = replace(CITED, id=2, source_start=0, source_end=8)
    values = measured(reply=replace(REPLY, citations=(elsewhere, CITED)))
    assert values["citation_precision"] == 0.5
    assert values["citation_recall"] == 1.0
    related = replace(REPLY, citations=(CITED, elsewhere), related=(2,))
    assert measured(reply=related)["citation_precision"] == 1.0
    two = replace(QUESTION, gold=(*QUESTION.gold, Gold("b.txt", None, 0, 9, 2)))
    assert measured(two)["citation_recall"] == 0.5
    either = replace(QUESTION, gold=(*QUESTION.gold, Gold("b.txt", None, 0, 9, 1)))
    assert measured(either)["citation_recall"] == 1.0
    near = replace(QUESTION, gold=(*QUESTION.gold, Gold("a.txt", None, 0, 8, 0)))
    assert measured(near)["citation_recall"] == 1.0


def test_a_span_meets_gold_by_half_of_the_shorter() -> None:
    gold = Gold("a.txt", None, 10, 20)
    assert meets(replace(CITED, source_start=15, source_end=30), gold)
    assert not meets(replace(CITED, source_start=16, source_end=30), gold)
    assert not meets(replace(CITED, source_start=10, source_end=20, source="b.txt"), gold)
    assert meets(CITED, Gold(None, "d1", None, None))
    assert not meets(CITED, Gold(None, "d2", None, None))


def test_a_list_needs_every_item_and_a_table_may_give_them() -> None:
    question = replace(
        QUESTION, kind="list", match="all", answers=("有家", "信家"), value=None, unit=None
    )
    assert measured(question, replace(REPLY, text="有家、信家[1]"))["right"] == 1.0
    assert measured(question, replace(REPLY, text="有家[1]"))["right"] == 0.0
    rows = (Row("甲市", ("有家",), (1,)), Row("乙市", ("信家",), (1,)))
    assert measured(question, replace(REPLY, text="见表", rows=rows))["right"] == 1.0
    shortened = replace(question, answers=("职工生日必贺",), items=("生日",))
    assert measured(shortened, replace(REPLY, text="生日、结婚[1]"))["right"] == 1.0


COMPARISON = replace(
    QUESTION, kind="comparison", match="all", value=None, unit=None,
    answers=("79个", "41家"), cells=(Cell("甲市", "79个"), Cell("乙市", "41家")),
)  # fmt: skip


def test_a_comparison_needs_each_places_own_figure() -> None:
    rows = (Row("甲市", ("79个",), (1,)), Row("乙市", ("41家",), (1,)))
    swapped = (Row("甲市", ("41家",), (1,)), Row("乙市", ("79个",), (1,)))
    assert measured(COMPARISON, replace(REPLY, text="见表", rows=rows))["right"] == 1.0
    assert measured(COMPARISON, replace(REPLY, text="见表", rows=swapped))["right"] == 0.0
    said = replace(REPLY, text="甲市有79个；乙市有41家。", short_answers=())
    assert measured(COMPARISON, said)["right"] == 1.0


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("甲市更多：甲市79个；乙市41家。", 1.0),
        ("乙市更多：甲市79个；乙市41家。", 0.0),
        ("甲市多于乙市。甲市79个；乙市41家。", 1.0),
        ("甲市79个；乙市41家。", 0.0),
    ],
)
def test_which_is_more_must_be_said(text: str, right: float) -> None:
    question = replace(COMPARISON, match="any", answers=("甲市",))
    assert measured(question, replace(REPLY, text=text, short_answers=()))["right"] == right


def test_character_f1_by_hand() -> None:
    # 3 shared characters of 4 and 5: 2·3/9
    assert f1("一二三四", "二三四五六") == pytest.approx(6 / 9)
    assert f1("甲", "乙") == 0.0


def test_language() -> None:
    english = replace(QUESTION, language="en")
    assert measured(english)["language"] == 0.0
    said = replace(REPLY, text="The unions raised 163万元 (1.63 million yuan). [1]")
    assert measured(english, said)["language"] == 1.0
    assert measured(english, said)["wrong_figure"] == 0.0


def test_passages_hold_gold_of_their_own_source_only() -> None:
    gold = QUESTION.gold[0]
    found = [("d1", "a.txt", TEXT), ("d2", "b.txt", TEXT), ("d1", "a.txt", "别的话,没有这一句。")]
    assert passages_with_gold(found, [(gold, QUOTE)]) == [{1}, set(), set()]
    whole = Gold(None, "d2", None, None)
    assert passages_with_gold(found, [(whole, "")]) == [set(), {1}, set()]
