"""A search for articles finds what holds the words, nothing else, and goes on page by page."""

from pathlib import Path

import pytest

from index.index import Filters, Index
from tests.fakes import BigramAnalyzer, FewPlaces, HashEncoder, document

ARTICLES = (
    ("建设.txt", "“五家”建设见成效", "乙市总工会慰问职工。"),
    ("b.txt", "慰问五家企业", "走访。"),
    ("c.txt", "通知", "认真学习五家建设,ABC-1。"),
    ("d.txt", "另一件事", "没有别的。"),
)
"""Source, title and text, the last written last."""


@pytest.fixture
def index(tmp_path: Path) -> Index:
    opened = Index.open(
        tmp_path,
        analyzer=BigramAnalyzer("bigram"),
        encoder=HashEncoder("hash"),
        gazetteer=FewPlaces(),
    )
    for source, title, text in ARTICLES:
        opened.add(document(source, text, source=source, title=title))
    return opened


def found(index: Index, words: str, limit: int = 10) -> list[str]:
    """The sources found, over all pages."""
    names: list[str] = []
    cursor = None
    while True:
        page, cursor = index.snapshot().find_documents(words, limit, cursor)
        names += [one.document.source for one in page]
        if cursor is None:
            return names


def test_what_holds_the_words_is_found_titles_first(index: Index) -> None:
    for limit in (1, 2, 10):
        # the title first, then the last written
        assert found(index, "五家建设", limit) == ["建设.txt", "c.txt"]
        assert found(index, "五家", limit) == ["b.txt", "建设.txt", "c.txt"]
    assert found(index, "abc1") == found(index, "ABC-1") == ["c.txt"]
    assert found(index, "慰问 五家") == ["b.txt", "建设.txt"]
    assert found(index, "D.TXT") == ["d.txt"]


@pytest.mark.parametrize("words", ["zzzzqqq", "五家建成", "五家 另一件", "!!!", " "])
def test_what_no_article_holds_is_not_found(index: Index, words: str) -> None:
    assert found(index, words) == []


def test_a_search_keeps_to_its_filters_and_its_cursors(index: Index) -> None:
    limits = Filters(sources=("c.txt",))
    page, cursor = index.snapshot().find_documents("五家", 10, None, limits)
    assert ([one.document.source for one in page], cursor) == (["c.txt"], None)
    for cursor in ("7", "2:7", "1:x"):
        with pytest.raises(ValueError, match="cursor"):
            index.snapshot().find_documents("五家", 10, cursor)


def test_documents_with_figures_are_of_a_place_and_of_the_kind_asked_for(index: Index) -> None:
    assert index.snapshot().with_figures({"money", "count"}, 10) == []
    text = "甲市总工会发放资金5万元。"
    index.add(document("e", text, region="甲市"))
    index.add(document("f", text, region=None))
    assert index.snapshot().with_figures({"money"}, 10) == ["e"]
    assert index.snapshot().with_figures({"ratio"}, 10) == []
