"""Errors on the paths of OpenAI's interface are those its clients know; elsewhere they are ours."""

import pytest

from api.openai.form import in_their_form, speaks_openai


@pytest.mark.parametrize(
    ("path", "theirs"),
    [
        ("/v1/chat/completions", True),
        ("/v1/models", True),
        ("/v1/models/unionqa", True),
        ("/v1/modelsx", False),
        ("/v1/ask", False),
        ("/v1/chat", True),
        ("/v1/embeddings", True),
        ("/v1/responses", True),
        ("/v1/audio/speech", True),
        ("/v1/conversations/f00d", False),
        ("/v1", False),
        ("/v1/", False),
        ("/v2/models", False),
        ("/models", False),
    ],
)
def test_only_their_paths_have_their_form(path: str, theirs: bool) -> None:
    assert speaks_openai(path) is theirs


@pytest.mark.parametrize(
    ("status", "code", "sent", "kind", "their_code"),
    [
        (422, "invalid", 400, "invalid_request_error", "invalid"),
        (401, "wrong_key", 401, "invalid_request_error", "invalid_api_key"),
        (404, "model_not_found", 404, "invalid_request_error", "model_not_found"),
        (429, "too_many_requests", 429, "rate_limit_error", "rate_limit_exceeded"),
        (503, "folder_busy", 503, "server_error", "folder_busy"),
    ],
)
def test_an_error_has_the_status_and_type_that_clients_know(
    status: int, code: str, sent: int, kind: str, their_code: str
) -> None:
    found, body = in_their_form(status, code, "so", "messages.content")
    assert found == sent
    assert body.model_dump() == {
        "error": {"message": "so", "type": kind, "param": "messages", "code": their_code}
    }
