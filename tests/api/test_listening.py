"""A client that goes away stops what was begun for it: the model is hung up on, nothing is kept."""

import json
import socket
import threading
from collections.abc import Iterator

import pytest

from api.listening import Listener
from rag.breaker import FAILURES
from tests.api.running import Json, Running, serving
from tests.api.scripted import PATIENCE_S, Abandoned, Scripted, saying, scripted

QUESTION = "双鸭山金秋助学筹了多少钱?"
GOOD = "去年，全市各级工会组织筹措助学资金163万元。[1]"
DOORS: dict[str, Json] = {
    "/v1/ask": {"question": QUESTION, "mode": "generative", "stream": True},
    "/v1/chat/completions": {
        "messages": [{"role": "user", "content": QUESTION}],
        "model": "unionqa-generative",
        "stream": True,
    },
}


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with scripted(saying(GOOD)) as running:
        yield running


@pytest.fixture(scope="module")
def writing(model: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that waits a minute for its model: what ends sooner was ended by the client."""
    folder = tmp_path_factory.mktemp("left") / "data"
    given = {"LLM_URL": model.url, "LLM_MODEL": "m", "LLM_FIRST_S": 60, "LLM_TIMEOUT_S": 60}
    with serving(folder, **given) as running:
        yield running


def begin(server: Running, door: str) -> socket.socket:
    """A connection over which a question was sent."""
    body = json.dumps(DOORS[door]).encode()
    head = (
        f"POST {door} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S)
    connection.sendall(head.encode() + body)
    return connection


@pytest.mark.parametrize("door", DOORS)
def test_the_model_is_hung_up_on_and_nothing_is_kept(
    writing: Running, model: Scripted, door: str
) -> None:
    with writing.client() as client:
        asked = client.get("/v1/asked").json()["days"]
        # as often as a model may fail before it is left alone: none of these is its failure
        for _ in range(FAILURES):
            model.script = left = Abandoned()
            with begin(writing, door):
                assert left.asked.wait(PATIENCE_S)
                assert not left.hung_up.is_set()
            assert left.hung_up.wait(PATIENCE_S / 2)
        assert client.get("/v1/asked").json()["days"] == asked
        model.script = saying(GOOD)
        answer = client.post("/v1/ask", json={"question": QUESTION, "mode": "generative"}).json()
        assert (answer["mode"], answer["degraded"]) == ("generative", [])


def test_whoever_asks_too_late_is_told_at_once() -> None:
    listener, told = Listener(), threading.Event()
    listener.leave()
    listener.when_gone(told.set)
    assert told.is_set()


def test_each_is_told_once() -> None:
    listener, told = Listener(), []
    listener.when_gone(lambda: told.append(1))
    listener.leave()
    listener.leave()
    assert told == [1]
