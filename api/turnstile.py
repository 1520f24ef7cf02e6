"""Here are questions that come all at once; let so many in, a few wait, and send the rest away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from api.errors import RequestError
from api.settings import Settings

ASKING = frozenset({"/v1/ask", "/v1/search", "/v1/chat/completions"})
"""Paths that need a turn."""
LATEST = 0.2
"""How much the last turn counts for how long the next ones are expected to last."""


class Turn:
    """One question's place, which whoever has it may give up before the end."""

    def __init__(self, ended: Callable[[float], None]) -> None:
        """`ended` is told how many seconds it lasted."""
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._over = False

    def leave(self) -> None:
        """Let the next one in, from any thread: what follows waits on something else."""
        self._loop.call_soon_threadsafe(self.end)

    def end(self) -> None:
        """Let the next one in, on the event loop; done once."""
        if not self._over:
            self._over = True
            self._ended(self._loop.time() - self._began)


class Turnstile:
    """Questions are let in in the order they came. All on one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._most_waiting = settings.questions_waiting
        self._wait_s = settings.question_wait_s
        self._at_once = settings.questions_at_once
        self._free = asyncio.Semaphore(settings.questions_at_once)
        self._waiting = 0
        self._lasts = 0.0

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return self._waiting

    def check(self) -> None:
        """Nothing; RequestError 503 where so many wait that nobody else may, or where they will
        most likely wait longer than allowed: better told at once than then.
        """
        if not self._free.locked():
            return
        if self._waiting >= self._most_waiting:
            raise _busy(f"{self._waiting} questions wait already (UNIONQA_QUESTIONS_WAITING)")
        expected_s = (self._waiting + 1) * self._lasts / self._at_once
        if expected_s > self._wait_s:
            raise _busy(f"the {self._waiting} that wait take too long (UNIONQA_QUESTION_WAIT_S)")

    def _end(self, lasted_s: float) -> None:
        """Take note of a turn that ended, and let the next one in."""
        self._lasts += LATEST * (lasted_s - self._lasts)
        self._free.release()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """While this is open one question is answered; RequestError 503 where too many wait.

        Whoever finds the queue full, or slower than anybody may wait, is sent away at once.
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
        turn = Turn(self._end)
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
