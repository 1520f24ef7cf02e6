"""Here is an error on a path of OpenAI's interface; give me it as clients of that expect it."""

from http import HTTPStatus

from api.openai.wire import CompletionError, CompletionErrorDetail

INVALID = 422
"""OpenAI's interface has 400 in its place."""
TYPES = {403: "permission_error", 429: "rate_limit_error"}
CODES = {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded"}
THEIRS = frozenset(
    "assistants audio batches chat completions containers edits embeddings engines evals files "
    "fine-tunes fine_tuning images models moderations organization realtime rerank responses "
    "threads uploads vector_stores videos".split()
)
"""What follows /v1/ in the addresses that clients of OpenAI's interface ask for."""
ABSENT = "there is no such address here; this service has /v1/chat/completions and /v1/models"


def speaks_openai(path: str) -> bool:
    """Whether a path belongs to OpenAI's interface, be it one that we have or not (embeddings)."""
    parts = path.split("/", 3)
    return parts[:2] == ["", "v1"] and len(parts) > 2 and parts[2] in THEIRS


def in_their_form(
    status: int, code: str, message: str, field: str | None
) -> tuple[int, CompletionError]:
    """The status and the object of an error that has `status`, `code` and `field` with us."""
    kind = "server_error" if status >= 500 else TYPES.get(status, "invalid_request_error")
    if status == HTTPStatus.NOT_FOUND and message == HTTPStatus.NOT_FOUND.phrase:
        # no route of ours took it
        code, message = "unknown_url", ABSENT
    elif status in CODES and not code.startswith("model_"):
        code = CODES[status]
    error = CompletionErrorDetail(
        message=message, type=kind, param=field.split(".")[0] if field else None, code=code
    )
    return (400 if status == INVALID else status), CompletionError(error=error)
