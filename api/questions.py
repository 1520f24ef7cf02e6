"""Here is a question or a query over HTTP; give me the answer or the passages."""

import time
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api import wire
from api.bodies import answer_body, conversation, filters, search_body
from api.errors import RequestError
from api.resources import Resources, now
from api.state import StoredTurn
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
    responses={**REFUSALS, 404: {"model": wire.Error, "description": "No such conversation."}},
)
def answer_question(body: wire.AskRequest, opened: Opened) -> wire.Answer:
    """The answer; it is kept as a turn of its conversation, a new one where none is named.

    `mode: generative` needs a language model; without one the answer is extractive and `degraded`
    says `llm_unavailable`. `stream: true` is refused: streaming is not offered yet.
    """
    conversation_id, before = _conversation(body.conversation_id, opened)
    snapshot = opened.index.snapshot()
    answer = ask(
        body.question,
        snapshot,
        conversation=before,
        filters=filters(body.filters),
        top_k=body.top_k,
    )
    answer_id = uuid.uuid4().hex
    generative = body.mode == "generative"
    response = answer_body(answer, conversation_id, answer_id, generative=generative)
    turn = StoredTurn(
        answer_id=answer_id,
        question=body.question,
        standalone_question=answer.standalone_question,
        answer_text=answer.text,
        answer=response.model_dump_json(),
        asked_at=now(),
    )
    opened.state.add_turn(
        conversation_id, turn, [citation.document_id for citation in answer.citations]
    )
    return response


def _conversation(conversation_id: str | None, opened: Resources) -> tuple[str, Conversation]:
    """The conversation a question belongs to, and what was said in it before."""
    if conversation_id is None:
        return uuid.uuid4().hex, Conversation()
    stored = opened.state.conversation(conversation_id)
    if stored is None:
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
