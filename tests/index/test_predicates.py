"""What was done: raised is not given, a station's name is no deed."""

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
