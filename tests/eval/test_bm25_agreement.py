"""What makes a ranking differ from rank_bm25's is a documented difference, or it is a fault."""

import numpy as np
import pytest

from eval.bm25_agreement import REFERENCES, UNEXPLAINED, Agreement, agreement, explained

SAME = Agreement(top1=True, top10=1.0)
OTHER = Agreement(top1=False, top10=1.0)
PART = Agreement(top1=True, top10=0.9)
NAMES = [name for name, _, _ in REFERENCES]


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ((SAME, OTHER, OTHER, OTHER), None),
        ((OTHER, SAME, OTHER, SAME), "rounding of lengths"),
        ((PART, OTHER, SAME, SAME), "treatment of very common terms"),
        ((PART, PART, OTHER, SAME), "treatment of very common terms, and rounding of lengths"),
        ((PART, PART, OTHER, PART), UNEXPLAINED),
    ],
)
def test_the_fewest_differences_that_explain_are_named(
    found: tuple[Agreement, ...], why: str | None
) -> None:
    assert explained(dict(zip(NAMES, found, strict=True))) == why


def test_agreement_by_hand() -> None:
    reference = np.array([3.0, 2.0, 2.0, 0.0])
    assert agreement([(0, 9.0), (1, 8.0), (2, 7.0)], reference) == SAME
    # a tie: either of the two is second
    assert agreement([(0, 9.0), (2, 8.0), (1, 7.0)], reference) == SAME
    assert agreement([(1, 9.0), (0, 8.0), (3, 7.0)], reference) == Agreement(False, 2 / 3)
    assert agreement([], np.zeros(4)) == SAME
    assert agreement([(0, 1.0)], np.zeros(4)) == Agreement(False, 0.0)
