"""Here are tuning questions; give me the weights that tell an answer from a sentence that is none.

`python -m eval.train_trust` asks DRCD's and CMRC's tuning questions and the project's own over an
index of their articles and a sample of the news. For every second question its article is left
out, so that nothing there can answer. A logistic regression over `rag.trust`'s signs of what would
be answered (Newton's method, an L2 penalty, no chance in it).
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from eval.corpus import CACHE, open_corpus
from eval.dataset import DATA_ROOT, entries, find_entry, open_dataset
from eval.question import Question
from eval.rank_groups import cluster_of, holds_answer, of_gold, says_any
from eval.train_rank import SETS, corpus_of
from index.errors import IndexingError
from index.index import Snapshot
from rag.ask import candidate, look
from rag.conversation import Conversation, Turn
from rag.evidence import Evidence
from rag.trust import SIGNS, WEIGHTS, Trust, signs_of

FOLDS = 5
PENALTY = 3.0
STEPS = 30
# What is there to answer from: all, other articles, or the article without its answer.
WHOLE, OTHERS, REST = "whole", "others", "rest"
# What a case without its answer weighs (of the project's own questions, of general ones): there
# are three of them for each case with it, and some other sentence may say the same.
SHARE = (0.4, 0.15)
# The working points that are shown.
POINTS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


@dataclass(frozen=True, slots=True)
class Case:
    """What would be answered to one question: its signs (None: nothing), whether it is right, and
    whether the articles have the answer at all.
    """

    data: str
    cluster: str
    signs: tuple[float, ...] | None
    right: bool
    answerable: bool
    weight: float


def cases_of(
    data: str, questions: Sequence[Question], snapshot: Snapshot, weight: float
) -> Iterator[Case]:
    """Cases for each question about one thing: with its article, without it, and without the
    sentences in it that hold the answer.

    Of the many general questions every second is asked without its article instead of with it, by
    the hash of its id.
    """
    for question in questions:
        conversation = Conversation()
        for earlier in question.history:
            answer = look(earlier, snapshot, conversation=conversation).answer
            conversation = conversation.add(Turn(earlier, answer.standalone_question, answer.text))
        try:
            found = look(question.text, snapshot, conversation=conversation)
        except (IndexingError, TypeError):
            continue
        if len(found.evidence) != 1:
            continue
        inquiry, every = found.inquiries[0], found.evidence[0]
        second = hashlib.sha256(question.id.encode()).digest()[0] % 2 == 0
        for left in (WHOLE, OTHERS, REST):
            if question.split == "all" and left != REST and (left == OTHERS) != second:
                continue
            if left != WHOLE and (not question.gold or not question.answerable):
                continue
            evidence = [e for e in every if left == WHOLE or not _left_out(question, e, left)]
            best = candidate(inquiry.query, evidence)
            answerable = question.answerable and left == WHOLE
            yield Case(
                f"{data} {left}" if left == REST else data,
                cluster_of(question),
                signs_of(best, evidence, inquiry.query, inquiry.weights) if best else None,
                bool(answerable and best and holds_answer(question, best)),
                answerable,
                weight * (SHARE[question.split == "all"] if left == REST else 1.0),
            )


def _left_out(question: Question, evidence: Evidence, left: str) -> bool:
    """Whether evidence goes with the article (OTHERS), or with the sentences that answer (REST)."""
    of_it = of_gold(question.gold, evidence)
    return of_it and (left == OTHERS or says_any(question, evidence))


def fit(cases: Sequence[Case]) -> Trust:
    """The weights learned from cases; the same cases always give the same."""
    rows = np.array([case.signs for case in cases if case.signs], dtype=np.float64)
    right = np.array([float(case.right) for case in cases if case.signs])
    weight = np.array([case.weight for case in cases if case.signs])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.c_[(rows - mean) / spread, np.ones(len(rows))]
    penalty = PENALTY * np.r_[np.ones(len(SIGNS)), 0.0]
    learned = np.zeros(len(SIGNS) + 1)
    for _ in range(STEPS):
        given = 1.0 / (1.0 + np.exp(-np.clip(scaled @ learned, -50, 50)))
        slope = scaled.T @ (weight * (given - right)) + penalty * learned
        bend = (scaled.T * (weight * given * (1 - given))) @ scaled + np.diag(penalty + 1e-9)
        learned -= np.linalg.solve(bend, slope)
    plain = learned[:-1] / spread
    return Trust(plain, float(learned[-1] - plain @ mean))


def held_out(cases: Sequence[Case]) -> NDArray[np.float64]:
    """The probability of each case by weights that never saw its article; 0 without evidence."""
    folds = [hashlib.sha256(case.cluster.encode()).digest()[0] % FOLDS for case in cases]
    found = np.zeros(len(cases))
    for fold in range(FOLDS):
        trust = fit([c for c, other in zip(cases, folds, strict=True) if other != fold])
        for at, case in enumerate(cases):
            if folds[at] == fold and case.signs:
                found[at] = trust.of(case.signs)
    return found


def trade_off(cases: Sequence[Case], given: NDArray[np.float64]) -> Iterator[str]:
    """A line for each data set and working point: answered, right, and answered without cause."""
    for data in dict.fromkeys(case.data for case in cases):
        own = [(c, p) for c, p in zip(cases, given.tolist(), strict=True) if c.data == data]
        good = [(c, p) for c, p in own if c.answerable]
        none = [p for c, p in own if not c.answerable]
        yield f"{data}: {len(good)} answerable, {len(none)} not"
        for point in POINTS:
            answered = sum(p >= point for _, p in good) / max(1, len(good))
            right = sum(p >= point and c.right for c, p in good) / max(1, len(good))
            wrong = sum(p >= point for p in none) / max(1, len(none))
            yield (
                f"  from {point:.2f}: answerable answered {answered:.3f} (rightly {right:.3f}), "
                f"unanswerable answered {wrong:.3f}"
            )


def write_trust(trust: Trust, learned_from: Sequence[str], path: Path) -> None:
    """Nothing; the file has the signs, their weights (five digits) and the hashes of the data."""
    found = {
        "signs": list(SIGNS),
        "learned_from": list(learned_from),
        "weights": [float(f"{value:.5g}") for value in trust.weights],
        "bias": float(f"{trust.bias:.5g}"),
    }
    lines = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in found.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def train(
    data_root: Annotated[Path, typer.Option(help="Folder with news/ and train/.")] = DATA_ROOT,
    news: Annotated[int, typer.Option(help="News articles indexed beside.")] = 6_000,
    out: Annotated[Path, typer.Option(help="The file of weights to write.")] = WEIGHTS,
    cache: Annotated[Path, typer.Option(help="Where the index is kept.")] = CACHE,
) -> None:
    """Learn when to answer, and say what it costs on articles held out."""
    known = entries(data_root)
    sets = [
        (open_dataset(find_entry(name, known), use="tune", split=split), weight)
        for name, split, weight in SETS
    ]
    hashes = [f"{dataset.name} sha256 {dataset.sha256}" for dataset, _ in sets]
    with open_corpus(corpus_of([one for one, _ in sets], data_root, news), cache=cache) as index:
        cases = [
            case
            for dataset, weight in sets
            for case in cases_of(dataset.name, dataset.questions, index.snapshot(), weight)
        ]
    for line in trade_off(cases, held_out(cases)):
        typer.echo(line)
    write_trust(fit(cases), hashes, out)
    typer.echo(f"wrote {out}")


if __name__ == "__main__":
    typer.run(train)
