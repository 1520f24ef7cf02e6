"""Here is a body; give me the JSON in it, with nothing in it that JSON or UTF-8 does not know.

Python's own reader lets NaN, Infinity, numbers that overflow to infinity and halves of surrogate
pairs through; each of them would break an answer further on, so each is refused here.
"""

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.errors import RequestError


def strict_json(data: bytes) -> Any:  # noqa: ANN401 - JSON is any value
    """The JSON value in `data`; raises RequestError 400, or 422 for characters UTF-8 lacks."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise _bad(f"the body is not UTF-8 (byte {exc.start})") from exc
    try:
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as exc:
        raise RequestError(422, "the body has half of a surrogate pair", code="bad_text") from exc
    except RecursionError as exc:
        raise _bad("the JSON is nested too deeply") from exc
    except json.JSONDecodeError as exc:
        raise _bad(f"the body is not JSON: {exc.msg} (line {exc.lineno})") from exc
    except ValueError as exc:
        raise _bad(f"the body is not JSON: {exc}"[:200]) from exc
    return value


class StrictRequest(Request):
    """A request whose JSON is read by `strict_json`."""

    async def json(self) -> Any:  # noqa: ANN401 - JSON is any value
        """The body's JSON value."""
        return strict_json(await self.body())


class StrictRoute(APIRoute):
    """A route that reads JSON strictly, and nothing but the content type it expects."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler behind the check of the content type."""
        original = super().get_route_handler()
        expected = _content_type(self)

        async def respond(request: Request) -> Response:
            if expected:
                given = request.headers.get("content-type", "").split(";")[0].strip().lower()
                if given != expected:
                    raise RequestError(415, f"the content type is {given!r}, expected {expected}")
            return await original(StrictRequest(request.scope, request.receive))

        return respond


def _content_type(route: APIRoute) -> str | None:
    """What a route's body must be; None for a route without a body."""
    if route.body_field is None:
        return None
    media_type = getattr(route.body_field.field_info, "media_type", "application/json")
    return str(media_type)


def _bad(message: str) -> RequestError:
    return RequestError(400, message, code="bad_json")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value
