"""Here is what the gates kept out; tell me what is missing, and what is near."""

import re
from collections.abc import Sequence

from index.predicates import predicates
from rag.answer import Related
from rag.article import not_printed
from rag.asks import asked_of_article
from rag.cite import Citations
from rag.compose import asked_place, cite_plan, english_place
from rag.evidence import Evidence
from rag.query import Query
from rag.retold import reprints, same_story

# How much of the question a kept-out sentence must share (idf, with its context) to be near.
NEAR = 0.35
# And for a refusal to say that the articles speak of it.
ABOUT = 0.6
NOTES = {
    "zh": {
        "other": "其他地区",
        "narrower": "下属地区或单位",
        "wider": "上级地区",
        "unknown": "地区不明",
        "year": "其他年份",
        "running": "累计数",
        "yearly": "一年的数",
        "plan": "计划",
        "programme": "其他项目",
        "predicate": "其他事项",
        "": "相近内容",
    },
    "en": {
        "other": "another place",
        "narrower": "part of the place",
        "wider": "a wider area",
        "unknown": "place not stated",
        "year": "another year",
        "running": "a running total",
        "yearly": "one year only",
        "plan": "a plan",
        "programme": "another programme",
        "predicate": "another matter",
        "": "nearby",
    },
}
# What was found instead of a figure of the time asked for.
_TIMES = {
    "year": ("其他年份的", "one of another year"),
    "running": ("多年累计的数", "a running total over years"),
    "yearly": ("一年的数，不是累计数", "one of a single year"),
}
_ELSEWHERE = frozenset({"narrower", *_TIMES})
# The longest subject that a refusal repeats.
LONGEST_SUBJECT = 24
_GLUE = re.compile(r"[的和与及、]?")
_VAGUE = re.compile(r"答案|情况|上半年|下半年|今年|去年|目前|参加|全市|全省|全区|全县")
_ASKING = re.compile(
    r"\b(?:how (?:many|much|long)|who|when|where|which|what|why|did|does|do|is|are|was|were|has|"
    r"have|the|a|an|of|in|at|for|to|by|please|tell me)\b",
    re.IGNORECASE,
)
_WANTED = {
    "zh": {
        "money": "金额",
        "count": "数量",
        "ratio": "比例",
        "duration": "时长",
        "ordinal": "名次或届次",
        "person": "人名",
        "date": "日期",
        "place": "地点",
        "organisation": "单位名称",
        "name": "名称",
        "list": "具体内容",
        "reason": "原因",
    },
    "en": {
        "money": "an amount",
        "count": "a number",
        "ratio": "a rate",
        "duration": "a duration",
        "ordinal": "a rank",
        "person": "a name",
        "date": "a date",
        "place": "a place",
        "organisation": "an organisation",
        "name": "a name",
        "list": "a list",
        "reason": "a reason",
    },
}


def refusal(
    query: Query, evidence: Sequence[Evidence], citations: Citations
) -> tuple[str, tuple[int, ...]]:
    """The sentence that says what is missing, and the citations it rests on.

    It holds no figure of another place, year or programme: only the names asked for, the year of a
    plan that is cited, and fixed words. It claims no more than was read: that something was not
    found, and of the cited sentence what stands there.
    """
    what = asked_of_article(query.text)
    if what:
        return not_printed(what, query.language), ()
    own = [e for e in evidence if e.closed in {"plan", "", "predicate"} and _about(e, query)]
    plan = next((e for e in own if e.plan is not None and _names_all(e, query)), None)
    if plan is not None and (query.ask.wants_quantity or query.acts):
        numbers = cite_plan(plan, citations)
        return _plan_sentence(query, plan, numbers, sure=_only_planned(own)), numbers
    for e in own:
        deeds = other_deed(e, query)
        if deeds:
            number = citations.add_sentence(e.sentence)
            return _other_deed_sentence(query, deeds, number), (number,)
    other_time = (e for e in evidence if e.closed in _TIMES and e.span and _about(e, query))
    near = next(other_time, None)
    if near is not None and not any(e.span for e in own):
        return _elsewhere(query, near), ()
    if own:
        number = citations.add_sentence(own[0].sentence)
        return _named_only(query, own[0], number), (number,)
    for e in evidence:
        if e.closed in _ELSEWHERE and e.span is not None and _about(e, query):
            return _elsewhere(query, e), ()
    return _nothing(query), ()


