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


def test_a_sentence_without_a_list_has_none() -> None:
    assert enumerations("全市共建基层工会组织3321个") == []
