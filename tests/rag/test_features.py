"""Laws of reordering: what a passage holds, and of which place it is, worked out by hand."""

import pytest

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from index.hit import Hit
from index.index import Snapshot
from rag.features import COVER, PLACE, RARE, reordered, units_of
from rag.query import Query, understand
from tests.rag.conftest import Made

TEXTS = (
    "株洲市总工会开展金秋助学活动。",
    "白城市总工会开展金秋助学活动。",
    "博物馆展出青铜器。",
)


@pytest.fixture(scope="module")
def snapshot(made: Made) -> Snapshot:
    return made([(f"{number}.txt", text) for number, text in enumerate(TEXTS)])


def query(text: str, analyzer: Analyzer, gazetteer: Gazetteer) -> Query:
    return understand(text, text, analyzer, gazetteer)


def ids(snapshot: Snapshot) -> dict[str, str]:
    """Text → the id of its only chunk."""
    hits = snapshot.windows(["总工", "博物"], 9)
    return {
        chunk.text: name for name, chunk in snapshot.get_chunks([h.chunk_id for h in hits]).items()
    }


def test_a_passage_of_the_place_asked_for_comes_first(
    snapshot: Snapshot, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    named = ids(snapshot)
    hits = [Hit(named[TEXTS[1]], 1.0), Hit(named[TEXTS[0]], 0.6), Hit(named[TEXTS[2]], 0.9)]
    found = reordered(query("株洲金秋助学", analyzer, gazetteer), snapshot, hits)
    assert [hit.chunk_id for hit in found] == [named[text] for text in TEXTS]
    whole = 1 + COVER + RARE + PLACE
    assert found[0].score == pytest.approx((0.6 + COVER + RARE + PLACE) / whole)
    assert found[2].score == pytest.approx(0.9 / whole)
    assert all(0 <= hit.score <= 1 for hit in found)


def test_without_a_place_what_is_held_decides(
    snapshot: Snapshot, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    named = ids(snapshot)
    hits = [Hit(named[TEXTS[0]], 1.0), Hit(named[TEXTS[2]], 0.5), Hit("gone-0-1-x", 1.0)]
    found = reordered(query("展出青铜器", analyzer, gazetteer), snapshot, hits)
    assert [hit.chunk_id for hit in found] == [named[TEXTS[2]], named[TEXTS[0]]]


def test_units_are_the_pairs_that_some_window_has(
    snapshot: Snapshot, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    units = units_of(query("金秋助学补贴", analyzer, gazetteer), snapshot)
    assert [unit.term for unit in units] == ["金秋", "秋助", "助学"]
    assert len({unit.idf for unit in units}) == 1


def test_an_english_question_is_weighed_by_place_alone(
    snapshot: Snapshot, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    named = ids(snapshot)
    hits = [Hit(named[TEXTS[1]], 1.0), Hit(named[TEXTS[0]], 0.6)]
    asked = query("How many students did Zhuzhou help", analyzer, gazetteer)
    found = reordered(asked, snapshot, hits)
    assert [hit.chunk_id for hit in found] == [named[TEXTS[0]], named[TEXTS[1]]]
    assert found[0].score == pytest.approx((0.6 + PLACE) / (1 + PLACE))
    assert reordered(asked, snapshot, hits, by_place=False) == hits
    other = query("What does the museum show", analyzer, gazetteer)
    assert reordered(other, snapshot, hits) == hits
