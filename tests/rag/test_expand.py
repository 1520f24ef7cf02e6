"""Laws of expansion: which words are carried over, and what their terms weigh."""

import math

import pytest

from index.analyzer import Analyzer
from index.encoder import SHIPPED, StaticEncoder
from index.gazetteer import Gazetteer
from index.neighbours import Neighbours
from rag.expand import FALL, balanced, groups_of, in_pairs
from rag.query import understand


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer.open()


@pytest.fixture(scope="module")
def neighbours() -> Neighbours:
    return Neighbours(StaticEncoder.open(SHIPPED))


def test_words_of_grammar_and_of_the_glossary_are_left_out(
    analyzer: Analyzer, neighbours: Neighbours
) -> None:
    gazetteer = Gazetteer.open()
    text = "What temperature did the trade union measure near the railway?"
    query = understand(text, text, analyzer, gazetteer)
    groups = groups_of(query, neighbours)
    assert [next(iter(group)) for group in groups] == ["temperature", "measure", "near", "railway"]
    assert groups[3]["铁路"] == 1.0
    assert all(0 < weight <= 1 for group in groups for weight in group.values())
    chinese = understand("铁路多长", "铁路多长", analyzer, gazetteer)
    assert groups_of(chinese, neighbours) == []


def test_terms_of_a_group_are_given_one_idf() -> None:
    counts = {"常": 60, "罕": 2, "无": 0}
    weight = 0.5**FALL
    (found,) = balanced([{"常": 1.0, "罕": weight, "无": 1.0}], lambda t: counts[t], 100)

    def idf(df: float) -> float:
        return math.log(1 + (100 - df + 0.5) / (df + 0.5))

    whole = idf((60 + 2 * weight) / (1 + weight))
    assert found == pytest.approx({"常": whole / idf(60), "罕": weight * whole / idf(2)})
    # the rare term is worth no more than its share of the word
    assert found["罕"] * idf(2) == pytest.approx(weight * whole)
    assert balanced([{"无": 1.0}], lambda t: counts[t], 100) == []


def test_windows_get_pairs(analyzer: Analyzer) -> None:
    (found,) = in_pairs([{"nba": 1.0, "铁路": 0.8, "猫": 0.6, "火车站": 0.5}], analyzer)
    assert found == {"nba": 1.0, "铁路": 0.8, "火车": 0.25, "车站": 0.25}
