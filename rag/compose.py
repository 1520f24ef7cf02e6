"""Here is the evidence that passed; give me the sentence a person reads."""

import re
from itertools import pairwise

from pypinyin import lazy_pinyin

from index.gazetteer import Place
from index.quantity import quantities, read_number
from index.sentences import Sentence
from rag.answer import ShortAnswer
from rag.cite import Citations
from rag.english import amount_in_english
from rag.enumeration import enumerations
from rag.evidence import Evidence
from rag.query import Query

# A sentence up to this length is said whole; a longer one is cut to the clauses that matter.
SAID_WHOLE = 90
# A first clause of up to so many characters (去年, 目前) is kept: it says when.
SHORT_LEAD = 8
# What ends a clause, and what is never cut in two though such a mark stands in it.
_CLAUSE_END = re.compile(r"(?<!\d)[，,；;：:。]|[，,；;：:。](?!\d)")
_HELD_TOGETHER = re.compile(r"[(（][^()（）]*[)）]|《[^《》]*》|「[^「」]*」|“[^“”]{1,60}”")

# 六个帮你办, 五家, 三项制度: a name that says how many things it stands for.
_COUNTED_NAME = re.compile(
    r"(?P<n>[两三四五六七八九十])[个项大种条类件家必进送][\u4e00-\u9fff]*(?:是|有|指|包括|分别|哪)"
)
_SHORT_OF = {
    "zh": "这一句只列出{listed}项，所问的是{asked}项。",
    "en": "This sentence lists {listed} of the {asked} asked for.",
}


def say(evidence: Evidence, query: Query, number: int) -> str:
    """One sentence that states the evidence in the question's language, ending in its citation.

    Everything in it but the place's name and the words of the frame is cut from the cited sentence.
    """
    clause = clause_of(evidence, query)
    region = evidence.region
    if query.language == "en":
        return _say_in_english(evidence, clause, number)
    if evidence.span is not None and evidence.span.items:
        items = "；".join(f"{i}. {item}" for i, item in enumerate(evidence.span.items, 1))
        return f"{items}[{number}]"
    place = region if region and not _names(clause, region) else ""
    subject = "".join(name for name in query.programmes[:1] if name not in clause)
    lead = f"{place}{subject}：" if place or subject else ""
    return f"{lead}{clause}。[{number}]"


def falls_short(evidence: Evidence, query: Query) -> str:
    """That a sentence lists fewer items than a name says (六个帮你办: five); "" where it does not.

    Only where the sentence answers whole: a list found has the number asked for.
    """
    counted = _COUNTED_NAME.search(query.text)
    if evidence.span is not None or query.ask.kind not in {"list", "definition"} or not counted:
        return ""
    asked = int(read_number(counted["n"]) or 0)
    listed = max((len(found.items) for found in enumerations(evidence.sentence.text)), default=0)
    if not 2 <= listed < asked:
        return ""
    return _SHORT_OF[query.language].format(listed=listed, asked=asked)


def _say_in_english(evidence: Evidence, clause: str, number: int) -> str:
    """The English frame around the printed words."""
    place = english_place(evidence.region)
    lead = f"{place}: " if place else ""
    span = evidence.span
    if span is None:
        return f"{lead}the article says: “{clause}” [{number}]"
    printed = "; ".join(span.items) if span.items else span.text
    if span.quantity is not None:
        amount = amount_in_english(span.quantity.value, span.quantity.unit)
        printed = f"{printed} ({amount})" if amount else printed
    elif not span.items and re.fullmatch(r"[\u4e00-\u9fff]{2,4}", span.text):
        printed = (
            f"{span.text} ({english_name(span.text)})" if query_is_person(evidence) else span.text
        )
    return f"{lead}{printed}. The article says: “{clause}” [{number}]"


def query_is_person(evidence: Evidence) -> bool:
    """Whether the span is a person's name (no figure, no list)."""
    return evidence.span is not None and evidence.span.quantity is None and not evidence.span.items


def english_name(name: str) -> str:
    """A Chinese personal name in pinyin, surname first: 刘静 → Liu Jing."""
    syllables = lazy_pinyin(name)
    return f"{syllables[0].capitalize()} {''.join(syllables[1:]).capitalize()}".strip()


