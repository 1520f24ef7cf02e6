"""The README's tables say what the result files say, and what made them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.bench import save_bench
from eval.dataset import ROOT
from eval.errors import BadResult
from eval.figures import Figures
from eval.interval import Interval
from eval.readme import TABLES, interval, newest, tables, write_tables
from eval.results import Provenance, Result, save
from tests.eval.made import result, row

ROWS = [row(f"q{i}", float(i > 0), f"a{i}") for i in range(4)]


def _dated(made: Result, date: str, **system: object) -> Result:
    settings = {"enough": 0.45, **system}
    provenance = Provenance("c" * 40, True, "python -m eval sets", "2 cores", date, "d" * 64)
    return replace(made, provenance=replace(provenance, system={"settings": settings}))


def test_a_table_without_results_names_the_command(tmp_path: Path) -> None:
    said = tables(tmp_path, list(TABLES))
    assert said.count("No results yet") == len(TABLES)
    assert "`python -m eval sets`" in said


def test_the_newest_result_of_a_name_counts(tmp_path: Path) -> None:
    save(_dated(result(ROWS), "2024-01-01"), tmp_path)
    later = _dated(result(ROWS[:2]), "2024-02-01")
    save(later, tmp_path)
    assert newest(tmp_path) == {"made": later}


def test_sets_are_shown_by_split_with_provenance(tmp_path: Path) -> None:
    rows = [*ROWS, row("t", 1.0, "t", split="test")]
    save(_dated(result(rows, "union"), "2024-01-01"), tmp_path / "sets")
    said = tables(tmp_path, ["sets"])
    assert "| union, test | 1 | 100.0 [100, 100] |" in said
    assert "| union, tune | 4 | 75.0 [" in said
    assert "1.0 / 1.0 / 1.0 |" in said
    assert f"Commit {'c' * 12}+, 2024-01-01, 2 cores; `python -m eval sets`." in said
    assert "| figure | 5 |" in tables(tmp_path, ["kinds"])


def test_a_difference_that_is_sure_is_bold(tmp_path: Path) -> None:
    whole = _dated(result([row(f"q{i}", 1.0, f"a{i}") for i in range(9)], "whole"), "2024-01-01")
    none = _dated(result([row(f"q{i}", 0.0, f"a{i}") for i in range(9)], "without"), "2024-01-02")
    some = [row(f"q{i}", float(i > 0), f"a{i}") for i in range(9)]
    for one in (whole, none, _dated(result(some, "unsure"), "2024-01-03")):
        save(one, tmp_path / "ablate")
    said = tables(tmp_path, ["ablation"])
    assert "| without | **-100.0** [-100.0, -100.0] |" in said
    assert "| unsure | -11.1 [-33.3, +0.0] |" in said
    assert "| whole | 100.0 [100, 100] |" in said


def test_thresholds_stand_in_their_order(tmp_path: Path) -> None:
    for name, enough in (("enough-0.60", 0.6), ("whole", 0.45), ("enough-0.10", 0.1)):
        save(_dated(result(ROWS, name), "2024-01-01", enough=enough), tmp_path / "refusals")
    said = tables(tmp_path, ["refusals"])
    assert said.index("| 0.10 |") < said.index("| **0.45** |") < said.index("| 0.60 |")


def test_engines_have_ours_first_and_speed_says_what_failed(tmp_path: Path) -> None:
    save(_dated(result(ROWS, "txtai"), "2024-01-01"), tmp_path / "peers")
    save(_dated(result(ROWS, "unionqa"), "2024-01-02"), tmp_path / "peers")
    said = tables(tmp_path, ["peers"])
    assert said.index("| unionqa |") < said.index("| txtai |")
    save_bench([Figures("made", 3, 4, note="not installed")], tmp_path)
    assert "| made | 3 | 4 | not installed |" in tables(tmp_path, ["speed"])


def test_speed_has_the_newest_run_at_each_size_and_names_no_folder(tmp_path: Path) -> None:
    path = save_bench([Figures("made", 3, 11_000, note="here")], tmp_path)
    body = json.loads(path.read_text())
    body["provenance"] |= {"command": "python x --python /opt/bin/python -n 1", "others": 0.25}
    for passages, date in ((9_000, "2001-01-01"), (99_000, "2001-01-01"), (101_000, "2999-01-01")):
        body["provenance"] |= {"commit": f"{passages:>040}", "date": date}
        body["figures"][0]["passages"] = passages
        (tmp_path / f"bench-{passages}.json").write_text(json.dumps(body))
    said = tables(tmp_path, ["speed"])
    assert [size for size in ("9,000", "11,000", "99,000", "101,000") if size in said] == [
        "11,000",
        "101,000",
    ]
    assert "`python x --python PATH -n 1`" in said
    assert "(other work took 25 % of the cores' time)" in said


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadResult, match="expected one of gate, sets"):
        tables(tmp_path, ["sports"])


def test_a_share_is_in_percent() -> None:
    assert interval(Interval(0.5, 0.25, 0.756, 4)) == "50.0 [25, 76]"
    assert interval(None) == "–"


def test_tables_are_put_between_their_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    text = (
        "# A\r\n\n<!-- table sets -->\nold\n\n<!-- end sets -->\nbetween\n"
        "<!-- table speed -->\nkept\n<!-- end speed -->\nend"
    )
    readme.write_bytes(text.encode())
    save(_dated(result(ROWS, "union"), "2024-01-01"), tmp_path / "sets")
    assert write_tables(readme, tmp_path) == (["sets"], ["speed"])
    once = readme.read_bytes().decode()
    before, _, rest = once.partition("<!-- table sets -->\n")
    table, _, after = rest.partition("\n\n<!-- end sets -->")
    assert before == "# A\r\n\n"
    assert f"### Quality\n\n{table}\n" == tables(tmp_path, ["sets"])
    assert after == text.partition("<!-- end sets -->")[2]
    assert write_tables(readme, tmp_path) == (["sets"], ["speed"])
    assert readme.read_bytes().decode() == once


def test_a_wrong_mark_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("<!-- table sports -->\n<!-- end sports -->\n")
    with pytest.raises(BadResult, match="no table 'sports'"):
        write_tables(readme, tmp_path)
    readme.write_text("<!-- table sets -->\n")
    with pytest.raises(BadResult, match="no place is marked"):
        write_tables(readme, tmp_path)
    assert readme.read_text() == "<!-- table sets -->\n"


def test_the_gates_table_has_a_row_a_corpus(tmp_path: Path) -> None:
    made = _dated(result(ROWS, "gate-seeds"), "2024-01-01")
    system = {"documents": 1005, "chunks": 7}
    save(replace(made, provenance=replace(made.provenance, system=system)), tmp_path)
    save_bench([Figures("made", 3, 4, note="here")], tmp_path)
    said = tables(tmp_path, ["gate"])
    assert "| seeds: 1,005 articles | 4 | 75.0 [" in said
    assert "Commit cccccccccccc+, 2024-01-01" in said


def test_the_readme_has_a_place_for_every_table() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in TABLES:
        assert text.count(f"<!-- table {name} -->") == text.count(f"<!-- end {name} -->") == 1, name
