"""Here is a question or a query over HTTP; give me the answer or the passages."""

import time
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api import wire
from api.access import Asking
from api.asking import Asked, check_length
from api.bodies import filters, search_body
from api.resources import Resources
from api.stream import EVENTS, stream
from api.strict import StrictRoute
from api.turnstile import InTurn, in_turn
from rag.search import SEARCHED, search

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["questions"])


def opened_resources(request: Request) -> Resources:
    """What the server holds open."""
    resources = request.app.state.resources
    assert isinstance(resources, Resources)
    return resources


Opened = Annotated[Resources, Depends(opened_resources)]
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": wire.Error, "description": "The body is not JSON."},
    413: {"model": wire.Error, "description": "The body is too large."},
    415: {"model": wire.Error, "description": "The body is of another content type."},
    422: {"model": wire.Error, "description": "A field is wrong, missing or unknown."},
    429: {"model": wire.Error, "description": "Too many requests; `Retry-After` says when to."},
    503: {"model": wire.Error, "description": "Busy; `Retry-After` says when to try again."},
}


@router.post(
    "/ask",
    summary="Answer a question with its sources, or say what the articles lack",
    response_model=wire.Answer,
    responses={
        **REFUSALS,
        200: {"content": EVENTS},
        404: {"model": wire.Error, "description": "No such conversation."},
    },
)
def answer_question(
    body: wire.AskRequest, opened: Opened, caller: Asking, turn: InTurn
) -> wire.Answer | Response:
    """The answer; it is kept as a turn of its conversation, a new one where none is named.

    `mode: generative` needs a language model; without one the answer is extractive and `degraded`
    says `llm_unavailable`. With `stream: true` the same comes as server-sent events; a client that
    goes away before the last of them leaves no turn behind.
    """
    asked = replace(Asked.of(body, opened, caller, "http"), leave=turn.leave)
    if body.stream:
        return stream(asked.write, asked.keep)
    answer = asked.find()
    asked.keep(answer)
    return answer


@router.post(
    "/search",
    summary="Find the passages nearest to a query",
    responses=REFUSALS,
    dependencies=[Depends(in_turn)],
)
def search_passages(body: wire.SearchRequest, opened: Opened) -> wire.SearchResponse:
    """The passages, best first, with the rank and score that each retriever gave them."""
    check_length(body.query, opened, "query")
    started = time.perf_counter()
    hits = search(
        body.query,
        opened.index.snapshot(),
        top_k=body.top_k,
        filters=filters(body.filters),
        how=replace(SEARCHED, retrievers=tuple(dict.fromkeys(body.retrievers))),
    )
    return search_body(hits, 1000 * (time.perf_counter() - started))
