"""/mcp is guarded, counted and ended like everything else, and costs nothing until it is used."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.api.mcp.talking import Json, failure, over_http, talked, text_of
from tests.api.running import ROOT, Running, serving, unionqa

LIST: Json = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPT = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    """A server with a reader's key."""
    data = tmp_path_factory.mktemp("keyed") / "data"
    key = unionqa("keys", "make", "助手", DATA=data).stdout.strip()
    with serving(data) as running:
        yield running, key


def test_a_readers_key_opens_it_and_no_other(keyed: tuple[Running, str]) -> None:
    server, key = keyed

    async def ask(shown: str) -> str:
        async with over_http(server.url, shown) as assistant:
            question = {"question": "双鸭山金秋助学筹了多少钱"}
            return text_of(await assistant.call_tool("ask", question))

    assert "163万元" in talked(lambda: ask(key))
    for wrong in ("", f"{key}x"):
        with pytest.raises(ExceptionGroup) as raised:
            talked(partial(ask, wrong))
        assert "MCPError: Server returned an error response" in failure(raised.value)
        headers = {**ACCEPT, "authorization": f"Bearer {wrong}"} if wrong else ACCEPT
        assert httpx.post(f"{server.url}/mcp", json=LIST, headers=headers).status_code == 401


def test_a_conversation_belongs_to_its_key(keyed: tuple[Running, str]) -> None:
    server, key = keyed
    other = unionqa("keys", "make", "别人", DATA=server.data).stdout.strip()

    async def ask(shown: str, **given: str) -> Json:
        async with over_http(server.url, shown) as assistant:
            return await assistant.call_tool("ask", {"question": "白城有哪些服务站", **given})

    name = talked(lambda: ask(key)).structured_content["conversation_id"]
    assert not talked(lambda: ask(key, conversation_id=name)).is_error
    refused = talked(lambda: ask(other, conversation_id=name))
    assert refused.is_error
    assert "no such conversation" in text_of(refused)


def test_foreign_hosts_and_pages_stay_out(client: httpx.Client) -> None:
    def post(**headers: str) -> httpx.Response:
        return client.post("/mcp", json=LIST, headers={**ACCEPT, **headers})

    assert post().json()["result"]["tools"]
    assert post(host="rebound.example").status_code == 421
    assert post(origin="https://elsewhere.example").status_code == 403
    assert post(origin="null").status_code == 403
    assert post(origin=str(client.base_url)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD"])
def test_there_is_no_stream_to_hold_open(client: httpx.Client, method: str) -> None:
    response = client.request(method, "/mcp", headers=ACCEPT)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        ('{"jsonrpc": "2.0", "id": 1, "method": "去"}'.encode(), 200),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": 7}', 400),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "x", "params": {"a": "\\ud800"}}', 400),
        (b" " * 300_000, 413),
    ],
)
def test_no_body_makes_it_fail(client: httpx.Client, body: bytes, status: int) -> None:
    headers = {**ACCEPT, "content-type": "application/json"}
    response = client.post("/mcp", content=body, headers=headers)
    assert response.status_code == status
    assert response.json()["error"]["message"]
    assert "Traceback" not in response.text


def test_questions_of_assistants_are_counted_as_theirs(
    client: httpx.Client, server: Running
) -> None:
    def count() -> float:
        lines = client.get("/metrics").text.splitlines()
        mine = [line for line in lines if 'door="mcp"' in line and "_total" in line]
        return sum(float(line.rsplit(" ", 1)[1]) for line in mine)

    async def ask() -> None:
        async with over_http(server.url) as assistant:
            await assistant.call_tool("ask", {"question": "双鸭山金秋助学筹了多少钱"})

    before = count()
    talked(ask)
    assert count() == before + 1


def test_it_ends_with_the_server(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        assert client.post("/mcp", json=LIST, headers=ACCEPT).status_code == 200
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=10) == 0


def test_a_server_loads_the_sdk_only_for_an_assistant() -> None:
    loaded = "import json, sys, api.serve; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, check=True, cwd=ROOT, text=True
    )
    assert not {"mcp", "mcp_types", "openai", "torch"} & set(json.loads(done.stdout))
