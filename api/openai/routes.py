"""Here is a request of OpenAI's interface; give me the completion, or the names of our models."""

import uuid
from typing import Any

from fastapi import APIRouter, Request, Response

from api.access import Asking
from api.asking import Asked
from api.errors import RequestError
from api.openai.completion import Head, Reply, completion, stream
from api.openai.dialogue import conversation_of, question_of, request_of
from api.openai.wire import (
    EXTRACTIVE,
    GENERATIVE,
    Completion,
    CompletionError,
    CompletionRequest,
    Model,
    ModelList,
)
from api.questions import Opened
from api.resources import Resources
from api.stream import EVENTS
from api.strict import StrictRoute
from api.turnstile import InTurn

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["OpenAI's interface"])

CREATED = 1_795_219_200
"""When these names were given, 2026-11-21: clients want a time, and it should not change."""
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": CompletionError, "description": description}
    for status, description in {
        400: "A parameter is wrong or missing, or the body is not JSON.",
        401: "The key is missing, unknown or revoked.",
        404: "There is no such model.",
        413: "The body is too large.",
        415: "The body is of another content type.",
        429: "Too many requests; `Retry-After` says when to try again.",
        503: "Busy; `Retry-After` says when to try again.",
    }.items()
}


@router.post(
    "/chat/completions",
    summary="Answer the last question of a chat, as OpenAI's interface has it",
    response_model=Completion,
    responses={
        **{status: REFUSALS[status] for status in (400, 401, 413, 415, 429, 503)},
        200: {"content": EVENTS},
    },
)
def complete(
    body: CompletionRequest, request: Request, opened: Opened, caller: Asking, turn: InTurn
) -> Completion | Response:
    """The answer; follow-ups are resolved from the chat's earlier messages.

    Unknown parameters are ignored, as are `temperature`, `tools`, `user` and system messages: the
    answer comes from the articles, the same for everybody.
    """
    question, earlier = question_of(body.messages, opened.settings.question_characters)
    before = conversation_of(earlier, opened.index.snapshot())
    asking = request_of(question, generative=body.generative)
    asked = Asked(asking, opened, caller, "openai", uuid.uuid4().hex, before, turn.leave)
    public = opened.settings.public_url
    site = public or str(request.base_url).rstrip("/")

    head = Head.of(body, asked.conversation_id, site, public=bool(public))
    if body.stream:
        return stream(head, asked.write, asked.keep)
    answer = asked.find()
    asked.keep(answer)
    return completion(Reply.of(head, answer))


@router.get(
    "/models",
    summary="The names to ask under",
    responses={401: REFUSALS[401], 429: REFUSALS[429]},
)
def list_models(opened: Opened) -> ModelList:
    """`unionqa`, and `unionqa-generative` where there is a language model."""
    return ModelList(object="list", data=_models(opened))


@router.get(
    "/models/{model_id}",
    summary="One of them",
    responses={status: REFUSALS[status] for status in (401, 404, 429)},
)
def read_model(model_id: str, opened: Opened) -> Model:
    """The model of this name."""
    for model in _models(opened):
        if model.id == model_id:
            return model
    raise RequestError(404, "there is no such model", field="model", code="model_not_found")


def _models(opened: Resources) -> list[Model]:
    names = [EXTRACTIVE]
    if opened.model is not None:
        names.append(GENERATIVE)
    return [Model(id=name, object="model", created=CREATED, owned_by="unionqa") for name in names]
