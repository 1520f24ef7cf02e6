"""Here are sentences and a query; give me the spans that may answer it, best first, and what the
gates kept out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer, Place
from rag.gates import place_gate, time_gate
from rag.modality import Plan, plan_of
from rag.query import Query
from rag.sentence import Sentence
from rag.spans import Span, spans_of

# Weights of a candidate's score; each term lies in [0, 1]. Chosen on the tuning questions.
NEAR_WEIGHT = 1.2
LEAD_WEIGHT = 0.5
TITLE_WEIGHT = 0.35
SPAN_WEIGHT = 0.5
RANK_WEIGHT = 0.3
RANK_HALF = 6.0
# Characters over which the pull of a term on a figure falls to a half.
NEAR_HALF = 12.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Inverse document frequency of each topic term; the sum is `total` (> 0 when there are any)."""

    idf: dict[str, float]

    @property
    def total(self) -> float:
        """The sum of all weights."""
        return sum(self.idf.values())


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that may answer, the sentence it stands in, and how well it fits.

    `closed` names the gate that kept it out ("" where all are open): other, narrower, wider,
    unknown (place), year, programme, predicate, plan. `coverage` is the share of the question's
    terms (by idf) in the sentence, `context` the share in the sentence, its lead, heading and title.
    """

    sentence: Sentence
    span: Span | None
    score: float
    coverage: float
    context: float
    closed: str = ""
    plan: Plan | None = None


def weigh(terms: Sequence[str], frequency: dict[str, int], passages: int) -> Weights:
    """Lucene's BM25 idf, ln(1 + (N − df + ½)/(df + ½)), of each term."""
    return Weights(
        {
            term: math.log(1 + (passages - min(df, passages) + 0.5) / (min(df, passages) + 0.5))
            for term in terms
            for df in (frequency.get(term, 0),)
        }
    )


def evidence_of(
    sentences: Sequence[Sentence],
    query: Query,
    place: tuple[Place, ...] | None,
    weights: Weights,
    *,
    analyzer: Analyzer,
    gazetteer: Gazetteer,
) -> list[Evidence]:
    """Every span of the sentences that fits what is asked for, best first, gates noted.

    Sorted by (gates open, −score, document, start), so that the order never depends on chance.
    """
    found: list[Evidence] = []
    for sentence in sentences:
        found.extend(_of_sentence(sentence, query, place, weights, analyzer, gazetteer))
    return sorted(
        found,
        key=lambda e: (
            bool(e.closed),
            -e.score,
            e.sentence.document.document_id,
            e.sentence.start,
            e.span.start if e.span else 0,
        ),
    )


def _of_sentence(  # noqa: PLR0913 - one call site; the six are what a judgement needs
    sentence: Sentence,
    query: Query,
    place: tuple[Place, ...] | None,
    weights: Weights,
    analyzer: Analyzer,
    gazetteer: Gazetteer,
) -> list[Evidence]:
    """The evidence of one sentence: one for each fitting span, or one for the sentence whole."""
    here = _covered(sentence.text, weights, analyzer)
    around = here | _covered(f"{sentence.lead}\n{sentence.heading}", weights, analyzer)
    titled = around | _covered(sentence.document.title, weights, analyzer)
    total = weights.total or 1.0
    coverage = sum(weights.idf[t] for t in here) / total
    context = sum(weights.idf[t] for t in titled) / total
    if not titled and weights.idf:
        return []
    base = (
        coverage
        + LEAD_WEIGHT * sum(weights.idf[t] for t in around - here) / total
        + TITLE_WEIGHT * sum(weights.idf[t] for t in titled - around) / total
        + RANK_WEIGHT * RANK_HALF / (RANK_HALF + sentence.rank)
    )
    plan = plan_of(sentence.document, sentence.start, sentence.end)
    found = []
    for span in spans_of(sentence, query) or [None]:
        score = base
        if span is not None:
            score += (
                NEAR_WEIGHT * _near(sentence.text, span, weights, here) + SPAN_WEIGHT * span.fit
            )
        closed = _closed(sentence, span, query, place, plan, analyzer, gazetteer)
        found.append(Evidence(sentence, span, score, coverage, context, closed, plan))
    return found


def _covered(text: str, weights: Weights, analyzer: Analyzer) -> set[str]:
    """The topic terms that occur in a text."""
    return weights.idf.keys() & set(analyzer.terms(text)) if text else set()


def _near(text: str, span: Span, weights: Weights, here: set[str]) -> float:
    """How close the sentence's topic terms stand to a span, weighted by idf, in [0, 1].

    A clause boundary between them, or another figure, halves the pull.
    """
    if not here:
        return 0.0
    pull = 0.0
    for term in here:
        at = text.lower().find(term)
        best = 0.0
        while at >= 0:
            end = at + len(term)
            between = text[end : span.start] if end <= span.start else text[span.end : at]
            value = NEAR_HALF / (NEAR_HALF + len(between))
            value *= 0.5 ** sum(character in "，,、。:：" for character in between[:80])
            best = max(best, value)
            at = text.lower().find(term, end)
        pull += weights.idf[term] * best
    return pull / (weights.total or 1.0)


def _closed(  # noqa: PLR0911 - one return a gate, in the order a reader would check them
    sentence: Sentence,
    span: Span | None,
    query: Query,
    place: tuple[Place, ...] | None,
    plan: Plan | None,
    analyzer: Analyzer,
    gazetteer: Gazetteer,
) -> str:
    """The first gate that keeps a span out, or ""."""
    if place is not None:
        verdict = place_gate(sentence, span.start if span else len(sentence.text), place, gazetteer)
        if verdict != "same":
            return verdict
    if not _programme_open(sentence, query, analyzer):
        return "programme"
    if plan is not None and query.ask.wants_quantity:
        return "plan"
    if not time_gate(sentence, query):
        return "year"
    if span is not None and span.act_conflicts:
        return "predicate"
    return ""


def _programme_open(sentence: Sentence, query: Query, analyzer: Analyzer) -> bool:
    """Whether the sentence is about every programme named, itself or by what leads up to it."""
    around = f"{sentence.lead}\n{sentence.heading}\n{sentence.document.title}".lower()
    text = sentence.text.lower()
    return all(
        says(text, name, analyzer) or says(around, name, analyzer) for name in query.programmes
    )


def says(text: str, name: str, analyzer: Analyzer) -> bool:
    """Whether a text has a name, whole or in all its words (户外劳动者工会服务站)."""
    if name in text:
        return True
    parts = [term for term in analyzer.terms(name) if term != name and len(term) > 1]
    return bool(parts) and all(part in text for part in parts)
