"""The gate fails where a watched figure falls below its bound, and only there."""

import re
from pathlib import Path

import pytest

from eval.errors import BadResult
from eval.gate import FLOORS, WATCHED, bounds_of, check, gate, read_floors, write_floors
from eval.results import Result
from tests.eval.made import result, row


def _run(goods: list[float], wrong: list[float]) -> Result:
    rows = [
        row(f"q{i}", good, str(i), measures={"good": good, "wrong_place": bad})
        for i, (good, bad) in enumerate(zip(goods, wrong, strict=True))
    ]
    return result(rows)


def test_a_run_passes_its_own_bounds_and_a_worse_one_does_not() -> None:
    good = _run([1.0] * 18 + [0.0] * 2, [0.0] * 20)
    floors = {"seeds": bounds_of(good)}
    assert 0.7 < floors["seeds"]["good"] < 0.9
    assert all(each.passed for each in check("seeds", good, floors))
    worse = check("seeds", _run([1.0] * 10 + [0.0] * 10, [0.0] * 20), floors)
    assert [(each.measure, each.passed) for each in worse] == [
        ("good", False),
        ("wrong_place", True),
    ]
    assert "FAIL seeds good 0.5000 >= " in worse[0].line()


def test_one_figure_of_another_place_is_enough_to_fail() -> None:
    floors = {"seeds": bounds_of(_run([1.0] * 20, [0.0] * 20))}
    checks = check("seeds", _run([1.0] * 20, [1.0] + [0.0] * 19), floors)
    assert [each.passed for each in checks] == [True, False]


def test_missing_bounds_and_missing_figures_are_named() -> None:
    run = _run([1.0], [0.0])
    with pytest.raises(BadResult, match="no bounds for 'seeds'"):
        check("seeds", run, {})
    with pytest.raises(BadResult, match="has no f1"):
        check("seeds", run, {"seeds": {"f1": 0.5}})


def test_bounds_survive_writing(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    write_floors({"seeds": {"good": 0.5}}, path)
    assert read_floors(path) == {"seeds": {"good": 0.5}}
    path.write_text("[]")
    with pytest.raises(BadResult, match="no file of bounds"):
        read_floors(path)


def test_the_committed_bounds_watch_both_corpora() -> None:
    floors = read_floors(FLOORS)
    assert set(floors) == {"seeds", "seeds+news"}
    assert all(set(bounds) == set(WATCHED) for bounds in floors.values())


def test_in_a_clone_without_the_data_folder_it_asks_the_seeds_questions_and_says_so(
    tmp_path: Path,
) -> None:
    said, _ = gate(tmp_path / "nowhere", tmp_path)
    assert said[0].endswith("nowhere: the gate runs on the seeds' questions only")
    asked = re.fullmatch(r"seeds: (\d+) questions, 5 articles, \d+ passages", said[1])
    assert asked
    assert int(asked[1]) >= 100
    checked = [line.split()[1:3] for line in said if line.startswith(("ok", "FAIL"))]
    assert checked == [["seeds", measure] for measure in sorted(WATCHED)]
