"""Here is a tool's name and its arguments; give me what it found, for programs and readers."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from api import wire
from api.access import Caller
from api.asking import Asked, check_length
from api.bodies import document_body, filters, search_body
from api.documents import stored_document
from api.errors import CODES, RequestError, from_index, from_validation
from api.plain import answer_text, hits_text
from api.resources import Resources
from api.sqlite import StateError
from index.errors import IndexingError
from rag.search import search

PART = 8_000
"""Characters of an article that are read at once unless asked otherwise: about 5,000 tokens."""
LONGEST_PART = 50_000


class AskArguments(wire.Request):
    """A question to the articles."""

    question: wire.Question = Field(
        description="In Chinese, English or pinyin; one question about one subject is best."
    )
    filters: wire.Filters | None = None
    conversation_id: wire.Id | None = Field(
        None, description="From an earlier answer, where the question follows it up."
    )
    top_k: wire.TopK = Field(5, description="The most citations an answer may have.")


class SearchArguments(wire.Request):
    """A search for passages."""

    query: wire.Question
    top_k: wire.TopK = 10
    filters: wire.Filters | None = None


class ReadArguments(wire.Request):
    """Which article, and which part of it."""

    document_id: wire.Id = Field(description="From a citation, a hit or a resource.")
    start: Annotated[int, Field(ge=0, lt=2**31), wire.WHOLE] = Field(
        0, description="The first character; citations and hits say where theirs are."
    )
    length: Annotated[int, Field(ge=1, le=LONGEST_PART), wire.WHOLE] = Field(
        PART, description="How many characters at most."
    )


class ArticlePart(wire.Document):
    """A part of an article: `text == document.text[start:end]`; null `next_start` is the end."""

    start: int
    end: int
    text: str
    next_start: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a tool found, for programs and for readers; `failed`: the text says why nothing."""

    text: str
    body: BaseModel | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """What an assistant may call; nothing that these do changes an article."""

    title: str
    description: str
    arguments: type[wire.Request]
    result: type[BaseModel]
    work: Callable[[Any, Resources, "Asker"], Found]
    needs_turn: bool


@dataclass(frozen=True, slots=True)
class Asker:
    """Who calls a tool; `leave` gives up its turn, before a language model is waited for."""

    caller: Caller
    leave: Callable[[], None] = lambda: None


def call(name: str, given: Mapping[str, Any], opened: Resources, asker: Asker) -> Found:
    """What one of `TOOLS` found; KeyError for another name. A refusal is one clear line."""
    tool = TOOLS[name]
    try:
        return tool.work(tool.arguments.model_validate(dict(given)), opened, asker)
    except ValidationError as exc:
        # as where a body is refused: what stands before the field's name is not shown
        errors = [{**error, "loc": ("arguments", *error["loc"])} for error in exc.errors()]
        return refusal(from_validation(errors), opened)
    except RequestError as exc:
        return refusal(exc, opened)
    except IndexingError as exc:
        return refusal(from_index(exc), opened)
    except StateError as exc:
        return refusal(RequestError(503, str(exc)), opened)


def refusal(exc: RequestError, opened: Resources) -> Found:
    """What an assistant is told where nothing was found out, which is counted."""
    opened.metrics.refused(CODES.get(exc.status_code, "other"))
    return Found(" ".join(str(exc.detail).split()).replace("; see /openapi.json", ""), failed=True)


def _ask(given: AskArguments, opened: Resources, asker: Asker) -> Found:
    body = wire.AskRequest.model_validate(given.model_dump())
    asked = replace(Asked.of(body, opened, asker.caller, "mcp"), leave=asker.leave)
    answer = asked.find()
    asked.keep(answer)
    return Found(answer_text(answer), answer)


def _search(given: SearchArguments, opened: Resources, _: Asker) -> Found:
    check_length(given.query, opened, "query")
    started = time.perf_counter()
    snapshot = opened.index.snapshot()
    hits = search(given.query, snapshot, top_k=given.top_k, filters=filters(given.filters))
    body = search_body(hits, 1000 * (time.perf_counter() - started))
    return Found(hits_text(body) or "nothing found", body)


def _read(given: ReadArguments, opened: Resources, _: Asker) -> Found:
    stored = stored_document(given.document_id, opened)
    whole = stored.document.text
    if given.start > len(whole):
        message = f"start is {given.start}, the article has {len(whole)} characters"
        raise RequestError(422, message, field="start")
    end = min(given.start + given.length, len(whole))
    text = whole[given.start : end]
    part = {"start": given.start, "end": end, "text": text}
    after = end if end < len(whole) else None
    known = document_body(stored).model_dump()
    return Found(text, ArticlePart.model_validate({**known, **part, "next_start": after}))


TOOLS: dict[str, Tool] = {
    "ask": Tool(
        "Ask the articles",
        "Answers a question from the trade union's own articles with the exact figure, sentence "
        "and source, or says what the articles lack (status not_found). Repeat figures as they "
        "are printed, name their place and year, and keep the [1] citations.",
        AskArguments,
        wire.Answer,
        _ask,
        needs_turn=True,
    ),
    "search": Tool(
        "Search the articles",
        "Finds the passages of the articles that are nearest to a query, best first.",
        SearchArguments,
        wire.SearchResponse,
        _search,
        needs_turn=True,
    ),
    "read_article": Tool(
        "Read an article",
        "Reads an article's text by its document_id, a part at a time: go on at next_start.",
        ReadArguments,
        ArticlePart,
        _read,
        needs_turn=False,
    ),
}
