"""An engine in a process of its own answers as it would here, and what goes wrong is an outcome."""

from pathlib import Path

import numpy as np
import pytest

from eval.apart import Bounds, leave, leave_task, run_apart
from eval.peers import PEERS, version_of
from index.encoder import open_encoder

TEXTS = [f"第{i}篇。今年{i}月本地公园一共种下了{i + 100}棵银杏树。" for i in range(8)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    parts = (TEXTS[:5], TEXTS[5:])
    encode = open_encoder().encode_passages
    leave(tmp_path, ((part, encode(part)) for part in parts), len(TEXTS))
    leave_task(tmp_path, [TEXTS[3], TEXTS[5]], 3, warm=1, added=["测量"])
    return tmp_path


@pytest.mark.parametrize("name", ["rank-bm25", "bm25s"])
def test_an_engine_finds_each_text_by_itself(folder: Path, name: str) -> None:
    outcome = run_apart(name, folder, len(TEXTS))
    assert outcome.error is None
    assert [numbers[0] for numbers in outcome.found] == [3, 5]
    assert all(len(numbers) == 3 for numbers in outcome.found)
    assert len(outcome.took_ms) == 2
    assert outcome.add_ms == ()  # neither can take one more passage
    assert outcome.version == version_of(PEERS[name]) != ""
    assert outcome.peak_mb > 10
    assert list(folder.glob(f"{name}/*")) == []  # and neither keeps anything on disk


def test_what_is_not_installed_says_so(folder: Path) -> None:
    if version_of(PEERS["txtai"]):
        outcome = run_apart("txtai", folder, len(TEXTS))
        assert [numbers[0] for numbers in outcome.found] == [3, 5]
    else:
        error = run_apart("txtai", folder, len(TEXTS)).error
        assert error == "ModuleNotFoundError: No module named 'txtai'"


def test_bounds_end_an_engine(folder: Path) -> None:
    late = run_apart("bm25s", folder, len(TEXTS), bounds=Bounds(seconds=0.0))
    assert late.error == "ended after 0 s"
    large = run_apart("bm25s", folder, len(TEXTS), bounds=Bounds(megabytes=1.0))
    assert str(large.error).startswith("ended at ")
    assert large.found == ()


def test_more_passages_than_an_engine_can_take_are_not_tried(folder: Path) -> None:
    assert run_apart("rank-bm25", folder, 10**6).error == "not run over more than 150,000 passages"


def test_a_python_that_cannot_be_run_is_an_outcome(folder: Path) -> None:
    outcome = run_apart("bm25s", folder, len(TEXTS), python=folder / "no-python")
    assert "cannot be run" in str(outcome.error)


def test_a_child_that_fails_leaves_its_last_line(tmp_path: Path) -> None:
    leave(tmp_path, [(TEXTS, np.zeros((len(TEXTS), 4), dtype=np.float32))], len(TEXTS))
    assert "task.json" in str(run_apart("bm25s", tmp_path, len(TEXTS)).error)
