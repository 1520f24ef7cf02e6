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
