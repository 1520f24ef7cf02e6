"""Show that the best weights are chosen as said, from grids worked out by hand."""

from eval.interval import Interval
from eval.judged import Judged, Wanted
from eval.tune import DENSE, WINDOWS, Cell, Set, best, grid, tuned
from index.hit import Hit


def cell(windows: float, dense: float, *values: float) -> Cell:
    return Cell((windows, dense), tuple(Interval(value, value, value, 1) for value in values))


def test_what_is_below_bm25_on_any_set_is_not_chosen() -> None:
    cells = [cell(0, 0, 0.5, 0.8), cell(1, 0, 0.6, 0.7), cell(0.5, 0.2, 0.6, 0.8)]
    assert best([*cells, cell(0.5, 0.5, 0.59, 0.99)]).weights == (0.5, 0.2)
    # where nothing is above both, the best mean is
    assert best([*cells[:2], cell(0.5, 0.5, 0.59, 0.99)]).weights == (0.5, 0.5)


def query(right: str) -> Judged:
    rankings = {
        "chunks": [Hit("x", 2.0), Hit("y", 1.0)],
        "windows": [Hit("y", 2.0), Hit("x", 1.0)],
        "dense": [Hit("z", 0.9), Hit("y", 0.1)],
    }
    items = {name: name for name in "xyz"}
    return Judged(Wanted("q", frozenset({right}), right), "zh", rankings, items, frozenset({right}))


def test_a_grid_has_every_weighting_and_its_table_marks_the_best() -> None:
    sets = [Set("made", "zh", (query("y"), query("z")))]
    cells = {one.weights: one.mean for one in grid(sets)}
    assert set(cells) == {(windows, dense) for windows in WINDOWS for dense in DENSE}
    assert cells[(0.0, 0.0)] == 0.25
    assert cells[(1.0, 0.0)] == 0.5
    assert cells[(0.0, 1.0)] == 0.75
    text = tuned([*sets, Set("en→", "en", (query("x"),))])
    assert text.count("**") == 4
    assert "made (2)" in text


def test_each_order_is_held_against_the_one_before() -> None:
    worth = ((0.5, 0.5, 1.0), (1.0, 0.5, 0.5))
    text = tuned([Set("made", "zh", (query("y"), query("z")), worth)])
    line = next(line for line in text.splitlines() if line.startswith("| made (2) |"))
    assert line.startswith("| made (2) | 0.750 | 0.500, -25.00 [-50.00, +0.00] | 0.750, +25.00 [")
