"""Run the whole comparison on a small made set, and check its differences by hand."""

import json
from pathlib import Path

import pytest

from eval.competition import HYBRID, Row, as_table, compete, difference
from eval.errors import UnknownDataset

TEXTS = {
    "a": "市总工会慰问环卫工人，送去清凉饮料。",
    "b": "铁路部门加开旅客列车，方便学生返校。",
    "c": "博物馆展出青铜器，观众排队参观。",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "test" / "xquad_zh"
    folder.mkdir(parents=True)
    queries = {"q1": ("加开了什么列车", "b"), "q2": ("哪里展出青铜器", "c")}
    write(folder / "corpus.jsonl", [{"_id": k, "text": v} for k, v in TEXTS.items()])
    write(folder / "queries.jsonl", [{"_id": k, "text": v[0]} for k, v in queries.items()])
    lines = [f"{query}\t{gold}\t1" for query, (_, gold) in queries.items()]
    (folder / "qrels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "data"


def write(path: Path, rows: list[dict[str, str]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_every_ranking_finds_what_only_one_passage_says(root: Path, tmp_path: Path) -> None:
    rows = compete("XQuAD zh", root, tmp_path / "cache")
    assert rows[0].name == HYBRID
    assert {"BM25 windows", "dense", "LSA", "both + dense, RRF"} <= {row.name for row in rows}
    for row in rows:
        if row.name != "LSA":  # three passages are too few to learn from
            assert row.values == ((1.0, 1.0, 1.0, 1.0),) * 2, row.name
    assert "| hybrid | 1.000 | 1.000 | 1.000 | 1.000 | +0.00 [+0.00, +0.00]" in as_table("x", rows)


def test_only_the_rankings_asked_for_stand_beside_the_hybrid(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    rows = compete("XQuAD zh", root, cache, 1, ["BM25 both", "LSA", HYBRID])
    assert [row.name for row in rows] == [HYBRID, "BM25 both", "LSA"]
    assert all(len(row.values) == 1 for row in rows)
    with pytest.raises(UnknownDataset, match=r"no ranking BM52; have hybrid, .*BM25 both"):
        compete("XQuAD zh", root, cache, 1, ["BM52"])


def test_differences_are_paired() -> None:
    first = Row("a", ((1.0, 1, 1, 1), (0.5, 0, 1, 1)), ("x", "y"), 1.0)
    second = Row("b", ((0.5, 0, 1, 1), (0.5, 0, 1, 1)), ("x", "y"), 1.0)
    assert difference(first, second).mean == pytest.approx(0.25)
    assert difference(first, first).high == 0.0
