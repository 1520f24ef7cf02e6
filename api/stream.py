"""Here is an answer in the making and a client that listens; send it event by event.

Events of the contract: `passages` (what the answer rests on), `delta` (a piece of its text),
`answer` (the whole object, the same as without streaming), `error` (the contract's error object).
"""

import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api import wire
from api.errors import RequestError, from_index
from api.state import StateError
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


def stream(find: Callable[[], wire.Answer], keep: Callable[[wire.Answer], None]) -> Response:
    """The response that sends `find`'s answer; `keep` runs before its last event.

    A client that goes away before that is not answered any further, and nothing is kept.
    """
    return StreamingResponse(
        events(find, keep),
        media_type="text/event-stream",
        # a proxy must not wait for the end before it passes the beginning on
        headers={"X-Accel-Buffering": "no"},
    )


async def events(
    find: Callable[[], wire.Answer], keep: Callable[[wire.Answer], None]
) -> AsyncIterator[bytes]:
    """The events of one answer."""
    try:
        answer = await run_in_threadpool(find)
        yield event("passages", wire.Passages(citations=answer.citations))
        for piece in PIECE.findall(answer.answer):
            yield event("delta", wire.Delta(text=piece))
        await run_in_threadpool(keep, answer)
        yield event("answer", answer)
    except IndexingError as exc:
        yield failure(from_index(exc))
    except StateError as exc:
        yield failure(RequestError(503, str(exc), code="state_unavailable"))


def event(name: str, body: BaseModel) -> bytes:
    """One event as it goes over the wire; JSON has no line breaks that could end it early."""
    return f"event: {name}\ndata: {json.dumps(body.model_dump(mode='json'))}\n\n".encode()


def failure(exc: RequestError) -> bytes:
    """The event that ends a stream in place of `answer`."""
    detail = wire.ErrorDetail(code=exc.code, message=exc.detail, field=exc.field)
    return event("error", wire.Error(error=detail))