def english_place(region: str | None) -> str:
    """A place's name in pinyin without its rank: 六盘水市 → Liupanshui; "" for none."""
    if not region:
        return ""
    bare = re.sub(r"(?<=..)(?:特别行政区|自治区|自治州|自治县|省|市|州|县|区)$", "", region)
    return "".join(lazy_pinyin(bare)).capitalize()


def clause_of(evidence: Evidence, query: Query) -> str:
    """The words of the sentence that carry the answer.

    For a figure: its clause, led by the clauses before it that name what is asked and hold no
    other figure. Otherwise the sentence, or of a long one the clauses from the first that names
    what is asked to the one with the span.
    """
    text = evidence.sentence.text
    span = evidence.span
    if span is None or span.items:
        return _trimmed(text)
    if span.quantity is None and query.ask.kind == "person":
        return _trimmed(text[slice(*_clause_of(text, span.start))])
    if span.quantity is None and len(text) <= SAID_WHOLE:
        return _trimmed(text)
    parts = clauses(text)
    last = next((i for i, (_, end) in enumerate(parts) if end >= span.end), len(parts) - 1)
    first = last
    wanted = (*query.programmes, *(word.text for word in query.words), *query.verbs)
    for i in range(last - 1, -1, -1):
        clause = text[parts[i][0] : parts[i][1]]
        if parts[last][1] - parts[i][0] > SAID_WHOLE:
            break
        if span.quantity is not None and quantities(clause):
            break
        if any(term in clause.lower() for term in wanted):
            first = i
    if first == 1 and not quantities(text[: parts[0][1]]) and parts[0][1] <= SHORT_LEAD:
        first = 0
    return _trimmed(text[parts[first][0] : parts[last][1]])


def _clause_of(text: str, position: int) -> tuple[int, int]:
    """The span of the clause of a sentence that holds `position`."""
    return next((a, b) for a, b in clauses(text) if position < b)


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans of the clauses of a sentence, each with the mark that ends it; together all of it.

    A 、 parts the items of a row and ends no clause; nor does a mark within brackets or a short
    quotation (“访困难,送温暖”), nor one between two digits (1,200, 8:30).
    """
    kept = [m.span() for m in _HELD_TOGETHER.finditer(text)]
    ends = [
        m.end()
        for m in _CLAUSE_END.finditer(text)
        if not any(start < m.start() < end - 1 for start, end in kept)
    ]
    return [(a, b) for a, b in pairwise([0, *ends, len(text)]) if a < b]


def _trimmed(text: str) -> str:
    """Text without white space and closing punctuation at its ends."""
    return text.strip().rstrip("。；;，,、：:.").lstrip("，,；;、。")


def _names(text: str, region: str) -> bool:
    """Whether a text names a place, in full or without its rank."""
    short = region[:-1] if len(region) > 2 else region
    return region in text or short in text


def short_answer(evidence: Evidence, number: int) -> ShortAnswer | None:
    """The span alone, with value and unit where it is a figure; None where the sentence answers."""
    span = evidence.span
    if span is None:
        return None
    region = evidence.region
    if span.quantity is None:
        return ShortAnswer(span.text, number, region)
    return ShortAnswer(span.text, number, region, span.quantity.value, span.quantity.unit)


def list_answers(evidence: Evidence, number: int) -> tuple[ShortAnswer, ...]:
    """One short answer for each item of a list."""
    region = evidence.region
    items = evidence.span.items if evidence.span else ()
    return tuple(ShortAnswer(item, number, region) for item in items)


def asked_place(places: tuple[tuple[Place, ...], ...]) -> str:
    """The name of the first place asked for, "" for none."""
    return places[0][0].name if places else ""


def cite_plan(evidence: Evidence, citations: Citations) -> tuple[int, ...]:
    """Citations of a plan: the sentence, and the words elsewhere that make it one."""
    sentence: Sentence = evidence.sentence
    numbers = [citations.add_sentence(sentence)]
    plan = evidence.plan
    if plan is not None and not sentence.start <= plan.start < sentence.end:
        numbers.append(citations.add(sentence.document, sentence.chunk, plan.start, plan.end))
    return tuple(numbers)
