"""What is learned puts first what answers, saw nothing it is tested on, and is always the same."""

from pathlib import Path

import numpy as np

from eval.rank_groups import Group
from eval.train_rank import (
    LEAST,
    SETS,
    Batch,
    _slope,
    _softmax,
    first_holds,
    fit,
    held_out,
    write_ranking,
)
from rag.rank import read_ranking
from rag.signs import NAMES


def group(number: int, kind: str = "fact", telling: int = 0) -> Group:
    """Six candidates of chance features; the one highest in feature `telling` is right."""
    rng = np.random.default_rng(number)
    features = rng.random((6, len(NAMES))).astype(np.float32)
    right = np.arange(6) == int(np.argmax(features[:, telling]))
    return Group("made", kind, f"article {number}", features, right, right)


def test_what_tells_is_learned_and_holds_on_other_articles() -> None:
    groups = [group(number) for number in range(80)]
    assert sum(held_out(groups)) / len(groups) > 0.6  # by chance: one in six
    ranking = fit(groups)
    assert int(np.argmax(np.abs(ranking.any_kind))) == 0


def test_a_kind_may_differ_and_a_rare_one_follows_all() -> None:
    groups = [group(number) for number in range(80)]
    groups += [group(number, "date", telling=3) for number in range(100, 160)]
    groups += [group(number, "place") for number in range(200, 200 + LEAST - 1)]
    ranking = fit(groups)
    assert ranking.by_kind["date"][3] > ranking.by_kind["fact"][3]
    assert set(ranking.by_kind) == {"date", "fact"}
    assert sum(first_holds(group(n, "date", 3), ranking) for n in range(300, 340)) > 25


def test_the_slope_is_that_of_the_loss() -> None:
    groups = [group(number, kind) for number, kind in enumerate(["fact", "date"] * 4)]
    batch = Batch.of(groups)
    own = list(batch.kinds)
    weights = np.random.default_rng(5).normal(size=(3, len(NAMES))).astype(np.float32)

    def loss(at: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> float:
        scores = np.empty(len(batch.rows), dtype=np.float32)
        for place, kind in enumerate(own, 1):
            part = batch.kinds[kind]
            scores[part] = batch.rows[part] @ (at[0] + at[place])
        given = _softmax(scores, batch)
        right = np.add.reduceat(np.where(batch.right, given, 0), batch.starts)
        penalty = 1e-4 * (at[0] ** 2).sum() + 2e-3 * (at[1:] ** 2).sum()
        return float(-(batch.weights * np.log(right)).sum() + penalty)

    slope = _slope(batch, weights, own)
    for place in ((0, 0), (1, 2), (2, 5)):
        step = np.zeros_like(weights)
        step[place] = 1e-2
        rise = (loss(weights + step) - loss(weights - step)) / 2e-2
        assert abs(rise - slope[place]) < 2e-3


def test_nothing_is_tested_by_what_saw_its_article() -> None:
    alone = [group(1)] * 5
    assert held_out(alone) == [0.0] * 5


def test_the_same_groups_give_the_same_file(tmp_path: Path) -> None:
    groups = [group(number) for number in range(30)]
    for name in ("one", "two"):
        write_ranking(fit(groups), ["made sha256 00"], tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert np.allclose(read_ranking(tmp_path / "one").any_kind, fit(groups).any_kind, rtol=1e-3)


def test_no_test_set_is_learned_from() -> None:
    assert not any(name.startswith("test/") or split == "test" for name, split, _ in SETS)
    assert all(split == "tune" for name, split, _ in SETS if name == "union")
