"""Here is what the gates kept out; tell me what is missing, and what is near."""

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
_WANTED = {
    "zh": {
        "money": "金额",
        "count": "数量",
        "ratio": "比例",
        "duration": "时长",
        "person": "人名",
        "date": "日期",
        "place": "地点",
        "organisation": "单位名称",
        "list": "具体内容",
        "reason": "原因",
    },
    "en": {
        "money": "an amount",
        "count": "a number",
        "ratio": "a rate",
        "duration": "a duration",
        "person": "a name",
        "date": "a date",
        "place": "a place",
        "organisation": "an organisation",
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
    if plan is not None:
        numbers = cite_plan(plan, citations)
        return _plan_sentence(query, plan, numbers), numbers
    if own:
        number = citations.add_sentence(own[0].sentence)
        return _named_only(query, number), (number,)
    return _nothing(query), ()


def _about(evidence: Evidence, query: Query) -> bool:
    """Whether a sentence is about the programme asked for (or, without one, near the question)."""
    if query.programmes:
        return all(name.lower() in evidence.sentence.text.lower() for name in query.programmes)
    return evidence.context >= ABOUT


def _marks(numbers: Sequence[int]) -> str:
    """[1][2] for citations 1 and 2."""
    return "".join(f"[{number}]" for number in numbers)


def _subject(query: Query) -> str:
    """What the question is about, in its own words: the programmes, or the longest topics."""
    if query.programmes:
        names = query.programmes[:2]
    else:
        names = tuple(sorted((w.text for w in query.words), key=len, reverse=True)[:1])
    return "、".join(names)


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
    """The articles do not say: with the place and the subject asked for."""
    place, subject = asked_place(query.places), _subject(query)
    if query.language == "en":
        about = f" about {subject}" if subject else ""
        where = f" in {english_place(place)}" if place else ""
        return f"The articles do not say{about}{where}."
    years = "、".join(f"{year}年" for year in query.years)
    what = "".join(part for part in (place, years, subject) if part)
    return f"文章中没有找到{'关于' + what + '的' if what else ''}答案。"


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
