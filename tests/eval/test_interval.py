"""Intervals hold the mean, shrink with data, and draw whole articles together."""

from eval.interval import Interval, bootstrap_mean


def test_nothing_and_certainty() -> None:
    assert bootstrap_mean([], []) == Interval(0.0, 0.0, 0.0, 0)
    assert bootstrap_mean([1.0] * 5, list("aabbc")) == Interval(1.0, 1.0, 1.0, 5)


def test_the_mean_lies_inside_and_more_data_narrows() -> None:
    few = bootstrap_mean([0.0, 1.0] * 5, [str(i) for i in range(10)])
    many = bootstrap_mean([0.0, 1.0] * 200, [str(i) for i in range(400)])
    assert few.low < few.mean == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 3
    # ±1.96·σ/√n = ±0.049 for a fair coin thrown 400 times
    assert abs(many.high - 0.549) < 0.01


def test_questions_on_one_article_are_not_independent() -> None:
    values = [0.0] * 20 + [1.0] * 20
    alone = bootstrap_mean(values, [str(i) for i in range(40)])
    together = bootstrap_mean(values, [str(i // 10) for i in range(40)])
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_the_same_values_give_the_same_interval() -> None:
    values, clusters = [0.1, 0.9, 0.4], ["a", "b", "b"]
    assert bootstrap_mean(values, clusters) == bootstrap_mean(values, clusters)
