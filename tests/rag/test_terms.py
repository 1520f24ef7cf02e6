"""Show what each BM25 index is asked for: a place counts once, English by what it stands for."""

import pytest

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from index.index import Filters, Snapshot
from rag.query import Query, understand
from rag.terms import pairs_of, terms_of
from tests.rag.conftest import Made


@pytest.fixture(scope="module")
def snapshot(made: Made) -> Snapshot:
    return made([("a.txt", "株洲市总工会筹集助学金163万元，开展金秋助学活动。")])


def query(text: str, analyzer: Analyzer, gazetteer: Gazetteer) -> Query:
    return understand(text, text, analyzer, gazetteer)


def test_a_place_in_characters_counts_once(
    snapshot: Snapshot, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    asked = query("株洲金秋助学", analyzer, gazetteer)
    terms = terms_of(asked, snapshot, Filters())
    assert "株洲" in terms
    assert not {"zhuzhou", "株洲市"} & set(terms)
    assert pairs_of(asked, snapshot, Filters())[:2] == ["株洲", "洲金"]


def test_a_place_in_pinyin_is_asked_for_in_characters(
    snapshot: Snapshot, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    asked = query("How many students did the Zhuzhou trade union help", analyzer, gazetteer)
    terms = terms_of(asked, snapshot, Filters())
    assert {"株洲", "工会"} <= set(terms)
    assert not any(term.isascii() for term in terms)
    assert {"株洲", "工会"} <= set(pairs_of(asked, snapshot, Filters()))


def test_within_a_place_its_name_is_left_out(
    snapshot: Snapshot, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    asked = query("株洲金秋助学", analyzer, gazetteer)
    within = Filters(codes=(asked.places[0][0].code,))
    assert "株洲" not in terms_of(asked, snapshot, within)
    assert pairs_of(asked, snapshot, within)[0] == "金秋"
