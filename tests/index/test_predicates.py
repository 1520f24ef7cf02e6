"""What was done: raised is not given, a station's name is no deed."""

import pytest

from index.predicates import asked_acts, conflict, english_predicates, predicates


def test_verbs_are_found_with_their_class_in_order() -> None:
    text = "筹措助学资金163万元,救助高考生902人,发放助学金61.19万元"
    assert [(p.verb, p.kind) for p in predicates(text)] == [
        ("筹措", "raise"),
        ("救助", "help"),
        ("发放", "give"),
    ]


def test_verbs_inside_names_are_no_deeds() -> None:
    assert predicates("户外劳动者服务站、困难职工帮扶中心、工会组织") == []


@pytest.mark.parametrize(
    "text",
    [
        "提出建议3条", "筹备工作", "统筹推进", "灾后重建资金", "招聘会18场", "外卖配送员",
        "“干部进企业、服务新突破”行动", "捐款总额", "慰问活动260次", "企业建会率", "党建工作",
    ],
)  # fmt: skip
def test_a_word_in_another_is_no_deed(text: str) -> None:
    assert predicates(text) == []


def test_words_quoted_with_their_figure_are_deeds() -> None:
    assert [p.verb for p in predicates("他说:“筹集了5万元。”")] == ["筹集"]


def test_raising_is_not_giving_and_building_is_building() -> None:
    assert conflict("raise", "give")
    assert conflict("give", "raise")
    assert conflict("build", "award")
    assert not conflict("build", "build")
    assert not conflict("spend", "give")


def test_a_question_asks_about_the_verb_before_the_words_that_ask() -> None:
    question = "为职工技能培训投了多少资金"
    assert asked_acts(question, question.index("多少")) == [("投了", "spend")]
    assert asked_acts("多少家企业签订了集体合同", 0) == [("签订", "sign")]


def test_english_verbs() -> None:
    assert [p.kind for p in english_predicates("how much did it raise, and who handed out")] == [
        "raise",
        "give",
    ]
