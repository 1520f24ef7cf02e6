"""Nothing a client sends makes the server fail: every refusal is the contract's error object."""

import asyncio
import json
import re

import httpx
import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from api.errors import add_error_responses, error_response, from_index, from_validation
from api.metrics import Metrics
from index.errors import (
    DamagedStore,
    EmptyDocument,
    EncoderError,
    FolderBusy,
    IndexingError,
    TooLarge,
    UnsupportedFile,
)
from tests.api.running import Json

JSON_ROUTES = ("/v1/ask", "/v1/search", "/v1/feedback")
HOSTILE = {
    "empty": b"",
    "not JSON": b"question=1",
    "cut short": b'{"question": "',
    "NaN": b'{"question": NaN}',
    "NaN in a number": b'{"question": "a", "query": "a", "top_k": NaN}',
    "Infinity": b'{"question": "a", "top_k": Infinity}',
    "minus Infinity": b'{"question": "a", "top_k": -Infinity}',
    "overflow": b'{"question": "a", "top_k": 1e999}',
    "a number of 5,000 digits": b'{"question": "a", "top_k": ' + b"9" * 5_000 + b"}",
    "half a surrogate pair": b'{"question": "\\ud800", "query": "\\ud800", "answer_id": "\\udfff"}',
    "half a pair in a name": b'{"question": "a", "\\ud800": 1}',
    "half a pair in an unknown field": b'{"question": "a", "x": ["\\udc00"]}',
    "not UTF-8": b'{"question": "\xff\xfe"}',
    "UTF-16": '{"question": "a"}'.encode("utf-16"),
    "GB18030": '{"question": "石嘴山"}'.encode("gb18030"),
    "nested lists": b'{"question": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested objects": b'{"filters": ' * 20_000 + b"1" + b"}" * 20_000,
    "a name twice": b'{"question": "a", "question": "b", "query": "a", "query": "b"}',
    "a name twice, deep": b'{"question": "a", "filters": {"date_to": null, "date_to": "2021"}}',
    "many names, one twice": b"{" + b"".join(b'"%d": 1, ' % n for n in range(20_000)) + b'"7": 1}',
    "half a pair in a filter": b'{"question": "a", "filters": {"region": ["\\ud800"]}}',
    "a number below the least": b'{"question": "a", "query": "a", "top_k": -1}',
    "a number of 400 digits": b'{"question": "a", "query": "a", "top_k": ' + b"1" * 400 + b"}",
    "wide digits": '{"question": "a", "query": "a", "filters": {"date_to": "２０２１"}}'.encode(),
    "10 MB": b'{"question": "' + b"a" * 10_000_000 + b'"}',
    "a list": b"[]",
    "a string": b'"a"',
    "null": b"null",
    "binary": bytes(range(256)),
    "a very long name": b'{"' + b"x" * 50_000 + b'": 1}',
    "too large": b'{"question": "' + b"a" * 300_000 + b'"}',
}


def assert_refused(response: httpx.Response) -> Json:
    assert 400 <= response.status_code < 500, response.text[:200]
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "field"}
    assert len(response.content) < 2_000
    assert "Traceback" not in response.text
    return body["error"]


