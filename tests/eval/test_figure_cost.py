"""What figures cost is measured on the same articles, with them and without."""

import json
from pathlib import Path

from eval.figure_cost import SilentReader, figure_cost, silent_tools
from index.chunk import chunk
from index.clean import clean
from index.figures import FigureReader
from index.read import read_bytes


def test_silent_tools_find_nothing_and_say_they_looked() -> None:
    tools = silent_tools()
    document = clean(read_bytes("a.txt", "工会筹集资金5万元。".encode()), tools.gazetteer)
    real = FigureReader(tools.analyzer, tools.gazetteer)
    assert isinstance(tools.figures, SilentReader)
    assert tools.figures.read(document, chunk(document)) == []
    assert len(real.read(document, chunk(document))) == 1
    assert tools.figures.fingerprint == real.fingerprint


def test_both_runs_hold_the_same_articles(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(
        "".join(
            json.dumps({"_id": str(n), "text": f"某市总工会慰问职工{n + 1}人。"}) + "\n"
            for n in range(120)
        ),
        encoding="utf-8",
    )
    cost = figure_cost(corpus, 1)
    assert (cost.articles, cost.figures) == (120, 120)
    assert cost.ratio == cost.processor[0][0] / cost.processor[0][1] > 0
    assert cost.megabytes[0] > 0
