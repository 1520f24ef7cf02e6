"""TREC and BEIR files are read as they are, and a run survives writing."""

from pathlib import Path

import pytest

from eval.errors import BadDataset
from eval.qrels import Ranked, ordered, read_qrels, read_run, write_run


def test_trec_and_beir_give_the_same(tmp_path: Path) -> None:
    trec, beir = tmp_path / "a.qrels", tmp_path / "b.tsv"
    trec.write_text("q1 0 d1 1\nq1 0 d2 0\n")
    beir.write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\n")
    assert read_qrels(trec) == read_qrels(beir) == {"q1": {"d1": 1, "d2": 0}}


def test_a_line_of_another_shape_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("q1\td1\t1\nq1\t1\n")
    with pytest.raises(BadDataset, match="line 2: 2 columns"):
        read_qrels(path)


def test_a_run_is_read_back_in_order(tmp_path: Path) -> None:
    rows = [Ranked("q", "b", 1.0), Ranked("q", "a", 1.0), Ranked("q", "c", 0.1 + 0.2)]
    write_run(tmp_path / "run", {"q": rows}, "test")
    assert read_run(tmp_path / "run") == ordered(rows)
    assert [row.doc_id for row in ordered(rows)] == ["a", "b", "c"]


def test_a_broken_run_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.write_text("q Q0 d 1 0.5\n")
    with pytest.raises(BadDataset, match="5 columns, expected 6"):
        read_run(path)
