"""Here is a span that may answer; tell me which gate keeps it out, if any."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer, Place
from index.modality import Plan
from index.programmes import COMMON
from index.sentences import Sentence, clause_at
from rag.gates import names_place, person_gate, place_gate
from rag.period import time_verdict
from rag.query import Query
from rag.spans import Span
from rag.wording import COUNTED, NAMED_BEFORE, holds, share

# The least share of the question's words (by weight) that the sentence of a figure itself holds,
# unless it says what was done: what leads up to it may name the rest.
OWN = 0.12
# With this share of the question's words there, what only looks like a name may be missing.
MOST = 0.6
# How much of a word must be there for it to count as said.
PARTLY = 0.5
# The share of a name that a dictionary term inside it must have to stand for it.
CORE = 0.6
# Questions for which a county or a company of the place may stand in the answer.
_OPEN_TO_PARTS = frozenset({"list", "place", "organisation", "definition", "reason"})
# Only names of so many characters may differ in one of them.
_LOOSE = 4
# Quoted names shorter than this are ordinary words (“家”, “工匠”).
_SHORTEST_NAME = 3
# So end words for how something is done, which is no name of it (“一站式”服务).
_MANNERS = ("式", "型", "化")
# What a plan may name as well as a report: who, which body, what it is, why.
_OF_NO_TIME = frozenset({"person", "organisation", "definition", "reason"})
_NUMBERED = re.compile(r"第([一二三四五六七八九十百\d]+)(届|次|期|批|轮|季度|代)")
# A figure for each day is none for each month.
_RATES = (
    ("每天", "每日", "日均"),
    ("每周",),
    ("每月", "月均"),
    ("每年", "年均"),
    ("人均",),
    ("户均",),
)
# One of many (每人, 平均), or the most there is: a total is neither. 每年 is a rate above; a place
# each (每个城市) is compared.
_ONE_EACH = re.compile(
    r"每一?(?![年月天日周季当逢晚])(?:个|座)?(?![城市省县区地])[\u4e00-\u9fff]|人均|户均|平均"
    r"|(?<![第\d一])一(?:个?人|户)(?!一)"
    r"|\bper (?:person|head|capita|worker|student|household|family)\b"
    r"|\bon average\b|\bapiece\b"
)
_SAID_EACH = re.compile(
    r"每(?![年月天日周季当逢晚])|人均|户均|平均|均为|标准|(?<!\d)[一1](?:人|户)"
    r"|[/／](?:人|名|户|个|家)|各(?=[发给奖补获拨配赠送\d])"
)
_LIMIT = re.compile(r"最高(?!人民|检察)|上限|\bmaximum\b|\bat most\b")
_SAID_LIMIT = re.compile(r"最高|最多|至多|上限|高达|不超过|以内")
_STANDARD = re.compile(
    r"(?:什么|多[少大高]|哪种)[\u4e00-\u9fff]{0,2}的?标准|标准(?!化)(?=是|为|有?多[少大高]|达?到?多少|几)"
)
_SAID_STANDARD = re.compile(f"{_SAID_EACH.pattern}|{_SAID_LIMIT.pattern}")
_RATES_OF = ((_ONE_EACH, _SAID_EACH), (_LIMIT, _SAID_LIMIT), (_STANDARD, _SAID_STANDARD))
_STOP = re.compile(r"[。；;！？!?\n]")
# The worth of what was given is no cost of what it was given at, unless giving is asked for.
_WORTH = re.compile(r"(?:价值|折合|折价|市值)(?:人民币)?(?:约|近|达|共|总计|合计|为|超过?)*$")
_GIVEN = re.compile(
    r"价值|市值|折合|值多少|[发送捐赠领]|慰问|物[资品]|用品|大礼|礼[包品]|东西|worth|value|gave|give"
)
# What was not done (没授牌); 有没有 asks only whether, and 未来, 未成年人 are words.
_UNDONE = re.compile(
    r"(?<![有埋淹吞])(?:还没有?|没有?|尚未|未)(?![来成婚必免有])(?=[\u4e00-\u9fff])(?!多少|几)"
)
_NOT = re.compile(r"[没未无不非]|尚|仍|剩余|待")
# By these log-odds another figure of the sentence owns the question, and must answer or none.
ANOTHERS = -1.5
# What is measured in other units than things are counted in.
_MEASURED = (
    (re.compile(r"面积(?:有|是|为|约)?多[大少]|占地"), re.compile(r"亩|平方|公顷|顷|㎡")),
    (re.compile(r"多长(?!时间)|多远|距离|长度|里程"), re.compile(r"米|里|km")),
    (re.compile(r"多重|重量|产量"), re.compile(r"吨|克|斤|辆|台|件|箱|立方|升|瓶")),
)
_PART_OF = re.compile(
    r"(?P<whole>[\u4e00-\u9fff]{2,8})(?:当中|之中|[中里](?![心学国队型铁建小间]))的?"
    r"(?P<part>[\u4e00-\u9fff]{2,8}?)(?:一共|总共|占)?(?:有|是)?(?:多少|几[个名家位])"
)
# A name in quotation marks that is held, run or opened; not an idiom (“娘家人”).
_QUOTED = re.compile(
    r"(?:开展|举办|启动|实施|组织|推出|打造)[\u4e00-\u9fff]{0,6}?[“\"「《](?P<held>[^”\"」》]{2,20})[”\"」》]"
    r"|[“\"「《](?P<called>[^”\"」》]{2,20})[”\"」》](?=[\u4e00-\u9fff]{0,4}?"
    r"(?:活动|行动|工程|计划|项目|专项|竞赛|比赛|仪式|品牌|建设|工作))"
)


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


def closing_gate(sentence: Sentence, span: Span | None, plan: Plan | None, inquiry: Inquiry) -> str:
    """The first gate that keeps a span out, or ""."""
    query = inquiry.query
    if inquiry.place is not None:
        verdict = _place_verdict(sentence, span, inquiry)
        if verdict == "narrower" and query.ask.kind in _OPEN_TO_PARTS:
            verdict = "same"
        if verdict != "same":
            return verdict
    if not _programme_open(sentence, span, inquiry) or not _subject_open(sentence, inquiry):
        return "programme"
    done = query.ask.kind not in _OF_NO_TIME and (query.ask.wants_quantity or query.acts)
    if plan is not None and done and not query.plans:
        return "plan"
    planned = query.plans and query.ask.wants_quantity and span is not None
    if planned and plan is None:
        return "predicate"
    at = span.start if span is not None else len(sentence.text)
    time = time_verdict(sentence, at, query)
    if time or not _same_number(sentence, query):
        return time or "year"
    if span is not None and (
        span.act_conflicts or span.owned < ANOTHERS or _elsewhere(sentence, span, inquiry)
    ):
        return "predicate"
    if span is not None and span.quantity is not None:
        fits = _measures(query, span.quantity.unit) and _is_of_kind(query, sentence.text, span)
        return "" if fits else "predicate"
    return ""


def _is_of_kind(query: Query, text: str, span: Span) -> bool:
    """Whether a figure is for each one, a limit, a cost or of what was not done, where that is
    asked: a total, the worth of gifts and what was done are none.
    """
    start, end = clause_at(text, span.start)
    if span.quantity is not None and query.ask.kind == "money":
        worth = _WORTH.search(text[start : span.start])
        if worth is not None and not _GIVEN.search(query.text):
            return False
    if _UNDONE.search(query.text) and not _NOT.search(text[start:end]):
        return False
    return all(_has_rate(text, span, said) for asked, said in _RATES_OF if asked.search(query.text))


def _has_rate(text: str, span: Span, said: re.Pattern[str]) -> bool:
    """Whether the clause of a figure says the rate, or one before it in the sentence does and no
    other figure stands between (每名考上大学的职工子女,发放助学金5000元).
    """
    start, end = clause_at(text, span.start)
    if said.search(text[start:end]):
        return True
    opens = max((m.end() for m in _STOP.finditer(text[:start])), default=0)
    last = max((m.end() for m in said.finditer(text[opens:start])), default=-1)
    return last >= 0 and not re.search(r"\d", text[opens + last : span.start])


def _measures(query: Query, unit: str) -> bool:
    """Whether a unit is one of what the question measures (面积: 亩, 平方米)."""
    units = [units for asked, units in _MEASURED if asked.search(query.text)]
    return query.ask.kind != "count" or not units or any(u.search(unit) for u in units)


def _place_verdict(sentence: Sentence, span: Span | None, inquiry: Inquiry) -> str:
    """How the place of a span stands to the one asked for: "same" opens the gate."""
    query, place, gazetteer = inquiry.query, inquiry.place or (), inquiry.gazetteer
    if span is not None and span.opens >= 0:
        return person_gate(sentence, span.opens, span.start, place, gazetteer)
    at = where_of(sentence, span, query)
    verdict = place_gate(sentence, at, place, gazetteer, strict=query.ask.wants_quantity)
    home = sentence.document.region_code or ""
    if query.goal and verdict in {"wider", "unknown"}:
        here = any(home.startswith(one.code) for one in place)
        return "same" if here or names_place(sentence.text, place) else verdict
    return verdict


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


def where_of(sentence: Sentence, span: Span | None, query: Query) -> int:
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
    around = f"{sentence.topic}\n{sentence.around}".lower()
    if not all(says(around, name, inquiry.analyzer) for name in missing):
        return False
    known = sentence.around.lower().removesuffix(text)
    own = [(m["held"] or m["called"]).lower() for m in _QUOTED.finditer(sentence.text)]
    if any(name not in known and not any(name in n or n in name for n in names) for name in own):
        return False
    query = inquiry.query
    said = any(holds(word, text) for word in query.words) or any(v in text for v in query.verbs)
    return said or span is None or span.quantity is None


def with_programmes(query: Query, sentences: Sequence[Sentence]) -> Query:
    """The query; of a figure, with the programmes it names that no dictionary has: those that a
    sentence read puts in quotation marks and says to be held or run (实施“手牵手”工程).
    """
    if not query.ask.wants_quantity:
        return query
    found = {m["held"] or m["called"] for s in sentences for m in _QUOTED.finditer(s.text)}
    names = [
        name
        for name in sorted(found)
        if len(name) >= _SHORTEST_NAME
        and not name.endswith(_MANNERS)
        and name in query.text
        and not COMMON.search(name)
        and not any(name in known or known in name for known in query.programmes)
    ]
    longest = [name for name in names if not any(name != n and name in n for n in names)]
    return replace(query, programmes=(*query.programmes, *longest))


def _subject_open(sentence: Sentence, inquiry: Inquiry) -> bool:
    """Whether the people and organisations asked about are there, and for a figure one of the two
    rarest words of the question too.

    They may stand in the sentence, in what leads up to it, or in the title. A word that only looks
    like a name may be missing where most of the rest is there.
    """
    query = inquiry.query
    around = f"{sentence.topic}\n{sentence.around}".lower()
    if not all(subject in around or _about(sentence, subject) for subject in query.subjects):
        return False
    most = share(query.words, inquiry.weights, around) >= MOST
    if not most and not all(word in around for word in query.proper):
        return False
    if not (query.ask.wants_quantity or query.ask.kind == "date"):
        return True
    own = [w for w in query.words if not any(w.text in s or s in w.text for s in query.subjects)]
    text = sentence.text.lower()
    acts = any(verb in text for verb in query.verbs)
    if query.ask.wants_quantity and not _says_what(text, query, acts=acts):
        return False
    if query.ask.wants_quantity and not _says_part(text, query):
        return False
    if query.subjects and own and not acts and not any(holds(word, text) for word in own):
        return False
    if query.words and not acts and share(query.words, inquiry.weights, text) < OWN:
        return False
    counted = [word for word in query.words if word.focus == COUNTED]
    if query.ask.wants_quantity and any(holds(word, text) < PARTLY for word in counted):
        return False
    owners = query.owners if query.places or query.programmes or not most else ()
    if any(holds(word, around) < PARTLY for word in owners):
        return False
    words = sorted(query.words, key=lambda w: (-inquiry.weights[w.text] / w.focus, w.text))
    return not words or any(holds(word, around) >= PARTLY for word in words[:2])


def _same_number(sentence: Sentence, query: Query) -> bool:
    """Whether a sentence is about the session asked for (第一届 is not 第二届).

    One that numbers none goes on with what its title or lead says.
    """
    asked = {m[2]: m[1] for m in _NUMBERED.finditer(query.text)}
    for text in (sentence.text, sentence.lead, sentence.document.title):
        said = {(m[2], m[1]) for m in _NUMBERED.finditer(text) if m[2] in asked}
        if said:
            return any((noun, number) in said for noun, number in asked.items())
    return True


def _says_what(text: str, query: Query, *, acts: bool) -> bool:
    """Whether the sentence of a figure holds the rate asked for (每天) and, of an amount, what
    stands right before the words that ask (奖金|多少), unless it says (`acts`) what was done.
    """
    before = [word for word in query.words if word.focus == NAMED_BEFORE]
    if (
        query.ask.kind == "money"
        and not acts
        and any(holds(word, text) < PARTLY for word in before)
    ):
        return False
    rates = [forms for forms in _RATES if any(form in query.text for form in forms)]
    return all(any(form in text for form in forms) for forms in rates)


def _says_part(text: str, query: Query) -> bool:
    """Whether a sentence says of which whole (新增会员中农民工有多少) what part is counted."""
    asked = _PART_OF.search(query.text)
    if asked is None:
        return True
    whole = [w for w in query.words if asked["whole"].endswith(w.text)]
    part = [w for w in query.words if asked["part"].startswith(w.text)]
    return all(holds(word, text) >= PARTLY for word in (*whole, *part))


def _about(sentence: Sentence, subject: str) -> bool:
    """Whether an article is about someone or something: it was named before, and comes back."""
    text = sentence.document.text
    return subject in text[: sentence.start] and text.count(subject) > 1


def says(text: str, name: str, analyzer: Analyzer) -> bool:
    """Whether a text has a name: whole, its dictionary core, or all its words, if these are most
    of it.

    户外劳动者服务站 is the core of 工会户外劳动者服务站; 户外劳动者工会服务站 has all its words.
    """
    if name in text:
        return True
    cores = (word for word in analyzer.words if word in name and len(word) >= CORE * len(name))
    if any(core in text for core in cores):
        return True
    parts = [term for term in analyzer.terms(name) if term != name and len(term) > 1]
    covered = {i for p in parts for i in range(name.find(p), name.find(p) + len(p))}
    if len(covered) >= CORE * len(name) and all(part in text for part in parts):
        return True
    # one character inside may differ: 夏日清凉 is 夏送清凉, but 金秋助老 is not 金秋助学
    loose = f"{re.escape(name[0])}.{{1,{len(name) - 3}}}{re.escape(name[-2:])}"
    return len(name) == _LOOSE and re.search(loose, text) is not None
