"""So many questions are answered at once, a few wait in order, the rest are sent away at once."""

import asyncio
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from api.errors import RequestError
from api.settings import Settings
from api.turnstile import Turnstile
from tests.api.running import Running, serving

LONG = ("双鸭山市金秋助学筹措了多少资金,白城市建成多少家户外劳动者服务站," * 100)[:2000]
THREADS = 16


def test_they_are_let_in_in_order_and_the_rest_sent_away() -> None:
    async def scene() -> None:
        turnstile = Turnstile(Settings(questions_at_once=1, questions_waiting=2))
        order: list[int] = []
        first_may_end = asyncio.Event()

        async def ask(number: int) -> None:
            async with turnstile.turn():
                order.append(number)
                if number == 0:
                    await first_may_end.wait()

        asked = [asyncio.create_task(ask(number)) for number in range(3)]
        await asyncio.sleep(0)
        assert (order, turnstile.waiting) == ([0], 2)
        with pytest.raises(RequestError, match="UNIONQA_QUESTIONS_WAITING") as raised:
            await ask(3)
        assert raised.value.status_code == 503
        assert raised.value.headers == {"Retry-After": "1"}
        asked[1].cancel()  # a client that goes away while it waits
        await asyncio.sleep(0)
        assert turnstile.waiting == 1
        first_may_end.set()
        await asyncio.gather(*asked, return_exceptions=True)
        assert (order, turnstile.waiting) == ([0, 2], 0)
        await ask(4)
        assert order[-1] == 4

    asyncio.run(scene())


def test_nobody_waits_longer_than_allowed() -> None:
    async def scene() -> None:
        turnstile = Turnstile(Settings(questions_at_once=1, question_wait_s=0.01))
        async with turnstile.turn():
            with pytest.raises(RequestError, match="UNIONQA_QUESTION_WAIT_S"):
                async with turnstile.turn():
                    raise AssertionError("two at once")
        assert turnstile.waiting == 0
        async with turnstile.turn():
            pass

    asyncio.run(scene())


def test_who_would_wait_too_long_is_told_at_once() -> None:
    async def scene() -> None:
        turnstile = Turnstile(Settings(questions_at_once=1, question_wait_s=0.2))
        for _ in range(20):
            async with turnstile.turn():
                await asyncio.sleep(0.02)
        # of turns that last 20 ms ten fit into 200 ms
        async with turnstile.turn():
            waiting = [asyncio.create_task(turnstile.turn().__aenter__()) for _ in range(32)]
            await asyncio.sleep(0)
            assert 2 <= turnstile.waiting < 11
            sent_away = [one.exception() for one in waiting if one.done()]
            assert len(sent_away) == len(waiting) - turnstile.waiting
            assert all("UNIONQA_QUESTION_WAIT_S" in str(one) for one in sent_away)
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        # quick turns let more wait again
        for _ in range(40):
            async with turnstile.turn():
                pass
        async with turnstile.turn():
            waiting = [asyncio.create_task(turnstile.turn().__aenter__()) for _ in range(32)]
            await asyncio.sleep(0)
            assert turnstile.waiting == len(waiting)
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(scene())


def test_a_turn_ends_with_an_error_too() -> None:
    async def scene() -> None:
        turnstile = Turnstile(Settings(questions_at_once=1, questions_waiting=0))
        for _ in range(3):
            with pytest.raises(ValueError, match="so"):
                async with turnstile.turn():
                    raise ValueError("so")

    asyncio.run(scene())


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("narrow") / "data"
    with serving(data, QUESTIONS_AT_ONCE=1, QUESTIONS_WAITING=0) as server:
        yield server


BODIES: dict[str, dict[str, object]] = {
    "/v1/ask": {"question": LONG},
    "/v1/chat/completions": {"model": "x", "messages": [{"role": "user", "content": LONG}]},
}


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("stream", [False, True])
def test_under_a_real_load_some_are_answered_and_the_rest_told_to_wait(
    narrow: Running, path: str, stream: bool
) -> None:
    body = {**BODIES[path], "stream": stream}
    with narrow.client() as client, ThreadPoolExecutor(THREADS) as threads:

        def ask(_: int) -> httpx.Response:
            return client.post(path, json=body)

        # how many meet at the turnstile is for the machine to say; that some do is for us
        for _ in range(20):
            answers = list(threads.map(ask, range(THREADS)))
            if {one.status_code for one in answers} == {200, 503}:
                break
        assert {one.status_code for one in answers} == {200, 503}
        for refused in (one for one in answers if one.status_code == 503):
            assert refused.headers["retry-after"] == "1"
            assert refused.json()["error"]["code"] == "overloaded"
            text = client.get("/metrics").text
            assert re.search(r'refusals_total\{reason="overloaded"\} [1-9]', text)
        assert client.post(path, json=body).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_sigterm_ends_the_server_with_streams_open(tmp_path: Path) -> None:
    given = {"QUESTIONS_AT_ONCE": 1, "QUESTIONS_WAITING": 1000, "QUESTION_WAIT_S": 60}
    log = tmp_path / "log"
    with serving(tmp_path / "data", log, **given) as server, ExitStack() as stack:
        client = stack.enter_context(server.client())
        threads = stack.enter_context(ThreadPoolExecutor(THREADS))

        def listen(number: int) -> None:
            path = list(BODIES)[number % 2]
            try:
                with client.stream("POST", path, json={**BODIES[path], "stream": True}) as response:
                    for _ in response.iter_bytes():
                        pass
            except httpx.HTTPError:
                pass  # the server has ended

        asked = [threads.submit(listen, number) for number in range(200)]
        asked[20].result()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=10) == 0
        for one in asked:
            one.cancel()
    # uvicorn tells what it had to cut; nothing of ours fails over that
    assert "ValueError" not in log.read_text(encoding="utf-8")
