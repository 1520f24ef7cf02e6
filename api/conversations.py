"""Here is a conversation's id, or a vote on an answer; list, show, name, forget or keep it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi import Response as HttpResponse
from pydantic import BaseModel, ConfigDict

from api import wire, wire_page
from api.access import Asking, Caller
from api.bodies import conversation_body
from api.errors import RequestError
from api.history import (
    Listed,
    conversation_of,
    find_conversation,
    list_conversations,
    owner_of,
    rename,
)
from api.questions import REFUSALS, Opened
from api.resources import Resources, now
from api.state import Vote
from api.strict import StrictRoute

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["conversations"])

NO_SUCH: dict[int | str, dict[str, Any]] = {
    404: {"model": wire.Error, "description": "There is none of that id."}
}


class PageQuery(BaseModel):
    """Which page of the list."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Query(ge=1, le=100)] = 50
    cursor: Annotated[int | None, Query(ge=1, lt=2**62)] = None


@router.get(
    "/conversations",
    summary="Your conversations, last used first",
    responses={422: REFUSALS[422], 503: REFUSALS[503]},
)
def list_own_conversations(
    query: Annotated[PageQuery, Query()], opened: Opened, caller: Asking
) -> wire_page.ConversationList:
    """The conversations of this key, or without keys of this browser."""
    listed, cursor = list_conversations(opened.state, caller.owner, query.limit, query.cursor)
    return wire_page.ConversationList(
        conversations=[_listed_body(one) for one in listed],
        next_cursor=str(cursor) if cursor else None,
    )


@router.patch(
    "/conversations/{conversation_id}",
    summary="Give a conversation a name",
    responses={**REFUSALS, 404: NO_SUCH[404]},
)
def rename_conversation(
    conversation_id: str, body: wire_page.TitleRequest, opened: Opened, caller: Asking
) -> wire_page.ListedConversation:
    """The conversation as the list shows it."""
    _check_owner(conversation_id, opened, caller)
    rename(opened.state, conversation_id, body.title)
    listed = find_conversation(opened.state, caller.owner, conversation_id)
    if listed is None:
        raise RequestError(404, "no such conversation", field="conversation_id")
    return _listed_body(listed)


@router.get(
    "/conversations/{conversation_id}",
    summary="A conversation with its turns, oldest first",
    responses={404: NO_SUCH[404], 503: REFUSALS[503]},
)
def read_conversation(conversation_id: str, opened: Opened, caller: Asking) -> wire.Conversation:
    """The conversation; the answer of a turn is null once a document it cites was deleted."""
    _check_owner(conversation_id, opened, caller)
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
def delete_conversation(conversation_id: str, opened: Opened, caller: Asking) -> HttpResponse:
    """Nothing: the conversation is gone."""
    _check_owner(conversation_id, opened, caller)
    if not opened.state.delete_conversation(conversation_id):
        raise RequestError(404, "no such conversation", field="conversation_id")
    return HttpResponse(status_code=204)


@router.post(
    "/feedback",
    summary="Vote on an answer; the last vote counts",
    responses={**REFUSALS, 404: NO_SUCH[404]},
)
def keep_vote(body: wire.FeedbackRequest, opened: Opened, caller: Asking) -> wire.Feedback:
    """The vote as kept."""
    conversation_id = conversation_of(opened.state, body.answer_id) or ""
    owned = caller.owns(owner_of(opened.state, conversation_id))
    if not owned or not opened.state.vote(body.answer_id, Vote(body.vote, body.comment), now()):
        raise RequestError(404, "no such answer", field="answer_id")
    opened.metrics.voted(body.vote)
    return wire.Feedback(answer_id=body.answer_id, vote=body.vote, comment=body.comment)


@router.delete(
    "/feedback/{answer_id}",
    summary="Withdraw the vote on an answer, with its comment",
    status_code=204,
    responses={404: NO_SUCH[404], 503: REFUSALS[503]},
)
def withdraw_vote(answer_id: str, opened: Opened, caller: Asking) -> HttpResponse:
    """Nothing: there is no vote on the answer any more."""
    conversation_id = conversation_of(opened.state, answer_id) or ""
    owned = caller.owns(owner_of(opened.state, conversation_id))
    if not owned or not opened.state.withdraw_vote(answer_id):
        raise RequestError(404, "no vote on such an answer", field="answer_id")
    return HttpResponse(status_code=204)


def _check_owner(conversation_id: str, opened: Resources, caller: Caller) -> None:
    """Nothing; RequestError where there is no such conversation, or it is somebody else's."""
    if not caller.owns(owner_of(opened.state, conversation_id)):
        raise RequestError(404, "no such conversation", field="conversation_id")


def _listed_body(listed: Listed) -> wire_page.ListedConversation:
    return wire_page.ListedConversation.model_validate(listed, from_attributes=True)
