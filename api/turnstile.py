"""Here are questions that come all at once; let so many in, a few wait, and send the rest away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from api.errors import RequestError
from api.settings import Settings

ASKING = frozenset({"/v1/ask", "/v1/search", "/v1/chat/completions"})
"""Paths that need a turn."""


class Turnstile:
    """Questions are let in in the order they came. All on one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._most_waiting = settings.questions_waiting
        self._wait_s = settings.question_wait_s
        self._free = asyncio.Semaphore(settings.questions_at_once)
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return self._waiting

    def check(self) -> None:
        """Nothing; RequestError 503 where so many wait that nobody else may."""
        if self._free.locked() and self._waiting >= self._most_waiting:
            raise _busy(f"{self._waiting} questions wait already (UNIONQA_QUESTIONS_WAITING)")

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """While this is open one question is answered; RequestError 503 where too many wait.

        Nobody is refused late: whoever finds the queue full is sent away at once.
        """
        self.check()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError as exc:
            raise _busy(
                f"no turn came in {self._wait_s:g} s (UNIONQA_QUESTION_WAIT_S, "
                "UNIONQA_QUESTIONS_AT_ONCE)"
            ) from exc
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


async def in_turn(request: Request) -> AsyncIterator[None]:
    """A dependency of routes that answer questions; the body has arrived by then.

    The turn ends with the response, so a stream has it as long as it runs.
    """
    turnstile = request.app.state.turnstile
    assert isinstance(turnstile, Turnstile)
    async with turnstile.turn():
        yield


def _busy(reason: str) -> RequestError:
    return RequestError(503, f"too many questions at once: {reason}; try again", code="overloaded")
