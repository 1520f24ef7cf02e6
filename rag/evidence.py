"""Here are sentences and a query; give me the spans that may answer it, best first, and what the
gates kept out.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.modality import Plan, plan_of
from index.sentences import Sentence
from index.where import region_of
from rag.admit import Inquiry, closing_gate, where_of
from rag.owned import Asked, asked_of
from rag.rank import Ranking, read_ranking
from rag.signs import Features, context_of
from rag.spans import Span, spans_of
from rag.wording import Word, holds, share

# Which span of a sentence is meant: what nearness and form of a span count against each other, and
# between figures the log-odds of what they own of the question.
NEAR_WEIGHT = 1.2
SPAN_WEIGHT = 0.6
OWNED_WEIGHT = 0.3
# What a list of just as many items as asked for (哪五家) adds to the score of its sentence: too few
# questions say how many to learn it from.
AS_MANY = 2.5
# Characters over which the pull of a word on a figure falls to a half.
NEAR_HALF = 12.0
# What is left of that pull where another figure stands between.
BEHIND_ANOTHER = 0.6
# Sentences whose spans are looked at, the best by what they say as a whole: each costs a quarter of
# a millisecond, and looking at all of them made 2 of the gate's 607 answers other, none better.
LOOKED_AT = 24
# A word that occurs nowhere in the index weighs this much of the heaviest word there could be.
UNSEEN = 0.5
_DIGIT = re.compile(r"\d")
_RANKING = read_ranking()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that may answer, the sentence it stands in, and how well it fits.

    `closed` names the gate that kept it out ("" where all are open): other, narrower, wider,
    unknown (place), year, running, yearly (time), programme, predicate, plan. `coverage` is the
    share of the question's words (by weight) in the sentence, `context` the share in it, its lead,
    heading and title. `region` is the place that governs the span; `score` is what its `features`
    are worth.
    """

    sentence: Sentence
    span: Span | None
    features: Features
    score: float
    coverage: float
    context: float
    closed: str = ""
    plan: Plan | None = None
    region: str | None = None


def weigh(words: Sequence[Word], frequency: Mapping[str, int], passages: int) -> dict[str, float]:
    """The weight of each word: Lucene's BM25 idf, ln(1 + (N − df + ½)/(df + ½)).

    A word that the index does not hold whole takes the weight of its rarest part that it does hold;
    one it holds in no form weighs `UNSEEN` of the highest weight.
    """

    def idf(df: int) -> float:
        df = min(df, passages)
        return math.log(1 + (passages - df + 0.5) / (df + 0.5))

    weights = {}
    for word in words:
        seen = [frequency[t] for t in (word.text, *word.parts) if frequency.get(t)]
        whole = frequency.get(word.text)
        weight = idf(whole) if whole else idf(min(seen)) if seen else UNSEEN * idf(0)
        weights[word.text] = weight * word.focus
    return weights


def evidence_of(
    sentences: Sequence[Sentence],
    features: Sequence[Features | None],
    inquiry: Inquiry,
    ranking: Ranking = _RANKING,
) -> list[Evidence]:
    """Every span of the sentences that fits what is asked for, best first, gates noted.

    `features` are those of the sentences, None for one not worth looking at. Sorted by (gates
    open, −score, document, start), so that the order never depends on chance.
    """
    found: list[Evidence] = []
    asked = asked_of(inquiry.query)
    for sentence, own in _promising(sentences, features, inquiry, ranking):
        found.extend(_of_sentence(sentence, own, inquiry, asked))
    scores = ranking.scores([e.features for e in found], inquiry.query.ask.kind)
    if inquiry.query.ask.items:
        scores += AS_MANY * np.array([e.span is not None for e in found], dtype=np.float64)
    return sorted(
        _span_by_span(found, scores.tolist()),
        key=lambda e: (
            bool(e.closed),
            -e.score,
            e.sentence.document.document_id,
            e.sentence.start,
            e.span.start if e.span else 0,
        ),
    )


