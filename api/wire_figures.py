"""Here is the contract for figures as data; give me its objects, field by field."""

from typing import Literal

from pydantic import BaseModel, Field

from api import wire

Kind = Literal["money", "person", "ratio", "time", "measure", "count"]
Precision = Literal["exact", "about", "above", "below", "range"]


class StoredFigure(BaseModel):
    """A printed figure and what is said of it; `text` is the document's [start:end]."""

    document_id: str
    title: str
    date: str | None
    source: str
    text: str
    value: wire.Figure
    unit: str
    precision: Precision
    kind: Kind
    counted: str | None = Field(description="The noun it counts, as printed.")
    verb: str | None = Field(description="What was done, as printed.")
    predicate: str | None = Field(description="The class of the verb: raise, give, spend …")
    region: str | None = Field(description="The place it speaks of.")
    region_stated: bool = Field(description="Whether its sentence says so.")
    programme: str | None
    time: str | None = Field(description="When, as printed.")
    first_year: int | None
    last_year: int | None
    cumulative: bool = Field(description="A total over several years or all time.")
    planned: bool = Field(description="Announced, not reported.")
    start: int
    end: int
    sentence: str
    sentence_start: int
    sentence_end: int
    url: str = Field(description="The article with the figure's sentence marked.")


class FigureList(BaseModel):
    """A page of figures."""

    figures: list[StoredFigure]
    next_cursor: str | None
