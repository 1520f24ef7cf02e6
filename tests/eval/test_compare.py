"""Two runs compare question by question, and say no more than the interval allows."""

from dataclasses import replace

import pytest

from eval.compare import as_markdown, changes, compare
from eval.errors import BadResult
from tests.eval.made import result, row


def _run(goods: list[float], **more: str) -> object:
    return result([row(f"q{i}", good, cluster=str(i)) for i, good in enumerate(goods)], **more)


def _verdict(before: list[float], after: list[float]) -> str:
    (found,) = compare(_run(before), _run(after))  # type: ignore[arg-type]
    return found.verdict


def test_verdicts() -> None:
    assert _verdict([0.0] * 30, [1.0] * 30) == "better"
    assert _verdict([1.0] * 30, [0.0] * 15 + [1.0] * 15) == "worse"
    assert _verdict([0.0, 1.0] * 15, [0.0, 1.0] * 15) == "same"
    assert _verdict([0.0] * 30, [1.0] + [0.0] * 29) == "cannot tell"
    assert _verdict([0.0, 1.0] * 15, [1.0, 0.0] * 15) == "cannot tell"


def test_less_is_better_for_wrong_figures() -> None:
    def rows(wrong: float) -> object:
        return result(
            [row(f"q{i}", 1.0, str(i), measures={"wrong_place": wrong}) for i in range(20)]
        )

    (found,) = compare(rows(0.0), rows(1.0))  # type: ignore[arg-type]
    assert (found.measure, found.difference.mean, found.verdict) == ("wrong_place", 1.0, "worse")


def test_the_difference_is_paired() -> None:
    before = result([row("a", 0.0, "1"), row("b", 1.0, "2"), row("gone", 1.0, "3")])
    after = result([row("b", 1.0, "2"), row("a", 1.0, "1"), row("new", 0.0, "4")])
    (found,) = compare(before, after)
    assert (found.before, found.after, found.difference.count) == (0.5, 1.0, 2)
    assert [change.id for change in changes(before, after)] == ["a"]


def test_questions_set_aside_change_sides_unseen() -> None:
    before, after = row("a", 0.0, split="test"), row("a", 1.0, split="test")
    assert changes(result([before]), result([after])) == []
    assert len(changes(result([before]), result([after]), show_test=True)) == 1


def test_other_data_or_other_questions_are_refused() -> None:
    with pytest.raises(BadResult, match="different data"):
        compare(result([row("a", 1.0)]), result([row("a", 1.0)], data="e" * 64))
    with pytest.raises(BadResult, match="no question"):
        compare(result([row("a", 1.0)]), result([row("b", 1.0)]))


def test_markdown_names_what_changed() -> None:
    before, after = result([row("a", 0.0)]), result([replace(row("a", 1.0), answer="对\n了")])
    text = as_markdown(compare(before, after), changes(before, after))
    assert "| good | 0.000 | 1.000 |" in text
    assert "now right: `a`" in text
    assert "对 了" in text
