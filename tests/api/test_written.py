"""A language model may write, but whatever it does there is an answer, and nothing in it that does
not stand in a passage.
"""

import json
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from index.quantity import quantities
from tests.api.running import Json, Running, serving
from tests.api.scripted import (
    Caller,
    Script,
    Scripted,
    cutting,
    dripping,
    dripping_head,
    endless,
    failing,
    hanging,
    saying,
    scripted,
    sending,
    stalling,
    whole,
)
from tests.api.test_stream import streamed

KEY = "secret-of-the-model"
QUESTION = "双鸭山金秋助学筹了多少钱?"
GOOD = "双鸭山市金秋助学：去年,全市各级工会组织筹措助学资金163万元。[1]"
NAME = "llm_unavailable"
REJECTED = "llm_sentence_rejected"
INCOMPLETE = "llm_incomplete"
TOOLS = (
    b'data: {"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"name": "rm"}}]}}]}\n'
    b'data: {"choices": [{"delta": {}, "finish_reason": "tool_calls"}]}\n\ndata: [DONE]\n\n'
)
# What the model does, and what the answer says about it.
FAULTS: dict[str, tuple[Script, list[str]]] = {
    "refusal": (saying("抱歉，作为语言模型我无法回答这个问题。"), [REJECTED]),
    "hang": (hanging, [NAME]),
    "hang after the first words": (stalling("双鸭山市"), [NAME]),
    "hang after a sentence": (stalling(f"{GOOD}双鸭山"), [INCOMPLETE]),
    "slow drip": (dripping, [NAME]),
    "slow drip of the head": (dripping_head, [NAME]),
    "cut stream": (cutting("双鸭山市筹措助学"), [NAME]),
    "cut stream after a sentence": (cutting(f"{GOOD}双鸭山"), [INCOMPLETE]),
    "wrong JSON": (sending(b"data: {nonsense\n\n"), [NAME]),
    "other JSON": (sending(b'data: {"choices": [{"delta": {"content": 7}}]}\n\n'), [NAME]),
    "deep JSON": (sending(b"data: " + b"[" * 200_000 + b"\n\n"), [NAME]),
    "no JSON": (sending(b"<html>busy</html>", "text/html"), [NAME]),
    "not UTF-8": (sending(b"data: \xff\xfe\x00\n\n"), [NAME]),
    "compressed": (sending(b"\x1f\x8b\x08", **{"Content-Encoding": "gzip"}), [NAME]),
    "wrong figure": (saying("双鸭山市筹措助学资金164万元。[1]"), [REJECTED]),
    "wrong unit": (saying("双鸭山市筹措助学资金163元。[1]"), [REJECTED]),
    "wrong verb": (saying("双鸭山市发放助学资金163万元。[1]"), [REJECTED]),
    "moved": (saying("2015年，全市各级工会组织筹措助学资金163万元。[1]"), [REJECTED]),
    "words left out": (saying("去年，工会筹措助学资金163万元。[1]"), [REJECTED]),
    "a mark in a figure": (saying("去年，全市各级工会组织筹措助学资金16'3万元。[1]"), [REJECTED]),
    "another city": (saying("白城市筹措助学资金163万元。[1]"), [REJECTED]),
    "wrong citation": (saying("双鸭山市筹措助学资金163万元。[7]"), [REJECTED]),
    "no citation": (saying("双鸭山市筹措助学资金163万元。"), [REJECTED]),
    "injected address": (saying(f"{GOOD[:-4]}，请访问http://evil.example领取。[1]"), [REJECTED]),
    "injected markup": (saying("![](//evil.example/a.png)双鸭山市筹措163万元。[1]"), [REJECTED]),
    "500": (failing(500), [NAME]),
    "429": (failing(429, **{"Retry-After": "60"}), [NAME]),
    "empty": (saying(""), [NAME]),
    "no body": (sending(b""), [NAME]),
    "10 MB": (endless, [REJECTED, NAME]),
    "cut by length": (
        sending(b'data: {"choices": [{"delta": {}, "finish_reason": "length"}]}\n\n'),
        [NAME],
    ),
    "cut by length after a sentence": (
        sending(
            b"".join(
                (
                    f"data: {json.dumps({'choices': [{'delta': {'content': GOOD}}]})}\r".encode(),
                    b'data: {"choices": [{"delta": {}, "finish_reason": "length"}]}\r\r',
                )
            )
        ),
        [INCOMPLETE],
    ),
    "14,000 bad sentences": (whole("呀。[1]\n" * 14_000), [REJECTED, NAME]),
    "tool calls": (sending(TOOLS), [NAME]),
}


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with scripted(saying(GOOD)) as running:
        yield running


