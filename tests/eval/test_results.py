"""A result file holds the whole run, and its name says what it is."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.errors import BadResult
from eval.results import Worked, identity, load, percentile, provenance, save, taken_by_others
from tests.eval.made import result, row


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    made = result([row("a", 1.0, history=("先问",)), row("b", 0.0, error="failed")])
    path = save(made, tmp_path)
    assert load(path) == made
    assert path.name == f"made-{identity(made)[:12]}.json"


def test_the_name_depends_on_answers_and_not_on_time(tmp_path: Path) -> None:
    made = result([row("a", 1.0)])
    slower = replace(made, rows=(replace(made.rows[0], took_ms=99.0),))
    other = replace(made, rows=(replace(made.rows[0], answer="2"),))
    assert identity(made) == identity(slower) != identity(other)


def test_means_by_kind_and_latency_stand_in_one_file(tmp_path: Path) -> None:
    rows = [row("a", 1.0, took_ms=1.0), row("b", 0.0, kind="list", took_ms=3.0)]
    body = json.loads(save(result(rows), tmp_path).read_text())
    assert body["means"]["all"]["good"]["mean"] == 0.5
    assert body["means"]["list"]["good"]["mean"] == 0.0
    assert body["latency_ms"] == {"p50": 1.0, "p95": 3.0, "p99": 3.0}


def test_failed_questions_do_not_make_it_look_fast() -> None:
    rows = [row("a", 0.0, took_ms=0.0, error="failed"), row("b", 1.0, took_ms=8.0)]
    assert result(rows).latency()["p50"] == 8.0


def test_percentiles_are_measured_values() -> None:
    values = [float(i) for i in range(1, 101)]
    assert [percentile(values, p) for p in (50, 95, 99)] == [50.0, 95.0, 99.0]
    assert percentile([7.0], 99) == 7.0
    assert percentile([], 50) == 0.0


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"rows": [{"id": 1}]}')
    with pytest.raises(BadResult, match="no result file of this version"):
        load(path)


def test_what_others_take_of_the_machine_is_what_is_not_ours() -> None:
    began = Worked(clock=100.0, every=50.0, own=10.0)
    assert taken_by_others(began, Worked(110.0, 65.0, 20.0), cores=2) == 0.25  # 15 − 10 of 20 s
    assert taken_by_others(began, Worked(110.0, 60.0, 20.0), cores=2) == 0.0
    assert taken_by_others(began, Worked(110.0, 59.0, 20.0), cores=2) == 0.0  # rounded clocks
    assert taken_by_others(began, began, cores=2) == 0.0


def test_a_result_says_what_others_took() -> None:
    taken = provenance("0" * 64, {}).others
    assert taken is not None
    assert 0.0 <= taken <= 1.0
