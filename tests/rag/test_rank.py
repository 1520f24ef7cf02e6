"""A score is a sum of products; a file for other features is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from rag.rank import Ranking, read_ranking
from rag.signs import NAMES, Features


def candidate(**values: float) -> Features:
    """Features that are 0 but for those given."""
    return Features(**{**dict.fromkeys(NAMES, 0.0), **values})


def row(**values: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Weights that are 0 but for those given."""
    return np.array([values.get(name, 0.0) for name in NAMES])


def test_scores_are_sums_of_products_of_the_kinds_own_row() -> None:
    ranking = Ranking(row(pairs=2.0, rank=1.0), {"date": row(year=3.0)})
    candidates = [candidate(pairs=0.5, year=1.0), candidate(rank=1.0)]
    assert ranking.scores(candidates, "person").tolist() == [1.0, 1.0]
    assert ranking.scores(candidates, "date").tolist() == [3.0, 0.0]
    assert ranking.scores([], "date").tolist() == []


def test_the_shipped_weights_are_for_these_features() -> None:
    ranking = read_ranking()
    assert ranking.any_kind.shape == (len(NAMES),)
    assert all(weights.shape == (len(NAMES),) for weights in ranking.by_kind.values())
    assert np.isfinite(ranking.any_kind).all()


def test_weights_for_other_features_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rank.json"
    path.write_text(json.dumps({"features": ["pairs", "moon"], "any": [1, 2], "kinds": {}}))
    with pytest.raises(ValueError, match="moon"):
        read_ranking(path)
