"""Here are questions that come all at once; let so many in, a few wait, and send the rest away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from api.errors import RequestError
from api.settings import Settings

ASKING = frozenset({"/v1/ask", "/v1/search", "/v1/chat/completions"})
"""Paths that need a turn."""


class Turn:
    """One question's place, which whoever has it may give up before the end."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self._loop = asyncio.get_running_loop()
        self._over = False

    def leave(self) -> None:
        """Let the next one in, from any thread: what follows waits on something else."""
        self._loop.call_soon_threadsafe(self.end)

    def end(self) -> None:
        """Let the next one in, on the event loop; done once."""
        if not self._over:
            self._over = True
            self._free.release()


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
    async def turn(self) -> AsyncIterator[Turn]:
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
        turn = Turn(self._free)
        try:
            yield turn
        finally:
            turn.end()


async def in_turn(request: Request) -> AsyncIterator[Turn]:
    """A dependency of routes that answer questions; the body has arrived by then.

    The turn ends with the response, so a stream has it as long as it runs, unless it is left.
    """
    turnstile = request.app.state.turnstile
    assert isinstance(turnstile, Turnstile)
    async with turnstile.turn() as turn:
        yield turn


InTurn = Annotated[Turn, Depends(in_turn)]


def _busy(reason: str) -> RequestError:
    return RequestError(503, f"too many questions at once: {reason}; try again", code="overloaded")
