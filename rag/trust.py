"""Here is the evidence that would answer a question; tell me how likely it is that it does.

`trust.json` has weights learned from questions whose article was there and from questions whose
article was left out. `python -m eval.train_trust` writes it.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.sentences import clause_at
from rag.evidence import Evidence
from rag.query import Query
from rag.signs import NAMES, values_of
from rag.wording import holds

WEIGHTS = Path(__file__).with_name("trust.json")
# What speaks for an answer beside the features of its sentence and span.
OWN = (
    "score", "ahead", "context", "coverage", "rarest", "second", "rarest_own", "second_own",
    "missing", "in_focus", "in_clause", "verb", "unit", "nearest", "deed", "when_not", "who_not",
    "many_not", "list_not", "words_asked", "quantity", "listed", "plain", "english",
)  # fmt: skip
SIGNS = (*NAMES, *OWN)
ASKING = re.compile(
    r"什么时[候间]|什么地[方点]|什么|哪一?[个家位天年日月里儿些种]?|谁|多少|几[个家名位人次月号]?|多[久长大高]|为何|何[时地人]|怎[么样]*"
)
_MANY = ("money", "count", "ratio", "duration", "ordinal")
# A score ahead of the next article's by so much is as good as any more.
FAR_AHEAD = 10.0


@dataclass(frozen=True, slots=True)
class Trust:
    """Weights over `SIGNS`, and what is added to their sum, before the logistic function."""

    weights: NDArray[np.float64]
    bias: float

    def of(self, signs: Sequence[float]) -> float:
        """The probability in [0, 1] that evidence with these signs answers."""
        x = float(np.dot(self.weights, np.asarray(signs, dtype=np.float64))) + self.bias
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, x))))


def signs_of(
    evidence: Evidence, rest: Sequence[Evidence], query: Query, weights: Mapping[str, float]
) -> tuple[float, ...]:
    """What speaks for one piece of evidence, in the order of `SIGNS`.

    `rest` is all evidence for the same question; `weights` are those of the question's words.
    `rarest` and `second` say how much of the two weightiest words stands in the sentence or what
    leads up to it, those with `_own` in the sentence itself; `missing` is the greatest weight that
    stands nowhere there. `in_focus` and `in_clause` are about the words beside those that ask, in
    the sentence and in the clause of the span; `verb` and `unit` say that it has the very verb and
    the measure word asked for, `nearest` how much of the word next to those that ask
    (什么时候|通车) the sentence has. What is not asked for counts as there. `deed` marks a figure
    of something done where the question names no deed; those with `_not` say of one kind of
    question how much of `nearest` is lacking.
    """
    around = f"{evidence.sentence.topic}\n{evidence.sentence.around}".lower()
    own = evidence.sentence.text.lower()
    words = sorted(query.words, key=lambda w: (-weights[w.text] / w.focus, w.text))
    held = [(weights[w.text] / w.focus, holds(w, around), holds(w, own)) for w in words]
    there = [*(h for _, h, _ in held[:2]), 1.0, 1.0]
    there_own = [*(h for _, _, h in held[:2]), 1.0, 1.0]
    article = evidence.sentence.document.document_id
    others = [e.score for e in rest if not e.closed and e.sentence.document.document_id != article]
    ahead = evidence.score - max(others) if others else FAR_AHEAD
    asked = query.ask
    return (
        *values_of(evidence.features),
        evidence.score,
        max(-FAR_AHEAD, min(FAR_AHEAD, ahead)),
        evidence.context,
        evidence.coverage,
        *there[:2],
        *there_own[:2],
        max((weight * (1 - h) for weight, h, _ in held), default=0.0),
        *_asked_after(evidence, query),
        float(len(words)),
        float(asked.wants_quantity),
        float(asked.kind == "list"),
        float(asked.kind in {"fact", "definition", "reason"}),
        float(query.language == "en"),
    )


def _asked_after(evidence: Evidence, query: Query) -> tuple[float, ...]:
    """How much of what the question asks after there is: the signs from in_focus to list_not."""
    text, span = evidence.sentence.text.lower(), evidence.span
    start, end = clause_at(text, span.start) if span is not None else (0, len(text))
    focus = [word for word in query.words if word.focus > 1]
    figure = span.quantity if span is not None else None
    nearest = _nearest(text, query)
    kinds = (("date",), ("person", "place", "organisation"), _MANY, ("list",))
    return (
        min((holds(word, text) for word in focus), default=1.0),
        min((holds(word, text[start:end]) for word in focus), default=1.0),
        float(not query.verbs or any(verb in text for verb in query.verbs)),
        float(not query.ask.unit or (figure is not None and figure.unit == query.ask.unit)),
        nearest,
        float(figure is not None and bool(span and span.act) and not query.acts),
        *((1.0 - nearest) * (query.ask.kind in kind) for kind in kinds),
    )


def _nearest(text: str, query: Query) -> float:
    """How much of the question's word next to the words that ask a text has; 1 without one."""
    asking = ASKING.search(query.text)
    if asking is None:
        return 1.0
    apart = [
        (max(at - asking.end(), asking.start() - at - len(word.text)), word)
        for word in query.words
        if (at := query.text.find(word.text)) >= 0
    ]
    return holds(min(apart, key=lambda pair: pair[0])[1], text) if apart else 1.0


def read_trust(path: Path = WEIGHTS) -> Trust:
    """The weights in a file; ValueError, naming what is missing, where it is for other signs."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if tuple(found["signs"]) != SIGNS:
        odd = sorted(set(found["signs"]) ^ set(SIGNS))
        raise ValueError(
            f"{path}: is for other signs ({', '.join(odd) or 'another order'}); train it again "
            "with python -m eval.train_trust"
        )
    return Trust(np.array(found["weights"], dtype=np.float64), float(found["bias"]))