@pytest.mark.parametrize("route", JSON_ROUTES)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_refused(client: httpx.Client, route: str, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert_refused(client.post(route, content=body, headers=headers))


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_form_is_refused(client: httpx.Client, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "application/json"):
        assert_refused(client.post("/v1/documents", content=body, headers={"content-type": kind}))


def test_a_form_of_many_fields_is_refused(client: httpx.Client) -> None:
    fields = {f"field{number}": (None, "x") for number in range(2_000)}
    assert_refused(client.post("/v1/documents", files=fields))


def test_a_field_of_many_megabytes_is_refused(client: httpx.Client) -> None:
    title = {"title": "x" * 2_000_000}
    assert_refused(client.post("/v1/documents", files={"file": ("a.txt", b"a")}, data=title))


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused(client: httpx.Client, kind: str) -> None:
    response = client.post("/v1/ask", content=b'{"question": "a"}', headers={"content-type": kind})
    assert response.status_code == 415
    assert_refused(response)


@pytest.mark.parametrize("charset", ["gbk", "utf-16", "latin-1", '"', "nosuch", '"utf-8', ""])
def test_another_charset_is_refused_not_misread(client: httpx.Client, charset: str) -> None:
    headers = {"content-type": f"application/json; charset={charset}"}
    response = client.post("/v1/ask", content=b'{"question": "a"}', headers=headers)
    assert response.status_code == 415
    assert_refused(response)


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', "utf8"])
def test_utf8_may_be_named(client: httpx.Client, charset: str) -> None:
    headers = {"content-type": f"application/json; charset={charset}"}
    assert client.post("/v1/ask", content=b'{"question": "a"}', headers=headers).is_success


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=-1", "limit"), ("limit=1&limit=2", "limit"), ("limit=1e1", "limit"),
        ("limit=" + "9" * 300, "limit"), ("limit=", "limit"), ("cursor=garbage", "cursor"),
        ("cursor=-1", "cursor"), ("cursor=%00", "cursor"), ("cursor=" + "9" * 30, "cursor"),
        ("cursor=%EF%BC%91", "cursor"), ("region=%ff", "region"), ("region=", "region"),
        ("region=a&region=b", "region"), ("date_from=x", "date_from"), ("nosuch=1", "nosuch"),
        ("%ff=1", "\ufffd"), ("date_from=%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%91", "date_from"),
    ],
)  # fmt: skip
def test_a_hostile_query_is_refused_with_its_field(
    client: httpx.Client, query: str, field: str
) -> None:
    response = client.get(f"/v1/documents?{query}")
    assert response.status_code == 422
    assert assert_refused(response)["field"] == field


def test_no_method_on_any_path_makes_the_server_fail(client: httpx.Client) -> None:
    before = client.get("/readyz").json()
    for path in client.get("/openapi.json").json()["paths"]:
        for name in ("none", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%00", "%ff"):
            there = re.sub(r"\{\w+\}", name, path)
            for method in ("HEAD", "OPTIONS", "PUT", "TRACE", "PATCH", "POST", "NOSUCH"):
                response = client.request(method, there)
                assert response.status_code < 500, (method, there)
                if response.status_code >= 400 and method != "HEAD":
                    # the door of OpenAI's clients says more in its errors
                    assert set(response.json()["error"]) >= {"code", "message"}, (method, there)
    assert client.get("/readyz").json() == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/documents/none", 404),
        ("GET", "/v1/documents/none/source", 404),
        ("GET", "/v1/documents/%00%ff", 404),
        ("GET", "/v1/documents/" + "x" * 5_000, 404),
        ("GET", "/static/../settings.py", 404),
        ("GET", "/static/%2e%2e/settings.py", 404),
        ("DELETE", "/v1/conversations/none", 404),
        ("GET", "/docs", 404),
        ("GET", "/v1/ask", 405),
        ("PUT", "/v1/documents", 405),
        ("POST", "/", 405),
        ("OPTIONS", "/v1/ask", 405),
    ],
)
def test_what_is_not_there(client: httpx.Client, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert_refused(response)


def test_an_error_can_always_be_sent() -> None:
    response = error_response(422, "invalid", "bad \ud800", "\udfff")
    assert json.loads(bytes(response.body))["error"]["field"] == "?"


def test_a_defect_of_ours_is_told_without_its_trace() -> None:
    app = FastAPI()
    add_error_responses(app, {"x-content-type-options": "nosniff"}, Metrics())

    @app.get("/")
    def broken() -> None:
        raise ZeroDivisionError("a secret")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/")

    response = asyncio.run(get())
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "internal_error"
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_field_is_named_by_its_way_in_the_body() -> None:
    error = {"type": "string_type", "loc": ("body", "filters", "region", 0), "msg": "no string"}
    found = from_validation(RequestValidationError([error]).errors())
    assert (found.status_code, found.field) == (422, "filters.region")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (TooLarge("x"), 413, "too_large"),
        (UnsupportedFile("x"), 415, "unsupported_file"),
        (EmptyDocument("x"), 422, "empty_document"),
        (FolderBusy(7), 503, "folder_busy"),
        (DamagedStore("x"), 503, "index_unavailable"),
        (EncoderError("x"), 500, "internal_error"),
    ],
)
def test_a_failure_below_has_a_status(error: IndexingError, status: int, code: str) -> None:
    found = from_index(error)
    assert (found.status_code, found.code) == (status, code)
    assert (status == 503) == ("Retry-After" in (found.headers or {}))
