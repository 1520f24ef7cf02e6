"""Lists in sentences, item by item, as printed."""

from rag.asks import Ask
from rag.enumeration import enumerations


def test_items_of_a_quotation_are_parted_at_its_strongest_mark() -> None:
    text = "实施了以“建好组织,让职工有家;切实维权,让职工信家;丰富活动,让职工想家”为核心的建设"
    (found,) = [e for e in enumerations(text) if len(e.items) == 3]
    assert found.items == ("建好组织,让职工有家", "切实维权,让职工信家", "丰富活动,让职工想家")
    assert text[found.start : found.end].startswith("建好组织")
    assert found.fit(Ask("list", items=3)) == 1.0
    assert found.fit(Ask("list", items=5)) == 0.0


def test_items_after_a_word_that_opens_a_list() -> None:
    text = "举办“三必贺”活动,即职工生日必贺,职工结婚必贺,职工生育必贺"
    assert ("职工生日必贺", "职工结婚必贺", "职工生育必贺") in [e.items for e in enumerations(text)]


def test_a_list_ends_where_its_clause_goes_on_about_something_else() -> None:
    hospitals = "活动还邀请县中医院、县中西医结合医院、县妇幼保健院三家医院的医护人员为劳动者义诊"
    assert ("县中医院", "县中西医结合医院", "县妇幼保健院") in [
        e.items for e in enumerations(hospitals)
    ]
    bracket = "打造“四色课堂”（即红色教育、黄色教育、绿色教育、蓝色教育），营造环境"
    assert ("红色教育", "黄色教育", "绿色教育", "蓝色教育") in [
        e.items for e in enumerations(bracket)
    ]


def test_a_sentence_without_a_list_has_none() -> None:
    assert enumerations("全市共建基层工会组织3321个") == []


def items(text: str) -> list[tuple[str, ...]]:
    return [found.items for found in enumerations(text)]


def test_what_a_bag_holds_begins_behind_who_was_given_it() -> None:
    assert ("手套", "雨靴", "指南针") in items(
        "近50名护林员领到了装有手套、雨靴、指南针的“山行包”。"
    )
    assert ("会唱的", "会画的") in items("会唱的、会画的。")


def test_a_row_does_not_run_on_into_the_next_clause() -> None:
    found = items("包括渔网、船桨,受到水手、渔民的好评")
    assert ("渔网", "船桨") in found
    assert all("," not in item for row in found for item in row)


def test_no_list_runs_out_of_the_quotation_it_stands_in() -> None:
    found = items("一句“包括划船、拔河”深入人心、广受欢迎")
    assert ("划船", "拔河") in found
    assert all("”" not in item for row in found for item in row)
