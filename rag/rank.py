"""Here are the features of candidates; tell me how well each answers, by weights that were learned.

`rank.json` has a row of weights for all questions and one more for each kind of question (a
person, a date, a list …). `python -m eval.train_rank` writes it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.signs import NAMES, Features, values_of

WEIGHTS = Path(__file__).with_name("rank.json")


@dataclass(frozen=True, slots=True)
class Ranking:
    """Linear weights over features, one row for each kind of question and one for any other."""

    any_kind: NDArray[np.float64]
    by_kind: Mapping[str, NDArray[np.float64]]

    def scores(self, candidates: Sequence[Features], kind: str) -> NDArray[np.float64]:
        """The score of each candidate for a question of a kind; only differences mean anything."""
        if not candidates:
            return np.zeros(0)
        weights = self.by_kind.get(kind, self.any_kind)
        return np.array([values_of(features) for features in candidates]) @ weights


def read_ranking(path: Path = WEIGHTS) -> Ranking:
    """The ranking in a file; ValueError, naming what is missing, where it is for other features."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if tuple(found["features"]) != NAMES:
        odd = sorted(set(found["features"]) ^ set(NAMES))
        raise ValueError(
            f"{path}: is for other features ({', '.join(odd) or 'another order'}); train it again "
            "with python -m eval.train_rank"
        )
    return Ranking(
        np.array(found["any"]), {kind: np.array(row) for kind, row in found["kinds"].items()}
    )
