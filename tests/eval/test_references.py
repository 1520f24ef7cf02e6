"""The references rank as their formula says, ties by id."""

import math

import pytest

from eval.references import Passage, Reference, bm25s_ranker, rank_bm25_ranker
from index.analyzer import Analyzer

CORPUS = [["甲", "乙"], ["甲", "甲", "丙", "丁"], ["戊"], ["己"], ["庚"]]


def test_rank_bm25_by_hand() -> None:
    # idf = ln((N − n + ½) / (n + ½)), tf part = f(k1 + 1) / (f + k1(1 − b + b·len/avg))
    scores = dict(rank_bm25_ranker(CORPUS)(["丙"], 5))
    idf = math.log((5 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 4 / (9 / 5)))
    assert scores[1] == pytest.approx(expected)
    assert scores[0] == 0.0


def test_bm25s_agrees_on_the_order_and_takes_unknown_words() -> None:
    ranker = bm25s_ranker(CORPUS)
    assert [at for at, score in ranker(["甲", "丙"], 5) if score > 0] == [1, 0]
    assert ranker(["没有"], 5) == []


def test_a_reference_breaks_ties_by_id_and_drops_what_scores_nothing() -> None:
    passages = tuple(Passage(f"c{i}", "d", "a.txt", "甲") for i in (3, 1, 2))

    def ranker(terms: object, k: int) -> list[tuple[int, float]]:
        return [(0, 1.0), (1, 1.0), (2, 0.0)]

    reference = Reference("made", passages, ranker, Analyzer.open())
    found = reference.search("甲", 5)
    assert [(f.chunk_id, f.ranks["made"]) for f in found] == [("c1", 1), ("c3", 2)]
