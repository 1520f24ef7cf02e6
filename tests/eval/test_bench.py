"""A benchmark checks the answers it times, for every engine alike."""

import gzip
import json
from pathlib import Path

from eval.bench import bench, questions, save_bench, timed
from eval.figures import Figures, Timing, as_html, as_markdown


def test_timing_counts_right_answers() -> None:
    timing = timed(lambda number: number % 2 == 0, list(range(10)))
    assert (timing.count, timing.right) == (10, 0.5)
    assert 0 <= timing.p50 <= timing.p95 <= timing.p99
    assert timed(lambda number: True, []).count == 0


def _news(root: Path) -> None:
    lines = [
        {"_id": f"n{i}", "text": f"第{i}篇。今年{i}月本地公园一共种下了{i + 100}棵银杏树。完。"}
        for i in range(6)
    ]
    (root / "news").mkdir()
    with gzip.open(root / "news" / "news-00.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)


def test_questions_are_sentences_of_their_articles(tmp_path: Path) -> None:
    _news(tmp_path)
    sought = questions([tmp_path / "news" / "news-00.jsonl.gz"], 4)
    assert len(sought) == 4
    for one in sought:
        number = int(one.document_id[1:])
        assert one.text == f"今年{number}月本地公园一共种下了{number + 100}棵银杏树。"


def test_all_engines_find_the_same_articles(tmp_path: Path) -> None:
    _news(tmp_path)
    found = bench([6], tmp_path, report=lambda line: None)
    assert [figures.engine for figures in found] == ["unionqa", "rank-bm25", "bm25s"]
    assert {figures.articles for figures in found} == {11}
    assert len({figures.passages for figures in found}) == 1
    assert all(figures.search.count == 6 for figures in found)
    assert all(figures.search.right == 1.0 for figures in found)
    ours = found[0]
    assert ours.ask is not None
    assert ours.add is not None
    assert ours.ask.count > 20
    assert ours.add.right == 1.0
    assert as_markdown(found).count("\n") == 5
    path = save_bench(found, tmp_path)
    assert json.loads(path.read_text())["figures"][0]["passages"]
    assert "bm25s" in path.with_suffix(".md").read_text()
    assert "<svg" in path.with_suffix(".html").read_text()


def test_what_an_engine_lacks_is_a_dash() -> None:
    timing = Timing(1, 1.0, 2.0, 3.0, 0.5)
    table = as_markdown([Figures("made", 1, 2, 0.1, 10.0, 5.0, timing)])
    assert table.split("\n")[2] == (
        "| made | 1 | 2 | 0.1 | 10.0 | 5.0 | – | – | 1.0 / 2.0 (50 % right) | – | – |"
    )
    page = as_html([Figures("<made>", 1, 2, 0.1, 10.0, 5.0, timing)], "here")
    assert "<made>" not in page
    assert "&lt;made&gt;" in page
