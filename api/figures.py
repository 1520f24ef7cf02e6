"""Here are figures of articles; give me them as lines for a reader, or as CSV for a table."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from api.asked import harmless
from index.document import Document
from index.figure_table import ANYWHERE, Kept, Wanted, kept
from index.figures import Figure
from index.filters import Filters, scope
from index.snapshot import Snapshot

COLUMNS = (
    "figure",
    "value",
    "unit",
    "precision",
    "counted",
    "verb",
    "predicate",
    "region",
    "programme",
    "time",
    "first_year",
    "last_year",
    "cumulative",
    "planned",
    "title",
    "date",
    "source",
    "document_id",
    "start",
    "end",
    "sentence",
)
PAGE = 500
"""Figures read at a time."""
_VAGUE = {"about": "约", "above": "以上", "below": "以下", "range": "区间", "exact": ""}


def wanted_of(given: Mapping[str, str], snapshot: Snapshot) -> Wanted:
    """Which figures are meant by region, programme, predicate and document_id, those given."""
    region = given.get("region")
    place = scope(Filters(regions=(region,)), snapshot.gazetteer) if region else ANYWHERE
    others = {name: value for name, value in given.items() if name != "region"}
    return Wanted(place, **others)


def listed(snapshot: Snapshot, given: Mapping[str, str], most: int | None) -> Iterator[Kept]:
    """The figures of an index that are of what is `given` (region, programme, predicate), page by
    page, those of the articles last written first; at most `most`, None for all.
    """
    wanted = wanted_of(given, snapshot)
    cursor: str | None = None
    left = most
    while left is None or left > 0:
        page, cursor = snapshot.figures(min(PAGE, left or PAGE), cursor, wanted)
        yield from page
        left = None if left is None else left - len(page)
        if cursor is None:
            return


def lines(found: Iterable[Kept]) -> Iterator[str]:
    """Each figure in a line, under its sentence where that is another than the one before."""
    last: tuple[str, tuple[int, int]] | None = None
    for one in found:
        if (one.document_id, one.figure.sentence) != last:
            last = (one.document_id, one.figure.sentence)
            yield f"{one.title} ({' · '.join(filter(None, (one.date, one.source)))})"
            yield f"  {' '.join(one.sentence.split())}"
        yield f"    {_line(one)}"


def of_document(document: Document, figures: Iterable[Figure]) -> Iterator[str]:
    """The same for the figures of a document that is not in an index."""
    yield from lines(kept(document, one) for one in figures)


def _line(one: Kept) -> str:
    """A figure as printed, and what is known of it."""
    figure = one.figure
    years = "–".join(map(str, figure.years))
    facts = (
        f"{figure.value:.12g}{figure.unit}{_VAGUE[figure.precision]}",
        one.counted,
        f"{one.verb} ({figure.predicate})" if one.verb else None,
        figure.region,
        one.programme,
        " ".join(filter(None, (one.time, f"({years})" if years else None))),
        "累计" if figure.cumulative else None,
        "计划" if figure.planned else None,
    )
    return f"{one.text}  {' · '.join(filter(None, facts))}"


def csv_rows(found: Iterable[Kept]) -> Iterator[str]:
    """A row for each figure under the names of COLUMNS, each ending in CRLF (RFC 4180).

    What a spreadsheet would take for a formula begins with an apostrophe.
    """
    yield _row(COLUMNS)
    for one in found:
        figure = one.figure
        first, last = (figure.years[0], figure.years[-1]) if figure.years else (None, None)
        values = (
            *(one.text, f"{figure.value:.12g}", figure.unit, figure.precision, one.counted),
            *(one.verb, figure.predicate, figure.region, one.programme, one.time, first, last),
            *(int(figure.cumulative), int(figure.planned), one.title, one.date, one.source),
            *(one.document_id, figure.start, figure.end, one.sentence),
        )
        yield _row(values)


def _row(values: Iterable[object]) -> str:
    """A line of CSV."""
    out = io.StringIO()
    csv.writer(out).writerow(["" if value is None else harmless(str(value)) for value in values])
    return out.getvalue()