def _promising(
    sentences: Sequence[Sentence],
    features: Sequence[Features | None],
    inquiry: Inquiry,
    ranking: Ranking,
) -> list[tuple[Sentence, Features]]:
    """The `LOOKED_AT` sentences that the ranking puts first, with their features, as they came."""
    worth = [(s, own) for s, own in zip(sentences, features, strict=True) if own is not None]
    if len(worth) <= LOOKED_AT:
        return worth
    scores = ranking.scores([own for _, own in worth], inquiry.query.ask.kind)
    kept = set(np.argsort(-scores, kind="stable")[:LOOKED_AT].tolist())
    return [pair for at, pair in enumerate(worth) if at in kept]


def _span_by_span(found: Sequence[Evidence], scores: Sequence[float]) -> list[Evidence]:
    """The evidence with its scores; spans of one sentence in the order of nearness and form.

    What was learned says which sentence is meant; it saw too few sentences with several figures to
    say which of them is.
    """
    best: dict[tuple[str, int, bool], tuple[float, float]] = {}
    for e, score in zip(found, scores, strict=True):
        key = (e.sentence.document.document_id, e.sentence.start, bool(e.closed))
        highest, nearest = best.get(key, (score, _claim(e)))
        best[key] = (max(highest, score), max(nearest, _claim(e)))
    scored = []
    for e in found:
        key = (e.sentence.document.document_id, e.sentence.start, bool(e.closed))
        highest, nearest = best[key]
        scored.append(replace(e, score=highest - (nearest - _claim(e))))
    return scored


def _claim(evidence: Evidence) -> float:
    """How well a span claims to be the one that is meant in its sentence."""
    if evidence.span is not None and evidence.span.quantity is not None:
        return OWNED_WEIGHT * evidence.span.owned
    return NEAR_WEIGHT * evidence.features.near + SPAN_WEIGHT * evidence.features.fit


def _of_sentence(
    sentence: Sentence, features: Features, inquiry: Inquiry, asked: Asked
) -> list[Evidence]:
    """The evidence of one sentence: one for each fitting span, or one for the sentence whole."""
    query, weights = inquiry.query, inquiry.weights
    text = sentence.text.lower()
    around = context_of(sentence)
    context = share(query.words, weights, around)
    coverage = share(query.words, weights, text)
    found = []
    spans: Sequence[Span | None] = spans_of(sentence, query, inquiry.gazetteer, asked) or [None]
    for span in spans:
        own = features
        if span is not None:
            own = replace(features, near=_near(text, span, inquiry), fit=span.fit, spanned=1.0)
        at = span.start if span is not None else None
        plan = plan_of(sentence.document, sentence.start, sentence.end, at)
        closed = closing_gate(sentence, span, plan, inquiry)
        region = region_of(sentence, where_of(sentence, span, query), inquiry.gazetteer)
        found.append(Evidence(sentence, span, own, 0.0, coverage, context, closed, plan, region))
    return found


def _near(text: str, span: Span, inquiry: Inquiry) -> float:
    """How close the question's words and verbs stand to a span, by weight, in [0, 1].

    Each clause boundary between them halves the pull.
    """
    total = pull = 0.0
    for word in inquiry.query.words:
        weight = inquiry.weights[word.text]
        total += weight
        forms = [word.text] if word.text in text else [p for p in word.parts if p in text]
        if forms:
            pulls = [_pull(text, form, span) for form in forms]
            pull += weight * holds(word, text) * sum(pulls) / len(pulls)
    return pull / total if total else 0.0


def _pull(text: str, form: str, span: Span) -> float:
    """The pull of the nearest occurrence of a word on a span, in (0, 1]."""
    best = 0.0
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        between = text[end : span.start] if end <= span.start else text[span.end : at]
        value = NEAR_HALF / (NEAR_HALF + len(between))
        value *= 0.5 ** sum(character in "，,。:：" for character in between[:80])
        value *= BEHIND_ANOTHER if _DIGIT.search(between) else 1.0
        best = max(best, value)
        at = text.find(form, end)
    return best
