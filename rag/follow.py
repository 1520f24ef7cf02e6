"""Here is a question and what was asked before; give me the question as it stands alone."""

import re

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from index.predicates import predicates
from index.programmes import COMMON
from rag.asks import asks_for
from rag.conversation import Conversation
from rag.names import people
from rag.places import find_places
from rag.wording import bare, counter, names_in

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
_POINTS_BACK_ENGLISH = re.compile(
    r"^and\b|\b(?:it|they|them|those|these|that|there)\b", re.IGNORECASE
)
# 市总工会, 该市: of the place spoken of.
_OWN_OFFICE = re.compile(
    r"(?<![\u4e00-\u9fff])(?:省|市|县|区|州)(?:总工会|总(?![额数共是有计])|教育局|政府|委)|该[省市县区州镇]|[全本我][市县省区州](?!域)"
)
_PRONOUN = re.compile(r"(?<![其吉])[她他](?!们|乡|人)")
_MARKS = re.compile(r"\[\d+\]")
_STOP_ASK = re.compile(r"[的了呢吗啊吧 ]")
_YEAR = re.compile(r"(?:19|20)\d{2}年?")
# A question of up to so many characters that names nothing of its own leans on the one before.
_SHORT = 16


def standalone(
    question: str, conversation: Conversation, analyzer: Analyzer, gazetteer: Gazetteer
) -> str:
    """The question with what it leaves out taken from the turn before; itself where nothing is.

    那白城呢 puts the new place into the last question; 覆盖多少人 takes over its place and subject;
    她 stands for the person of the last answer. A question with a place or a subject of its own
    inherits nothing.
    """
    if not conversation.turns:
        return question
    turn = conversation.turns[-1]
    before = turn.standalone_question
    question = _named(question, turn.answer_text)
    resolved = _about(question, before, analyzer, gazetteer)
    if resolved is not None:
        return resolved
    text = analyzer.normalise(question)
    spans, places = find_places(text, gazetteer)
    names = names_in(text, analyzer)
    short = len(question.strip("?？。 ")) <= _SHORT
    own = _subject(_OWN_OFFICE.sub("", text), analyzer, gazetteer)
    if not places and _OWN_OFFICE.search(text) and (own or not short):
        return f"{_place_text(before, analyzer, gazetteer)}{question}"
    if places:
        # 白城发了多少: a place of its own, but nothing it is about
        bare_place = short and not names and not _subject(text, analyzer, gazetteer)
        return _inherit(question, before, spans, analyzer, gazetteer) if bare_place else question
    if _leans(question, text, analyzer, gazetteer) or (short and not names):
        return _inherit(question, before, [], analyzer, gazetteer)
    return question


def _leans(question: str, text: str, analyzer: Analyzer, gazetteer: Gazetteer) -> bool:
    """Whether a question points back, or begins with what was done and leaves out by whom."""
    opening = predicates(text)[:1]
    short = len(question.strip("?？。 ")) <= _SHORT
    subjectless = bool(opening) and opening[0].start == 0 and short
    back = _POINTS_BACK.search(question) or _POINTS_BACK_ENGLISH.search(question)
    return subjectless or bool(back)


def _about(question: str, before: str, analyzer: Analyzer, gazetteer: Gazetteer) -> str | None:
    """那白城呢, 那验收合格的呢, 脱贫率呢 as whole questions; None for any other."""
    about = _WHAT_ABOUT.match(question) or _WHAT_ABOUT_ENGLISH.match(question)
    part = _PART.match(question)
    if part and not find_places(analyzer.normalise(part["what"]), gazetteer)[0]:
        asked = counter(analyzer.normalise(before))
        unit = asked.unit if asked else ""
        return _inherit(f"{part['what']}有多少{unit}", before, [], analyzer, gazetteer)
    if about and _ATTRIBUTE.search(about["what"]):
        return _inherit(f"{about['what']}是多少", before, [], analyzer, gazetteer)
    if about and not _ASKS.search(about["what"]):
        return _swap(before, about["what"], analyzer, gazetteer)
    return None


def _named(question: str, answer: str) -> str:
    """The question with 她 or 他 replaced by the person whom the last answer names."""
    if not _PRONOUN.search(question):
        return question
    named = people(_MARKS.sub("", answer))
    return _PRONOUN.sub(named[0].name, question, count=1) if named else question


def _place_text(before: str, analyzer: Analyzer, gazetteer: Gazetteer) -> str:
    """The places of the earlier question, as written there; "" without one."""
    text = analyzer.normalise(before)
    spans, _ = find_places(text, gazetteer)
    return text[spans[0][0] : spans[-1][1]] if spans else ""


def _subject(text: str, analyzer: Analyzer, gazetteer: Gazetteer) -> str:
    """What a question is about, as a phrase: up to the last dictionary term before the words that
    ask (首个公交司机之家), what is quoted, or all but asking, deeds and places.
    """
    quoted = _QUOTED.search(text)
    if quoted:
        return quoted[1]
    spans, _ = find_places(text, gazetteer)
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    asked = counter(text)
    head = text[: asked.start] if asked else text
    known = names_in(text, analyzer)
    names = [name for name in known if not COMMON.search(name)]
    if names:
        ends = head.find(names[0]) + len(names[0])
        # 首个公交司机之家: what stands right before the term, unless it says what was done
        led = re.split(r"[\s的了]", bare(head[:ends]).strip())[-1] if names[0] in head else ""
        return led if led and not predicates(led) else names[0]
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
    nameless = _STOP_ASK.sub("", bare(analyzer.normalise(question))).strip()
    asked, asks = counter(text), counter(analyzer.normalise(question))
    counted = "".join(bare(text[asked.end :]).split()) if asked else ""
    again = asked and asks and asks.unit and asks.unit == asked.unit
    if again and asks and not question[asks.end :].strip("?？ "):
        question = f"{question[: asks.end]}{counted}"
    elif not named and asked and len(nameless) <= 1 and not subject:
        subject = counted
    if question.isascii():
        return f"{question} ({' '.join(part for part in (place, subject) if part)})"
    return f"{place}{subject}{question}"
