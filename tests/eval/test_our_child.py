"""Right answers are counted while they are timed, and our passages are left as they are."""

import json
from pathlib import Path

import numpy as np

from eval.dataset import SEEDS
from eval.figures import Timing, timing
from eval.our_child import leave_articles, measure, timed
from eval.workload import questions
from index.encoder import open_encoder


def test_timing_counts_right_answers() -> None:
    asked: list[int] = []

    def right(number: int) -> bool:
        asked.append(number)
        return number % 2 == 0

    found = timed(right, list(range(10)), warm=3)
    assert asked == [0, 1, 2, *range(10)]
    assert (found.count, found.right) == (10, 0.5)
    assert 0 <= found.p50 <= found.p95 <= found.p99
    assert timed(lambda number: True, []).count == 0
    assert timing([3.0, 1.0, 2.0], 1.0) == Timing(3, 2.0, 3.0, 3.0, 1.0)


def test_the_seeds_are_measured_and_their_passages_left(tmp_path: Path) -> None:
    leave_articles(tmp_path, [SEEDS], questions([SEEDS], 12))
    found = measure(tmp_path)
    assert (found.engine, found.articles) == ("unionqa", 5)
    assert found.search
    assert found.ask
    assert found.add
    assert (found.search.count, found.search.right) == (12, 1.0)
    assert found.ask.count > 20
    assert found.ask.right > 0.5
    assert (found.add.count, found.add.right) == (20, 1.0)
    texts = [json.loads(line) for line in _lines(tmp_path / "passages.jsonl")]
    rows = np.load(tmp_path / "rows.npy")
    assert rows.shape == (found.passages, open_encoder().dimension)
    assert len(texts) == found.passages == len(set(texts))
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert len(_lines(tmp_path / "documents.jsonl")) == found.passages
    assert not any("测量" in text for text in texts)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
