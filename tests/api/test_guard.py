"""Who may speak to the server: its own names, its own pages, in time and in measure."""

import re
import socket
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from tests.api.running import Running, serving

QUESTION = {"question": "双鸭山金秋助学筹了多少钱?"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[", "", "10.0.0.1"])
def test_another_name_is_refused(client: httpx.Client, host: str) -> None:
    response = client.get("/", headers={"host": host})
    assert response.status_code == 421
    assert response.json()["error"]["code"] == "misdirected_request"


@pytest.mark.parametrize("host", ["127.0.0.1", "LOCALHOST:1234", "[::1]:80"])
def test_its_own_names_are_served(client: httpx.Client, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).json() == {"status": "ok"}


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://["]
)
def test_a_foreign_page_may_not_post(client: httpx.Client, origin: str) -> None:
    for path in ("/v1/ask", "/v1/documents"):
        response = client.post(path, json=QUESTION, headers={"origin": origin})
        assert response.status_code == 403


def test_its_own_page_may_post(client: httpx.Client, server: Running) -> None:
    response = client.post("/v1/ask", json=QUESTION, headers={"origin": server.url})
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "path", ["/", "/documents/none", "/v1/documents", "/static/chat.js", "/nothing", "/healthz"]
)
def test_every_response_is_secured(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


def test_a_body_announced_as_too_large_is_not_read(server: Running) -> None:
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {Settings.model_fields['body_bytes'].default + 1}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_lower_limits_hold_and_are_named(tmp_path: Path) -> None:
    given = {"BODY_BYTES": 2000, "UPLOAD_BYTES": 5000, "QUESTION_CHARACTERS": 20}
    with serving(tmp_path / "data", **given) as server, server.client() as client:
        assert client.post("/v1/ask", json=QUESTION).status_code == 200
        large = client.post("/v1/ask", json={"question": "啊" * 2000})
        file = {"file": ("a.txt", "鹤岗市总工会建成读书角8个。".encode() * 200)}
        upload = client.post("/v1/documents", files=file)
        form = client.post("/v1/documents", files={"file": ("a.txt", b"a" * 100_000)})
        long = client.post("/v1/ask", json={"question": "啊" * 21})
        query = client.post("/v1/search", json={"query": "啊" * 21})
        messages = [{"role": "user", "content": "啊" * 21}]
        chat = client.post("/v1/chat/completions", json={"model": "x", "messages": messages})
    for response, status, setting in (
        (large, 413, "UNIONQA_BODY_BYTES"),
        (upload, 413, "UNIONQA_UPLOAD_BYTES"),
        (form, 413, "UNIONQA_UPLOAD_BYTES"),
        (long, 422, "UNIONQA_QUESTION_CHARACTERS"),
        (query, 422, "UNIONQA_QUESTION_CHARACTERS"),
        (chat, 400, "UNIONQA_QUESTION_CHARACTERS"),
    ):
        assert response.status_code == status, response.text
        assert setting in response.json()["error"]["message"]
    # what came and what may come, both in bytes
    told = [one.json()["error"]["message"] for one in (large, upload, form)]
    assert re.fullmatch(r"the body has 6,\d{3} bytes, over the limit of 2,000 bytes .*", told[0])
    assert told[1].startswith(
        f"the file has {len(file['file'][1]):,} bytes, over the limit of 5,000 "
    )
    assert re.match(r"the body has 100,\d{3} bytes, over the limit of 5,000 bytes", told[2])
    assert [one.json()["error"]["field"] for one in (large, upload, form)] == [None, "file", "file"]


def test_a_body_of_unknown_size_is_cut_at_the_limit(client: httpx.Client) -> None:
    response = client.post(
        "/v1/ask",
        content=iter([b'{"question": "', *[b"a" * 65_536] * 8]),
        headers={"content-type": "application/json"},
    )
    assert response.status_code == 413
    assert "the body has at least " in response.json()["error"]["message"]
