"""Here is what went wrong; give me the status and the one error object the contract knows.

    RequestError    a request that is refused: status, code, message, field

Every error leaves as {"error": {"code", "message", "field"}}, whoever found it: FastAPI, a room
below, or a route; on the paths of OpenAI's interface it leaves in OpenAI's form. The only blind
`except` of the project is Starlette's own, which asks `internal_error` for its answer and logs the
trace.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.metrics import Metrics
from api.openai.form import in_their_form, speaks_openai
from api.sqlite import StateError
from index.errors import (
    EmptyDocument,
    FolderBusy,
    IndexingError,
    ReadError,
    StoreError,
    TooLarge,
    UnsupportedFile,
)

LOG = logging.getLogger("unionqa")
INTERNAL = "the server failed; its log says why"
RETRY_AFTER_S = 1
"""A writer holds the folder for milliseconds as a rule; the caller has waited 5 s already."""

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    412: "exists",
    413: "too_large",
    415: "unsupported_media_type",
    421: "misdirected_request",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}


# subtle: after 408 and 413 the rest of the body is still on its way; nobody waits for it
_HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    408: {"Connection": "close"},
    413: {"Connection": "close"},
    429: {"Retry-After": "60"},
    503: {"Retry-After": str(RETRY_AFTER_S)},
}


class RequestError(HTTPException):
    """A request that is refused, with the field at fault where there is one."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        field: str | None = None,
        code: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        headers = {"Retry-After": str(retry_after_s)} if retry_after_s else _HEADERS.get(status)
        super().__init__(status, message, headers)
        self.field = field
        self.code = code or CODES[status]


def error_response(
    status: int,
    code: str,
    message: str,
    field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The contract's error object. Characters no UTF-8 can hold become question marks."""
    body = {"error": {"code": code, "message": message, "field": field}}
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(data, status, headers, media_type="application/json")


def refused(exc: RequestError, path: str) -> Response:
    """The response to a refused request for `path`."""
    if speaks_openai(path):
        status, error = in_their_form(exc.status_code, exc.code, exc.detail, exc.field)
        return JSONResponse(error.model_dump(), status, exc.headers)
    return error_response(exc.status_code, exc.code, exc.detail, exc.field, exc.headers)


def from_index(exc: IndexingError) -> RequestError:
    """What a failure in the room below means for the client."""
    if isinstance(exc, TooLarge):
        return RequestError(413, str(exc), field="file")
    if isinstance(exc, UnsupportedFile):
        return RequestError(415, str(exc), field="file", code="unsupported_file")
    if isinstance(exc, ReadError):
        return RequestError(422, str(exc), field="file", code="unreadable_file")
    if isinstance(exc, EmptyDocument):
        return RequestError(422, str(exc), field="file", code="empty_document")
    if isinstance(exc, FolderBusy):
        return RequestError(503, str(exc), code="folder_busy")
    if isinstance(exc, StoreError):
        return RequestError(503, str(exc), code="index_unavailable")
    # The encoder or a list of terms: the installation is at fault, not the request.
    LOG.error("%s", exc)
    return RequestError(500, INTERNAL, code="internal_error")


def from_validation(errors: Sequence[Mapping[str, Any]]) -> RequestError:
    """The first thing that validation found wrong, with the field's name.

    ("body", "filters", "region", 0) → filters.region. What was sent is not repeated: it may be
    anything, of any length.
    """
    error = errors[0]
    names = [str(part) for part in error["loc"][1:] if not isinstance(part, int)]
    field = ".".join(names)[:200] or None
    if error["type"] == "json_invalid":
        return RequestError(400, "the body is not JSON", code="bad_json")
    if error["type"] == "extra_forbidden":
        return RequestError(
            422, f"unknown field {field}; see /openapi.json", field=field, code="unknown_field"
        )
    reason = str(error["msg"]).removeprefix("Value error, ")
    if "UploadFile" in reason:
        reason = "expected a file with a name"
    return RequestError(422, f"{field or 'the body'}: {reason}", field=field)


def add_error_responses(app: FastAPI, headers: Mapping[str, str], metrics: Metrics) -> None:
    """Make the app answer every error with the contract's object.

    A 500 has `headers` and is counted.
    """

    def refused_by_route(request: Request, exc: Exception) -> Response:
        return refused(_translated(exc), request.url.path)

    def internal_error(request: Request, _: Exception) -> Response:
        # beyond the guard, which counts everything else
        metrics.refused(CODES[500])
        found = RequestError(500, INTERNAL)
        # beyond the journal too, which puts it on everything else
        known = getattr(request.state, "request_id", None)
        found.headers = {**headers, "X-Request-Id": known} if known else headers
        return refused(found, request.url.path)

    for kind in (HTTPException, RequestValidationError, IndexingError, StateError):
        app.add_exception_handler(kind, refused_by_route)
    app.add_exception_handler(Exception, internal_error)


def _translated(exc: Exception) -> RequestError:
    """The refusal that an error means."""
    if isinstance(exc, RequestError):
        return exc
    if isinstance(exc, RequestValidationError):
        return from_validation(exc.errors())
    if isinstance(exc, IndexingError):
        return from_index(exc)
    if isinstance(exc, StateError):
        return RequestError(503, str(exc), code="state_unavailable")
    if not isinstance(exc, HTTPException):
        raise TypeError(f"no error response for {type(exc).__name__}") from exc
    # what FastAPI or Starlette itself refuses: 404, 405, a broken form
    message = exc.detail or HTTPStatus(exc.status_code).phrase
    found = RequestError(exc.status_code, message, code=CODES.get(exc.status_code, "bad_request"))
    found.headers = exc.headers
    return found
