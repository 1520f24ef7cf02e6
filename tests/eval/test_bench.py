"""A benchmark checks the answers it times, for every engine alike."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.apart import Bounds
from eval.bench import Rivals, bench, save_bench
from eval.errors import SystemFailed
from eval.figures import PLOTS, Figures, Timing, as_html, as_markdown, read_figures
from eval.peers import PEERS, version_of
from tests.eval.test_workload import SEED_PASSAGES, news


def test_all_engines_find_the_same_articles(tmp_path: Path) -> None:
    news(tmp_path)
    said: list[str] = []
    here = Rivals(("rank-bm25", "bm25s", "txtai"))
    *found, last = bench([SEED_PASSAGES + 6], tmp_path, rivals=here, report=said.append)
    assert [figures.engine for figures in found] == ["unionqa", "rank-bm25", "bm25s"]
    assert last.engine == "txtai"
    # the extra `peers` need not be there: then the row says so
    assert (last.note is None) == bool(version_of(PEERS["txtai"]))
    assert {figures.articles for figures in found} == {11}
    assert {figures.passages for figures in found} == {SEED_PASSAGES + 6}
    assert [f.search.count for f in found if f.search] == [6, 6, 6]
    assert [f.search.right for f in found if f.search] == [1.0, 1.0, 1.0]
    ours = found[0]
    assert ours.ask
    assert ours.add
    assert ours.ask.count > 20
    assert ours.add.right == 1.0
    assert len(said) == 5
    path = save_bench([*found, last], tmp_path)
    figures = [read_figures(one) for one in json.loads(path.read_text())["figures"]]
    assert figures == [*found, last]
    assert "bm25s" in path.with_suffix(".md").read_text()
    assert "<svg" in path.with_suffix(".html").read_text()


def test_bounds_are_for_ours_too_and_every_engine_keeps_its_row(tmp_path: Path) -> None:
    # without news, so over copies of the seeds
    rivals = Rivals(("bm25s",), bounds=Bounds(megabytes=1.0))
    ours, other = bench([10], tmp_path, rivals=rivals, report=lambda line: None)
    assert str(ours.note).startswith("ended at ")
    assert other.engine == "bm25s"
    assert str(other.note).startswith("no passages: unionqa ended at ")


def test_without_news_the_seeds_are_asked_about(tmp_path: Path) -> None:
    said = bench([SEED_PASSAGES + 40], tmp_path, rivals=Rivals(()), report=lambda line: None)
    (ours,) = said
    assert ours.passages > SEED_PASSAGES + 20
    assert ours.search
    assert ours.search.count > 100
    assert ours.search.right > 0.9


def test_a_disk_that_is_too_small_is_named_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(SystemFailed, match="name another folder in TMPDIR"):
        bench([10**12], tmp_path, report=lambda line: None)


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


def test_each_figure_has_its_plot_where_it_was_measured() -> None:
    measured = Timing(1, 1.0, 2.0, 3.0, 0.5)
    ours = Figures("ours", 1, 100, 2.0, 10.0, 5.0, measured, measured, measured, 7.0, 8.0)
    other = Figures("other", 1, 100, 3.0, 10.0, 5.0, measured)
    page = as_html([Figures("none", 1, 100, note="not installed"), ours, other], "here")
    names = [part.partition("</h2>")[0] for part in page.split("<h2>")[1:]]
    assert names == [title for title, _, _ in PLOTS]
    shown = {
        title: [name for name in ("ours", "other", "none") if f">{name}</text>" in part]
        for title, part in zip(names, page.split("<h2>")[1:], strict=True)
    }
    assert shown["Search"] == ["ours", "other"]
    assert shown["Disk"] == ["ours"]
    assert "Disk" not in as_html([other], "here")
