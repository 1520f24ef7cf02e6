"""Here is what the gates kept out; tell me what is missing, and what is near."""

import re
from collections.abc import Sequence

from rag.answer import Related
from rag.cite import Citations
from rag.compose import asked_place, cite_plan, english_place
from rag.evidence import Evidence
from rag.query import Query

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
        "plan": "a plan",
        "programme": "another programme",
        "predicate": "another matter",
        "": "nearby",
    },
}
_ELSEWHERE = frozenset({"narrower", "year"})
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
    plan that is cited, and fixed words.
    """
    own = [e for e in evidence if e.closed in {"plan", "", "predicate"} and _about(e, query)]
    plan = next((e for e in own if e.closed == "plan" and e.plan is not None), None) or next(
        (e for e in own if e.plan is not None), None
    )
    if plan is not None and (query.ask.wants_quantity or query.acts):
        numbers = cite_plan(plan, citations)
        return _plan_sentence(query, plan, numbers), numbers
    if own:
        number = citations.add_sentence(own[0].sentence)
        return _named_only(query, number), (number,)
    for e in evidence:
        if e.closed in _ELSEWHERE and e.span is not None and _about(e, query):
            return _elsewhere(query, e), ()
    return _nothing(query), ()


def _elsewhere(query: Query, evidence: Evidence) -> str:
    """Only a part of the place, or another year, is reported (只报道了枞阳县的，没有铜陵市的).

    It names no figure: what is near stands below, labelled.
    """
    language = query.language
    wanted = _WANTED[language].get(query.ask.kind, "答案" if language == "zh" else "an answer")
    place = asked_place(query.places)
    years = "、".join(str(year) for year in query.years)
    if language == "en":
        if evidence.closed == "year":
            return f"The articles give this for another year only, not for {years or 'that time'}."
        part = english_place(evidence.region)
        only = part if evidence.region != place else "a part of it"
        return f"The articles give {wanted} for {only} only, not for {english_place(place)}."
    subject = _subject(query)
    if evidence.closed == "year":
        when = f"{years}年" if years else "所问年份"
        return f"现有文章只有{place}{subject}其他年份的{wanted}，没有{when}的。"
    part = evidence.region if evidence.region and evidence.region != place else "下属单位"
    return f"现有文章只报道了{part}{subject}的{wanted}，没有{place}的。"


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


def _plan_sentence(query: Query, evidence: Evidence, numbers: Sequence[int]) -> str:
    """株洲市的文章只把金秋助学列为2021年的计划，没有给出金额。[1][2]"""
    language = query.language
    year = evidence.plan.year if evidence.plan else None
    wanted = _WANTED[language].get(query.ask.kind, "结果" if language == "zh" else "a result")
    place = asked_place(query.places) or evidence.sentence.document.region or ""
    subject = _subject(query)
    if language == "en":
        when = f" for {year}" if year else ""
        return (
            f"The articles about {english_place(place) or 'this'} only name {subject} "
            f"as a plan{when} and do not give {wanted}. {_marks(numbers)}"
        )
    when = f"{year}年的" if year else ""
    where = f"{place}的" if place else ""
    plan = f"{where}文章只把{subject}列为{when}计划"
    return f"{plan}，没有给出{wanted}。{_marks(numbers)}"


def _named_only(query: Query, number: int) -> str:
    """株洲市的文章提到金秋助学，但没有给出金额。[1]"""
    language = query.language
    wanted = _WANTED[language].get(query.ask.kind, "答案" if language == "zh" else "an answer")
    place, subject = asked_place(query.places), _subject(query)
    if language == "en":
        where = f" about {english_place(place)}" if place else ""
        return (
            f"The articles{where} mention {subject or 'this'} but do not give {wanted}. [{number}]"
        )
    where = f"{place}的" if place else ""
    return f"{where}文章提到{subject or '相关内容'}，但没有给出{wanted}。[{number}]"


def _nothing(query: Query) -> str:
    """The articles do not say: with the place, the years and the subject asked for."""
    place = "、".join(places[0].name for places in query.places[:3])
    wanted = _WANTED[query.language].get(query.ask.kind, "")
    if query.language == "en":
        where = f" for {english_place(asked_place(query.places))}" if query.places else ""
        about = _subject_in_english(query)
        what = wanted or "an answer"
        return f"The articles do not give {what}{where}{f' ({about})' if about else ''}."
    subject = _subject(query)
    years = "、".join(f"{year}年" for year in query.years)
    about = f"{years}{subject}"
    if not place and not about:
        return "现有文章中没有这个问题的答案。"
    if wanted and about:
        return f"现有文章没有报道{place}{about}的{wanted}。"
    return f"现有文章没有报道{place}{'的' if place and about else ''}{about or '相关情况'}。"


def related(
    query: Query, evidence: Sequence[Evidence], citations: Citations, limit: int
) -> tuple[Related, ...]:
    """Up to `limit` near sentences of articles, one an article, labelled with what is different."""
    notes = NOTES[query.language]
    found: list[Related] = []
    seen = {citation.document_id for citation in citations.all()}
    near = [
        e
        for e in evidence
        if e.context >= NEAR
        and (not query.programmes or _about(e, query) or e.closed == "programme")
    ]
    # sentences about the programme before those that only share words
    for e in sorted(near, key=lambda e: (not _about(e, query), -e.score)):
        document = e.sentence.document
        if document.document_id in seen or len(found) >= limit:
            continue
        seen.add(document.document_id)
        label = notes[e.closed]
        where = document.region or document.title
        number = citations.add_sentence(e.sentence)
        found.append(Related(f"{where}({label})", number))
    return tuple(found)
