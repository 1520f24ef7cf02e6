"""Here is a request to /mcp; hand it to the assistants' server, which is made for the first one.

Streamable HTTP without sessions: each POST is answered at once with JSON, and nothing is held open,
so nothing is in the way of ending. The guard has looked at Host, Origin and size, and access at the
key, before a request comes here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from api.access import caller_of
from api.errors import RequestError, refused
from api.resources import Resources
from api.turnstile import Turnstile

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/mcp"


class AssistantDoor:
    """The ASGI application at `PATH`, while `open` is."""

    def __init__(self, opened: Resources, turnstile: Turnstile) -> None:
        self._opened = opened
        self._turnstile = turnstile
        self._making = asyncio.Lock()
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._sessions: StreamableHTTPSessionManager | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            await refused(_only_post(), PATH)(scope, receive, send)
            return
        async with self._making:
            sessions = self._sessions or await self._begin()
        await sessions.handle_request(scope, receive, send)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """While this is open, requests are answered."""
        try:
            yield
        finally:
            self._stop.set()
            if self._running is not None:
                await self._running

    async def _begin(self) -> "StreamableHTTPSessionManager":
        """What answers from now on."""
        sessions = await run_in_threadpool(_make_sessions, self._opened, self._turnstile)
        begun = asyncio.Event()
        self._running = asyncio.create_task(self._run(sessions, begun))
        await begun.wait()
        self._sessions = sessions
        return sessions

    async def _run(self, sessions: "StreamableHTTPSessionManager", begun: asyncio.Event) -> None:
        """Keep them running until the end; one task must both begin and end them."""
        async with sessions.run():
            begun.set()
            await self._stop.wait()


def _make_sessions(opened: Resources, turnstile: Turnstile) -> "StreamableHTTPSessionManager":
    """What answers requests over HTTP; loading the SDK takes 0.4 s, so not on the event loop."""
    from mcp.server.streamable_http_manager import (  # noqa: PLC0415 - loaded only where used
        StreamableHTTPSessionManager,
    )

    from api.mcp.server import mcp_server  # noqa: PLC0415 - loaded only where used

    server = mcp_server(opened, caller_of, turnstile.turn)
    return StreamableHTTPSessionManager(server, json_response=True, stateless=True)


def _only_post() -> RequestError:
    """The refusal of a stream or a session, which the protocol lets a server do without."""
    error = RequestError(405, "assistants send POST; there is no stream to listen to")
    error.headers = {"Allow": "POST"}
    return error
