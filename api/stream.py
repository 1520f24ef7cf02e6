"""Here is an answer in the making and a client that listens; send it event by event.

Events of the contract: `passages` (what the answer rests on), `delta` (a piece of its text),
`answer` (the whole object, the same as without streaming), `error` (the contract's error object).
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Generator
from inspect import GEN_RUNNING, getgeneratorstate
from typing import Any

from fastapi import Response
from pydantic import BaseModel
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from api import wire
from api.errors import RequestError, from_index
from api.listening import EventStream
from api.sqlite import StateError
from index.errors import IndexingError

EVENTS: dict[str, Any] = {
    "text/event-stream": {
        "schema": {
            "title": "Event",
            "type": "object",
            "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
            "required": ["data"],
        }
    }
}
"""A stream as OpenAPI describes it: the schema is that of one event."""
PIECE = re.compile(r"\[\d+\]|[^\[]{1,12}|\[")
"""A citation's number is never cut in two."""


Part = wire.Passages | str | wire.Answer
"""What an answer rests on, pieces of its text, and last the whole of it."""
Writing = Callable[[], Generator[Part]]


def stream(write: Writing, keep: Callable[[wire.Answer], None]) -> Response:
    """The response that sends what `write` gives as it comes; `keep` runs before its last event.

    A client that goes away before that is not answered any further, and nothing is kept; a language
    model that writes for it is stopped.
    """
    return EventStream(
        events(write, keep),
        # a proxy must not wait for the end before it passes the beginning on
        headers={"X-Accel-Buffering": "no"},
    )


async def events(write: Writing, keep: Callable[[wire.Answer], None]) -> AsyncIterator[bytes]:
    """The events of one answer."""
    written = write()
    try:
        async for part in iterate_in_threadpool(written):
            if isinstance(part, wire.Passages):
                yield event("passages", part)
            elif isinstance(part, str):
                for piece in PIECE.findall(part):
                    yield event("delta", wire.Delta(text=piece))
            else:
                await run_in_threadpool(keep, part)
                yield event("answer", part)
    except IndexingError as exc:
        yield failure(from_index(exc))
    except StateError as exc:
        yield failure(RequestError(503, str(exc), code="state_unavailable"))
    finally:
        let_go(written)


def let_go(written: Generator[Part]) -> None:
    """Close what nobody listens to any more.

    Where the service ends while a thread is still in it, it ends with that thread's step.
    """
    if getgeneratorstate(written) != GEN_RUNNING:
        written.close()


def event(name: str, body: BaseModel) -> bytes:
    """One event as it goes over the wire; JSON has no line breaks that could end it early."""
    return f"event: {name}\ndata: {json.dumps(body.model_dump(mode='json'))}\n\n".encode()


def failure(exc: RequestError) -> bytes:
    """The event that ends a stream in place of `answer`."""
    detail = wire.ErrorDetail(code=exc.code, message=exc.detail, field=exc.field)
    return event("error", wire.Error(error=detail))
