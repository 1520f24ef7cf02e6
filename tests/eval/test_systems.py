"""A server is asked as the contract says, and what is not the contract's is a failed row."""

import json
from typing import Any

import httpx
import pytest

from eval.errors import SystemFailed
from eval.reply import read_found, read_reply
from eval.systems import Http

CITATION = {
    "id": 1, "document_id": "d1", "chunk_id": "c", "title": "t", "date": "2018", "region": "甲市",
    "source": "a.txt", "quote": "共41家", "start": 0, "end": 4, "source_start": 3,
    "source_end": 7, "url": "/documents/d1#c0-4",
}  # fmt: skip
ANSWER: dict[str, Any] = {
    "status": "partial", "answer": "共41家[1]", "citations": [CITATION],
    "short_answers": [
        {"text": "41家", "citation": 1, "region": "甲市", "value": 41.0, "unit": "家"}
    ],
    "related": [{"note": "其他地区", "citation": 1}],
    "table": {"columns": ["地区"], "rows": [{"region": "甲市", "cells": ["41"], "citations": [1]}]},
    "question": "几家?", "standalone_question": "甲市几家?", "conversation_id": "c-1",
    "answer_id": "a-1", "mode": "extractive", "degraded": [], "timings_ms": {"total": 1.0},
}  # fmt: skip
HIT = {
    "rank": 1, "score": 0.5, "document_id": "d1", "chunk_id": "c", "title": "t", "date": None,
    "region": None, "source": "a.txt", "text": "共41家", "start": 0, "end": 4,
    "retrievers": {"bm25": {"rank": 2, "score": 7.5}},
}  # fmt: skip


class Server:
    """The contract's calls with fixed replies; it keeps what it was sent."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers.get("Authorization"))
        path = request.url.path
        if request.method == "POST":
            self.bodies.append(json.loads(request.content))
        if path == "/v1/ask":
            return httpx.Response(200, json=ANSWER)
        if path == "/v1/search":
            return httpx.Response(200, json={"hits": [HIT], "took_ms": 1})
        if path == "/v1/documents/d1":
            return httpx.Response(200, json={"document_id": "d1", "text": "共41家"})
        if path == "/v1/documents/d1/source":
            return httpx.Response(200, content="源文共41家".encode())
        return httpx.Response(404, json={"error": {"code": "not_found"}})


def _http(handler: Any, key: str | None = None) -> Http:  # noqa: ANN401
    client = httpx.Client(transport=httpx.MockTransport(handler), base_url="http://made")
    return Http("http://made", key, client)


def test_a_follow_up_goes_into_the_same_conversation_with_the_key() -> None:
    server = Server()
    reply = _http(server, "k-1").ask("几家?", ["甲市有多少?"])
    assert server.bodies == [
        {"question": "甲市有多少?"},
        {"question": "几家?", "conversation_id": "c-1"},
    ]
    assert set(server.keys) == {"Bearer k-1"}
    assert (reply.status, reply.standalone) == ("partial", "甲市几家?")
    assert reply.short_answers[0].value == 41.0
    assert reply.rows[0].cells == ("41",)
    assert (reply.related, reply.notes) == ((1,), ("其他地区",))
    assert reply.claims == ()
    assert reply.took_ms > 0


def test_search_and_texts() -> None:
    http = _http(Server())
    (found,) = http.search("几家", 5)
    assert (found.chunk_id, dict(found.ranks)) == ("c", {"bm25": 2})
    texts = http.texts("d1")
    assert texts is not None
    assert (texts.text, texts.source_text) == ("共41家", "源文共41家")
    assert http.texts("d2") is None
    assert http.described() == {"system": "http", "url": "http://made"}


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (httpx.Response(503, json={"error": {"code": "busy"}}), "status 503"),
        (httpx.Response(200, content=b"<html>"), "/v1/ask"),
        (httpx.Response(200, json=[1]), "status 200"),
        (httpx.Response(200, json={"answer": "x"}), "not the contract's answer object"),
    ],
)
def test_what_is_no_reply_is_a_failure(response: httpx.Response, message: str) -> None:
    with pytest.raises(SystemFailed, match=message):
        _http(lambda request: response).ask("几家?", ())


def test_a_server_that_is_not_there_is_a_failure() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    http = _http(refuse)
    with pytest.raises(SystemFailed, match="refused"):
        http.ask("a", ())
    with pytest.raises(SystemFailed, match="refused"):
        http.search("a", 1)
    with pytest.raises(SystemFailed, match="refused"):
        http.texts("d")


@pytest.mark.parametrize("field", ["status", "citations", "related", "degraded"])
def test_every_field_is_needed(field: str) -> None:
    with pytest.raises(SystemFailed, match=field):
        read_reply({name: v for name, v in ANSWER.items() if name != field}, 1.0)
    with pytest.raises(SystemFailed, match="search hit"):
        read_found({"chunk_id": "c"})
