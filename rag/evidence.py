"""Here are sentences and a query; give me the spans that may answer it, best first, and what the
gates kept out.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer, Place
from rag.form import form_fits
from rag.gates import place_gate, region_of, time_gate
from rag.modality import Plan, plan_of
from rag.query import Query
from rag.sentence import Sentence, clause_at
from rag.spans import Span, spans_of
from rag.wording import COUNTED, Word, holds, share

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
# The least share of the question's words (by weight) that the sentence of a figure itself holds,
# unless it says what was done: what leads up to it may name the rest.
OWN = 0.12
# How much of a word must be there for it to count as said.
PARTLY = 0.5
# The share of a name that a dictionary term inside it must have to stand for it.
CORE = 0.6
# Questions for which a county or a company of the place may stand in the answer.
_OPEN_TO_PARTS = frozenset({"list", "place", "organisation", "definition", "reason"})
# Only names of so many characters may differ in one of them.
_LOOSE = 4
_DIGIT = re.compile(r"\d")
_QUOTED = re.compile(r"[“\"「《]([^”\"」》]{2,20})[”\"」》]")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a sentence is judged against: the query, one place asked for (None for any), the weight
    of each of its words, and the words and places we know.
    """

    query: Query
    place: tuple[Place, ...] | None
    weights: Mapping[str, float]
    analyzer: Analyzer
    gazetteer: Gazetteer


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
    context = share(query.words, weights, f"{sentence.document.title}\n{around}".lower())
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
    plan = plan_of(sentence.document, sentence.start, sentence.end)
    found = []
    spans: Sequence[Span | None] = spans_of(sentence, query, inquiry.gazetteer) or [None]
    for span in spans:
        score = base
        if span is not None:
            score += NEAR_WEIGHT * _near(text, span, inquiry) + SPAN_WEIGHT * span.fit
        closed = closing_gate(sentence, span, plan, inquiry)
        region = region_of(sentence, _where(sentence, span, query), inquiry.gazetteer)
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


def closing_gate(sentence: Sentence, span: Span | None, plan: Plan | None, inquiry: Inquiry) -> str:
    """The first gate that keeps a span out, or ""."""
    query = inquiry.query
    if inquiry.place is not None:
        at = _where(sentence, span, query)
        strict = query.ask.wants_quantity
        verdict = place_gate(sentence, at, inquiry.place, inquiry.gazetteer, strict=strict)
        if verdict == "narrower" and query.ask.kind in _OPEN_TO_PARTS:
            verdict = "same"
        if verdict != "same":
            return verdict
    if not _programme_open(sentence, span, inquiry) or not _subject_open(sentence, inquiry):
        return "programme"
    if plan is not None and (query.ask.wants_quantity or query.acts) and not query.plans:
        return "plan"
    at = span.start if span is not None else len(sentence.text)
    if not time_gate(sentence, at, query):
        return "year"
    if span is not None and (span.act_conflicts or _elsewhere(sentence, span, inquiry)):
        return "predicate"
    return ""


def _elsewhere(sentence: Sentence, span: Span, inquiry: Inquiry) -> bool:
    """Whether a figure whose verb is not the one asked for stands away from what is asked about.

    服务站41家,发放价值6.3万元的防寒用品 does not say what the stations cost.
    """
    if not span.act_differs or not inquiry.query.words:
        return False
    text = sentence.text.lower()
    start, end = clause_at(text, span.start)
    words = inquiry.query.words
    rarest = max(words, key=lambda w: (inquiry.weights[w.text] / w.focus, w.text))
    return holds(rarest, text) >= PARTLY > holds(rarest, text[start:end])


def _where(sentence: Sentence, span: Span | None, query: Query) -> int:
    """The offset in the sentence whose place decides: the figure's, or the first word asked for."""
    if span is not None and span.quantity is not None:
        return span.start
    text = sentence.text.lower()
    found = [text.find(word.text) for word in query.words if word.text in text]
    return min(found, default=0)


def _programme_open(sentence: Sentence, span: Span | None, inquiry: Inquiry) -> bool:
    """Whether the sentence is about every programme named, itself or by what leads up to it.

    What leads up to it counts only for a sentence that names no other programme of its own, and
    for a figure only where the sentence has something of the question itself.
    """
    names = inquiry.query.programmes
    text = sentence.text.lower()
    missing = [name for name in names if not says(text, name, inquiry.analyzer)]
    if not missing:
        return True
    around = f"{sentence.lead}\n{sentence.heading}\n{sentence.document.title}".lower()
    if not all(says(f"{around}\n{text}", name, inquiry.analyzer) for name in missing):
        return False
    own = [m[1].lower() for m in _QUOTED.finditer(sentence.text)]
    if any(name not in around and not any(name in n or n in name for n in names) for name in own):
        return False
    query = inquiry.query
    said = any(holds(word, text) for word in query.words) or any(v in text for v in query.verbs)
    return said or span is None or span.quantity is None


def _subject_open(sentence: Sentence, inquiry: Inquiry) -> bool:
    """Whether the people and organisations asked about are there, and for a figure one of the two
    rarest words of the question too.

    They may stand in the sentence, in what leads up to it, or in the title.
    """
    query = inquiry.query
    around = (
        f"{sentence.document.title}\n{sentence.lead}\n{sentence.heading}\n{sentence.text}".lower()
    )
    if not all(subject in around for subject in query.subjects):
        return False
    if not (query.ask.wants_quantity or query.ask.kind == "date"):
        return True
    own = [w for w in query.words if not any(w.text in s or s in w.text for s in query.subjects)]
    text = sentence.text.lower()
    acts = any(verb in text for verb in query.verbs)
    if query.subjects and own and not acts and not any(holds(word, text) for word in own):
        return False
    if query.words and not acts and share(query.words, inquiry.weights, text) < OWN:
        return False
    counted = [word for word in query.words if word.focus == COUNTED]
    if query.ask.wants_quantity and any(holds(word, text) < PARTLY for word in counted):
        return False
    if any(holds(word, around) < PARTLY for word in query.owners):
        return False
    words = sorted(query.words, key=lambda w: (-inquiry.weights[w.text] / w.focus, w.text))
    return not words or any(holds(word, around) >= PARTLY for word in words[:2])


def says(text: str, name: str, analyzer: Analyzer) -> bool:
    """Whether a text has a name: whole, its dictionary core, or all its words.

    户外劳动者服务站 is the core of 工会户外劳动者服务站; 户外劳动者工会服务站 has all its words.
    """
    if name in text:
        return True
    cores = (word for word in analyzer.words if word in name and len(word) >= CORE * len(name))
    if any(core in text for core in cores):
        return True
    parts = [term for term in analyzer.terms(name) if term != name and len(term) > 1]
    if parts and all(part in text for part in parts):
        return True
    # one character inside may differ: 夏日清凉 is 夏送清凉, but 金秋助老 is not 金秋助学
    loose = f"{re.escape(name[0])}.{{1,{len(name) - 3}}}{re.escape(name[-2:])}"
    return len(name) == _LOOSE and re.search(loose, text) is not None
