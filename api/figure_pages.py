"""Here is which figures are wanted over HTTP; give me a page of them."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from api import wire
from api.addresses import page_path
from api.errors import RequestError
from api.figures import wanted_of
from api.questions import REFUSALS, Opened
from api.strict import StrictRoute
from api.wire_figures import FigureList, StoredFigure
from index.figure_table import Kept

router = APIRouter(prefix="/v1/figures", route_class=StrictRoute, tags=["figures"])


OWN = tuple(name for name in StoredFigure.model_fields if name in Kept.__dataclass_fields__)
"""Fields that a kept figure has under the same name."""


class FigureQuery(BaseModel):
    """Which figures, and which page of them; everything given must hold."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Query(ge=1, le=100)] = 20
    cursor: Annotated[str | None, Query(max_length=200)] = None
    region: Annotated[wire.Name | None, Query(description="株洲, 株洲市 or 湖南")] = None
    programme: Annotated[wire.Name | None, Query(description="A name, or a part of it")] = None
    predicate: Annotated[wire.Name | None, Query(description="raise, give, spend, help …")] = None
    document_id: Annotated[wire.Name | None, Query(description="Of one article")] = None


@router.get("", summary="List the figures that the articles print", responses={422: REFUSALS[422]})
def list_figures(query: Annotated[FigureQuery, Query()], opened: Opened) -> FigureList:
    """A page of figures, those of the article last written first, each with its sentence."""
    snapshot = opened.index.snapshot()
    given = query.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
    try:
        page, cursor = snapshot.figures(query.limit, query.cursor, wanted_of(given, snapshot))
    except ValueError as exc:
        raise RequestError(
            422, "cursor: expected a next_cursor of this list", field="cursor"
        ) from exc
    return FigureList(figures=[figure_body(one) for one in page], next_cursor=cursor)


def figure_body(one: Kept) -> StoredFigure:
    """A figure as the contract has it."""
    figure = one.figure
    start, end = figure.sentence
    years = figure.years
    return StoredFigure.model_validate(
        {
            **{name: getattr(one, name) for name in OWN},
            **{
                name: getattr(figure, name)
                for name in ("value", "unit", "precision", "kind", "start", "end", "region")
            },
            "predicate": figure.predicate or None,
            "region_stated": figure.stated,
            "first_year": years[0] if years else None,
            "last_year": years[-1] if years else None,
            "cumulative": figure.cumulative,
            "planned": figure.planned,
            "sentence_start": start,
            "sentence_end": end,
            "url": page_path(one.document_id, start, end),
        }
    )