def _names_all(evidence: Evidence, query: Query) -> bool:
    """Whether a sentence itself, not what leads up to it, is about what is asked."""
    return bool(query.programmes) or evidence.coverage >= ABOUT


def _only_planned(own: Sequence[Evidence]) -> bool:
    """Whether no sentence read on the subject reports a figure: all with one are plans."""
    return not any(e.span is not None and e.span.quantity and e.plan is None for e in own)


def other_deed(evidence: Evidence, query: Query) -> tuple[str, str] | None:
    """(what the question says was done, what a figure's sentence says), where the articles report
    one for the other (筹集, 发放); None where they do not.
    """
    span = evidence.span
    if evidence.closed != "predicate" or span is None or span.quantity is None:
        return None
    if query.language == "en" or not query.verbs or not span.act_conflicts:
        return None
    before = [p for p in predicates(evidence.sentence.text) if p.start < span.end]
    said = [p.verb for p in before if p.kind == span.act]
    return (query.verbs[-1], said[-1]) if said and said[-1] not in query.verbs else None


def _other_deed_sentence(query: Query, deeds: tuple[str, str], number: int) -> str:
    """没有找到白城市金秋助学筹集的金额；文章报道的是发放的，不是筹集的。[1]"""
    asked, said = deeds
    what = f"{asked_place(query.places)}{_subject(query)}{asked}"
    wanted = _wanted(query)
    return f"没有找到{what}的{wanted}；文章报道的是{said}的，不是{asked}的。[{number}]"


def _wanted(query: Query) -> str:
    """What kind of thing is asked for, in words."""
    usual = "答案" if query.language == "zh" else "an answer"
    return _WANTED[query.language].get(query.ask.kind, usual)


def _elsewhere(query: Query, evidence: Evidence) -> str:
    """Only a part of the place, or another time, was found (只找到枞阳县的).

    It names no figure: what is near stands below, labelled.
    """
    language, wanted = query.language, _wanted(query)
    place = asked_place(query.places)
    years = "、".join(str(year) for year in query.years)
    if language == "en":
        where = f" for {english_place(place)}" if place else ""
        if evidence.closed in _TIMES:
            when = f" for {years}" if years else " of that time"
            return f"No such figure{where}{when} was found, only {_TIMES[evidence.closed][1]}."
        part = english_place(evidence.region)
        only = part if evidence.region != place else "a part of it"
        return f"Such a figure was found for {only} only, not{where}."
    about = f"{place}{_subject(query)}"
    if evidence.closed in _TIMES:
        when = f"{years}年" if years else "所问时间"
        return f"没有找到{about}{when}的{wanted}，只找到{_TIMES[evidence.closed][0]}。"
    part = evidence.region if evidence.region and evidence.region != place else "下属单位"
    return f"没有找到{about}的{wanted}，只找到{part}的。"


def _about(evidence: Evidence, query: Query) -> bool:
    """Whether a sentence is about the programme asked for (or, without one, near the question)."""
    if query.programmes:
        return all(name.lower() in evidence.sentence.text.lower() for name in query.programmes)
    return evidence.context >= ABOUT


def _marks(numbers: Sequence[int]) -> str:
    """[1][2] for citations 1 and 2."""
    return "".join(f"[{number}]" for number in numbers)


def _subject(query: Query) -> str:
    """What the question is about, in its own words: the programmes, or what it is about as it says.

    The words stand in the question's order, as far as they stand side by side.
    """
    if query.programmes:
        return "、".join(query.programmes[:2])
    text = query.text
    named = [w.text for w in query.words if not _VAGUE.fullmatch(w.text)]
    spans = sorted((at, at + len(w)) for w in named if (at := text.find(w)) >= 0)
    runs: list[tuple[int, int]] = []
    for start, end in spans:
        if runs and _GLUE.fullmatch(text[runs[-1][1] : start]):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    longest = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    return text[slice(*longest)][:LONGEST_SUBJECT] or "、".join(named[:1])


def _subject_in_english(query: Query) -> str:
    """What an English question is about, in its own words without those that ask."""
    words = _ASKING.sub(" ", query.standalone)
    for name in query.place_names:
        words = words.replace(name, " ")
    return " ".join(words.replace("?", " ").split()[:8])


