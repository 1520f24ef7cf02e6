"""A probability is a logistic sum; what is asked after and not said makes it less."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from rag.ask import look
from rag.trust import SIGNS, Trust, read_trust, signs_of
from tests.rag.conftest import Made


def test_a_probability_is_the_logistic_of_a_sum() -> None:
    weights = np.zeros(len(SIGNS))
    weights[0], weights[3] = 2.0, -1.0
    signs = np.zeros(len(SIGNS))
    signs[0], signs[3] = 0.5, 3.0
    trust = Trust(weights, 1.0)
    assert trust.of(signs.tolist()) == pytest.approx(1 / (1 + math.exp(1.0)))
    assert Trust(1e6 * weights, 0.0).of(signs.tolist()) == pytest.approx(0.0, abs=1e-9)


def test_weights_for_other_signs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    path.write_text(json.dumps({"signs": [*SIGNS[1:], "moon"], "weights": [], "bias": 0}))
    with pytest.raises(ValueError, match="moon"):
        read_trust(path)


def test_signs_say_what_of_the_question_is_there(made: Made) -> None:
    text = (
        "铜陵市工会竭诚服务职工\n\n2019-03-05 来源:铜陵日报\n\n"
        "铜陵市总工会建成职工书屋140个,慰问环卫工人300名。\n"
    )
    snapshot = made([("a.txt", text)])

    def signs(question: str) -> dict[str, float]:
        found = look(question, snapshot)
        best, inquiry = found.evidence[0][0], found.inquiries[0]
        values = signs_of(best, found.evidence[0], inquiry.query, inquiry.weights)
        return dict(zip(SIGNS, values, strict=True))

    said = signs("铜陵建成多少个职工书屋")
    assert (said["missing"], said["rarest"], said["nearest"], said["verb"]) == (0.0, 1.0, 1.0, 1.0)
    unsaid = signs("铜陵在暑假建成多少个职工书屋")
    assert unsaid["missing"] > 0
    assert signs("铜陵有多少名环卫工人")["deed"] == 1.0
    assert signs("铜陵慰问了多少名环卫工人")["deed"] == 0.0
