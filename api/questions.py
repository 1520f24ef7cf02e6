"""Here is a question or a query over HTTP; give me the answer or the passages."""

import time
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api import wire
from api.access import Asking, Caller
from api.bodies import answer_body, conversation, filters, search_body
from api.errors import RequestError
from api.history import owner_of
from api.resources import Resources, now
from api.state import StoredTurn
from api.stream import stream
from api.strict import StrictRoute
from rag.ask import ask
from rag.conversation import Conversation
from rag.search import search

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
    503: {"model": wire.Error, "description": "Busy; `Retry-After` says when to try again."},
}


@router.post(
    "/ask",
    summary="Answer a question with its sources, or say what the articles lack",
    response_model=wire.Answer,
    responses={
        **REFUSALS,
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        404: {"model": wire.Error, "description": "No such conversation."},
    },
)
def answer_question(
    body: wire.AskRequest, opened: Opened, caller: Asking
) -> wire.Answer | Response:
    """The answer; it is kept as a turn of its conversation, a new one where none is named.

    `mode: generative` needs a language model; without one the answer is extractive and `degraded`
    says `llm_unavailable`. With `stream: true` the same comes as server-sent events; a client that
    goes away before the last of them leaves no turn behind.
    """
    conversation_id, before = _conversation(body.conversation_id, opened, caller)

    def find() -> wire.Answer:
        answer = ask(
            body.question,
            opened.index.snapshot(),
            conversation=before,
            filters=filters(body.filters),
            top_k=body.top_k,
        )
        opened.metrics.answered(answer)
        generative = body.mode == "generative"
        return answer_body(answer, conversation_id, uuid.uuid4().hex, generative=generative)

    def keep(answer: wire.Answer) -> None:
        _keep(answer, conversation_id, opened, caller)

    if body.stream:
        return stream(find, keep)
    answer = find()
    keep(answer)
    return answer


def _keep(answer: wire.Answer, conversation_id: str, opened: Resources, caller: Caller) -> None:
    """Keep an answer as the next turn of its conversation."""
    turn = StoredTurn(
        answer_id=answer.answer_id or "",
        question=answer.question,
        standalone_question=answer.standalone_question,
        answer_text=answer.answer,
        answer=answer.model_dump_json(),
        asked_at=now(),
    )
    cited = [citation.document_id for citation in answer.citations]
    opened.state.add_turn(conversation_id, turn, cited, caller.owner)


def _conversation(
    conversation_id: str | None, opened: Resources, caller: Caller
) -> tuple[str, Conversation]:
    """The conversation a question belongs to, and what was said in it before."""
    if conversation_id is None:
        return uuid.uuid4().hex, Conversation()
    stored = opened.state.conversation(conversation_id)
    if stored is None or not caller.owns(owner_of(opened.state, conversation_id)):
        raise RequestError(
            404, "no such conversation; leave the field out to begin one", field="conversation_id"
        )
    return conversation_id, conversation(stored.turns)


@router.post("/search", summary="Find the passages nearest to a query", responses=REFUSALS)
def search_passages(body: wire.SearchRequest, opened: Opened) -> wire.SearchResponse:
    """The passages, best first, with the rank and score that each retriever gave them."""
    started = time.perf_counter()
    hits = search(
        body.query,
        opened.index.snapshot(),
        top_k=body.top_k,
        filters=filters(body.filters),
        retrievers=tuple(dict.fromkeys(body.retrievers)),
    )
    return search_body(hits, 1000 * (time.perf_counter() - started))
