"""Here is an error on a path of OpenAI's interface; give me it as clients of that expect it."""

from api.openai.wire import CompletionError, CompletionErrorDetail

INVALID = 422
"""OpenAI's interface has 400 in its place."""
TYPES = {403: "permission_error", 429: "rate_limit_error"}
CODES = {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded"}


def speaks_openai(path: str) -> bool:
    """Whether a path belongs to OpenAI's interface."""
    return path in {"/v1/chat/completions", "/v1/models"} or path.startswith("/v1/models/")


def in_their_form(
    status: int, code: str, message: str, field: str | None
) -> tuple[int, CompletionError]:
    """The status and the object of an error that has `status`, `code` and `field` with us."""
    kind = "server_error" if status >= 500 else TYPES.get(status, "invalid_request_error")
    if status in CODES and not code.startswith("model_"):
        code = CODES[status]
    error = CompletionErrorDetail(
        message=message, type=kind, param=field.split(".")[0] if field else None, code=code
    )
    return (400 if status == INVALID else status), CompletionError(error=error)
