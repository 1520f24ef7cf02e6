"""Here are judgements and rankings; give me the ranking measures of every query.

The measures are computed by ir_measures (https://ir-measur.es); tests compare them with a second,
plain implementation. A judged query without results counts 0.
"""

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

from eval.qrels import Qrels, Ranked, ordered
from eval.text import holds

CUTS = (1, 3, 5, 10, 20, 50)
NAMES = (*(f"recall@{k}" for k in CUTS), "mrr@10", "ndcg@10")
_MEASURES = {**{f"recall@{k}": R @ k for k in CUTS}, "mrr@10": RR @ 10, "ndcg@10": nDCG @ 10}


def ranking_measures(
    qrels: Qrels, rankings: Mapping[str, Sequence[Ranked]]
) -> dict[str, dict[str, float]]:
    """Query id → measure name → value in [0, 1], for every judged query.

    subtle: ir_measures' providers break ties in their own ways, so ranks go in as scores.
    """
    judged = {q: docs for q, docs in qrels.items() if any(rel > 0 for rel in docs.values())}
    values = {query_id: dict.fromkeys(NAMES, 0.0) for query_id in judged}
    run = [
        ir_measures.ScoredDoc(query_id, row.doc_id, -float(rank))
        for query_id in judged
        for rank, row in enumerate(ordered(rankings.get(query_id, ())))
    ]
    lines = [
        ir_measures.Qrel(query_id, doc_id, relevance)
        for query_id, docs in judged.items()
        for doc_id, relevance in docs.items()
    ]
    if not run:
        return values
    names = {measure: name for name, measure in _MEASURES.items()}
    for metric in ir_measures.iter_calc(list(names), lines, run):
        values[metric.query_id][names[metric.measure]] = float(metric.value)
    return values


def answer_in_top(texts: Sequence[str], answers: Sequence[str], k: int) -> float:
    """1.0 where one of the first k passages holds one of the answers, else 0.0."""
    return float(any(holds(text, answer) for text in texts[:k] for answer in answers))
