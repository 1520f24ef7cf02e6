"""Show me how an encoder ranks by itself, by hand on three passages."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.alone import Ranking, alone, as_markdown, speed, windows


class Letters:
    """An encoder whose rows are the shares of a, b and c in a text."""

    name = "letters"
    dimension = 3
    fingerprint = "1"

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As passages."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows of the counts of a, b and c."""
        rows = np.array([[text.count(one) for one in "abc"] for text in texts], dtype=np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(lengths, 1), dtype=np.float32)


def test_windows_begin_at_every_sentence_and_hold_as_many_as_fit() -> None:
    one, two, three = "一" * 30 + "。", "二" * 30 + "。", "三" * 90 + "。"
    assert windows(one + two + three) == [one + two, two, three]
    assert windows("") == [""]


def test_the_best_window_finds_what_the_whole_passage_hides() -> None:
    passages = ["a" * 79 + "。" + "b" * 79 + "。", "aab", "c"]
    found = alone(Letters(), Ranking("made", ["b", "c"], passages, [0, 2]))
    assert found.whole.mean == 1.0
    hidden = Ranking("made", ["b"], ["a" * 79 + "。" + "b" * 30 + "。", "aab"], [0])
    one = alone(Letters(), hidden)
    assert (one.whole.mean, one.windows.mean) == (0.5, 1.0)
    table = as_markdown([one])
    assert table.splitlines()[2].startswith("| made (1 / 2) | 0.500 [")


def test_a_passage_that_scores_the_same_comes_before_the_gold_one() -> None:
    found = alone(Letters(), Ranking("made", ["a"], ["a", "aa"], [0]))
    assert found.whole.mean == 0.5


def test_speed_says_what_was_timed() -> None:
    assert speed(Letters, ["abc"]).startswith("letters, 3 dimensions: opens in ")
    assert "passages of 3 characters" in speed(Letters, ["abc"])
    assert pytest.approx(1.0) == np.linalg.norm(Letters().encode_queries(["abc"])[0])
