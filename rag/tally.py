"""Here are the figures of several sides; tell me which is more and what they sum to, or why not."""

import re
from collections.abc import Mapping
from decimal import Decimal

from index.quantity import Quantity
from index.when import year_of, years_of
from rag.compose import english_place
from rag.english import amount_in_english
from rag.evidence import Evidence
from rag.parts import MORE
from rag.period import is_running
from rag.query import Query

_SAYS = {
    "zh": {
        "missing": "不能{deed}：{sides}没有报道这个数字。",
        "kinds": "不能{deed}：单位不同（{sides}）。",
        "years": "不能{deed}：年份不同（{sides}）。",
        "deeds": "口径不同（筹集、发放或投入），不能直接{deed}。",
        "periods": "不能{deed}：有的是累计数，有的是一年的数。",
        "more": "{top}更多。",
        "most": "{top}最多。",
        "same": "两者相同。",
        "order": "由多到少：{sides}。",
        "by": "相差{figure}。",
        "total": "合计{figure}。",
        "add": "相加",
        "compare": "比较",
        "join": "、",
        "pairs": "，",
        "about": "约",
    },
    "en": {
        "missing": "These cannot be {deed}: there is no such figure for {sides}. ",
        "kinds": "These cannot be {deed}: they are in different units ({sides}). ",
        "years": "These cannot be {deed}: they are of different years ({sides}). ",
        "deeds": "These are different kinds of money (raised, given or spent): not to be {deed}. ",
        "periods": "These cannot be {deed}: one is a running total, another is of one year. ",
        "more": "{top} has more. ",
        "most": "{top} has the most. ",
        "same": "Both are the same. ",
        "order": "From most to least: {sides}. ",
        "by": "The difference is {figure}. ",
        "total": "Together {figure}. ",
        "add": "added",
        "compare": "compared",
        "join": ", ",
        "pairs": ", ",
        "about": "about ",
    },
}
_TOTAL = re.compile(
    r"一共|合计|总共|共计|加起来|相加|总和|\b(?:in total|altogether|sum of|together|combined)\b"
)
_APART = re.compile(
    r"相差|差(?:了)?(?:多少|几)|[多少](?:多少|了?几)|\b(?:how (?:many|much) more|difference)\b"
)
_RANKED = re.compile(r"排个?[名序]|排列|从[高多大]到|\b(?:rank|order)\b")
_ONE_YEAR = re.compile(r"今年|去年|全年|本年|(?:19|20)\d{2}年")
# Measure words for the same kind of thing: 76家 and 88个 of stations are added.
_ALIKE = ("家个处座所间", "人名位", "件起宗")
_TEN_THOUSAND = Decimal(10_000)


def verdict(query: Query, figures: Mapping[str, Evidence | None]) -> str:
    """What is said across the sides before they are listed: which has more, by how much, the sum,
    or why that cannot be said; "" where nothing of the kind is asked.

    Figures that report different deeds, units, years or periods are never added or compared.
    """
    text = query.standalone
    adds = bool(_TOTAL.search(text))
    compares = MORE.search(text) or _RANKED.search(text) or _APART.search(text)
    ranks = query.ask.ranks or bool(compares)
    if len(figures) < 2:
        return ""
    if not (adds or ranks):
        return _unlike(query, figures, "compare") if query.ask.kind == "money" else ""
    found = {side: q for side, e in figures.items() if (q := _quantity(e)) is not None}
    why = _why_not(query, figures, found, "add" if adds else "compare")
    if why:
        return why
    if adds:
        return _total(query.language, found)
    return _ranking(query, found)


def _why_not(
    query: Query,
    figures: Mapping[str, Evidence | None],
    found: Mapping[str, Quantity],
    deed: str,
) -> str:
    """Why the figures cannot be added or compared; "" where they can."""
    words = _SAYS[query.language]
    done = words[deed]
    absent = [side for side in figures if side not in found]
    if absent:
        sides = words["join"].join(_named(query.language, side) for side in absent)
        return words["missing"].format(deed=done, sides=sides)
    kinds = {(q.kind, "" if deed == "compare" else _unit(q.unit)) for q in found.values()}
    if len(kinds) > 1:
        sides = words["join"].join(dict.fromkeys(q.unit for q in found.values()))
        return words["kinds"].format(deed=done, sides=sides)
    said = _years(query.language, figures)
    if said:
        return words["years"].format(deed=done, sides=said)
    if len({_period(e) for e in figures.values() if e} - {""}) > 1:
        return words["periods"].format(deed=done)
    return _unlike(query, figures, deed)


