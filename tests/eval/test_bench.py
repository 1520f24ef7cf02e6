"""A benchmark checks the answers it times, for every engine alike."""

import json
from dataclasses import replace
from pathlib import Path

from eval.bench import Rivals, bench, save_bench, timed, timing
from eval.figures import Figures, Timing, as_html, as_markdown, read_figures
from eval.peers import PEERS, version_of
from tests.eval.test_workload import news


def test_timing_counts_right_answers() -> None:
    found = timed(lambda number: number % 2 == 0, list(range(10)))
    assert (found.count, found.right) == (10, 0.5)
    assert 0 <= found.p50 <= found.p95 <= found.p99
    assert timed(lambda number: True, []).count == 0
    assert timing([3.0, 1.0, 2.0], 1.0) == Timing(3, 2.0, 3.0, 3.0, 1.0)


def test_all_engines_find_the_same_articles(tmp_path: Path) -> None:
    news(tmp_path)
    said: list[str] = []
    here = Rivals(("rank-bm25", "bm25s", "txtai"))
    *found, last = bench([6], tmp_path, rivals=here, report=said.append)
    assert [figures.engine for figures in found] == ["unionqa", "rank-bm25", "bm25s"]
    assert last.engine == "txtai"
    # the extra `peers` need not be there: then the row says so
    assert (last.note is None) == bool(version_of(PEERS["txtai"]))
    assert {figures.articles for figures in found} == {11}
    assert len({figures.passages for figures in found}) == 1
    assert [f.search.count for f in found if f.search] == [6, 6, 6]
    assert [f.search.right for f in found if f.search] == [1.0, 1.0, 1.0]
    ours = found[0]
    assert ours.ask is not None
    assert ours.add is not None
    assert ours.ask.count > 20
    assert ours.add.right == 1.0
    assert len(said) == 4
    path = save_bench([*found, last], tmp_path)
    figures = [read_figures(one) for one in json.loads(path.read_text())["figures"]]
    assert figures == [*found, last]
    assert "bm25s" in path.with_suffix(".md").read_text()
    assert "<svg" in path.with_suffix(".html").read_text()


def test_what_an_engine_lacks_is_a_dash_and_what_failed_says_why() -> None:
    measured = Timing(1, 1.0, 2.0, 3.0, 0.5)
    table = as_markdown([Figures("made", 1, 2, 0.1, 10.0, 5.0, measured)])
    assert table.split("\n")[2] == (
        "| made | 1 | 2 | 0.1 | 10 | 5 | – | – | 1 / 2 / 3 (50 %) | – | – |"
    )
    large = replace(measured, p50=1234.56, p95=0.0123456)
    assert "1,235 / 0.0123 / 3 (50 %)" in as_markdown([Figures("made", 1234, 2, search=large)])
    failed = as_markdown([Figures("made", 1, 2, note="not installed")]).split("\n")[2]
    assert failed.startswith("| made | 1 | 2 | not installed |")
    assert failed.count("|") == table.split("\n")[2].count("|")
    page = as_html([Figures("<made>", 1, 2, 0.1, 10.0, 5.0, measured)], "here")
    assert "<made>" not in page
    assert "&lt;made&gt;" in page