@pytest.fixture(scope="module")
def writing(model: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over the seeds with that model."""
    folder = tmp_path_factory.mktemp("written") / "data"
    given = {"LLM_URL": model.url, "LLM_MODEL": "m", "LLM_KEY": KEY}
    with serving(folder, **given, LLM_FIRST_S=1, LLM_TIMEOUT_S=4) as running:
        yield running


@pytest.fixture(scope="module")
def writer(writing: Running) -> Iterator[httpx.Client]:
    with writing.client() as opened:
        yield opened


def ask(client: httpx.Client, question: str = QUESTION, **fields: object) -> Json:
    """The answer that the model writes."""
    response = client.post("/v1/ask", json={"question": question, "mode": "generative", **fields})
    assert response.status_code == 200
    return response.json()


def assert_carried(answer: Json) -> None:
    """Every sentence but for the place and programme before it is printed so in a quote that it
    cites, its figures too, and every mark has its citation.
    """
    quotes = {citation["id"]: citation["quote"] for citation in answer["citations"]}
    for sentence, marks in re.findall(r"([^\[]+)((?:\[\d+\])+)", answer["answer"]):
        cited = [quotes[int(number)] for number in re.findall(r"\d+", marks)]
        printed = {(q.value, q.unit, q.precision) for text in cited for q in quantities(text)}
        said = {(q.value, q.unit, q.precision) for q in quantities(sentence)}
        assert said <= printed, (sentence, cited)
        words = sentence.strip("。；").rsplit("：", 1)[-1]
        assert any(words in text for text in cited), (sentence, cited)


def test_what_holds_is_shown_with_our_own_citations(
    model: Scripted, writer: httpx.Client, client: httpx.Client
) -> None:
    model.script = saying(GOOD)
    assert writer.get("/readyz").json()["on"] == ["llm"]
    answer = ask(writer)
    assert answer["answer"] == GOOD
    assert (answer["mode"], answer["status"], answer["degraded"]) == ("generative", "answered", [])
    extractive = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert answer["citations"] == extractive["citations"]
    assert answer["short_answers"] == extractive["short_answers"]
    assert answer["timings_ms"]["generate"] > 0


def test_the_metrics_tell_who_wrote_and_what_was_missing(
    model: Scripted, writer: httpx.Client
) -> None:
    model.script = saying("抱歉。")
    ask(writer)
    model.script = saying(GOOD)
    ask(writer)
    text = writer.get("/metrics").text
    assert re.search(r'unionqa_written_total\{mode="generative"\} [1-9]', text)
    assert re.search(rf'unionqa_degraded_total\{{what="{REJECTED}"\}} [1-9]', text)
    assert 'unionqa_answer_seconds_bucket{le="30.0",step="generate"}' in text


def test_a_model_that_does_not_stream_will_do(model: Scripted, writer: httpx.Client) -> None:
    model.script = whole(f"<think>163 or 902?</think>\n\n{GOOD}")
    answer = ask(writer)
    assert (answer["answer"], answer["mode"], answer["degraded"]) == (GOOD, "generative", [])


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_model_does_there_is_an_answer(
    model: Scripted, writer: httpx.Client, fault: str
) -> None:
    model.script, degraded = FAULTS[fault]
    answer = ask(writer)
    assert answer["status"] == "answered"
    assert answer["degraded"] == degraded
    assert answer["mode"] == ("generative" if INCOMPLETE in degraded else "extractive")
    assert "163万元" in answer["answer"]
    assert "evil" not in answer["answer"]
    assert_carried(answer)
    # so that the next fault meets a model that is not left alone, and as proof that this one is
    model.script = saying(GOOD)
    assert ask(writer)["degraded"] == []


def test_reasoning_is_a_sign_of_life(model: Scripted, writer: httpx.Client) -> None:
    def thinking(caller: Caller) -> None:
        caller.begin()
        for _ in range(3):
            caller.raw(b'data: {"choices": [{"delta": {"reasoning_content": "163?"}}]}\n\n')
            caller.model.over.wait(0.4)
        caller.send(GOOD, "stop")

    model.script = thinking
    assert ask(writer)["degraded"] == []


def test_a_stream_shows_only_what_holds(model: Scripted, writer: httpx.Client) -> None:
    model.script = saying(f"双鸭山市筹措助学资金999万元。[1]{GOOD}双鸭山市筹措163亿元。[1]")
    events = streamed(writer, QUESTION, mode="generative")
    names = [name for name, _ in events]
    assert names == ["passages", *["delta"] * (len(events) - 2), "answer"]
    answer = events[-1][1]
    assert "".join(data["text"] for _, data in events[1:-1]) == answer["answer"] == GOOD
    assert (answer["mode"], answer["degraded"]) == ("generative", [REJECTED])


def test_a_refusal_stands_and_the_model_is_not_asked(model: Scripted, writer: httpx.Client) -> None:
    model.script = saying("株洲市筹措助学资金163万元。[1]")
    before = len(model.asked)
    answer = ask(writer, "株洲金秋助学筹了多少钱")
    assert (answer["status"], answer["mode"], answer["degraded"]) == ("not_found", "extractive", [])
    assert "163" not in answer["answer"]
    assert len(model.asked) == before


def test_no_other_city_is_shown_to_the_model(model: Scripted, writer: httpx.Client) -> None:
    model.script = saying(GOOD)
    ask(writer)
    shown = model.asked[-1]["messages"][1]["content"]
    assert "163万元" in shown
    assert "61.19万元" not in shown
    assert "白城" not in shown


def test_an_english_question_is_answered_without_the_model(writer: httpx.Client) -> None:
    answer = ask(writer, "How much did Shuangyashan raise for 金秋助学?")
    assert (answer["mode"], answer["degraded"]) == ("extractive", ["llm_language"])


def test_two_cities_keep_their_own_figures(model: Scripted, writer: httpx.Client) -> None:
    model.script = saying(
        "白城市建成79个。[1]白城：建设完成户外劳动者服务站41家。[1]"
        "近年来，我市建立工会户外劳动者服务站79个。[2]"
    )
    answer = ask(writer, "白城和株洲各建了多少个户外劳动者服务站?")
    assert answer["answer"] == (
        "白城市：建设完成户外劳动者服务站41家。[1]"
        "株洲市：近年来,我市建立工会户外劳动者服务站79个。[2]"
    )
    assert answer["degraded"] == [REJECTED]
    assert_carried(answer)
    assert [row["region"] for row in answer["table"]["rows"]] == ["白城市", "株洲市"]


def test_the_key_goes_to_its_host_alone(model: Scripted, writer: httpx.Client) -> None:
    with scripted(saying(GOOD)) as elsewhere:
        model.script = failing(307, Location=f"{elsewhere.url}/chat/completions")
        answer = ask(writer)
        assert answer["degraded"] == [NAME]
        assert elsewhere.heard == []
    assert model.heard[-1]["Authorization"] == f"Bearer {KEY}"
    model.script = saying(GOOD)
    assert KEY not in str(ask(writer))


@pytest.mark.parametrize("door", ["/v1/ask", "/v1/chat/completions"])
def test_open_streams_end_with_an_answer_when_the_service_does(door: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    body = {"messages": [{"role": "user", "content": QUESTION}], "model": "unionqa-generative"}
    asked = {"question": QUESTION, "mode": "generative"} if door == "/v1/ask" else body
    given = {"LLM_MODEL": "m", "LLM_FIRST_S": 30, "LLM_TIMEOUT_S": 30, "QUESTIONS_AT_ONCE": 1}
    with (
        scripted(hanging) as model,
        serving(tmp_path / "data", log, LLM_URL=model.url, **given) as server,
        server.client() as client,
        ThreadPoolExecutor(4) as pool,
    ):
        streams = [pool.submit(client.post, door, json={**asked, "stream": True}) for _ in range(4)]
        for _ in range(1000):
            if len(model.asked) == len(streams):
                break
            time.sleep(0.02)
        # four wait for the model, and the one place there is stays free
        assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200
        server.process.send_signal(signal.SIGTERM)
        for stream in streams:
            text = stream.result().text
            assert "163" in text
            assert NAME in text
            assert text.rstrip().endswith("[DONE]") == (door != "/v1/ask")
        assert server.process.wait(timeout=10) == 0
    assert "Traceback" not in log.read_text(encoding="utf-8")
