"""Here is a question and a reply; give me every measure of the answer.

A measure that does not apply to a question is absent, so a mean is over the questions it is about.
`good` is the one figure for a question of any kind: the right answer with no wrong figure, or the
refusal that was due.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.question import Gold, Question
from eval.reply import Cited, Reply
from eval.text import fold, holds, letters, without_markers
from index.quantity import quantities

# Two spans of one source say the same sentence where they share this much of the shorter one.
SAME_SPAN = 0.5
# Relative difference up to which two values are one: printed figures are parsed, never computed.
SAME_VALUE = 1e-9
_MORE = re.compile(
    r"更多|最多|较多|多于|更高|最高|高于|排名第一|居首|居第一|\bmore\b|\bmost\b|highest"
)
_CLAUSE = re.compile(r"[。，,；;！!？?\n]")


@dataclass(frozen=True, slots=True)
class Texts:
    """A document's clean text and its untouched source text."""

    text: str
    source_text: str


Documents = Callable[[str], Texts | None]


def answer_measures(question: Question, reply: Reply, documents: Documents) -> dict[str, float]:
    """Measure name → value; every value is in [0, 1] but `length` (characters of the answer)."""
    wrong = wrong_figures(question, reply)
    values: dict[str, float] = {
        "language": float(in_language(question.language, reply.text)),
        "length": float(len(reply.text)),
        **{name: float(found) for name, found in wrong.items()},
    }
    clean = not any(wrong.values())
    refused = reply.status == "not_found"
    if reply.citations:
        valid = [is_valid(cited, documents) for cited in reply.citations]
        values["citation_valid"] = sum(valid) / len(valid)
    elif not refused:
        values["citation_valid"] = 0.0
    if not question.answerable:
        due = reply.status in {question.status, *question.accept_status}
        values["refused"] = float(due)
        values["good"] = float(due and clean)
        return values
    right = is_right(question, reply)
    values["right"] = float(right)
    values["false_refusal"] = float(refused)
    values["exact"], values["f1"] = exact_and_f1(question, reply)
    values["good"] = float(right and clean and not refused)
    if question.gold:
        values |= citation_measures(question, reply)
    return values


def is_right(question: Question, reply: Reply) -> bool:
    """Whether the answer holds what was asked: one accepted form, or every item or place's cell."""
    said = " ".join([without_markers(reply.text), *(s.text for s in reply.short_answers)])
    if question.cells:
        cells = all(_cell_right(cell.region, cell.text, reply) for cell in question.cells)
        return cells and (question.match == "all" or _winner_right(question, reply))
    if question.match == "all":
        shown = " ".join([said, *(cell for row in reply.rows for cell in row.cells)])
        return all(holds(shown, item) for item in question.items or question.answers)
    if any(holds(said, form) for form in (*question.answers, *question.accept_answers)):
        return True
    return question.value is not None and any(
        short.unit == question.unit and short.value is not None
        and abs(short.value - question.value) <= SAME_VALUE * abs(question.value)
        for short in reply.short_answers
    )  # fmt: skip


def _cell_right(region: str, text: str, reply: Reply) -> bool:
    """Whether a place's cell is in its row, short answer, or the clause that names the place."""
    place = short_name(region)
    rows = [cell for row in reply.rows if place in row.region for cell in row.cells]
    shorts = [s.text for s in reply.short_answers if s.region and place in s.region]
    if rows or shorts:
        return any(holds(shown, text) for shown in (*rows, *shorts))
    clauses = re.split(r"[。；;\n]", fold(without_markers(reply.text)))
    return any(place in clause and holds(clause, text) for clause in clauses)


def _winner_right(question: Question, reply: Reply) -> bool:
    """Whether the first place named with a comparative is the expected one."""
    text = unicodedata.normalize("NFKC", without_markers(reply.text))
    names = [*question.answers, *question.accept_answers]
    places = {short_name(cell.region) for cell in question.cells} | set(names)
    for clause in _CLAUSE.split(text):
        if _MORE.search(clause):
            first = min(
                (clause.find(place), -len(place), place) for place in places if place in clause
            ) if any(place in clause for place in places) else None  # fmt: skip
            if first is not None:
                return any(name in first[2] or first[2] in name for name in names)
    return False


def short_name(region: str) -> str:
    """A place without its rank: 双鸭山市 → 双鸭山; two characters stay whole."""
    return region[:-1] if len(region) > 2 and region[-1] in "省市州县区村" else region


def wrong_figures(question: Question, reply: Reply) -> dict[str, bool]:
    """wrong_place, wrong_year, wrong_figure: what the answer's text must not say and says.

    A forbidden figure counts as of another place where the question is about a wrong place or the
    citation that holds it is of another region; as of another year where the question's note says
    so; else as a wrong figure. So does a figure that stands in no cited quote. A forbidden figure
    of the gold sentence itself (建书屋140个,示范点8个) is wrong only as the short answer, not where
    the whole sentence is quoted.
    """
    said = without_markers(reply.text)
    found = {"wrong_place": False, "wrong_year": False, "wrong_figure": False}
    right_quotes = [c.quote for c in reply.claims if any(meets(c, g) for g in question.gold)]
    for figure in question.forbidden:
        quoted = question.answerable and any(holds(quote, figure) for quote in right_quotes)
        given = [s.text for s in reply.short_answers] if quoted else [said]
        if any(holds(text, figure) for text in given):
            found[_fault(question, reply, figure)] = True
    if unsupported(question, reply):
        found["wrong_figure"] = True
    return found


def _fault(question: Question, reply: Reply, figure: str) -> str:
    if question.kind == "wrong_place":
        return "wrong_place"
    regions = [c.region for c in reply.citations if holds(c.quote, figure)]
    expected = {question.region, *(cell.region for cell in question.cells)}
    if any(region and region not in expected for region in regions):
        return "wrong_place"
    return "wrong_year" if "year" in question.note else "wrong_figure"


