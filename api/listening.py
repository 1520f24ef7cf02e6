"""Here is a client that listens to a stream; tell those who work for it once it has gone away.

Whoever works for a request may be deep in it, in a thread that waits for another service: the
listener travels with the request's context, which anyio hands on to its threads.
"""

import threading
from collections.abc import Callable
from contextvars import ContextVar

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class Listener:
    """Who waits for an answer; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gone = False
        self._told: list[Callable[[], None]] = []

    def when_gone(self, tell: Callable[[], None]) -> None:
        """Call `tell` once the listener goes away; now, if it has already."""
        with self._lock:
            if not self._gone:
                self._told.append(tell)
                return
        tell()

    def leave(self) -> None:
        """Nobody waits any more."""
        with self._lock:
            self._gone = True
            told, self._told = self._told, []
        for tell in told:
            tell()


_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


def when_gone(tell: Callable[[], None]) -> None:
    """Call `tell` once nobody waits for the answer in hand; never, where none is streamed."""
    listener = _LISTENER.get()
    if listener is not None:
        listener.when_gone(tell)


class EventStream(StreamingResponse):
    """Server-sent events; once their client goes away, what was begun for it is told to stop."""

    media_type = "text/event-stream"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        self._listener = Listener()
        _LISTENER.set(self._listener)
        await super().__call__(scope, receive, send)

    async def listen_for_disconnect(self, receive: Receive) -> None:
        """Wait until the client goes away."""
        await super().listen_for_disconnect(receive)
        self._listener.leave()
