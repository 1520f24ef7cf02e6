"""Answers and hits as text keep every citation with its number, facts and sentence."""

from typing import Any

from api import wire
from api.plain import answer_text, hits_text

CITED: dict[str, Any] = {
    "id": 1, "document_id": "d", "chunk_id": "c", "title": "题", "date": None,
    "date_inferred": False, "region": "白城市", "source": "a.txt", "quote": "建成9家。",
    "start": 0, "end": 5, "source_start": 0, "source_end": 5, "url": "/documents/d#c0-5",
}  # fmt: skip
HIT: dict[str, Any] = {
    "rank": 1, "score": 0.5, "document_id": "d", "chunk_id": "c", "title": "题", "date": "2021",
    "region": None, "source": "a.txt", "text": "建成9家。", "start": 0, "end": 5, "retrievers": {},
}  # fmt: skip


def test_an_answer_is_followed_by_what_is_near_and_by_its_sources() -> None:
    body = wire.Answer.model_validate(
        {
            "status": "not_found", "answer": "没有。", "short_answers": [], "citations": [CITED],
            "related": [{"note": "白城市(其他地区)", "citation": 1}], "table": None,
            "question": "问", "standalone_question": "问",
            "conversation_id": None, "answer_id": None,
            "mode": "extractive", "degraded": [], "timings_ms": {},
        }
    )  # fmt: skip
    assert answer_text(body) == (
        "没有。\n  白城市(其他地区) [1]\n[1] 题 (白城市 · a.txt)\n    建成9家。"
    )
    less = body.model_copy(update={"degraded": ["reranker_unavailable"]})
    assert answer_text(less) == f"{answer_text(body)}\ndegraded: reranker_unavailable"


def test_hits_come_one_after_another() -> None:
    second = HIT | {"rank": 12, "score": 0.25}
    body = wire.SearchResponse.model_validate({"hits": [HIT, second], "took_ms": 1.0})
    assert hits_text(body) == (
        "  1  0.500  题 (2021 · a.txt)\n建成9家。\n\n 12  0.250  题 (2021 · a.txt)\n建成9家。\n"
    )
    assert hits_text(wire.SearchResponse(hits=[], took_ms=1.0)) == ""
