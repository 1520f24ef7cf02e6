"""Here is a conversation's id, or a vote on an answer; show, forget or keep it."""

from typing import Any

from fastapi import APIRouter
from fastapi import Response as HttpResponse

from api import wire
from api.bodies import conversation_body
from api.errors import RequestError
from api.questions import REFUSALS, Opened
from api.resources import now
from api.state import Vote
from api.strict import StrictRoute

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["conversations"])

NO_SUCH: dict[int | str, dict[str, Any]] = {
    404: {"model": wire.Error, "description": "There is none of that id."}
}


@router.get(
    "/conversations/{conversation_id}",
    summary="A conversation with its turns, oldest first",
    responses={404: NO_SUCH[404], 503: REFUSALS[503]},
)
def read_conversation(conversation_id: str, opened: Opened) -> wire.Conversation:
    """The conversation; the answer of a turn is null once a document it cites was deleted."""
    stored = opened.state.conversation(conversation_id)
    if stored is None:
        raise RequestError(404, "no such conversation", field="conversation_id")
    return conversation_body(stored)


@router.delete(
    "/conversations/{conversation_id}",
    summary="Forget a conversation with its answers and votes",
    status_code=204,
    responses={404: NO_SUCH[404], 503: REFUSALS[503]},
)
def delete_conversation(conversation_id: str, opened: Opened) -> HttpResponse:
    """Nothing: the conversation is gone."""
    if not opened.state.delete_conversation(conversation_id):
        raise RequestError(404, "no such conversation", field="conversation_id")
    return HttpResponse(status_code=204)


@router.post(
    "/feedback",
    summary="Vote on an answer; the last vote counts",
    responses={**REFUSALS, 404: NO_SUCH[404]},
)
def keep_vote(body: wire.FeedbackRequest, opened: Opened) -> wire.Feedback:
    """The vote as kept."""
    if not opened.state.vote(body.answer_id, Vote(body.vote, body.comment), now()):
        raise RequestError(404, "no such answer", field="answer_id")
    return wire.Feedback(answer_id=body.answer_id, vote=body.vote, comment=body.comment)
