"""Here are messages and the address of an OpenAI-compatible model; give me its text as it comes.

Whatever the other side does, the text ends in time: the reading runs in a thread with an event loop
of its own, where a deadline cuts any wait, and the one who waits for it never waits longer. The key
goes to the address alone: no redirect is followed and no proxy of the environment is used.
"""

import asyncio
import codecs
import json
import queue
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

import httpx

from api.listening import when_gone
from rag.breaker import Breaker
from rag.errors import LanguageModelError
from rag.prompt import Message

MOST_TOKENS = 800
"""Asked for; a text of more than `MOST_BYTES` as received is cut in any case."""
MOST_BYTES = 512 * 1024
MOST_CALLS = 8
"""At the same time; more get the extractive answer at once."""
CONNECT_S = 5.0
_ENDING = "nobody waits any more, or the service is ending"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds until the first piece of text, and until the last."""

    first_s: float = 10.0
    total_s: float = 20.0

    def within(self, total_s: float | None) -> "Limits":
        """These, with no more than `total_s` in all."""
        if total_s is None:
            return self
        return Limits(self.first_s, max(0.0, min(self.total_s, total_s)))


Begun = Callable[[], None]


def _nothing() -> None:
    """What is done where nobody wants to know that a call has begun."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is: the address before /chat/completions, its name, and the key, if any."""

    url: str
    model: str
    key: str | None = None

    def request(self, messages: Sequence[Message]) -> httpx.Request:
        """The request for a streamed text."""
        headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        body = {
            "model": self.model,
            "messages": [asdict(message) for message in messages],
            "stream": True,
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
        }
        return httpx.Request("POST", f"{self.url}/chat/completions", headers=headers, json=body)


class LanguageModel:
    """An OpenAI-compatible chat model over HTTP."""

    def __init__(
        self, endpoint: Endpoint, limits: Limits | None = None, breaker: Breaker | None = None
    ) -> None:
        self._endpoint = endpoint
        self.limits = limits or Limits()
        self._breaker = breaker or Breaker()
        self._slots = threading.BoundedSemaphore(MOST_CALLS)
        self._open: set[_Reading] = set()
        self._closed = threading.Event()

    @property
    def state(self) -> str:
        """What it is like: `OK`, `UNTRIED`, or how it failed."""
        return self._breaker.state

    def write(
        self, messages: Sequence[Message], within_s: float | None = None, begun: Begun = _nothing
    ) -> Generator[str]:
        """The pieces of the model's text; LanguageModelError where it does not come to its end.

        It may take `within_s` seconds, where that is less than its limits allow. `begun` is called
        once it is asked: from then on there may be something to wait for.
        """
        limits = self.limits.within(within_s)
        request = self._endpoint.request(messages)
        if self._closed.is_set():
            raise LanguageModelError(_ENDING)
        if not self._breaker.lets_through():
            raise LanguageModelError("the language model failed repeatedly and is left alone")
        if not self._slots.acquire(blocking=False):
            raise LanguageModelError(f"the language model has {MOST_CALLS} calls in hand")
        reading = _Reading(request, limits, self._slots.release)
        self._open.add(reading)
        when_gone(reading.stop)
        begun()
        try:
            yield from reading.pieces()
        except LanguageModelError as exc:
            # who goes away says nothing about the model
            if not reading.unwanted:
                self._breaker.record(str(exc))
            raise
        else:
            self._breaker.record()
        finally:
            self._open.discard(reading)
            reading.stop()

    def close(self) -> None:
        """End every call now, and make no more: who waits for one goes on without it."""
        self._closed.set()
        for reading in tuple(self._open):
            reading.stop()


