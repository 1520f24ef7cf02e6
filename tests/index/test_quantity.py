"""Laws of quantities: printed forms agree in value, spans are the printed characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.quantity import bare_numbers, quantities, read_number


@pytest.mark.parametrize(
    ("text", "value", "unit", "precision", "kind"),
    [
        ("163万元", 1_630_000, "元", "exact", "money"),
        ("1630000元", 1_630_000, "元", "exact", "money"),
        ("1,630,000元", 1_630_000, "元", "exact", "money"),
        ("一百六十三万元", 1_630_000, "元", "exact", "money"),
        ("61.19万元", 611_900, "元", "exact", "money"),
        ("122亿元", 12_200_000_000, "元", "exact", "money"),
        ("150余万元", 1_500_000, "元", "above", "money"),
        ("两万多元", 20_000, "元", "above", "money"),
        ("3万余人", 30_000, "人", "above", "person"),
        ("近2500名", 2_500, "名", "below", "person"),
        ("百余个", 100, "个", "above", "count"),
        ("45人(次)", 45, "人(次)", "exact", "person"),
        ("98%", 98, "%", "exact", "ratio"),
        ("98％", 98, "%", "exact", "ratio"),
        ("百分之九十以上", 90, "%", "above", "ratio"),
        ("4/5", 80, "%", "exact", "ratio"),
        ("三分之二", 66.666667, "%", "exact", "ratio"),
        ("42场次", 42, "场次", "exact", "count"),
    ],
)
def test_a_printed_quantity_has_its_value(
    text: str, value: float, unit: str, precision: str, kind: str
) -> None:
    (found,) = quantities(f"共计{text},其中")
    assert (found.value, found.unit, found.precision, found.kind) == (value, unit, precision, kind)
    assert found.text == text


def test_dates_ordinals_and_article_words_are_no_quantities() -> None:
    assert quantities("2018年2月3日,第17届大会,第三批,一个人一年到头") == []


def test_figures_of_a_sentence_come_in_order_with_their_spans() -> None:
    sentence = "去年,全市各级工会组织筹措助学资金163万元,救助困难职工家庭高考生902人"
    found = quantities(sentence)
    assert [q.text for q in found] == ["163万元", "902人"]
    assert all(sentence[q.start : q.end] == q.text for q in found)


@given(
    st.text(
        alphabet="一二三四五六七八九十百千万亿零两点0123456789.,%元人个多余近约第年月日/ 分之",
        max_size=40,
    )
)
@settings(derandomize=True, max_examples=400)
def test_no_text_breaks_the_reading_and_spans_hold(text: str) -> None:
    for quantity in quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.value >= 0


@given(st.integers(min_value=1, max_value=99_999_999))
@settings(derandomize=True, max_examples=300)
def test_arabic_and_chinese_forms_agree(number: int) -> None:
    assert read_number(in_chinese(number)) == number
    assert read_number(f"{number:,}") == number


def in_chinese(number: int) -> str:
    """A whole number below 10^8 in Chinese, the slow way."""
    high, low = divmod(number, 10_000)
    if high:
        gap = "零" if 0 < low < 1000 else ""
        return in_chinese(high) + "万" + (gap + in_chinese(low) if low else "")
    digits = "零一二三四五六七八九"
    text, pending = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if pending and text else "") + digits[digit] + name
            pending = False
        else:
            pending = True
    return text


def test_bare_numbers_multiply_their_powers_out() -> None:
    assert bare_numbers("61.19万与1,200") == [(0, 6, 611_900.0), (7, 12, 1200.0)]


@pytest.mark.parametrize(
    "text",
    [
        "市委三次全会精神",
        "沿G309道前行",
        "03对有意愿者",
        "八一节前夕",
        "贷款等数百万元",
        "五一节",
    ],
)
def test_names_and_numbers_without_a_value_are_no_quantities(text: str) -> None:
    assert quantities(text) == []


def test_above_belongs_to_what_stands_before_it() -> None:
    (quantity,) = quantities("本科以上229人")
    assert (quantity.text, quantity.precision) == ("229人", "exact")
    (quantity,) = quantities("往返近2个小时")
    assert (quantity.value, quantity.unit, quantity.kind) == (2, "小时", "time")


@given(st.text(alphabet="一二十百万亿多余来点分之3.，人元个年第约%近“市", max_size=14))
@settings(derandomize=True, max_examples=2000)
def test_what_is_passed_over_for_speed_has_no_quantity(text: str) -> None:
    """A text that holds a 零 is never passed over."""
    slow = [(one.start - 2, one.end - 2, one.value) for one in quantities("零。" + text)]
    assert [(one.start, one.end, one.value) for one in quantities(text)] == slow
