"""A language model's text comes to an end in time, whatever the other side does."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest

from api.llm import MOST_CALLS, Endpoint, LanguageModel, Limits
from rag.breaker import FAILURES, OK, PAUSE_S, UNTRIED, Breaker
from rag.errors import LanguageModelError
from rag.prompt import Message
from tests.api.scripted import (
    Script,
    Scripted,
    cutting,
    failing,
    hanging,
    saying,
    scripted,
    sending,
    stalling,
    whole,
)

SAID = (Message("system", "orders"), Message("user", "question"))
SHORT = Limits(first_s=0.3, total_s=0.6)
LONG = Limits(first_s=20, total_s=20)


def heard_of(script: Script, limits: Limits = LONG) -> tuple[str, Scripted]:
    """What is heard of a model, and the model."""
    with scripted(script) as model:
        endpoint = Endpoint(model.url, "m", "k")
        return "".join(LanguageModel(endpoint, limits).write(SAID)), model


def test_the_request_is_one_that_every_such_model_knows() -> None:
    text, model = heard_of(saying("工会问答"))
    assert text == "工会问答"
    (asked,) = model.asked
    assert asked["model"] == "m"
    assert asked["stream"] is True
    assert asked["messages"] == [
        {"role": "system", "content": "orders"},
        {"role": "user", "content": "question"},
    ]
    assert model.heard[0]["Authorization"] == "Bearer k"


def test_events_without_a_choice_or_with_an_empty_one_lose_nothing() -> None:
    events = (
        '\ufeffdata: {"choices": [{"delta": {"content": "工"}}]}\n\n'
        'data: {"id": "x"}\n\ndata: {"choices": null}\n\n'
        'data: {"choices": [{"delta": null}]}\n\n'
        'data: {"choices": [{"delta": {"content": "会"}}]}\n\n'
        'data: {"choices": [{"delta": null, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
    )
    assert heard_of(sending(events.encode()))[0] == "工会"
    with pytest.raises(LanguageModelError):
        heard_of(sending(b'data: {"error": {"message": "no"}}\n\ndata: [DONE]\n\n'))


def test_events_may_be_cut_anywhere_and_carry_more_than_text() -> None:
    events = (
        ': comment\r\ndata: {"choices": [{"delta": {"role": "assistant"}}]}\r\n\r\n'
        'data: {"choices": [{"delta": {"reasoning_content": "想"}}]}\n\n'
        'data: {"choices": [{"delta": {"content": "工会"}, "finish_reason": null}]}\n\n'
        'data: {"choices": [], "usage": {"total_tokens": 7}}\n\ndata: [DONE]\n\n'
    ).encode()

    def script(caller: object) -> None:
        caller.begin()  # type: ignore[attr-defined]
        for at in range(0, len(events), 7):
            caller.raw(events[at : at + 7])  # type: ignore[attr-defined]

    assert heard_of(script)[0] == "工会"
    assert heard_of(whole("工会"))[0] == "工会"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (cutting("工"), "broke off"),
        (failing(500), "answers 500"),
        (failing(302, Location="http://127.0.0.1:9/"), "answers 302"),
        (sending(b"data: []\n\n"), "no completion"),
        (sending(b"data: " + b"x" * 600_000), "more than 524,288 bytes"),
        (sending(b"[]", "application/json"), "no completion"),
        (sending(b"x", **{"Content-Encoding": "br"}), "compresses"),
    ],
)
def test_every_failure_is_one_line(script: Script, said: str) -> None:
    with pytest.raises(LanguageModelError, match=said):
        heard_of(script)


@pytest.mark.parametrize("script", [hanging, stalling("工")])
def test_less_time_than_the_limits_can_be_given(script: Script) -> None:
    with scripted(script) as endpoint:
        model = LanguageModel(Endpoint(endpoint.url, "m"), LONG)
        with pytest.raises(LanguageModelError, match="too slow"):
            list(model.write(SAID, 0.3))


def test_who_asks_learns_that_it_has_begun_and_where_it_has_not() -> None:
    begun: list[str] = []
    with scripted(failing(500)) as endpoint:
        model = LanguageModel(Endpoint(endpoint.url, "m"), LONG)
        for _ in range(FAILURES + 2):
            with pytest.raises(LanguageModelError):
                list(model.write(SAID, begun=lambda: begun.append("begun")))
    assert len(begun) == FAILURES


@pytest.mark.parametrize("script", [hanging, stalling("工")])
def test_too_slow_is_a_failure(script: Script) -> None:
    with pytest.raises(LanguageModelError, match="too slow"):
        heard_of(script, SHORT)


def test_where_nobody_listens_is_a_failure_too() -> None:
    with scripted(saying("")) as gone:
        endpoint = Endpoint(gone.url, "m")
    for address in (endpoint, Endpoint("http://name.invalid/v1", "m")):
        with pytest.raises(LanguageModelError, match="language model"):
            list(LanguageModel(address, LONG).write(SAID))


def test_after_some_failures_it_is_left_alone_and_then_tried_by_one() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    with scripted(failing(500)) as endpoint:
        model = LanguageModel(Endpoint(endpoint.url, "m"), LONG, breaker)
        assert model.state == UNTRIED
        for _ in range(FAILURES + 3):
            with pytest.raises(LanguageModelError, match=r"500|left alone"):
                list(model.write(SAID))
        assert len(endpoint.asked) == FAILURES
        failed = f"failed {FAILURES} times in a row"
        reason = "the language model answers 500"
        assert model.state == f"{failed}, left alone for {PAUSE_S:.0f} s: {reason}"
        now[0] += PAUSE_S
        assert model.state == f"{failed}: {reason}"
        assert [breaker.lets_through(), breaker.lets_through()] == [True, False]
        now[0] += PAUSE_S
        endpoint.script = saying("工会")
        assert "".join(model.write(SAID)) == "工会"
        assert model.state == OK
        assert [breaker.lets_through(), breaker.lets_through()] == [True, True]


def test_no_more_than_a_few_wait_for_it_at_once() -> None:
    with scripted(hanging) as endpoint:
        model = LanguageModel(Endpoint(endpoint.url, "m"), LONG)
        with ThreadPoolExecutor(MOST_CALLS) as pool:
            waiting = [pool.submit(list, model.write(SAID)) for _ in range(MOST_CALLS)]
            while len(endpoint.asked) < MOST_CALLS:
                time.sleep(0.01)
            with pytest.raises(LanguageModelError, match="8 calls in hand"):
                list(model.write(SAID))
            endpoint.over.set()
    assert all(isinstance(one.exception(), LanguageModelError) for one in waiting)


def test_whoever_leaves_early_stops_the_reading() -> None:
    def script(caller: object) -> None:
        caller.begin()  # type: ignore[attr-defined]
        try:
            for _ in range(10_000):
                caller.send("工会")  # type: ignore[attr-defined]
        except ConnectionError:
            left.set()

    left = threading.Event()
    with scripted(script) as endpoint:
        pieces = LanguageModel(Endpoint(endpoint.url, "m"), LONG).write(SAID)
        assert list(islice(pieces, 3)) == ["工会"] * 3
        pieces.close()
        assert left.wait(20)


def test_no_proxy_of_the_environment_sees_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(saying("工会")) as model, scripted(saying("")) as proxy:
        for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        said = "".join(LanguageModel(Endpoint(model.url, "m", "k"), LONG).write(SAID))
        assert (said, proxy.heard) == ("工会", [])
