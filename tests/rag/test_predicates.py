"""What was done: raised is not given, a station's name is no deed."""

from rag.predicates import compatible, english_predicates, predicates


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
    assert not compatible("raise", "give")
    assert not compatible("raise", "spend")
    assert compatible("build", "build")
    assert compatible("spend", "give") and compatible("give", "spend")


def test_english_verbs() -> None:
    assert [p.kind for p in english_predicates("how much did it raise, and who handed out")] == [
        "raise",
        "give",
    ]
