"""Here is a question and what was asked before; give me the question as it stands alone."""

import re

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from rag.asks import asks_for
from rag.conversation import Conversation
from rag.places import find_places
from rag.predicates import predicates
from rag.wording import COMMON, bare, names_in

_WHAT_ABOUT = re.compile(
    r"^\s*(?:那么?|还有|换成|改成)?\s*(?P<what>[^?？]{1,30}?)(?:的)?\s*(?:呢|怎么样|如何)\s*[?？]?\s*$"
)
_WHAT_ABOUT_ENGLISH = re.compile(
    r"^\s*(?:and|what about|how about|and for|and in)\s+(?P<what>[^?]{1,60}?)\s*\??\s*$",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"^(?:那么?|还有|另外)(?=[\u4e00-\u9fff])")
# 那验收合格的呢: a part of the same subject.
_PART = re.compile(r"^(?:那么?|还有|其中)?(?P<what>[^多少几谁什么哪呢]{2,12}的)呢?[?？]?$")
# 脱贫率呢: asks for another figure of the same subject, not for another subject.
_ATTRIBUTE = re.compile(r"(?:率|人数|数量|金额|比例|总数|总额)$")
_ASKS = re.compile(
    r"\b(?:how|who|when|what|where|which|why)\b|多少|几|谁|什么|哪|何时", re.IGNORECASE
)
_QUOTED = re.compile(r"[“「《]([^”」》]{2,20})[”」》]")
# Words that point back: the question cannot be understood without what came before.
_POINTS_BACK = re.compile(
    r"^(?:其中|那|这|它|他们|她们|该|此|上述|同期|还|又|另外|分别)|(?:这些|那些|这个|那个|它们|他们|该市|该站)"
)
_POINTS_BACK_ENGLISH = re.compile(r"\b(?:it|they|them|those|these|that|there)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}年?")
# A question of up to so many characters that names nothing of its own leans on the one before.
_SHORT = 16


def standalone(
    question: str, conversation: Conversation, analyzer: Analyzer, gazetteer: Gazetteer
) -> str:
    """The question with what it leaves out taken from the turn before; itself where nothing is.

    那白城呢 puts the new place into the last question; 覆盖多少人 takes over its place and subject.
    A question with a place or a subject of its own inherits nothing.
    """
    if not conversation.turns:
        return question
    before = conversation.turns[-1].standalone_question
    about = _WHAT_ABOUT.match(question) or _WHAT_ABOUT_ENGLISH.match(question)
    part = _PART.match(question)
    if part and not find_places(analyzer.normalise(part["what"]), gazetteer)[0]:
        return _inherit(f"{part['what']}有多少", before, [], analyzer, gazetteer)
    if about and _ATTRIBUTE.search(about["what"]):
        return _inherit(f"{about['what']}是多少", before, [], analyzer, gazetteer)
    if about and not _ASKS.search(about["what"]):
        swapped = _swap(before, about["what"], analyzer, gazetteer)
        if swapped is not None:
            return swapped
    text = analyzer.normalise(question)
    spans, places = find_places(text, gazetteer)
    names = names_in(text, analyzer)
    short = len(question.strip("?？。 ")) <= _SHORT
    opening = predicates(text)[:1]
    # 慰问了多少一线职工: it begins with what was done, and leaves out by whom
    subjectless = bool(opening) and opening[0].start == 0 and short
    points = subjectless or _POINTS_BACK.search(question) or _POINTS_BACK_ENGLISH.search(question)
    if places:
        # 白城发了多少: a place of its own, but nothing it is about
        return (
            _inherit(question, before, spans, analyzer, gazetteer)
            if short and not names and not _subject(text, analyzer, gazetteer)
            else question
        )
    if points or (short and not names):
        return _inherit(question, before, [], analyzer, gazetteer)
    return question


def _subject(text: str, analyzer: Analyzer, gazetteer: Gazetteer) -> str:
    """What a question is about, as a phrase: its dictionary term, or its longest run of words that
    neither ask nor say what was done nor where.
    """
    names = names_in(text, analyzer)
    if names:
        return names[0]
    quoted = _QUOTED.search(text)
    if quoted:
        return quoted[1]
    spans, _ = find_places(text, gazetteer)
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    for predicate in predicates(text):
        text = text[: predicate.start] + " " * len(predicate.verb) + text[predicate.end :]
    runs = [run.strip("的了和与在") for run in bare(text).split()]
    return max((run for run in runs if len(run) > 1), key=len, default="")


def _swap(before: str, what: str, analyzer: Analyzer, gazetteer: Gazetteer) -> str | None:
    """The earlier question with its place, year or subject replaced by `what`, if one fits."""
    text = analyzer.normalise(before)
    new_spans, _ = find_places(analyzer.normalise(what), gazetteer)
    old_spans, _ = find_places(text, gazetteer)
    if new_spans:
        if not old_spans:
            return f"{what}{before}"
        start, end = old_spans[0][0], old_spans[-1][1]
        return f"{text[:start]}{what}{text[end:]}"
    if _YEAR.fullmatch(what.strip()):
        if _YEAR.search(text):
            return _YEAR.sub(what.strip(), text, count=1)
        at = old_spans[-1][1] if old_spans else 0
        return f"{text[:at]}{what.strip()}{text[at:]}"
    subject = _subject(text, analyzer, gazetteer)
    return text.replace(subject, what, 1) if subject else None


def _inherit(
    question: str,
    before: str,
    spans: list[tuple[int, int]],
    analyzer: Analyzer,
    gazetteer: Gazetteer,
) -> str:
    """The question led by the place (unless it has its own) and the subject of the earlier one."""
    text = analyzer.normalise(before)
    old, _ = find_places(text, gazetteer)
    question = _LEADS_ON.sub("", question)
    # a subject of its own (那夏送清凉花了多少) takes the place of the old one
    subject = _subject(text, analyzer, gazetteer)
    named = [n for n in names_in(analyzer.normalise(question), analyzer) if not COMMON.search(n)]
    subject = "" if subject in question or named else subject
    if re.search(r"(?:多少|几)[?？]?$", question) and asks_for(text, "zh").kind == "money":
        question = question.rstrip("?？") + "钱"
    if spans:
        return f"{question[: spans[-1][1]]}{subject}{question[spans[-1][1] :]}"
    place = text[old[0][0] : old[-1][1]] if old else ""
    if question.isascii():
        return f"{question} ({' '.join(part for part in (place, subject) if part)})"
    return f"{place}{subject}{question}"
