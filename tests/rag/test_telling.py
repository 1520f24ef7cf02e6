"""A passage with a sentence that answers goes before one that has the same words elsewhere."""

import pytest

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from index.hit import Hit
from index.index import Snapshot
from rag.query import Query, understand
from rag.telling import FALL, READ, WEIGHT, best_scores, by_sentence
from tests.rag.conftest import Made

TOLD = "市总工会开展金秋助学活动，筹集助学资金163万元。"
APART = "金秋时节,市总工会召开会议。会议学习了文件。有关资金的安排另行通知,助学的事下次再议。"
OTHER = "博物馆展出青铜器，观众排队参观。"
ASKED = "市总工会金秋助学筹集了多少资金"


@pytest.fixture(scope="module")
def snapshot(made: Made) -> Snapshot:
    return made([(f"{number}.txt", text) for number, text in enumerate((TOLD, APART, OTHER))])


@pytest.fixture(scope="module")
def query(analyzer: Analyzer, gazetteer: Gazetteer) -> Query:
    return understand(ASKED, ASKED, analyzer, gazetteer)


@pytest.fixture(scope="module")
def named(snapshot: Snapshot) -> dict[str, str]:
    """Text → the id of its only chunk."""
    hits = snapshot.windows(["总工", "博物"], 9)
    chunks = snapshot.get_chunks([hit.chunk_id for hit in hits])
    return {chunk.text: name for name, chunk in chunks.items()}


def test_the_best_sentence_counts_beside_the_score(
    snapshot: Snapshot, query: Query, named: dict[str, str]
) -> None:
    hits = [Hit(named[APART], 0.7), Hit(named[TOLD], 0.6), Hit(named[OTHER], 0.5)]
    found = {hit.chunk_id: hit.score for hit in by_sentence(query, snapshot, hits)}
    assert list(found) == [named[TOLD], named[APART], named[OTHER]]
    assert found[named[TOLD]] == pytest.approx((0.6 + WEIGHT) / (1 + WEIGHT))
    assert found[named[OTHER]] == pytest.approx(0.5 / (1 + WEIGHT))  # holds nothing of it
    scores = best_scores(query, snapshot, [hit.chunk_id for hit in hits])
    behind = max(0.0, 1 - (scores[named[TOLD]] - scores.get(named[APART], -FALL)) / FALL)
    assert found[named[APART]] == pytest.approx((0.7 + WEIGHT * behind) / (1 + WEIGHT))


def test_those_that_are_not_read_stay_behind_in_their_order(
    snapshot: Snapshot, query: Query, named: dict[str, str]
) -> None:
    gone = [Hit(f"gone-{number}-1-x", 0.9 - 0.01 * number) for number in range(READ)]
    hits = [*gone, Hit(named[TOLD], 0.5), Hit(named[APART], 0.4)]
    found = by_sentence(query, snapshot, hits)
    assert [hit.chunk_id for hit in found] == [hit.chunk_id for hit in hits]
    assert by_sentence(query, snapshot, []) == []


def test_a_query_that_no_sentence_holds_leaves_the_order(
    snapshot: Snapshot, analyzer: Analyzer, gazetteer: Gazetteer, named: dict[str, str]
) -> None:
    asked = "量子力学的奠基人是谁"
    query = understand(asked, asked, analyzer, gazetteer)
    hits = [Hit(named[OTHER], 0.3), Hit(named[TOLD], 0.2)]
    found = by_sentence(query, snapshot, hits)
    assert [hit.chunk_id for hit in found] == [named[OTHER], named[TOLD]]
