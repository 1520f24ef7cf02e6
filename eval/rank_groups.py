"""Here are questions and an index; give me the candidates of each, those that answer marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.question import Gold, Question
from eval.text import holds, letters
from index.index import Snapshot
from rag.ask import look
from rag.conversation import Conversation, Turn
from rag.evidence import Evidence
from rag.signs import values_of

# Share of a long answer that one sentence must have in one piece to be the right one.
MOST_OF_IT = 0.5


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates of one question.

    `features` has shape (candidates, features), `right` marks those to come first, `holding` those
    whose sentence has the answer; `cluster` is the article, which training and testing never share.
    """

    data: str
    kind: str
    cluster: str
    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    holding: NDArray[np.bool_]
    weight: float = 1.0


def groups_of(
    data: str, questions: Sequence[Question], snapshot: Snapshot, weight: float = 1.0
) -> Iterator[Group]:
    """A group for each question with one right candidate at least, in order.

    Of the project's own questions only what all gates let through is a candidate; in general
    questions gates are for another day, and everything is. Questions on several places are left
    out: each of their cells is another question.
    """
    for question in questions:
        conversation = Conversation()
        for earlier in question.history:
            answer = look(earlier, snapshot, conversation=conversation).answer
            conversation = conversation.add(Turn(earlier, answer.standalone_question, answer.text))
        found = look(question.text, snapshot, conversation=conversation)
        if len(found.evidence) != 1 or not question.answerable:
            continue
        gated = question.split != "all"
        evidence = [e for e in found.evidence[0] if not (gated and e.closed)]
        right = _right(question, evidence)
        if any(right):
            yield Group(
                data,
                found.inquiries[0].query.ask.kind,
                cluster_of(question),
                np.array([values_of(e.features) for e in evidence], dtype=np.float32),
                np.array(right),
                np.array([holds_answer(question, e) for e in evidence]),
                weight,
            )


def cluster_of(question: Question) -> str:
    """The article a question is about."""
    return next((g.source or g.document_id or "" for g in question.gold), question.id)


def _right(question: Question, evidence: Sequence[Evidence]) -> list[bool]:
    """Which candidates are right: the answer's sentence in a gold article, and its span there.

    Where no span of these sentences is the answer, each is right; where no sentence holds a long
    answer whole, that with most of it is.
    """
    gold = [of_gold(question.gold, e) for e in evidence]
    sentences = [own and holds_answer(question, e) for own, e in zip(gold, evidence, strict=True)]
    if not any(sentences):
        wanted = letters(question.answers[0])
        shared = [
            _longest_common(wanted, letters(e.sentence.text)) if own else 0
            for own, e in zip(gold, evidence, strict=True)
        ]
        most = max(shared, default=0)
        enough = most >= max(2, MOST_OF_IT * len(wanted))
        return [enough and size == most for size in shared]
    spans = [held and _is_answer(question, e) for held, e in zip(sentences, evidence, strict=True)]
    return spans if any(spans) else sentences


def holds_answer(question: Question, evidence: Evidence) -> bool:
    """Whether a candidate's sentence holds an accepted answer (all, where all are needed)."""
    text = evidence.sentence.text
    forms = (*question.answers, *question.accept_answers)
    if question.match == "all":
        return all(holds(text, form) for form in question.answers)
    return any(holds(text, form) for form in forms)


def says_any(question: Question, evidence: Evidence) -> bool:
    """Whether a candidate's sentence holds an accepted answer, or one of those all needed."""
    forms = (*question.answers, *question.accept_answers)
    return any(holds(evidence.sentence.text, form) for form in forms)


def _is_answer(question: Question, evidence: Evidence) -> bool:
    """Whether a candidate's span is the answer, or lies in it, or has it."""
    if evidence.span is None:
        return False
    said = letters(evidence.span.text)
    forms = [letters(form) for form in (*question.answers, *question.accept_answers)]
    return any(said and (said in form or form in said) for form in forms)


def of_gold(golds: Sequence[Gold], evidence: Evidence) -> bool:
    """Whether a candidate is of a gold article."""
    document = evidence.sentence.document
    return any(
        gold.source == document.source if gold.source else gold.document_id == document.document_id
        for gold in golds
    )


def _longest_common(one: str, other: str) -> int:
    """The length of the longest stretch that two texts share."""
    best = 0
    before = [0] * (len(other) + 1)
    for character in one:
        row = [0] * (len(other) + 1)
        for at, against in enumerate(other, 1):
            if character == against:
                row[at] = before[at - 1] + 1
                best = max(best, row[at])
        before = row
    return best