class _Reading:
    """One call in a thread of its own, and the pieces that it has brought."""

    def __init__(self, request: httpx.Request, limits: Limits, ended: Callable[[], None]) -> None:
        self._request = request
        self._limits = limits
        self._ended = ended
        self._brought: queue.SimpleQueue[str | LanguageModelError | None] = queue.SimpleQueue()
        self._unwanted = threading.Event()
        self._task: asyncio.Task[None] | None = None
        threading.Thread(target=self._run, name="language model", daemon=True).start()

    def pieces(self) -> Iterator[str]:
        """The pieces, waiting no longer for them than the limits say."""
        began = time.monotonic()
        until = began + min(self._limits.first_s, self._limits.total_s)
        while True:
            try:
                brought = self._brought.get(timeout=max(until - time.monotonic(), 0))
            except queue.Empty:
                raise LanguageModelError("the language model is too slow") from None
            if isinstance(brought, LanguageModelError):
                raise brought
            if brought is None:
                return
            until = began + self._limits.total_s
            # what has come already counts as late too
            if time.monotonic() > until:
                raise LanguageModelError("the language model is too slow")
            if brought:
                yield brought

    @property
    def unwanted(self) -> bool:
        """Whether it was told to stop."""
        return self._unwanted.is_set()

    def stop(self) -> None:
        """Read no further, and hang up; whoever still waits is told."""
        self._unwanted.set()
        self._brought.put(LanguageModelError(_ENDING))
        task = self._task
        if task is not None:
            # RuntimeError: the reading has ended, and its event loop with it
            with suppress(RuntimeError):
                task.get_loop().call_soon_threadsafe(task.cancel)

    def _run(self) -> None:
        """Bring every piece, then None or the error."""
        try:
            asyncio.run(self._reading())
            self._brought.put(None)
        except asyncio.CancelledError:
            self._brought.put(LanguageModelError(_ENDING))
        except LanguageModelError as exc:
            self._brought.put(exc)
        except TimeoutError:
            self._brought.put(LanguageModelError("the language model is too slow"))
        except (httpx.HTTPError, httpx.StreamError, OSError, UnicodeError) as exc:
            self._brought.put(LanguageModelError(f"the language model: {type(exc).__name__}"))
        finally:
            self._ended()

    async def _reading(self) -> None:
        """Read, in a task that `stop` can find."""
        self._task = asyncio.current_task()
        # after the task is named: of `stop` and this one at least one sees the other
        if not self._unwanted.is_set():
            await self._read()

    async def _read(self) -> None:
        """Send the request and bring the pieces of its answer."""
        timeout = httpx.Timeout(self._limits.total_s, connect=min(CONNECT_S, self._limits.total_s))
        async with (
            asyncio.timeout(self._limits.total_s),
            httpx.AsyncClient(trust_env=False, timeout=timeout) as client,
        ):
            self._request.extensions["timeout"] = timeout.as_dict()
            response = await client.send(self._request, stream=True, follow_redirects=False)
            try:
                await self._bring(response)
            finally:
                await response.aclose()

    async def _bring(self, response: httpx.Response) -> None:
        """Bring the pieces of an answer, checked for what kind of answer it is."""
        if response.status_code != httpx.codes.OK:
            raise LanguageModelError(f"the language model answers {response.status_code}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise LanguageModelError("the language model compresses, which it was asked not to")
        streams = "text/event-stream" in response.headers.get("content-type", "")
        read = _streamed if streams else _whole
        async for piece in read(response):
            if self._unwanted.is_set():
                return
            self._brought.put(piece)


async def _bounded(response: httpx.Response) -> AsyncIterator[bytes]:
    """The bytes of an answer; LanguageModelError where they do not end."""
    size = 0
    async for piece in response.aiter_raw():
        size += len(piece)
        if size > MOST_BYTES:
            raise LanguageModelError(f"the language model sends more than {MOST_BYTES:,} bytes")
        yield piece


async def _streamed(response: httpx.Response) -> AsyncIterator[str]:
    """The pieces of text of server-sent events."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    held = ""
    async for piece in _bounded(response):
        *lines, held = _LINE_END.split(held + decoder.decode(piece))
        for line in lines:
            if not line.startswith("data:"):
                continue
            data = line.removeprefix("data:").strip()
            if data == "[DONE]":
                return
            text, reason = _read_choice(data, "delta")
            # "" for a piece of reasoning, which is a sign of life
            yield text
            if reason:
                _check_reason(reason)
                return
    raise LanguageModelError("the language model broke off")


async def _whole(response: httpx.Response) -> AsyncIterator[str]:
    """The text of an answer that is not streamed."""
    body = b"".join([piece async for piece in _bounded(response)])
    text, reason = _read_choice(body.decode("utf-8", "replace"), "message")
    yield text
    _check_reason(reason)


def _read_choice(data: str, name: str) -> tuple[str, str]:
    """The text of the first choice, and why it ended, "" while it goes on; reasoning and tools are
    no text.
    """
    try:
        body = json.loads(data)
        if body.get("error"):
            raise LanguageModelError("the language model answers with an error")
        choices = body.get("choices")
        if not choices:  # the usage, or a sign of life: some send these without choices
            return "", ""
        choice = choices[0]
        text = (choice.get(name) or {}).get("content") or ""
        reason = choice.get("finish_reason") or ""
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as exc:
        raise LanguageModelError("the language model answers with what is no completion") from exc
    if not isinstance(text, str):
        raise LanguageModelError("the language model answers with what is no text")
    return text, str(reason)


def _check_reason(reason: str) -> None:
    """Nothing; LanguageModelError where a text did not come to its end (length, content_filter)."""
    if reason not in {"", "stop", "tool_calls", "function_call"}:
        raise LanguageModelError(f"the language model stopped: {reason:.40}")
