"""Here are sentences and a query; give me the spans that may answer it, best first, and what the
gates kept out.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.admit import Inquiry, closing_gate, where_of
from rag.form import form_fits
from rag.gates import region_of
from rag.modality import Plan, plan_of
from rag.sentence import Sentence
from rag.spans import Span, spans_of
from rag.wording import Word, holds, share

# Weights of a candidate's score; each term lies in [0, 1]. Chosen on the tuning questions.
NEAR_WEIGHT = 1.2
LEAD_WEIGHT = 0.5
TITLE_WEIGHT = 0.35
SPAN_WEIGHT = 0.6
RANK_WEIGHT = 0.3
RANK_HALF = 6.0
# Characters over which the pull of a word on a figure falls to a half.
NEAR_HALF = 12.0
# What is left of that pull where another figure stands between.
BEHIND_ANOTHER = 0.6
# A word that occurs nowhere in the index weighs this much of the heaviest word there could be.
UNSEEN = 0.5
# A sentence whose context holds less of the question than this is neither an answer nor near one.
SCANT = 0.3
# How much of its weight a word loses that every sentence of an article holds.
COMMON_PLACE = 0.6
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that may answer, the sentence it stands in, and how well it fits.

    `closed` names the gate that kept it out ("" where all are open): other, narrower, wider,
    unknown (place), year, programme, predicate, plan. `coverage` is the share of the question's
    words (by weight) in the sentence, `context` the share in it, its lead, heading and title.
    `region` is the place that governs the span.
    """

    sentence: Sentence
    span: Span | None
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


def evidence_of(sentences: Sequence[Sentence], inquiry: Inquiry) -> list[Evidence]:
    """Every span of the sentences that fits what is asked for, best first, gates noted.

    Sorted by (gates open, −score, document, start), so that the order never depends on chance.
    """
    telling = _telling(sentences, inquiry)
    found: list[Evidence] = []
    for sentence in sentences:
        found.extend(_of_sentence(sentence, inquiry, telling[sentence.document.document_id]))
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


def _telling(sentences: Sequence[Sentence], inquiry: Inquiry) -> dict[str, dict[str, float]]:
    """For each document, how much each word tells its sentences apart.

    A word that most of its sentences hold (what the article is about) finds the article, not the
    sentence: its weight falls by up to `COMMON_PLACE`.
    """
    texts: dict[str, list[str]] = {}
    for sentence in sentences:
        texts.setdefault(sentence.document.document_id, []).append(sentence.text.lower())
    telling = {}
    for document_id, own in texts.items():
        weights = {}
        for word in inquiry.query.words:
            share_of = sum(word.text in text for text in own) / len(own) if len(own) > 2 else 0.0
            weights[word.text] = inquiry.weights[word.text] * (1 - COMMON_PLACE * share_of)
        telling[document_id] = weights
    return telling


def _of_sentence(
    sentence: Sentence, inquiry: Inquiry, telling: Mapping[str, float]
) -> list[Evidence]:
    """The evidence of one sentence: one for each fitting span, or one for the sentence whole."""
    query, weights = inquiry.query, inquiry.weights
    text = sentence.text.lower()
    around = f"{sentence.lead}\n{sentence.heading}\n{text}".lower()
    coverage = share(query.words, weights, text)
    lead = share(query.words, weights, around)
    context = share(
        query.words, weights, f"{sentence.topic}\n{sentence.document.title}\n{around}".lower()
    )
    if context < SCANT and query.words:
        return []
    here = share(query.words, telling, text)
    near = share(query.words, telling, around)
    base = (
        here
        + LEAD_WEIGHT * (near - here)
        + TITLE_WEIGHT * (context - lead)
        + form_fits(text, query)
        + RANK_WEIGHT * RANK_HALF / (RANK_HALF + sentence.rank)
    )
    found = []
    spans: Sequence[Span | None] = spans_of(sentence, query, inquiry.gazetteer) or [None]
    for span in spans:
        score = base
        if span is not None:
            score += NEAR_WEIGHT * _near(text, span, inquiry) + SPAN_WEIGHT * span.fit
        at = span.start if span is not None else None
        plan = plan_of(sentence.document, sentence.start, sentence.end, at)
        closed = closing_gate(sentence, span, plan, inquiry)
        region = region_of(sentence, where_of(sentence, span, query), inquiry.gazetteer)
        found.append(Evidence(sentence, span, score, coverage, context, closed, plan, region))
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
