"""Here is the evidence for several places; give me one table, and what may be said across them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.quantity import Quantity
from rag.answer import Answer, ShortAnswer, Table, TableRow
from rag.cite import Citations
from rag.compose import short_answer
from rag.evidence import Evidence
from rag.gates import year_of, years_of
from rag.query import Query

MISSING = {"zh": "未报道", "en": "not reported"}
_COLUMNS = {
    "zh": {"money": "金额", "count": "数量", "ratio": "比例", "duration": "时长"},
    "en": {"money": "Amount", "count": "Number", "ratio": "Rate", "duration": "Duration"},
}
_INCOMPARABLE = {
    "zh": "不能比较：不是每个地区都有同类数字。",
    "en": "These cannot be compared: not every place has such a figure. ",
}
_DIFFERENT = {
    "zh": "口径不同（筹集、发放或投入），不能直接相加或比较。",
    "en": "These are different kinds of money (raised, given or spent): do not add or compare. ",
}
_NO_SUM = {
    "zh": {
        "missing": "不能相加：不是每个地区都有同类数字。",
        "years": "不能相加：年份不同（{years}）。",
    },
    "en": {
        "missing": "These cannot be added: not every place has such a figure. ",
        "years": "These cannot be added: they are of different years ({years}). ",
    },
}
_TOTAL = re.compile(
    r"一共|合计|总共|共计|加起来|相加|总和|\b(?:in total|altogether|sum of|together)\b"
)
_TEN_THOUSAND = Decimal(10_000)
# Rows of a survey (哪些城市…) at most: more is a list to read, not an answer.
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One place and the evidence for it, None where the articles give nothing."""

    region: str
    evidence: Evidence | None


def survey(evidence: Sequence[Evidence], enough: float) -> list[Entry]:
    """The best evidence of each place whose article names the programme asked about.

    Places with an answer come first, by score; then those whose article names it without one.
    Articles without a place are left out: nobody could say whose figure it is.
    """
    best: dict[str, Evidence] = {}
    named: dict[str, Evidence] = {}
    for e in evidence:
        region = e.sentence.document.region
        if region is None or e.context < enough:
            continue
        if not e.closed and e.span is not None:
            best.setdefault(region, e)
        elif e.closed in {"plan", "predicate", ""}:
            named.setdefault(region, e)
    entries = [Entry(region, e) for region, e in best.items()]
    entries += [Entry(region, None) for region in named if region not in best]
    return entries[:MOST_ROWS]


def tabulate(query: Query, entries: Sequence[Entry]) -> Answer | None:
    """The answer for several places: a line and a row for each, None where no place has one."""
    citations = Citations()
    rows, shorts, lines = [], [], []
    missing = MISSING[query.language]
    for entry in entries:
        if entry.evidence is None:
            rows.append(TableRow(entry.region, (missing,), ()))
            lines.append(f"{entry.region}：{missing}")
            continue
        number = citations.add_sentence(entry.evidence.sentence)
        single = short_answer(entry.evidence, number)
        printed = single.text if single else entry.evidence.sentence.text.strip()
        rows.append(TableRow(entry.region, (printed,), (number,)))
        lines.append(f"{entry.region}：{printed}[{number}]")
        if single:
            shorts.append(replace(single, region=entry.region))
    answered = sum(entry.evidence is not None for entry in entries)
    if not answered:
        return None
    head = _total(query, entries) or _ranking(query, entries, shorts) or _unlike(query, entries)
    place = "地区" if query.language == "zh" else "Place"
    value = _COLUMNS[query.language].get(query.ask.kind, "答案" if place == "地区" else "Answer")
    end, stop = ("；", "。") if query.language == "zh" else ("; ", ".")
    return Answer(
        status="answered" if answered == len(entries) else "partial",
        text=head + end.join(lines) + stop,
        short_answers=tuple(shorts),
        citations=citations.all(),
        related=(),
        table=Table((place, value), tuple(rows)),
        question=query.question,
        standalone_question=query.standalone,
    )


def _ranking(query: Query, entries: Sequence[Entry], shorts: Sequence[ShortAnswer]) -> str:
    """Which place has more, where that is asked and the figures can be compared; "" otherwise."""
    if not query.ask.ranks or len(shorts) < 2:
        return ""
    figures = _figures(entries)
    kinds = {(quantity.kind, quantity.unit) for quantity in figures.values()}
    if len(figures) < len(entries) or len({kind for kind, _ in kinds}) != 1:
        return _INCOMPARABLE[query.language]
    top = max(figures, key=lambda region: figures[region].value)
    if query.language == "zh":
        return f"{top}最多。" if len(figures) > 2 else f"{top}更多。"
    return f"{top} has the most. " if len(figures) > 2 else f"{top} has more. "


def _total(query: Query, entries: Sequence[Entry]) -> str:
    """The sum of the figures where one is asked for and they can be added, else why they cannot;
    "" where none is asked for.
    """
    if not _TOTAL.search(query.standalone) or len(entries) < 2:
        return ""
    language = query.language
    figures = _figures(entries)
    kinds = {(quantity.kind, quantity.unit) for quantity in figures.values()}
    if len(figures) < len(entries) or len(kinds) != 1:
        return _NO_SUM[language]["missing"]
    years = {entry.region: _year(entry.evidence) for entry in entries if entry.evidence}
    known = [year for year in years.values() if year is not None]
    if len(set(known)) > 1:
        named = "，" if language == "zh" else ", "
        said = named.join(f"{region} {year}" for region, year in years.items() if year)
        return _NO_SUM[language]["years"].format(years=said)
    if _unlike(query, entries):
        return ""
    value = Decimal(str(sum(Decimal(str(quantity.value)) for quantity in figures.values())))
    (_, unit) = next(iter(kinds))
    printed = f"{value.normalize():f}{unit}"
    if value >= _TEN_THOUSAND and value % 1 == 0:
        printed = f"{(value / _TEN_THOUSAND).normalize():f}万{unit}"
    exact = all(quantity.precision == "exact" for quantity in figures.values())
    if language == "en":
        return f"Together {'' if exact else 'about '}{printed}. "
    return f"合计{'' if exact else '约'}{printed}。"


def _year(evidence: Evidence) -> int | None:
    """The year a figure speaks of, else that of its article; None where neither is known."""
    at = evidence.span.start if evidence.span else 0
    years = years_of(evidence.sentence, at)
    return years[0] if years else year_of(evidence.sentence.document)


def _unlike(query: Query, entries: Sequence[Entry]) -> str:
    """That figures of different deeds must not be added or compared; "" where they may."""
    acts = {
        e.evidence.span.act
        for e in entries
        if e.evidence and e.evidence.span and e.evidence.span.quantity and e.evidence.span.act
    }
    money = query.ask.kind == "money" and len(acts) > 1
    return _DIFFERENT[query.language] if money else ""


def _figures(entries: Sequence[Entry]) -> Mapping[str, Quantity]:
    """The figure of each place that has one."""
    return {
        entry.region: entry.evidence.span.quantity
        for entry in entries
        if entry.evidence and entry.evidence.span and entry.evidence.span.quantity
    }