def _total(language: str, found: Mapping[str, Quantity]) -> str:
    """The sum, in the unit of the first."""
    value = sum((Decimal(str(q.value)) for q in found.values()), Decimal(0))
    exact = all(q.precision == "exact" for q in found.values())
    return _SAYS[language]["total"].format(
        figure=_printed(language, value, next(iter(found.values())).unit, exact=exact)
    )


def _ranking(query: Query, found: Mapping[str, Quantity]) -> str:
    """Which side has more, with the order or the difference where that is asked."""
    language, text = query.language, query.standalone
    words = _SAYS[language]
    order = sorted(found, key=lambda side: -found[side].value)
    top, second = found[order[0]], found[order[1]]
    if top.value == second.value and len(found) == 2:
        return words["same"]
    more = words["most" if len(found) > 2 else "more"].format(top=_named(language, order[0]))
    if _RANKED.search(text) and len(found) > 2:
        names = words["join"].join(_named(language, side) for side in order)
        more += words["order"].format(sides=names)
    if _APART.search(text) and len(found) == 2 and _unit(top.unit) == _unit(second.unit):
        value = Decimal(str(top.value)) - Decimal(str(second.value))
        exact = {top.precision, second.precision} == {"exact"}
        more += words["by"].format(figure=_printed(language, value, top.unit, exact=exact))
    return more


def _printed(language: str, value: Decimal, unit: str, *, exact: bool) -> str:
    """A computed figure as articles print it: 150.5万元; 约 where it is not exact."""
    about = "" if exact else _SAYS[language]["about"]
    figure = f"{value.normalize():f}{unit}"
    if value >= _TEN_THOUSAND and value % 1 == 0:
        figure = f"{(value / _TEN_THOUSAND).normalize():f}万{unit}"
    amount = amount_in_english(float(value), unit) if language == "en" else ""
    return f"{about}{figure} ({amount})" if amount else f"{about}{figure}"


def _named(language: str, side: str) -> str:
    """A side as the language names it."""
    return english_place(side) if language == "en" else side


def _unit(unit: str) -> str:
    """A unit, or the group of measure words it belongs to."""
    return next((group for group in _ALIKE if unit in group), unit)


def _quantity(evidence: Evidence | None) -> Quantity | None:
    """The figure of a cell, if it has one."""
    return evidence.span.quantity if evidence and evidence.span else None


def _years(language: str, figures: Mapping[str, Evidence | None]) -> str:
    """The years of the figures, each with its side, where they differ; "" otherwise."""
    years = {side: year for side, e in figures.items() if e and (year := _year(e)) is not None}
    if len(set(years.values())) < 2:
        return ""
    pairs = (f"{_named(language, side)} {year}" for side, year in years.items())
    return _SAYS[language]["pairs"].join(pairs)


def _year(evidence: Evidence) -> int | None:
    """The year a figure speaks of, else that of its article; None where neither is known."""
    at = evidence.span.start if evidence.span else 0
    years = years_of(evidence.sentence, at)
    return years[0] if years else year_of(evidence.sentence.document)


def _period(evidence: Evidence) -> str:
    """Whether a figure is a running total or of one year; "" where its sentence does not say."""
    at = evidence.span.start if evidence.span else 0
    if is_running(evidence.sentence, at):
        return "running"
    return "year" if _ONE_YEAR.search(evidence.sentence.text) else ""


def _unlike(query: Query, figures: Mapping[str, Evidence | None], deed: str) -> str:
    """That sums of money of different deeds must not be added or compared; "" where they may."""
    acts = {
        e.span.act
        for e in figures.values()
        if e and e.span and e.span.quantity and e.span.quantity.kind == "money" and e.span.act
    }
    words = _SAYS[query.language]
    return words["deeds"].format(deed=words[deed]) if len(acts) > 1 else ""
