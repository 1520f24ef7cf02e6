"""What monitors and machines read: health, readiness, examples, and the OpenAPI document."""

from dataclasses import replace

import httpx
import pytest
from starlette.requests import Request

from api.pages import chat_page
from api.resources import Resources
from tests.api.running import Json

OPERATIONS = {
    ("post", "/v1/ask"), ("post", "/v1/search"), ("post", "/v1/feedback"),
    ("get", "/v1/documents"), ("post", "/v1/documents"), ("get", "/v1/documents/{document_id}"),
    ("delete", "/v1/documents/{document_id}"), ("get", "/v1/documents/{document_id}/source"),
    ("get", "/v1/conversations/{conversation_id}"),
    ("delete", "/v1/conversations/{conversation_id}"),
    ("get", "/healthz"), ("get", "/readyz"), ("get", "/metrics"), ("get", "/"),
    ("get", "/documents/{document_id}"),
    ("get", "/v1/examples"), ("get", "/v1/conversations"),
    ("patch", "/v1/conversations/{conversation_id}"), ("get", "/articles"), ("get", "/asked"),
    ("get", "/signin"), ("get", "/v1/session"), ("post", "/v1/session"), ("delete", "/v1/session"),
    ("post", "/v1/documents/preview"), ("patch", "/v1/documents/{document_id}"),
    ("post", "/v1/documents/{document_id}/restore"), ("get", "/v1/asked"), ("get", "/v1/asked.csv"),
    ("delete", "/v1/feedback/{answer_id}"), ("get", "/v1/removed"), ("get", "/v1/figures"),
    ("post", "/v1/chat/completions"), ("get", "/v1/models"), ("get", "/v1/models/{model_id}"),
}  # fmt: skip


@pytest.fixture(scope="module")
def openapi(client: httpx.Client) -> Json:
    return client.get("/openapi.json").json()


def test_ready_says_what_is_there(client: httpx.Client) -> None:
    ready = client.get("/readyz").json()
    counts = {"generation", "documents", "chunks"}
    assert set(ready) == {"status", *counts, "encoder", "on", "parts", "checks"}
    assert (ready["status"], ready["on"]) == ("ready", [])
    assert ready["documents"] >= 5
    assert ready["chunks"] > ready["documents"]


def test_the_examples_are_answered(client: httpx.Client) -> None:
    examples = client.get("/v1/examples").json()
    assert set(examples) == {"documents", "regions", "newest", "questions"}
    assert "双鸭山市" in examples["regions"]
    assert examples["newest"] >= "2018-02-03"
    assert len(examples["questions"]) >= 3
    for question in examples["questions"]:
        answer = client.post("/v1/ask", json={"question": question}).json()
        assert answer["status"] == "answered", question


def test_a_page_may_be_asked_for_its_head(client: httpx.Client) -> None:
    response = client.head("/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_browser_is_named_where_no_script_reads_it(opened: Resources, scheme: str) -> None:
    settings = opened.settings.model_copy(update={"public_url": f"{scheme}://ask.example"})
    stranger = Request({"type": "http", "headers": []})
    named = chat_page(stranger, replace(opened, settings=settings)).headers["set-cookie"]
    flags = named.split("; ")
    assert {"HttpOnly", "SameSite=lax"} <= set(flags)
    # where people come over TLS, it goes over nothing else
    assert ("Secure" in flags) == (scheme == "https")


def test_openapi_lists_every_operation_with_its_words(openapi: Json) -> None:
    found = {
        (method, path): operation
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
        if method != "head"
    }
    assert set(found) == OPERATIONS
    for operation in found.values():
        assert operation["summary"]
        assert operation["tags"]


def test_openapi_knows_one_form_of_error_and_that_of_openai(openapi: Json) -> None:
    assert "HTTPValidationError" not in openapi["components"]["schemas"]
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                if path.startswith("/v1") and status.startswith(("4", "5")):
                    schema = response["content"]["application/json"]["schema"]
                    known = "CompletionError" if "/chat/" in path or "/models" in path else "Error"
                    assert schema == {"$ref": f"#/components/schemas/{known}"}, (method, path)
