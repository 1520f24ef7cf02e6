"""Ranking measures agree with hand-worked values and with a second, plain implementation."""

import math
from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import CUTS, NAMES, answer_in_top, ranking_measures
from eval.qrels import Qrels, Ranked


def plain(qrels: Mapping[str, int], rows: Sequence[Ranked]) -> dict[str, float]:
    """The same measures straight from their definitions."""
    ranking = [r.doc_id for r in sorted(rows, key=lambda r: (-r.score, r.doc_id))]
    relevant = {doc for doc, rel in qrels.items() if rel > 0}
    values = {f"recall@{k}": len(relevant & set(ranking[:k])) / len(relevant) for k in CUTS}
    ranks = [rank for rank, doc in enumerate(ranking[:10], 1) if doc in relevant]
    values["mrr@10"] = 1 / ranks[0] if ranks else 0.0
    gains = [max(0, qrels.get(doc, 0)) / math.log2(i + 2) for i, doc in enumerate(ranking[:10])]
    best = sorted((rel for rel in qrels.values() if rel > 0), reverse=True)[:10]
    values["ndcg@10"] = sum(gains) / sum(rel / math.log2(i + 2) for i, rel in enumerate(best))
    return values


def test_hand_worked_case() -> None:
    qrels = {"q": {"a": 1, "b": 1, "c": 0}}
    run = {"q": [Ranked("q", "c", 3.0), Ranked("q", "a", 2.0), Ranked("q", "z", 1.0)]}
    values = ranking_measures(qrels, run)["q"]
    assert values["recall@1"] == 0.0
    assert values["recall@3"] == 0.5
    assert values["mrr@10"] == 0.5
    expected = (1 / math.log2(3)) / (1 + 1 / math.log2(3))
    assert abs(values["ndcg@10"] - expected) < 1e-9


def test_a_query_without_results_counts_0() -> None:
    values = ranking_measures({"q": {"a": 1}, "p": {"b": 1}}, {"q": [Ranked("q", "a", 1.0)]})
    assert values["p"] == dict.fromkeys(NAMES, 0.0)
    assert values["q"]["mrr@10"] == 1.0
    assert ranking_measures({"q": {"a": 1}}, {}) == {"q": dict.fromkeys(NAMES, 0.0)}


def test_a_query_without_a_relevant_document_is_not_measured() -> None:
    assert ranking_measures({"q": {"a": 0}}, {"q": [Ranked("q", "a", 1.0)]}) == {}


def test_ties_are_broken_by_id() -> None:
    run = {"q": [Ranked("q", "b", 1.0), Ranked("q", "a", 1.0)]}
    assert ranking_measures({"q": {"a": 1}}, run)["q"]["mrr@10"] == 1.0
    assert ranking_measures({"q": {"b": 1}}, run)["q"]["mrr@10"] == 0.5


_DOCS = st.sampled_from([f"d{i:02}" for i in range(30)])


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    qrels=st.dictionaries(_DOCS, st.integers(0, 3), min_size=1),
    scores=st.dictionaries(_DOCS, st.sampled_from([0.0, 0.5, 1.0, 2.0, -1.0])),
)
def test_two_implementations_agree(qrels: dict[str, int], scores: dict[str, float]) -> None:
    judged: Qrels = {"q": {"always": 1, **qrels}}
    rows = [Ranked("q", doc, score) for doc, score in scores.items()]
    values = ranking_measures(judged, {"q": rows})["q"]
    for name, expected in plain(judged["q"], rows).items():
        assert abs(values[name] - expected) < 1e-9, name


def test_answer_in_top_looks_at_the_first_k_only() -> None:
    texts = ["没有", "共141家", "建成41家"]
    assert answer_in_top(texts, ["41家"], 2) == 0.0
    assert answer_in_top(texts, ["41家"], 3) == 1.0
