"""Here is a request; give it an id, and write one line about it once it is answered.

The line says what was asked of the server, never what a person asked: the path as a template
without its values, no query, no body; of a key its id.
"""

import asyncio
import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import PAGES, PUBLIC, Caller
from api.log import REQUEST_ID
from api.turnstile import ASKING

LOG = logging.getLogger("unionqa.requests")
HEADER = "X-Request-Id"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
UNMARKED = frozenset({"/wecom/app", "/wecom/bot"})
"""Whose refusals are equal to the last byte; WeCom has no use for an id of ours."""
GONE = 499
"""In place of a status where the client went away before there was one, as proxies write it."""
NOT_ROUTED = frozenset(
    {
        *ASKING, *PAGES, *PUBLIC, "/mcp", "/metrics", "/openapi.json", "/readyz",
        "/v1/conversations", "/v1/documents", "/v1/feedback", "/v1/models",
    }
)  # fmt: skip
"""Paths without values, whose requests may be refused before anybody looks for their route."""


class Journal:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        # subtle: never taken back, so that the server's own line about a failure has it too
        REQUEST_ID.set(request_id)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status: int | None = None
        complete = False

        async def send_marked(message: Message) -> None:
            nonlocal status, complete
            if message["type"] == "http.response.start":
                status = message["status"]
                if scope["path"] not in UNMARKED:
                    MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)
            if message["type"] == "http.response.body":
                complete = not message.get("more_body", False)

        unanswered = 500
        try:
            await self._app(scope, receive, send_marked)
            unanswered = GONE
        except asyncio.CancelledError:
            unanswered = GONE
            raise
        finally:
            milliseconds = round(1000 * (time.perf_counter() - started), 1)
            cut = status is not None and not complete
            write(scope, status or unanswered, milliseconds, cut=cut)


def write(scope: Scope, status: int, milliseconds: float, *, cut: bool) -> None:
    """Write the line of a request; `cut` says that its response did not reach its end."""
    caller = scope["state"].get("caller")
    fields = {
        "method": scope["method"],
        "path": template(scope),
        "status": status,
        "ms": milliseconds,
        "key": key_id(caller) if isinstance(caller, Caller) else None,
        "cut": cut or None,
    }
    LOG.info("request", extra={"fields": fields})


def template(scope: Scope) -> str:
    """The path with the names of its values in their place; "(none)" for a path we do not have."""
    route = getattr(scope.get("route"), "path", None)
    if isinstance(route, str):
        return route
    path = str(scope["path"])
    if path.startswith("/static/"):
        return "/static/{file}"
    return path if path in NOT_ROUTED else "(none)"


def key_id(caller: Caller) -> str | None:
    """The id of the caller's key, which `unionqa keys list` shows; None without one."""
    return caller.owner.removeprefix("key:") if caller.keyed else None
