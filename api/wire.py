"""Here is the contract; give me its objects, field by field.

Requests refuse unknown fields and are strict about types; responses say what is always there.
"""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def iso_date(text: str) -> str:
    """The date, if it is YYYY, YYYY-MM or YYYY-MM-DD and exists; ValueError otherwise."""
    found = _DATE.fullmatch(text)
    try:
        if not found:
            raise ValueError(text)
        year, month, day = (int(part) if part else 1 for part in found.groups())
        date(year, month, day)
    except ValueError as exc:
        raise ValueError("expected a date: YYYY-MM-DD, YYYY-MM or YYYY") from exc
    return text


def _integer(value: object) -> object:
    """5.0 → 5: JSON has one kind of number, and to its schemas both are integers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _whole(value: float | None) -> float | int | None:
    """1630000.0 → 1630000, as a person writes it."""
    return int(value) if value is not None and value.is_integer() else value


# For schemas only: what is refused is said in words of our own.
_NOT_BLANK = Field(json_schema_extra={"pattern": r"\S"})
_MONTH_DAY = r"(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_CALENDAR = Field(json_schema_extra={"pattern": rf"^\d{{4}}{_MONTH_DAY}$"})

Question = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), _NOT_BLANK
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _NOT_BLANK
]
Names = Annotated[list[Name], Field(max_length=50)]
IsoDate = Annotated[str, AfterValidator(iso_date), _CALENDAR]
WHOLE = BeforeValidator(_integer)
"""Stands last beside an int, so that its bounds stay in the schema."""
TopK = Annotated[int, Field(ge=1, le=100), WHOLE]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Figure = Annotated[float | None, PlainSerializer(_whole)]


class Request(BaseModel):
    """What a client sends: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Filters(Request):
    """What a search is limited to; everything given must hold, one name of a list suffices."""

    region: Names | None = Field(None, description="Places; a province holds its cities.")
    date_from: IsoDate | None = None
    date_to: IsoDate | None = None
    source: Names | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.date_from and self.date_to and self.date_from > f"{self.date_to}-99":
            raise ValueError("date_from is after date_to")
        return self


class AskRequest(Request):
    """A question."""

    question: Question
    conversation_id: Id | None = Field(None, description="None begins a new conversation.")
    top_k: TopK = Field(5, description="The most citations an answer may have.")
    filters: Filters | None = None
    mode: Literal["extractive", "generative"] = "extractive"
    stream: bool = Field(False, description="Send events: `passages`, `delta`, `answer`, `error`.")


class SearchRequest(Request):
    """A search for passages."""

    query: Question
    top_k: TopK = 10
    filters: Filters | None = None
    retrievers: Annotated[list[Literal["bm25", "dense"]], Field(min_length=1, max_length=2)] = [
        "bm25",
        "dense",
    ]


class FeedbackRequest(Request):
    """A vote on an answer; the last one counts."""

    answer_id: Id
    vote: Literal["up", "down"]
    comment: Annotated[str, StringConstraints(max_length=2000)] | None = None


class Response(BaseModel):
    """What a client receives."""

    model_config = ConfigDict(frozen=True)


class ErrorDetail(Response):
    """What was wrong, and in which field (null where no field is at fault)."""

    code: str
    message: str
    field: str | None


class Error(Response):
    """The one form of every error."""

    error: ErrorDetail


class ShortAnswer(Response):
    """The figure, name or date alone; `value` and `unit` only for quantities."""

    text: str
    citation: int
    region: str | None
    value: Figure
    unit: str | None


class Citation(Response):
    """`quote == document.text[start:end]`, and where that stands in the untouched source."""

    id: int
    document_id: str
    chunk_id: str
    title: str
    date: str | None
    date_inferred: bool
    region: str | None
    source: str
    quote: str
    start: int
    end: int
    source_start: int
    source_end: int
    url: str


class Related(Response):
    """Something near the question that does not answer it."""

    note: str
    citation: int


class TableRow(Response):
    """One place's cells, and the citations that carry them."""

    region: str
    cells: list[str]
    citations: list[int]


class Table(Response):
    """Answers to one question for several places."""

    columns: list[str]
    rows: list[TableRow]


class Answer(Response):
    """An answer that shows its sources, or says what the articles lack."""

    status: Literal["answered", "partial", "not_found"]
    answer: str
    short_answers: list[ShortAnswer]
    citations: list[Citation]
    related: list[Related]
    table: Table | None
    question: str
    standalone_question: str
    conversation_id: str | None
    answer_id: str | None
    mode: Literal["extractive", "generative"]
    degraded: list[str]
    timings_ms: dict[str, float]


class Passages(Response):
    """The first event of a stream: what the answer rests on."""

    citations: list[Citation]


class Delta(Response):
    """An event of a stream: the next piece of the answer's text."""

    text: str


class RetrieverHit(Response):
    """Where one retriever ranked a passage, and its own score (higher is better)."""

    rank: int
    score: float


class SearchHit(Response):
    """One passage: `text == document.text[start:end]`."""

    rank: int
    score: float
    document_id: str
    chunk_id: str
    title: str
    date: str | None
    region: str | None
    source: str
    text: str
    start: int
    end: int
    retrievers: dict[str, RetrieverHit]


class SearchResponse(Response):
    """Passages, best first."""

    hits: list[SearchHit]
    took_ms: float


class ArticleFields(Response):
    """What is known of an article. `date_inferred` marks a date that no line of it states."""

    document_id: str
    title: str
    date: str | None
    date_inferred: bool
    region: str | None
    source: str
    publisher: str | None
    author: str | None
    url: str | None
    characters: int


class DocumentFields(ArticleFields):
    """What is known of a stored article."""

    added_at: str
    updated_at: str


class Document(DocumentFields):
    """An article in a list; `chunks` counts its passages."""

    chunks: int


class Chunk(Response):
    """A passage of a document: `text == document.text[start:end]`."""

    chunk_id: str
    start: int
    end: int
    text: str
    heading: str


class FullDocument(DocumentFields):
    """An article with its text and its passages."""

    chunks: list[Chunk]
    text: str


class DocumentList(Response):
    """A page of documents; `next_cursor` asks for the next one, null at the end."""

    documents: list[Document]
    next_cursor: str | None


class Feedback(Response):
    """A vote as kept."""

    answer_id: str
    vote: Literal["up", "down"]
    comment: str | None


class Turn(Response):
    """A question and its answer; null once a document that it cites was deleted."""

    answer_id: str
    asked_at: str
    question: str
    standalone_question: str
    answer: Answer | None
    feedback: Feedback | None


class Conversation(Response):
    """A conversation, oldest turn first."""

    conversation_id: str
    created_at: str
    turns: list[Turn]


class Alive(Response):
    """The process answers."""

    status: Literal["ok"]


class Ready(Response):
    """Questions can be answered: `checks` are all "ok".

    `on` names the optional parts that work; `parts` has each optional model with "ok", "not asked
    yet", or why it does not work now, which keeps no question from being answered.
    """

    status: Literal["ready"]
    generation: int
    documents: int
    chunks: int
    encoder: str
    on: list[str]
    parts: dict[str, str]
    checks: dict[str, str]


class Examples(Response):
    """What an empty chat page says: how much there is, where from, how new, and what to ask."""

    documents: int
    regions: list[str]
    newest: str | None
    questions: list[str]
