"""Here is a callback from WeCom; keep what it brings and acknowledge it at once.

Whatever is not WeCom's, or damaged, or too old gets one and the same refusal: 403, empty. What is
WeCom's always gets 200: an error of ours must not make WeCom send the message again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from api.addresses import DocumentId
from api.resources import Resources
from api.wecom import link, words
from api.wecom.connection import answer_over_connection
from api.wecom.crypto import Keys, Refused
from api.wecom.desk import Answerer, Desk, stream
from api.wecom.envelope import (
    encrypted_json,
    encrypted_xml,
    new_id,
    read_echo,
    read_stamp,
    seal_json,
    unseal,
)
from api.wecom.message import Message, app_message, bot_message

LOG = logging.getLogger("unionqa.wecom")
ACKNOWLEDGING = 4
"""Threads of their own: a long answer on the chat page must not delay an acknowledgement."""

router = APIRouter(prefix="/wecom", include_in_schema=False)
T = TypeVar("T")


class Open:
    """A desk that serves, and the threads that acknowledge for it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.pool = ThreadPoolExecutor(ACKNOWLEDGING, thread_name_prefix="wecom-callback")


@asynccontextmanager
async def at_work(
    app: FastAPI, resources: Resources, answer: Answerer | None
) -> AsyncIterator[None]:
    """While this is open, WeCom is answered; nothing happens where no way is switched on."""
    if not resources.settings.wecom_on:
        yield
        return
    desk = Desk(resources, answer)
    opened = Open(desk)
    app.state.wecom = opened
    app.include_router(router)
    desk.start()
    if resources.settings.wecom_ws:
        desk.begin("wecom-connection", lambda: answer_over_connection(desk))
    try:
        yield
    finally:
        opened.pool.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(desk.stop)


@router.get("/app")
async def check_app(request: Request) -> Response:
    """The plain text that WeCom wants to see when the callback's address is saved."""
    return await _checked(request, _desk(request).settings.app_keys)


@router.get("/bot")
async def check_bot(request: Request) -> Response:
    """The same for the AI bot."""
    return await _checked(request, _desk(request).settings.bot_keys)


@router.post("/app")
async def take_app(request: Request) -> Response:
    """An empty body, once the message is on disk."""
    body = await request.body()
    return await _refusing(request, lambda: _take_app(_desk(request), request, body))


@router.post("/bot")
async def take_bot(request: Request) -> Response:
    """The stream's state, a welcome, or an empty body."""
    body = await request.body()
    return await _refusing(request, lambda: _take_bot(_desk(request), request, body))


@router.get("/article/{document_id}")
def read_article(document_id: DocumentId, request: Request) -> Response:
    """The one article that a signed link opens."""
    desk = _desk(request)
    given = [request.query_params.get(name, "") for name in ("c", "e", "s")]
    span, expires, signed = given
    if not link.is_valid(desk.link_key, document_id, span, expires, signed):
        return HTMLResponse(link.notice(words.BAD_LINK), 403)
    stored = desk.resources.index.snapshot().get_stored(document_id)
    if stored is None:
        return HTMLResponse(link.notice(words.DELETED), 404)
    return HTMLResponse(link.page(stored.document, span))


def _desk(request: Request) -> Desk:
    opened = request.app.state.wecom
    assert isinstance(opened, Open)
    return opened.desk


async def _refusing(request: Request, work: Callable[[], Response]) -> Response:
    """What `work` returns, done in a thread; the one refusal where it raises Refused."""
    pool = request.app.state.wecom.pool
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
    except Refused as exc:
        LOG.warning("%s %s refused, %d", request.method, request.url.path, exc.code)
        return Response(status_code=403)
    except Exception as exc:  # noqa: BLE001 - signed or not, WeCom is never told of our errors
        LOG.error("%s %s failed: %s", request.method, request.url.path, type(exc).__name__)
        return Response(status_code=200)


async def _checked(request: Request, keys: Keys | None) -> Response:
    window_s = _desk(request).settings.wecom_window_s
    query = request.query_params.multi_items()
    if keys is None:
        return Response(status_code=404)
    return await _refusing(request, lambda: PlainTextResponse(read_echo(keys, query, window_s)))


def _take_app(desk: Desk, request: Request, body: bytes) -> Response:
    settings = desk.settings
    if settings.app_keys is None:
        return Response(status_code=404)
    stamp = read_stamp(request.query_params.multi_items())
    plain = unseal(settings.app_keys, stamp, encrypted_xml(body), settings.wecom_window_s)
    message = app_message(plain, settings.wecom_corp_id or "", settings.wecom_agent_id or 0)
    desk.take("app", message)
    return Response(status_code=200)


def _take_bot(desk: Desk, request: Request, body: bytes) -> Response:
    settings = desk.settings
    if settings.bot_keys is None:
        return Response(status_code=404)
    stamp = read_stamp(request.query_params.multi_items())
    plain = unseal(settings.bot_keys, stamp, encrypted_json(body), settings.wecom_window_s)
    message = bot_message(plain, settings.wecom_bot_id or "", settings.wecom_bot_name)
    reply = bot_reply(desk, message)
    if reply is None:
        return Response(status_code=200)
    return JSONResponse(seal_json(settings.bot_keys, stamp.nonce, reply))


def bot_reply(desk: Desk, message: Message) -> dict[str, Any] | None:
    """What an AI bot's callback is answered with; None for an empty body."""
    if message.kind == "refresh":
        kept = desk.inbox.stream(message.stream)
        if kept is None or (kept.user, kept.chat) != (message.user, message.chat):
            return stream(message.stream, words.NO_STREAM, finish=True)
        return desk.stream_reply(kept)
    if not message.id:
        return None
    added = desk.take("bot", message)
    if message.kind in {"ignored", "feedback"}:
        return None
    if message.kind == "welcome":
        return {"msgtype": "text", "text": {"content": words.welcome(desk.examples())}}
    if added.kept is None:
        return stream(new_id(), words.NO_STREAM, finish=True)
    reply = desk.stream_reply(added.kept)
    reply["stream"]["feedback"] = {"id": added.kept.stream}
    return reply
