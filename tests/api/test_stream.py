"""A stream says the same as one answer, keeps it before its end, and ends when nobody listens."""

import asyncio
import json
import socket
import threading
from collections.abc import Generator

import httpx
import pytest

from api import wire
from api.openapi_examples import ANSWER
from api.stream import Part, events
from index.errors import FolderBusy
from tests.api.running import Json, Running

QUESTION = "双鸭山金秋助学筹了多少钱?"


def streamed(client: httpx.Client, question: str, **fields: object) -> list[tuple[str, Json]]:
    """The events of an answer: (name, data)."""
    body = {"question": question, "stream": True, **fields}
    with client.stream("POST", "/v1/ask", json=body) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        text = response.read().decode()
    events = []
    for block in text.split("\n\n")[:-1]:
        first, second = block.split("\n")
        events.append((first.removeprefix("event: "), json.loads(second.removeprefix("data: "))))
    return events


@pytest.mark.parametrize(
    "question", [QUESTION, "株洲金秋助学筹了多少钱?", "白城和株洲各建了多少个服务站?"]
)
def test_a_stream_is_the_answer_in_pieces(client: httpx.Client, question: str) -> None:
    events = streamed(client, question)
    names = [name for name, _ in events]
    assert names == ["passages", *["delta"] * (len(events) - 2), "answer"]
    answer = events[-1][1]
    assert "".join(data["text"] for _, data in events[1:-1]) == answer["answer"]
    assert events[0][1] == {"citations": answer["citations"]}
    alone = client.post("/v1/ask", json={"question": question}).json()
    own = {"conversation_id", "answer_id", "timings_ms"}
    assert {k: v for k, v in answer.items() if k not in own} == {
        k: v for k, v in alone.items() if k not in own
    }


def test_a_streamed_turn_is_kept_and_followed_up(client: httpx.Client) -> None:
    answer = streamed(client, QUESTION)[-1][1]
    path = f"/v1/conversations/{answer['conversation_id']}"
    assert client.get(path).json()["turns"][0]["answer"] == answer
    second = streamed(client, "那白城呢?", conversation_id=answer["conversation_id"])[-1][1]
    assert "金秋助学" in second["standalone_question"]
    assert len(client.get(path).json()["turns"]) == 2


def test_a_wrong_request_is_refused_before_a_stream_begins(client: httpx.Client) -> None:
    body = {"question": QUESTION, "stream": True, "conversation_id": "nobody"}
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 404
    assert response.json()["error"]["field"] == "conversation_id"


def test_clients_that_go_away_leave_the_server_well(server: Running, client: httpx.Client) -> None:
    body = json.dumps({"question": QUESTION, "stream": True}).encode()
    head = (
        "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(head.encode() + body)
    assert streamed(client, QUESTION)[-1][0] == "answer"


def written() -> Generator[Part]:
    answer = wire.Answer.model_validate(ANSWER)
    yield wire.Passages(citations=answer.citations)
    yield answer.answer
    yield answer


def test_an_answer_nobody_waits_for_is_not_kept() -> None:
    kept: list[wire.Answer] = []

    async def listen(most: int) -> int:
        heard = 0
        stream = events(written, kept.append)
        async for _ in stream:
            heard += 1
            if heard == most:
                await stream.aclose()  # type: ignore[attr-defined]
        return heard

    assert asyncio.run(listen(2)) == 2
    assert kept == []
    assert asyncio.run(listen(100)) > 3
    assert len(kept) == 1


def test_a_failure_on_the_way_is_an_event() -> None:
    def keep(_: wire.Answer) -> None:
        raise FolderBusy(7)

    async def last() -> str:
        stream = events(written, keep)
        return [one async for one in stream][-1].decode()

    name, data = asyncio.run(last()).strip().split("\n")
    assert name == "event: error"
    assert json.loads(data.removeprefix("data: "))["error"]["code"] == "folder_busy"


def test_a_stream_cut_while_its_answer_is_sought_fails_over_nothing() -> None:
    begun, may_end, closed = threading.Event(), threading.Event(), threading.Event()

    def write() -> Generator[Part]:
        try:
            begun.set()
            may_end.wait(20)
            yield "工会"
        finally:
            closed.set()

    async def listen() -> None:
        async for _ in events(write, lambda _: None):
            pass

    async def scene() -> None:
        listening = asyncio.create_task(listen())
        await asyncio.to_thread(begun.wait)
        listening.cancel()  # as the service does at its end
        with pytest.raises(asyncio.CancelledError):
            await listening
        may_end.set()

    asyncio.run(scene())
    assert closed.wait(20)
