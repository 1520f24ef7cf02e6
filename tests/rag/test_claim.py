"""A sentence claims what its clauses say, and a text holds a share of each."""

import pytest

from index.index import Snapshot
from rag.ask import look
from rag.claim import Claim, claims_of, coverage, words_in

SENTENCE = "去年,双鸭山市筹措1,630,000元助学资金,救助高考生902人;其中"


@pytest.fixture(scope="module")
def claims(seeds: Snapshot) -> list[Claim]:
    inquiry = look("双鸭山金秋助学筹了多少钱", seeds).inquiries[0]
    return list(claims_of(SENTENCE, inquiry))


def test_clauses_that_say_something_are_claims(claims: list[Claim]) -> None:
    texts = [claim.text.strip(",;") for claim in claims]
    assert texts[-2:] == ["双鸭山市筹措1,630,000元助学资金", "救助高考生902人"]
    assert [[q.value for q in claim.figures] for claim in claims[-2:]] == [[1630000.0], [902.0]]
    for claim in claims:
        assert all(claim.whole[q.start : q.end] == q.text for q in claim.figures)


def test_coverage_is_the_share_of_the_words_by_characters(claims: list[Claim]) -> None:
    claim = claims[-2]
    assert words_in("筹措助学资金") == ["筹措", "助学", "资金"]
    assert coverage(claim, "筹措助学资金") == 1.0
    assert coverage(claim, "募集了资金") == pytest.approx(4 / 6)  # another verb of the same class
    assert coverage(claim, "发放助学资金") == pytest.approx(4 / 6)
    assert coverage(claim, "") == 0.0
