"""Show that a page's article is found and each of its characters stands where it says."""

import html
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.parser import Extracted
from index.webpage import extract_webpage, lay

PARAGRAPHS = (
    "去年，全市各级工会组织筹措助学资金一百二十万元，资助困难职工子女八百四十人圆了大学梦。",
    "市总工会&ldquo;爱心驿站&rdquo;建成以来，为环卫工人、快递员等提供饮水、休息&amp;充电服务。",
    "第三季度，工会<b>干部</b>走访<a href='/x'>困难企业</a>三十家，收集意见&nbsp;五十六条。",
    "下一步，&#24066;总工会将继续推进服务阵地建设，不断提升职工的获得感&#x3001;幸福感、安全感。",
)
PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>甲市总工会开展助学活动_某某日报</title>
<meta property="og:title" content="甲市总工会开展助学活动">
<meta property="og:site_name" content="某某日报">
<meta property="article:published_time" content="2021-03-05T08:00:00+08:00">
<link rel="canonical" href="https://example.org/a/1.html">
<script>var secret = "脚本里的话";</script>
<style>p:after {{ content: "样式里的话"; }}</style></head>
<body><div class="nav"><a href="/">首页</a> <a href="/n">新闻</a> <a href="/v">视频</a></div>
<div class="article"><h1>甲市总工会开展助学活动</h1>
{paragraphs}
</div><div style="display:none">藏起来的话，谁也看不见它在这里。</div></body></html>"""


def page_of(*paragraphs: str) -> str:
    return PAGE.format(paragraphs="\n".join(f"<p>{text}</p>" for text in paragraphs))


def assert_aligned(page: str, found: Extracted) -> None:
    """The alignment law: every character that is no white space is what its span means."""
    assert found.runs is not None
    length = 0
    for clean, size, source, extent in found.runs:
        assert clean == length
        length += size
        for i in range(size):
            char = found.text[clean + i]
            start, end = (
                (source + i, source + i + 1) if size == extent else (source, source + extent)
            )
            assert char.isspace() or html.unescape(page[start:end]) == char
    assert length == len(found.text)


def test_the_article_its_facts_and_its_positions() -> None:
    page = page_of(*PARAGRAPHS)
    found = extract_webpage(page)
    assert_aligned(page, found)
    assert "“爱心驿站”" in found.text
    assert "休息&充电" in found.text
    assert "下一步，市总工会" in found.text
    assert "干部走访困难企业三十家，收集意见 五十六条" in found.text
    assert found.title == "甲市总工会开展助学活动"
    assert (found.date, found.publisher) == ("2021-03-05", "某某日报")
    assert found.url == "https://example.org/a/1.html"


def test_navigation_scripts_and_hidden_text_stay_out() -> None:
    text = extract_webpage(page_of(*PARAGRAPHS)).text
    assert not [word for word in ("首页", "脚本", "样式", "藏起来") if word in text]


def test_paragraphs_keep_their_order_and_lines() -> None:
    text = extract_webpage(page_of(*PARAGRAPHS)).text
    places = [text.index(start) for start in ("去年", "市总工会“", "第三季度", "下一步")]
    assert places == sorted(places)
    assert text.splitlines()[-1].endswith("安全感。")
    assert text.count("\n") == 3


def test_a_repeated_paragraph_is_laid_where_it_stands() -> None:
    page = page_of(PARAGRAPHS[0], PARAGRAPHS[2], PARAGRAPHS[0], PARAGRAPHS[3])
    found = extract_webpage(page)
    assert_aligned(page, found)
    assert found.runs is not None
    assert found.text.startswith("去年")
    assert found.runs[0][2] == page.index("去年")
    assert found.text.index("第三季度") < found.text.index("下一步")


def test_lists_and_tables_are_kept_in_order() -> None:
    rows = "".join(
        f"<tr><td>{c}</td><td>{n}万元</td></tr>" for c, n in zip("甲乙丙", "三四五", strict=True)
    )
    points = "".join(f"<li>{point}</li>" for point in ("一是精准帮扶到户。", "二是建好驿站。"))
    page = page_of(*PARAGRAPHS, f"</p><table>{rows}</table><ul>{points}</ul><p>")
    found = extract_webpage(page)
    assert_aligned(page, found)
    lines = found.text.splitlines()
    assert [line for line in lines if line in ("乙", "四万元")] == ["乙", "四万元"]
    assert "一是精准帮扶到户。" in lines
    assert "二是建好驿站。" in lines


def test_wrapped_chinese_lines_join_and_english_words_stay_apart() -> None:
    wrapped = PARAGRAPHS[0].replace("组织", "组\n      织") + "Trade\n   unions (工会) helped."
    page = page_of(wrapped, *PARAGRAPHS[1:])
    found = extract_webpage(page)
    assert_aligned(page, found)
    assert "各级工会组织筹措" in found.text
    assert "Trade unions (工会) helped." in found.text


def test_a_page_of_another_kind_gives_all_that_is_seen() -> None:
    page = "<html><body><b>通知</b><br>明天休息。<script>藏</script></body></html>"
    found = extract_webpage(page)
    assert_aligned(page, found)
    assert found.text == "通知\n明天休息。"


@pytest.mark.parametrize(
    ("blocks", "key", "laid"),
    [
        (["甲乙", "丙丁"], "甲乙丙丁", ["甲乙", "丙丁"]),
        # A short block that occurs only after the article must not push the article out.
        (["图", "甲乙丙", "丁戊己"], "甲乙丙丁戊己图", ["甲乙丙", "丁戊己"]),
        # A block that occurs twice is laid between its neighbours, not where it comes first.
        (["甲乙", "同", "丙丁"], "同甲乙同丙丁同", ["甲乙", "同", "丙丁"]),
        # A block that is broken in the page is laid fragment by fragment.
        (["甲乙", "丙|丁"], "甲乙丙注丁", ["甲乙", "丙", "丁"]),
        (["无", "甲"], "甲", ["甲"]),
        ([], "甲", []),
    ],
)
def test_blocks_are_laid_in_order_and_none_is_misplaced(
    blocks: list[str], key: str, laid: list[str]
) -> None:
    spans = lay([block.split("|") for block in blocks], key)
    assert [key[start:end] for start, end in spans] == laid
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_a_repeated_block_stands_between_its_neighbours() -> None:
    assert lay([["甲乙"], ["同"], ["丙丁"]], "同甲乙同丙丁同") == [(1, 3), (3, 4), (4, 6)]


WORDS = ("工会", "，", "\n", "职工服务。", "&#8212;", "x ", "资金二十万元。", "&nbsp;", "&amp;")
TAGS = ("<b>", "</b>", "<br>", "<p>", "<!--注-->", "<ul><li>", "</ul>", "<td>")
FRAGMENTS = st.sampled_from((*WORDS, *TAGS, "<span hidden>藏</span>"))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.lists(FRAGMENTS, max_size=25).map("".join), max_size=5))
def test_any_page_is_aligned(extra: list[str]) -> None:
    page = page_of(PARAGRAPHS[0], *extra, PARAGRAPHS[1])
    found = extract_webpage(page)
    assert_aligned(page, found)
    assert "藏" not in found.text
    assert found.text == found.text.strip()


def test_a_credit_line_that_the_main_text_leaves_out_is_read_from_the_page() -> None:
    prose = "遂宁市总工会组织开展送清凉活动，走访慰问一线职工，发放慰问物资，让大家感受到温暖。" * 2
    page = (
        "<html><head><title>遂宁市总工会送清凉</title></head><body><h1>遂宁市总工会送清凉</h1>"
        '<div class="info">2022-11-05 08:30 来源：遂宁日报 作者：赵丽</div>'
        f"<div><p>{prose}</p><p>又一批。{prose}</p></div><p>来源：别的日报</p></body></html>"
    )
    found = extract_webpage(page)
    assert (found.date, found.publisher, found.author) == ("2022-11-05", "遂宁日报", "赵丽")