def _plan_sentence(query: Query, evidence: Evidence, numbers: Sequence[int], *, sure: bool) -> str:
    """株洲市的文章只把金秋助学列为2021年的计划，没有给出金额。[1][2]

    Where not `sure` that nothing else was reported: that it was not found, and that this is a plan.
    """
    year = evidence.plan.year if evidence.plan else None
    place = asked_place(query.places) or evidence.sentence.document.region or ""
    subject, marks = _subject(query), _marks(numbers)
    if query.language == "en":
        when = f" for {year}" if year else ""
        wanted = _WANTED["en"].get(query.ask.kind, "a result")
        about = english_place(place) or "this"
        if sure:
            return (
                f"The articles about {about} only name {subject} as a plan{when} "
                f"and do not give {wanted}. {marks}"
            )
        return f"No such figure was found for {about}; {subject} is named as a plan{when}. {marks}"
    when = f"{year}年的" if year else ""
    where = f"{place}的" if place else ""
    wanted = _WANTED["zh"].get(query.ask.kind, "结果")
    if sure:
        return f"{where}文章只把{subject}列为{when}计划，没有给出{wanted}。{marks}"
    return f"没有找到{place}{subject}的{wanted}；文章把它列为{when}计划。{marks}"


def _named_only(query: Query, evidence: Evidence, number: int) -> str:
    """株洲市的文章提到金秋助学，但没有找到金额。[1]"""
    place, wanted = asked_place(query.places), _wanted(query)
    subject = _printed(query, evidence)
    if query.language == "en":
        where = f" about {english_place(place)}" if place else ""
        found = f" mention {subject}" if subject else " come near"
        return f"The articles{where}{found}, but {wanted} was not found. [{number}]"
    where = f"{place}的" if place else ""
    if not subject:
        return f"没有找到{where}{wanted}，最接近的是这一句。[{number}]"
    return f"{where}文章提到{subject}，但没有找到所问的{wanted}。[{number}]"


def _printed(query: Query, evidence: Evidence) -> str:
    """What the question is about, as far as it is printed in a sentence or what leads up to it."""
    around = evidence.sentence.around.lower()
    subject = _subject(query)
    if subject and subject in around:
        return subject
    said = [word.text for word in query.words if word.text in around]
    return max((w for w in said if not _VAGUE.fullmatch(w)), key=len, default="")


def _nothing(query: Query) -> str:
    """Nothing was found: with the place, the years and the subject asked for."""
    place = "、".join(places[0].name for places in query.places[:3])
    wanted = _WANTED[query.language].get(query.ask.kind, "")
    if query.language == "en":
        where = f" for {english_place(asked_place(query.places))}" if query.places else ""
        about = _subject_in_english(query)
        what = wanted or "an answer"
        return f"No article was found to give {what}{where}{f' ({about})' if about else ''}."
    years = "、".join(f"{year}年" for year in query.years)
    about = f"{years}{_subject(query)}"
    if not place and not about:
        return "现有文章中没有找到这个问题的答案。"
    if wanted and about:
        return f"现有文章中没有找到{place}{about}的{wanted}。"
    return f"现有文章中没有找到{place}{'的' if place and about else ''}{about or '相关情况'}。"


def related(
    query: Query, evidence: Sequence[Evidence], citations: Citations, limit: int
) -> tuple[Related, ...]:
    """Up to `limit` near sentences of articles, one an article, labelled with what is different.

    One story printed by several articles comes once, with how many print it.
    """
    near = [
        e
        for e in evidence
        if (e.context >= NEAR or asked_of_article(query.text))
        and (not query.programmes or _about(e, query) or e.closed == "programme")
    ]
    chosen: list[Evidence] = []
    seen = {citation.document_id for citation in citations.all()}
    # sentences about the programme before those that only share words
    for e in sorted(near, key=lambda e: (not _about(e, query), -e.score)):
        if e.sentence.document.document_id in seen or len(chosen) >= limit:
            continue
        if any(same_story(e.sentence.text, other.sentence.text) for other in chosen):
            continue
        seen.add(e.sentence.document.document_id)
        chosen.append(e)
    return tuple(
        Related(_note(query, e, len(reprints(e, near))), citations.add_sentence(e.sentence))
        for e in chosen
    )


def _note(query: Query, evidence: Evidence, again: int) -> str:
    """Where a near sentence is from, what is different there, and how many others print it."""
    language = query.language
    document = evidence.sentence.document
    deeds = other_deed(evidence, query)
    label = f"{deeds[1]}，不是{deeds[0]}" if deeds else NOTES[language][evidence.closed]
    if again:
        label += f"，{again + 1}篇刊登" if language == "zh" else f"; in {again + 1} articles"
    return f"{document.region or document.title}({label})"