def unsupported(question: Question, reply: Reply) -> list[str]:
    """Printed quantities of the answer that stand in no cited quote, nor in the question.

    A sum or difference of the short answers' values, and the number of rows, may be computed.
    """
    text = unicodedata.normalize("NFKC", without_markers(reply.text))
    quotes = [cited.quote for cited in reply.citations]
    asked = [question.text, *question.history, reply.standalone]
    values = [s.value for s in reply.short_answers if s.value is not None]
    computed = {float(len(reply.rows)), float(len(reply.short_answers)), sum(values)}
    computed |= {abs(a - b) for a in values for b in values}
    return [
        quantity.text
        for quantity in quantities(text)
        if not any(holds(known, _bare(quantity.text)) for known in (*quotes, *asked))
        and not any(abs(quantity.value - value) <= SAME_VALUE * abs(value) for value in computed)
    ]


def _bare(quantity: str) -> str:
    """A quantity without words of precision before it: 约20人 → 20人."""
    return re.sub(r"^[^\d零〇一二两三四五六七八九十百千万亿]+", "", quantity) or quantity


def in_language(language: str, text: str) -> bool:
    """Whether an answer is in the question's language: English words, or Chinese characters."""
    words = re.findall(r"[A-Za-z]{2,}", text)
    if language == "en":
        return len(words) >= 2
    return any("\u3400" <= c <= "\u9fff" for c in text)


def exact_and_f1(question: Question, reply: Reply) -> tuple[float, float]:
    """Best exact match and character F1 of the short answers against the accepted forms.

    SQuAD's measures over characters, as CMRC 2018 does. Where all answers are needed, each is
    matched with its best short answer and the mean is given; without short answers the text counts.
    """
    said = [s.text for s in reply.short_answers] or [without_markers(reply.text)]
    if question.match == "all":
        best = [max((_exact(s, a), f1(s, a)) for s in said) for a in question.answers]
        count = max(1, len(best))
        return sum(e for e, _ in best) / count, sum(f for _, f in best) / count
    forms = (*question.answers, *question.accept_answers)
    pairs = [(_exact(s, a), f1(s, a)) for s in said for a in forms]
    return max(e for e, _ in pairs), max(f for _, f in pairs)


def _exact(said: str, expected: str) -> float:
    return float(letters(said) == letters(expected))


def f1(said: str, expected: str) -> float:
    """Character F1 of two texts compared by letters; 0.0 where they share none."""
    a, b = Counter(letters(said)), Counter(letters(expected))
    shared = sum((a & b).values())
    return 2 * shared / (sum(a.values()) + sum(b.values())) if shared else 0.0


def is_valid(cited: Cited, documents: Documents) -> bool:
    """Whether the quote stands at its offsets, and the source span holds the same sentence."""
    texts = documents(cited.document_id)
    if texts is None or texts.text[cited.start : cited.end] != cited.quote or not cited.quote:
        return False
    source = texts.source_text[cited.source_start : cited.source_end]
    # subtle: cleaning may repair or drop broken characters inside a sentence; letters it keeps
    return f1(source, cited.quote) >= 0.95


def citation_measures(question: Question, reply: Reply) -> dict[str, float]:
    """Citation precision and recall against the gold spans, and whether the first quote answers.

    Precision: share of the answer's citations that meet a gold span (or are of a gold article,
    where only that is known). Recall: share of the claims that are met. ALCE's notions (Gao et al.,
    EMNLP 2023) with annotated spans instead of an entailment model.
    """
    cited = reply.claims
    claims = {gold.claim for gold in question.gold if gold.claim}
    met = {gold.claim for gold in question.gold if any(meets(c, gold) for c in cited)}
    hits = [any(meets(c, gold) for gold in question.gold) for c in cited]
    forms = (*question.answers, *question.accept_answers)
    return {
        "citation_precision": sum(hits) / len(hits) if hits else 0.0,
        "citation_recall": len(met & claims) / len(claims) if claims else 1.0,
        "first_quote": float(bool(cited) and any(holds(cited[0].quote, form) for form in forms)),
    }


def meets(cited: Cited, gold: Gold) -> bool:
    """Whether a citation is of the gold span's source and shares enough of the shorter span."""
    if gold.source != cited.source if gold.source else gold.document_id != cited.document_id:
        return False
    if gold.source_start is None or gold.source_end is None:
        return True
    shared = min(cited.source_end, gold.source_end) - max(cited.source_start, gold.source_start)
    shorter = min(cited.source_end - cited.source_start, gold.source_end - gold.source_start)
    return shared > 0 and shared >= SAME_SPAN * shorter


def passages_with_gold(
    texts: Sequence[tuple[str, str, str]], golds: Sequence[tuple[Gold, str]]
) -> list[set[int]]:
    """For each passage (document id, source, text): the claims whose gold sentence it holds.

    `golds` come with the text of their source span. Compared by text, since a search hit has no
    source span: a passage holds a sentence when it has 80 % of its 4-grams of letters.
    """
    return [
        {
            gold.claim
            for gold, sentence in golds
            if gold.claim
            and (gold.source == source if gold.source else gold.document_id == document_id)
            and (gold.source_start is None or _share(sentence, text) >= 0.8)
        }
        for document_id, source, text in texts
    ]


def _share(sentence: str, text: str) -> float:
    """Share of a sentence's 4-grams of letters that stand in a text."""
    grams = _grams(sentence)
    return len(grams & _grams(text)) / len(grams) if grams else 0.0


def _grams(text: str) -> set[str]:
    plain = letters(text)
    return {plain[i : i + 4] for i in range(max(1, len(plain) - 3))}
