"""Here are two runs of the same questions; tell me which is better, or that you cannot tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.errors import BadResult
from eval.interval import Interval, bootstrap_mean
from eval.results import Result, ResultRow

# The measures `compare` looks at; for all but these, more is better.
TRACKED = (
    "good", "right", "refused", "false_refusal", "wrong_place", "wrong_year", "wrong_figure",
    "citation_valid", "citation_precision", "citation_recall", "first_quote", "f1",
    "recall@5", "recall@10", "mrr@10", "ndcg@10", "answer@1", "answer@5",
)  # fmt: skip
# The split that is set aside: counted everywhere, shown only on request.
HIDDEN = "test"
LESS_IS_BETTER = {"false_refusal", "wrong_place", "wrong_year", "wrong_figure", "length"}


@dataclass(frozen=True, slots=True)
class Change:
    """A question that changed sides: `before` and `after` are its `good` in the two runs."""

    id: str
    kind: str
    question: str
    before: float
    after: float
    answer_before: str
    answer_after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure in two runs: the mean difference with its interval, and what it says."""

    measure: str
    before: float
    after: float
    difference: Interval
    verdict: str


def compare(before: Result, after: Result) -> list[Comparison]:
    """One comparison for each tracked measure that both runs have.

    Paired bootstrap over questions, whole articles drawn together (Koehn, EMNLP 2004, for the
    pairing). "better" or "worse" where the 95 % interval of the difference leaves out 0, else
    "cannot tell"; "same" where no question differs. Raises BadResult where the runs share no
    question or were made from different data.
    """
    pairs = _pairs(before, after)
    found = []
    for measure in TRACKED:
        both = [(a, b) for a, b in pairs if measure in a.measures and measure in b.measures]
        if both:
            found.append(_compared(measure, both))
    return found


def changes(before: Result, after: Result, *, show_test: bool = False) -> list[Change]:
    """The questions whose `good` differs, worse ones first.

    Questions set aside for testing are left out unless `show_test`: who tunes must not see them.
    """
    found = [
        Change(
            a.id, a.kind, a.question, a.measures.get("good", 0.0), b.measures.get("good", 0.0),
            a.answer, b.answer,
        )
        for a, b in _pairs(before, after)
        if a.measures.get("good", 0.0) != b.measures.get("good", 0.0)
        and (show_test or a.split != HIDDEN)
    ]  # fmt: skip
    return sorted(found, key=lambda change: (change.after - change.before, change.id))


def _compared(measure: str, pairs: Sequence[tuple[ResultRow, ResultRow]]) -> Comparison:
    old = [a.measures[measure] for a, _ in pairs]
    new = [b.measures[measure] for _, b in pairs]
    differences = [y - x for x, y in zip(old, new, strict=True)]
    interval = bootstrap_mean(differences, [a.cluster for a, _ in pairs])
    count = len(pairs)
    return Comparison(
        measure, sum(old) / count, sum(new) / count, interval, _verdict(measure, interval)
    )


def _verdict(measure: str, difference: Interval) -> str:
    """What the interval of a difference says; less is better for some measures."""
    if difference.low == difference.high == 0.0:
        return "same"
    sign = -1 if measure in LESS_IS_BETTER else 1
    low, high = sorted((sign * difference.low, sign * difference.high))
    if low > 0:
        return "better"
    return "worse" if high < 0 else "cannot tell"


def _pairs(before: Result, after: Result) -> list[tuple[ResultRow, ResultRow]]:
    """Rows of the same question in both runs, in the order of the first."""
    if before.provenance.data_sha256 != after.provenance.data_sha256:
        raise BadResult(
            f"the runs are on different data ({before.provenance.data_sha256[:12]} and "
            f"{after.provenance.data_sha256[:12]}); run both again on the same"
        )
    later = {row.id: row for row in after.rows}
    pairs = [(row, later[row.id]) for row in before.rows if row.id in later]
    if not pairs:
        raise BadResult("the runs share no question")
    return pairs


def as_markdown(comparisons: Sequence[Comparison], changed: Sequence[Change]) -> str:
    """The comparison for a pull request."""
    lines = ["| measure | before | after | difference (95 %) | verdict |", "|---|---|---|---|---|"]
    for c in comparisons:
        d = c.difference
        lines.append(
            f"| {c.measure} | {c.before:.3f} | {c.after:.3f} | "
            f"{d.mean:+.3f} [{d.low:+.3f}, {d.high:+.3f}] | {c.verdict} |"
        )
    lines.append("")
    lines.append(f"{len(changed)} questions changed sides." if changed else "No question changed.")
    for change in changed:
        side = "now right" if change.after > change.before else "now wrong"
        lines.append(
            f"- {side}: `{change.id}` {change.question} — before: {_line(change.answer_before)}; "
            f"after: {_line(change.answer_after)}"
        )
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())[:120] or "(nothing)"
