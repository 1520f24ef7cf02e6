"""Here are measured values; give me their mean and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Enough for a second decimal of the bounds; 95 % is the usual level.
RESAMPLES = 2_000
LEVEL = 0.95
SEED = 20_240_501


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over `count` values with the bounds of its bootstrap interval."""

    mean: float
    low: float
    high: float
    count: int


def bootstrap_mean(values: Sequence[float], clusters: Sequence[str]) -> Interval:
    """The mean and its percentile interval from resampling whole clusters.

    Values of one cluster are drawn together, as questions on one article are right or wrong
    together (Field and Welsh, "Bootstrapping clustered data", 2007). With fewer than two clusters
    the values themselves are drawn. The seed is fixed: the same values give the same interval.
    """
    if not values:
        return Interval(0.0, 0.0, 0.0, 0)
    sums, counts = _by_cluster(values, clusters)
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(sums), size=(RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(means, [tail, 100 - tail])
    return Interval(float(np.mean(values)), float(low), float(high), len(values))


def bootstrap_percentile(values: Sequence[float], p: int) -> Interval:
    """The nearest-rank percentile, as `mean`, and its percentile interval from resampling."""
    if not values:
        return Interval(0.0, 0.0, 0.0, 0)
    measured = np.sort(np.array(values, dtype=np.float64))
    rank = max(0, -(-len(measured) * p // 100) - 1)
    rng = np.random.default_rng(SEED)
    drawn = rng.choice(measured, size=(RESAMPLES, len(measured)))
    found = np.sort(drawn, axis=1)[:, rank]
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(found, [tail, 100 - tail])
    return Interval(float(measured[rank]), float(low), float(high), len(measured))


def _by_cluster(
    values: Sequence[float], clusters: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and number of values of each cluster, shape (clusters,), in order of first sight."""
    names = list(dict.fromkeys(clusters))
    if len(names) < 2:
        return np.array(values, dtype=np.float64), np.ones(len(values))
    place = {name: at for at, name in enumerate(names)}
    sums, counts = np.zeros(len(names)), np.zeros(len(names))
    for value, cluster in zip(values, clusters, strict=True):
        sums[place[cluster]] += value
        counts[place[cluster]] += 1
    return sums, counts
