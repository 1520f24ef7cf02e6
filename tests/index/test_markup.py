"""Show that what a reader sees of a page is found, and where it stands."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DamagedFile, TooLarge
from index.markup import MAX_NESTING, MAX_TAGS, Visible, see

PIECES = st.sampled_from(
    [
        "工会",
        "a b",
        "\n  ",
        "&nbsp;",
        "&amp;",
        "&#20013;",
        "&#x4e2d;",
        "&lt;",
        "&copy",
        "&notit;",
        "&",
        "&#xd800;",
        "&#0;",
        "<",
        "<3",
        ">",
        "<p>",
        "</p>",
        "<br/>",
        '<a href="x>y">',
        "</a>",
        "<!-- 注 -->",
        "<script>if (a<b) {'藏'}</script>",
        "<div hidden>",
        "<span style='display:none'>藏</span>",
        "</div>",
        "<li>",
        "<td>",
        "\x00",
        '"',
        "<![CDATA[",
        "<title>题</title>",
        "</",
        "<pre>",
        "</pre>",
        "&NotEqualTilde;",
    ]
)


def shown(page: str) -> str:
    return " ".join(see(page).text.split())


def assert_positions(page: str, seen: Visible) -> None:
    """Every character is what its span means, and spans never run backwards."""
    assert len(seen.text) == len(seen.starts) == len(seen.ends)
    before = 0
    for char, start, end in zip(seen.text, seen.starts, seen.ends, strict=True):
        assert before <= start < end <= len(page)
        before = start
        meant = html.unescape(page[start:end])
        assert char in meant if not char.isspace() else (meant.isspace() or page[start] == "<")


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_every_visible_character_is_what_its_span_means(page: str) -> None:
    assert_positions(page, see(page))


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_page_rebuilt_shows_the_same_text(page: str) -> None:
    seen = see(page)
    again = see(seen.page)
    kept = [c for c in seen.text if not c.isspace() and c not in "\x00\ufffd"]
    assert [c for c in again.text if not c.isspace() and c != "\ufffd"] == kept


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("甲<script>藏</script>乙<style>藏</style>丙", "甲乙丙"),
        ("甲<SCRIPT>a='</scr';藏</Script >乙", "甲乙"),
        ("甲<!-- 藏 <p> -->乙<!doctype 藏>丙<?xml 藏?>丁", "甲乙丙丁"),
        ("甲<div hidden>藏<div>藏</div>藏</div>乙", "甲 乙"),
        ("甲<span style='color:red;DISPLAY : none'>藏<b>藏</b></span>乙", "甲乙"),
        ("甲<i style='font-size:0'>藏</i>乙<i style='font-size:0.9em'>见</i>", "甲乙见"),
        ("<p>甲<p hidden>藏<p>乙", "甲 乙"),
        ("<ul><li hidden>藏</ul>乙", "乙"),
        ("<a title='x hidden y'>见</a>", "见"),
        ('<div id="js_content" style="visibility: hidden; opacity: 0;">微信正文</div>', "微信正文"),
        ("甲<noscript>藏</noscript><template>藏</template><textarea>藏</textarea>乙", "甲乙"),
        ("甲<b>乙</b>丙<br>丁", "甲乙丙 丁"),
        ("一 < 二 &lt; 三 &nbsp;&#12288; 四", "一 < 二 < 三 四"),
        ('<img alt="a>b">甲', "甲"),
        ('甲<a href="x>乙<b>丙', "甲乙丙"),
        ("甲<!-- 未完", "甲"),
        ("甲<script>未完", "甲"),
    ],
)
def test_what_a_reader_sees(page: str, text: str) -> None:
    assert shown(page) == text
    assert_positions(page, see(page))


def test_nesting_past_the_limit_is_refused_and_below_it_read() -> None:
    deep = "<div>" * (MAX_NESTING - 1) + "底" + "</div>" * (MAX_NESTING - 1)
    assert shown(deep) == "底"
    with pytest.raises(DamagedFile, match="nested more than 200 deep"):
        see("<div>" * 10_000 + "底" + "</div>" * 10_000)


def test_unclosed_paragraphs_and_list_items_do_not_nest() -> None:
    assert shown("<p>甲" * 500) == " ".join("甲" * 500)
    assert shown("<ul>" + "<li>乙" * 500 + "</ul>") == " ".join("乙" * 500)
    assert shown("<table>" + "<tr><td>丙" * 500 + "</table>") == " ".join("丙" * 500)


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(TooLarge, match="more than 100,000 tags"):
        see("<br>" * (MAX_TAGS + 1))


@pytest.mark.parametrize(
    "pump", ["<", '<a "', "<a '", "<!--", "&", "&#", "<script>", "</", "<a \"'", "<![CDATA["]
)
def test_hostile_runs_end(pump: str) -> None:
    """Each of these is quadratic in a careless scanner: 25 G steps here, minutes."""
    page = pump * (160_000 // len(pump))
    try:
        seen = see(page)
    except (DamagedFile, TooLarge):
        return
    assert_positions(page, seen)
