"""What tells an answer is learned, on articles not seen, and the same cases give the same."""

from pathlib import Path

import numpy as np

from eval.train_trust import Case, fit, held_out, trade_off, write_trust
from rag.trust import SIGNS, read_trust


def case(number: int, *, answerable: bool | None = None) -> Case:
    """Chance signs; right where the first of them is high."""
    signs = np.random.default_rng(number).random(len(SIGNS))
    right = bool(signs[0] > 0.5)
    there = right if answerable is None else answerable
    return Case("made", f"article {number}", tuple(signs.tolist()), right and there, there, 1.0)


def test_what_tells_is_learned_and_holds_on_other_articles() -> None:
    cases = [case(number) for number in range(300)]
    given = held_out(cases)
    right = [(p > 0.5) == c.right for c, p in zip(cases, given.tolist(), strict=True)]
    assert sum(right) / len(right) > 0.8  # by chance: a half
    trust = fit(cases)
    assert int(np.argmax(np.abs(trust.weights))) == 0
    assert np.array_equal(trust.weights, fit(cases).weights)


def test_a_case_without_evidence_is_never_answered() -> None:
    cases = [*(case(n) for n in range(60)), Case("made", "x", None, False, True, 1.0)]
    assert held_out(cases)[-1] == 0.0


def test_the_trade_off_counts_what_is_answered_from_each_point() -> None:
    cases = [case(1, answerable=True), case(2, answerable=False)]
    lines = list(trade_off(cases, np.array([0.32, 0.12])))
    assert lines[0] == "made: 1 answerable, 1 not"
    at = {line.split(":")[0].strip(): line for line in lines[1:]}
    assert "answerable answered 1.000" in at["from 0.30"]
    assert "unanswerable answered 0.000" in at["from 0.30"]
    assert "unanswerable answered 1.000" in at["from 0.10"]


def test_weights_are_read_back(tmp_path: Path) -> None:
    trust = fit([case(number) for number in range(60)])
    write_trust(trust, ["made"], tmp_path / "trust.json")
    again = read_trust(tmp_path / "trust.json")
    assert np.allclose(again.weights, trust.weights, rtol=1e-4)
