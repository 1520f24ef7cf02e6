"""Weights tried on rankings, worked out by hand."""

from dataclasses import replace

from eval.judged import Judged, Wanted, document_of, hit_within, mixed, reciprocal_rank
from index.hit import Hit

RANKINGS = {
    "chunks": [Hit("a-0-1-x", 9.0), Hit("b-0-1-x", 3.0)],
    "windows": [Hit("b-0-1-x", 7.0), Hit("b-1-2-x", 5.0), Hit("a-0-1-x", 1.0)],
    "dense": [Hit("c-0-1-x", 0.9), Hit("a-0-1-x", 0.1)],
}
QUERY = Judged(
    Wanted("q", frozenset({"b"}), "b"),
    "zh",
    RANKINGS,
    {hit.chunk_id: document_of(hit.chunk_id) for hits in RANKINGS.values() for hit in hits},
    frozenset({"b"}),
)


def test_an_article_counts_once_where_its_best_passage_stands() -> None:
    assert mixed(QUERY, windows=0.0, share=0.0) == ["a", "b"]
    assert mixed(QUERY, windows=1.0, share=0.0) == ["b", "a"]
    assert mixed(QUERY, windows=0.0, share=1.0) == ["c", "a"]
    assert mixed(QUERY, windows=0.0, share=0.6) == ["c", "a", "b"]
    assert document_of("news-7-0-12-ab12") == "news-7"


def test_the_article_that_a_query_was_taken_from_does_not_count() -> None:
    own = replace(QUERY, wanted=replace(QUERY.wanted, own="a"))
    assert mixed(own, windows=0.0, share=0.6) == ["c", "b"]


def test_measures() -> None:
    assert reciprocal_rank(["a", "b"], QUERY.gold) == 0.5
    assert reciprocal_rank([f"x{n}" for n in range(10)] + ["b"], QUERY.gold) == 0.0
    assert [hit_within(["a", "b"], QUERY.gold, cut) for cut in (1, 2)] == [0.0, 1.0]
