"""Laws of fusion: weighted sums of scaled scores, worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.hit import Hit
from rag.fuse import fuse


def test_scores_are_scaled_and_weighted() -> None:
    bm25 = [Hit("a", 30.0), Hit("b", 20.0), Hit("c", 10.0)]
    dense = [Hit("c", 0.9), Hit("a", 0.5)]
    found = fuse({"bm25": bm25, "dense": dense}, {"bm25": 0.8, "dense": 0.2}, 3)
    assert [hit.chunk_id for hit in found] == ["a", "b", "c"]
    assert found[0].score == pytest.approx(0.8 * 1 + 0.2 * 0.01)
    assert found[1].score == pytest.approx(0.8 * (0.01 + 0.99 * 0.5))
    assert found[2].score == pytest.approx(0.8 * 0.01 + 0.2 * 1)


def test_one_hit_or_equal_scores_do_not_divide_by_zero() -> None:
    assert fuse({"bm25": [Hit("a", 3.0)]}, {"bm25": 1.0}, 5) == [Hit("a", 1.0)]
    equal = fuse({"bm25": [Hit("b", 2.0), Hit("a", 2.0)]}, {"bm25": 1.0}, 5)
    assert equal == [Hit("a", 1.0), Hit("b", 1.0)]


_RANKING = st.dictionaries(
    st.sampled_from("abcdefgh"), st.floats(-5, 50).map(lambda score: round(score, 3)), max_size=8
).map(lambda scores: [Hit(i, s) for i, s in sorted(scores.items(), key=lambda x: -x[1])])


@given(_RANKING, _RANKING, st.floats(0, 1))
@settings(derandomize=True)
def test_order_never_depends_on_the_order_of_rankings(
    first: list[Hit], second: list[Hit], weight: float
) -> None:
    weights = {"bm25": 1 - weight, "dense": weight}
    one = fuse({"bm25": first, "dense": second}, weights, 8)
    other = fuse({"dense": second[::-1], "bm25": first[::-1]}, weights, 8)
    assert [hit.chunk_id for hit in one] == [hit.chunk_id for hit in other]
    assert all(0 <= hit.score <= 1 + 1e-9 for hit in one)


@given(_RANKING)
@settings(derandomize=True)
def test_one_ranking_keeps_its_order(ranking: list[Hit]) -> None:
    fused = fuse({"bm25": ranking}, {"bm25": 1.0}, 8)
    expected = sorted(ranking, key=lambda hit: (-hit.score, hit.chunk_id))
    scores = {hit.chunk_id: hit.score for hit in ranking}
    assert [scores[hit.chunk_id] for hit in fused] == [hit.score for hit in expected]
