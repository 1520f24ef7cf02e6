"""Here is what a search is limited to; give me the one rule that every index enforces inside.

A place typed by a person (双鸭山, 双鸭山市, 湖南) becomes code prefixes through the gazetteer, and
the full names it may stand for, which also reaches places the gazetteer does not list (某某镇).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SUFFIXES = ("省", "市", "县", "区", "自治区", "自治州", "自治县", "盟", "旗", "镇", "乡", "街道")
"""What follows a place's short name in its full name (GB/T 2260 and its townships)."""

DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


class PlaceLike(Protocol):
    """What filters need of a gazetteer's place: its code."""

    @property
    def code(self) -> str:
        """GB/T 2260 code without trailing zeros; a prefix is an ancestor."""


class PlaceNames(Protocol):
    """What filters need of a gazetteer."""

    def by_name(self, name: str, /) -> Sequence[PlaceLike]:
        """The places called `name`, full or short; empty where none is."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; everything given must hold, any one of a tuple suffices.

    `regions` are names as people type them, `codes` prefixes of `Document.region_code`. Dates are
    ISO 8601 of any precision and inclusive; a document dated "2021" matches every day of 2021,
    one without a date matches no date filter.
    """

    regions: tuple[str, ...] = ()
    date_from: str | None = None
    date_to: str | None = None
    sources: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Filters as the indexes understand them: a place is any of `codes` or `names`, if `placed`."""

    placed: bool = False
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    first_day: int | None = None
    last_day: int | None = None
    sources: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether nothing is excluded."""
        return self == Scope()

    def where(self) -> tuple[str, list[str | int]]:
        """An SQL condition on the table `documents` and its parameters."""
        terms: list[str] = []
        values: list[str | int] = []
        if self.placed:
            place = ["region IN (" + ",".join("?" * len(self.names)) + ")"]
            values += self.names
            for code in self.codes:
                # the codes that begin with it, as a range an index can answer: ":" follows "9"
                place.append("region_code >= ? AND region_code < ?")
                values += [code, code + ":"]
            terms.append("(" + " OR ".join(place) + ")")
        if self.first_day is not None:
            terms.append("last_day >= ?")
            values.append(self.first_day)
        if self.last_day is not None:
            terms.append("first_day <= ?")
            values.append(self.last_day)
        if self.sources:
            terms.append("source IN (" + ",".join("?" * len(self.sources)) + ")")
            values += self.sources
        return " AND ".join(terms) or "1", values


def scope(filters: Filters, gazetteer: PlaceNames) -> Scope:
    """The rule `filters` stand for. ValueError where a date is not ISO 8601."""
    codes = list(filters.codes)
    names: list[str] = []
    for region in filters.regions:
        codes += [place.code for place in gazetteer.by_name(region) if place.code]
        names += [region, *(region + suffix for suffix in SUFFIXES if not region.endswith(suffix))]
    return Scope(
        placed=bool(filters.regions or filters.codes),
        codes=tuple(sorted(set(codes))),
        names=tuple(dict.fromkeys(names)),
        first_day=days(filters.date_from)[0] if filters.date_from else None,
        last_day=days(filters.date_to)[1] if filters.date_to else None,
        sources=filters.sources,
    )


def days(date: str) -> tuple[int, int]:
    """First and last day a date may mean, as yyyymmdd: "2021-03" → (20210301, 20210331).

    The last day of a month is written 31 whatever the month: only the order of days matters.
    ValueError where `date` is not ISO 8601.
    """
    found = DATE.fullmatch(date)
    if not found:
        raise ValueError(f"date {date!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    return first, year * 10_000 + (month or 12) * 100 + (day or 31)
