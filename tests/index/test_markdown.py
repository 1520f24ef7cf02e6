"""Show that Markdown gives the text a reader sees, and that every character leads back to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.markdown import read_markdown
from index.read import read_bytes


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# 送清凉", "送清凉"),
        ("## 送清凉 ##", "送清凉"),
        ("送清凉\n====\n正文。", "送清凉\n\n正文。"),
        ("甲市**总工会**发放__163__万元。", "甲市总工会发放163万元。"),
        ("这*很*好，_也_好，~~不~~好", "这很好，也好，不好"),
        ("- 第一项\n* 第二项\n  + [x] 第三项", "第一项\n第二项\n第三项"),
        ("1. 第一项", "1. 第一项"),
        ("见[**总工会**网站](https://a.b/c_d_e)。", "见总工会网站。"),
        ("![图](a.png)正文", "正文"),
        ("> 一句话。\n> > 又一句。", "一句话。\n又一句。"),
        ("```text\n**a** | b\n```\n好", "\n**a** | b\n\n好"),
        ("用`a*b*c`算", "用a*b*c算"),
        ("3 * 4 = 12，2*3*4，a_b_c，\\*号", "3 * 4 = 12，2*3*4，a_b_c，*号"),
        ("上\n\n---\n\n下", "上\n\n\n\n下"),
        (
            "| 单位 | 金额 |\n|:---|---:|\n| **甲县** | 3万元 |\n",
            "单位，金额。\n\n甲县，3万元。\n",
        ),
        ("单位 | 金额\n--- | ---\n甲县 | 3万元\n\n完|了", "单位，金额\n\n甲县，3万元\n\n完|了"),
    ],
)
def test_a_reader_sees_no_markup(written: str, shown: str) -> None:
    assert read_markdown(written).body.text == shown


def test_front_matter_is_stated_and_no_part_of_the_body() -> None:
    text = (
        '---\r\ntitle: "送清凉"\r\ndate: 2023年8月7日\r\nregion: 白城市\r\nsource: 白城日报\r\n'
        "author: 王超明\r\ntags: [a, b]\r\n---\r\n# 送清凉\r\n\r\n慰问**1387**人。\r\n"
    )
    article = read_bytes("a.md", text.encode())
    assert (article.title, article.region) == ("送清凉", "白城市")
    assert (article.publisher, article.author) == ("白城日报", "王超明")
    assert article.source_text == text
    assert article.body.text == "送清凉\r\n\r\n慰问1387人。\r\n"
    at = article.body.text.index("1387")
    start, end = article.body.alignment.source_span(at, at + 4)
    assert text[start:end] == "1387"


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    markdown = read_markdown("---\n一句话。\n---\n又一句。")
    assert markdown.stated == {}
    assert markdown.body.text == "\n一句话。\n\n又一句。"


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(alphabet="工会a1 #*_`~|>-[]()!\\:\n\r。，", max_size=60))
def test_every_character_shown_stands_in_the_source(text: str) -> None:
    body = read_markdown(text).body
    for at, char in enumerate(body.text):
        start, end = body.alignment.source_span(at, at + 1)
        assert text[start:end] == char or (char in "，。" and "|" in text[start:end])
