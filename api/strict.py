"""Here is a body; give me the JSON in it, with nothing in it that JSON or UTF-8 does not know.

Python's own reader lets NaN, Infinity, numbers that overflow to infinity and halves of surrogate
pairs through; each of them would break an answer further on, so each is refused here. So is a
name that comes twice, and a text in another encoding, which would be read as something else.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData

from api.errors import RequestError
from api.forms import is_utf8, read_form, repeated


def strict_json(data: bytes) -> Any:  # noqa: ANN401 - JSON is any value
    """The JSON value in `data`; raises RequestError 400, or 422 for its names and characters."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise _bad(f"the body is not UTF-8 (byte {exc.start})") from exc
    try:
        value = json.loads(
            text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_named_once
        )
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
    """A request whose JSON is read by `strict_json`, and whose form by `read_form`."""

    async def json(self) -> Any:  # noqa: ANN401 - JSON is any value
        """The body's JSON value."""
        return strict_json(await self.body())

    async def form(self, **limits: int | float) -> FormData:  # type: ignore[override]
        """The form's fields."""
        return await read_form(self, limits)


class StrictRoute(APIRoute):
    """A route that reads its query, JSON and forms strictly, in the one content type it expects."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler behind the checks of query and content type."""
        original = super().get_route_handler()
        expected = _content_type(self)

        async def respond(request: Request) -> Response:
            _check_query(request.scope["query_string"])
            if expected:
                _check_content_type(request.headers.get("content-type", ""), expected)
            return await original(StrictRequest(request.scope, request.receive))

        return respond


def _content_type(route: APIRoute) -> str | None:
    """What a route's body must be; None for a route without a body."""
    if route.body_field is None:
        return None
    media_type = getattr(route.body_field.field_info, "media_type", "application/json")
    return str(media_type)


def _check_query(query: bytes) -> None:
    """Nothing; RequestError where a parameter comes twice or is not UTF-8."""
    seen = set()
    # each byte as one character, as nothing else tells what was sent
    for name, value in parse_qsl(query.decode("latin-1"), True, encoding="latin-1"):
        if not is_utf8(f"{name}{value}".encode("latin-1")):
            shown = name.encode("latin-1").decode("utf-8", "replace")[:200]
            raise RequestError(422, f"{shown}: expected UTF-8", field=shown, code="bad_text")
        if name in seen:
            raise repeated(name.encode("latin-1").decode("utf-8"))
        seen.add(name)


def _check_content_type(given: str, expected: str) -> None:
    """Nothing; RequestError where a body is of another kind, or says it is not in UTF-8."""
    kind = given.split(";")[0].strip().lower()
    if kind != expected:
        raise RequestError(415, f"the content type is {kind[:100]!r}, expected {expected}")
    message = Message()
    message["content-type"] = given
    charset = str(message.get_param("charset", "utf-8")).lower()
    if charset not in {"utf-8", "utf8"}:
        raise RequestError(415, f"the charset is {charset[:100]!r}, expected utf-8")


def _named_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these names and values; RequestError where a name comes twice."""
    value = dict(pairs)
    if len(value) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        raise repeated(counted.most_common(1)[0][0])
    return value


def _bad(message: str) -> RequestError:
    return RequestError(400, message, code="bad_json")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value
