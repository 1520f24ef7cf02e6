"""Show me that a number has one spelling, whatever it was printed as."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.numerals import numerals, read_chinese, spell, ungroup

DIGITS = "零一二三四五六七八九"


def write_section(value: int) -> str:
    """Slow, obvious Chinese for 1 to 9999."""
    text = ""
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            text += DIGITS[digit] + name
        elif text and value % power and not text.endswith("零"):
            text += "零"
    return text


def write_chinese(value: int) -> str:
    """Slow, obvious Chinese for 1 to 10^12 - 1, every place written out."""
    text = ""
    for power, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section = value // power % 10**4
        if section:
            gap = "零" if text and section < 1000 else ""
            text += gap + write_section(section) + name
    return text


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.integers(1, 10**12 - 1))
def test_a_written_number_is_read_back(value: int) -> None:
    assert read_chinese(write_chinese(value)) == value


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(1, 10**12 - 1))
def test_a_number_printed_with_commas_is_the_number(value: int) -> None:
    assert ungroup(f"共{value:,}元") == f"共{value}元"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.decimals(0, 99999, places=2))
def test_wan_multiplies_by_ten_thousand_without_rounding(value: Decimal) -> None:
    assert numerals(f"{value}万元") == [spell(value * 10000)]
    assert Decimal(spell(value)) == value
    assert "e" not in spell(value).lower()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("61.19万元", ["611900"]),
        ("2879 亿元", ["287900000000"]),
        ("1亿2000万", ["120000000"]),
        ("3万5千", ["35000"]),
        ("60多万元", ["600000"]),
        ("三百多万", ["3000000"]),
        ("三千五", ["3500"]),
        ("三千零五", ["3005"]),
        ("一万二", ["12000"]),
        ("十二万五", ["125000"]),
        ("两千", ["2000"]),
        ("六点五万", ["65000"]),
        ("百分之三点五", ["3.5%"]),
        ("二〇二一年", ["2021年", "2021"]),
        ("2021年8月", ["2021年", "8月"]),
        ("8 月 16 日", ["8月16日", "8月"]),
        ("2023-07-28", ["2023年", "7月28日", "7月"]),
    ],
)
def test_spellings_worked_out_by_hand(text: str, found: list[str]) -> None:
    assert numerals(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "十四五规划",
        "千万别",
        "两三万",
        "3千米",
        "五年来",
        "一百二百",
        "611900",
        "五一",
        "三八",
        "万",
    ],
)
def test_what_is_no_other_spelling_of_one_number_gives_none(text: str) -> None:
    assert numerals(text) == []


@pytest.mark.parametrize("text", ["2021,100", "1,23", "1,2345", "1,234,5"])
def test_commas_that_group_no_thousands_stay(text: str) -> None:
    assert ungroup(text) == text
