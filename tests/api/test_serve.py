"""The server as a process: it starts, says what it has, bears slow clients, and ends."""

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from api.serve import ListenError, address, listen
from tests.api.running import Running, serving, unionqa

HALF_HEADER = b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nX-"
HALF_BODY = (
    b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b'Content-Length: 50\r\n\r\n{"question": "'
)
HALF_FORM = (
    b"POST /v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
)


@contextmanager
def sent(server: Running, data: bytes) -> Iterator[socket.socket]:
    """A connection over which only `data` has been sent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(data)
        yield connection


def received(connection: socket.socket) -> bytes:
    """All the server sends until it closes the connection."""
    parts: list[bytes] = []
    try:
        while part := connection.recv(4096):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def test_a_fresh_server_has_the_seeds_and_says_so(server: Running) -> None:
    assert server.url in server.lines[0]
    assert "5 articles" in server.lines[1]
    assert "passages" in server.lines[1]
    assert server.lines[2].strip().startswith("encoder: ")


def test_slow_clients_are_cut(tmp_path: Path) -> None:
    with serving(tmp_path / "data", READ_TIMEOUT_S=0.5) as server, ExitStack() as stack:
        silent, header, body, form = (
            stack.enter_context(sent(server, data))
            for data in (b"", HALF_HEADER, HALF_BODY, HALF_FORM)
        )
        assert received(body).startswith(b"HTTP/1.1 408 ")
        assert received(form).startswith(b"HTTP/1.1 408 ")
        assert received(header) == received(silent) == b""
        with server.client() as client:
            assert client.get("/healthz").status_code == 200


def test_sigterm_ends_it_in_ten_seconds_with_stuck_clients(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server, ExitStack() as stack:
        for data in (b"", HALF_HEADER, HALF_BODY, HALF_FORM) * 5:
            stack.enter_context(sent(server, data))
        kept = stack.enter_context(server.client())
        assert kept.get("/readyz").json()["documents"] == 5
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=10) == 0


def test_what_was_said_and_deleted_outlives_the_process(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        answer = client.post("/v1/ask", json={"question": "白城建成多少家服务站?"}).json()
        for listed in client.get("/v1/documents").json()["documents"]:
            client.delete(f"/v1/documents/{listed['document_id']}")
        server.process.kill()
    with serving(tmp_path / "data") as server, server.client() as client:
        # the folder has an index, though an empty one: the seeds do not come back
        assert client.get("/readyz").json()["documents"] == 0
        kept = client.get(f"/v1/conversations/{answer['conversation_id']}").json()
        assert kept["turns"][0]["question"] == "白城建成多少家服务站?"
        assert kept["turns"][0]["answer"] is None
        empty = client.post("/v1/ask", json={"question": "白城建成多少家服务站?"}).json()
        assert (empty["status"], empty["citations"]) == ("not_found", [])
        nothing = {"documents": 0, "regions": [], "newest": None, "questions": []}
        assert client.get("/v1/examples").json() == nothing


def test_a_port_in_use_is_one_line_and_makes_no_folder(server: Running, tmp_path: Path) -> None:
    done = unionqa("serve", DATA=tmp_path / "data", PORT=server.port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert f":{server.port}" in done.stderr
    assert not (tmp_path / "data").exists()


def test_two_servers_share_a_folder(server: Running) -> None:
    with serving(server.data) as other, other.client() as client, server.client() as first:
        document = client.post(
            "/v1/documents", files={"file": ("a.txt", "鹤岗市总工会建成读书角8个。\n" * 3)}
        ).json()
        path = f"/v1/documents/{document['document_id']}"
        assert first.get(path).status_code == 200
        assert client.delete(path).status_code == 204
        assert first.get(path).status_code == 404


def test_only_one_may_listen() -> None:
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(ListenError, match=str(port)):
            listen("127.0.0.1", port)


def test_an_address_is_one_a_browser_takes() -> None:
    assert address("127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert httpx.URL(address("::1", 8000)).host == "::1"
