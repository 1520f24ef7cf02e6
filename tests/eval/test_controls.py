"""Show that each control ranks the passage with the query's words first."""

import pytest

from eval.controls import controls
from eval.references import Passage
from index.analyzer import Analyzer
from index.encoder import SHIPPED, StaticEncoder

TEXTS = [
    "市总工会慰问环卫工人，送去清凉饮料和防暑药品。",
    "铁路部门加开旅客列车，方便学生返校。",
    "博物馆展出青铜器，观众排队参观。",
    "农业专家下乡指导水稻种植。",
]


@pytest.mark.parametrize(("query", "right"), [("旅客列车", 1), ("水稻怎么种植", 3)])
def test_the_passage_with_the_words_is_first(query: str, right: int) -> None:
    passages = [Passage(f"d{n}-0-9-x", f"d{n}", "s", text, text) for n, text in enumerate(TEXTS)]
    found = controls(passages, Analyzer.open(), StaticEncoder.open(SHIPPED))
    assert set(found) == {"jieba, bm25s", "jieba, rank-bm25", "untrained table", "LSA"}
    for name, search in found.items():
        hits = search(query, 3)
        assert hits[0].chunk_id == f"d{right}-0-9-x", name
        assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)
