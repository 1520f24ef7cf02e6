"""Here is what users asked; show whoever looks after the articles what was not found, or wrong."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi import Response as HttpResponse
from pydantic import BaseModel, ConfigDict

from api import wire_page
from api.questions import REFUSALS, Opened
from api.report import Report, report
from api.resources import Resources
from api.strict import StrictRoute

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["what was asked"])

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""A spreadsheet computes a cell that begins with one of these; a Chinese one takes the wide forms
for the narrow ones.
"""


HEADS: dict[str, tuple[str, ...]] = {
    "zh": (
        *("类别", "内容", "次数", "最近", "备注"),
        *("未答问题", "不对", "常用文章", "每日提问", "未答"),
    ),
    "en": (
        *("kind", "what", "times", "last", "remark"),
        *("not answered", "voted wrong", "article cited", "questions of a day", "not answered:"),
    ),
}
"""Words of the table: its five columns, its four kinds of row, one of the last kind's remark."""


class AskedQuery(BaseModel):
    """How far back."""

    model_config = ConfigDict(extra="forbid")

    days: Annotated[int, Query(ge=1, le=366)] = 30
    offset: Annotated[
        int, Query(ge=-840, le=840, description="Minutes that the reader's clock is ahead of UTC")
    ] = 0


class TableQuery(AskedQuery):
    """How far back, and in which language the heads are."""

    language: Annotated[Literal["zh", "en"], Query()] = "zh"


@router.get(
    "/asked", summary="What was asked, refused and voted down", responses={422: REFUSALS[422]}
)
def read_asked(query: Annotated[AskedQuery, Query()], opened: Opened) -> wire_page.Asked:
    """Refused questions grouped, votes, the articles most used, and questions a day."""
    return wire_page.Asked.model_validate(_report(query, opened), from_attributes=True)


@router.get(
    "/asked.csv",
    summary="The same as a table for a spreadsheet",
    response_class=HttpResponse,
    responses={422: REFUSALS[422], 200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def read_asked_table(query: Annotated[TableQuery, Query()], opened: Opened) -> HttpResponse:
    """CSV as UTF-8 with the mark by which Excel knows it; cells never compute."""
    found = _report(query, opened)
    text = io.StringIO()
    writer = csv.writer(text)
    words = HEADS[query.language]
    writer.writerow(words[:5])
    for row in _rows(found, words[5:]):
        writer.writerow([harmless(cell) for cell in row])
    return HttpResponse(
        text.getvalue().encode("utf-8-sig", "replace"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="asked.csv"'},
    )


def harmless(cell: str) -> str:
    """The cell, which no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) else cell


def _rows(found: Report, words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Everything as rows: kind, what, how often, when last, remark; `words` are HEADS from 5."""
    refused, wrong, cited, daily, missed = words
    for group in found.refused:
        other = "；".join(group.others)
        yield refused, group.question, str(group.times), group.last_asked_at, other
    for vote in found.down:
        yield wrong, vote.question, "1", vote.voted_at, vote.comment or ""
    for used in found.documents:
        yield cited, used.title, str(used.times), "", used.document_id
    for day in found.days:
        yield daily, day.day, str(day.questions), "", f"{missed} {day.refused}"


def _report(query: AskedQuery, opened: Resources) -> Report:
    ahead = timedelta(minutes=query.offset)
    first = datetime.now(UTC) + ahead - timedelta(days=query.days - 1)
    midnight = first.replace(hour=0, minute=0, second=0) - ahead
    since = midnight.strftime("%Y-%m-%dT%H:%M:%S")
    return report(opened.state, opened.index.snapshot(), since, ahead)
