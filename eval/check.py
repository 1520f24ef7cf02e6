"""Here is the question set and its articles; tell me which gold is wrong or ambiguous."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.evaluate import seed_text
from eval.question import Gold, Question
from eval.text import fold, holds
from index.quantity import quantities


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to look at in one question; `certain` faults are wrong, the others ambiguous."""

    id: str
    certain: bool
    message: str


SourceText = Callable[[Gold], str | None]


def check(questions: Sequence[Question], source_of: SourceText) -> list[Fault]:
    """Every fault of every question, in order; `source_of` gives an article's decoded source.

    Questions whose article is not to be had (news that are not on this machine) are only checked
    for what can be seen without it.
    """
    faults = [Fault(*fault) for question in questions for fault in _faults(question, source_of)]
    # subtle: not folded; the same words in Traditional script are another question
    asked = Counter((q.text.strip(), *q.history) for q in questions)
    faults += [
        Fault(q.id, True, "the same question is asked twice")
        for q in questions
        if asked[(q.text.strip(), *q.history)] > 1
    ]
    return faults


def _faults(question: Question, source_of: SourceText) -> list[tuple[str, bool, str]]:
    found: list[tuple[bool, str]] = []
    spans: list[str] = []
    for gold in question.gold:
        source = source_of(gold)
        if source is None or gold.source_start is None or gold.source_end is None:
            continue
        if not 0 <= gold.source_start < gold.source_end <= len(source):
            found.append((True, f"gold span {gold.source_start}:{gold.source_end} leaves the file"))
            continue
        spans.append(source[gold.source_start : gold.source_end])
    said = " ".join(spans)
    if spans and question.answerable:
        found += _answer_faults(question, said)
    found += [
        (True, f"{figure!r} is forbidden and is the answer")
        for figure in question.forbidden
        if any(holds(answer, figure) for answer in question.answers)
    ]
    if question.followup_without_history:
        found.append((True, "a follow-up without an earlier question"))
    return [(question.id, certain, message) for certain, message in found]


def _answer_faults(question: Question, said: str) -> list[tuple[bool, str]]:
    """Answers that the gold sentences do not hold, and values that no printed figure has."""
    found: list[tuple[bool, str]] = []
    expected = (
        [cell.text for cell in question.cells]
        if question.cells
        else question.items or question.answers
    )
    for answer in expected:
        if not holds(said, answer):
            found.append((True, f"the gold span does not hold {answer!r}"))
    if question.value is not None:
        values = {(q.value, q.unit) for a in question.answers for q in quantities(fold(a))}
        if (question.value, question.unit) not in values:
            found.append(
                (True, f"{question.value} {question.unit} is not what is printed: {values}")
            )
        same = [q.text for q in quantities(fold(said)) if q.unit == question.unit]
        if len(set(same)) > 3:
            found.append(
                (False, f"the gold span holds {len(set(same))} figures in {question.unit}")
            )
    return found


def seed_source(gold: Gold) -> str | None:
    """The decoded source of a seed article; None for an article of another corpus."""
    return seed_text(gold.source) if gold.source else None
