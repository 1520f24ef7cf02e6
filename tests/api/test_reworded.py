"""A language model may word a question, but whatever it does the question stays the one asked."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import openai
import pytest

from api.llm import Endpoint, LanguageModel, Limits
from api.written import write
from index.index import Snapshot
from rag.answer import Answer
from rag.ask import look
from tests.api.mcp.talking import over_http, talked
from tests.api.running import Json, Running, serving, unionqa
from tests.api.scripted import (
    Caller,
    Script,
    Scripted,
    cutting,
    dripping,
    endless,
    failing,
    hanging,
    saying,
    scripted,
    sending,
)
from tests.rag.conftest import analyzer, encoder, gazetteer, made, seeds  # noqa: F401 - fixtures

FIRST = "双鸭山金秋助学筹了多少钱?"
NEXT = "救助了多少高考生"
WORDED = "双鸭山市金秋助学救助了多少名困难职工家庭高考生？"
ENGLISH = "How many stations for outdoor workers did Baicheng build?"
TRANSLATED = "白城市建成了多少家户外劳动者服务站？"
UNAVAILABLE, REJECTED = "llm_rewrite_unavailable", "llm_rewrite_rejected"
FAULTS: dict[str, tuple[Script, str]] = {
    "another place": (saying("六盘水市金秋助学救助了多少名高考生？"), REJECTED),
    "another programme": (saying("双鸭山市送温暖救助了多少名高考生？"), REJECTED),
    "a year": (saying("双鸭山市2016年金秋助学救助了多少名高考生？"), REJECTED),
    "an answer": (saying("双鸭山市金秋助学救助困难职工家庭高考生902人。[1]"), REJECTED),
    "an address": (saying("双鸭山金秋助学救助了多少高考生，见http://evil.example"), REJECTED),
    "refusal": (saying("抱歉，作为语言模型我无法改写。"), REJECTED),
    "empty": (saying(""), UNAVAILABLE),
    "endless": (endless, UNAVAILABLE),
    "malformed": (sending(b"data: {nonsense\n\n"), UNAVAILABLE),
    "no JSON": (sending(b"<html>busy</html>", "text/html"), UNAVAILABLE),
    "hang": (hanging, UNAVAILABLE),
    "slow drip": (dripping, UNAVAILABLE),
    "cut": (cutting("双鸭山市金秋助学救助了"), UNAVAILABLE),
    "500": (failing(500), UNAVAILABLE),
    "429": (failing(429), UNAVAILABLE),
}


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with scripted(saying(WORDED)) as running:
        yield running


@pytest.fixture(scope="module")
def wording(model: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over the seeds whose questions that model words."""
    folder = tmp_path_factory.mktemp("worded") / "data"
    given = {"LLM_URL": model.url, "LLM_MODEL": "m", "LLM_REWRITE": 1}
    with serving(folder, **given, LLM_FIRST_S=1, LLM_TIMEOUT_S=2) as running:
        yield running


@pytest.fixture(scope="module")
def worder(wording: Running) -> Iterator[httpx.Client]:
    with wording.client() as opened:
        yield opened


def ask(client: httpx.Client, question: str, **fields: object) -> Json:
    response = client.post("/v1/ask", json={"question": question, **fields})
    assert response.status_code == 200, response.text
    return response.json()


def follow_up(client: httpx.Client, question: str = NEXT, **fields: object) -> Json:
    """The answer to a question that follows the first one."""
    begun = ask(client, FIRST)["conversation_id"]
    return ask(client, question, conversation_id=begun, **fields)


def test_a_follow_up_is_asked_as_the_model_words_it(model: Scripted, worder: httpx.Client) -> None:
    model.script = saying(WORDED)
    before = len(model.asked)
    answer = follow_up(worder)
    # the first question is whole as it is
    assert len(model.asked) == before + 1
    shown = model.asked[-1]["messages"][1]["content"]
    assert FIRST in shown
    assert NEXT in shown
    assert (answer["question"], answer["standalone_question"]) == (NEXT, WORDED)
    assert answer["short_answers"][0]["text"] == "902人"
    assert (answer["degraded"], answer["mode"]) == ([], "extractive")
    assert answer["timings_ms"]["rewrite"] > 0
    # and is what the next one leans on
    model.script = failing(500)
    again = ask(worder, "那六盘水呢", conversation_id=answer["conversation_id"])
    assert again["standalone_question"] == WORDED.replace("双鸭山市", "六盘水")
    assert again["degraded"] == [UNAVAILABLE]


def test_an_english_question_is_searched_in_chinese_and_answered_in_english(
    model: Scripted, worder: httpx.Client
) -> None:
    model.script = saying(TRANSLATED)
    answer = ask(worder, ENGLISH)
    assert (answer["standalone_question"], answer["degraded"]) == (TRANSLATED, [])
    assert answer["short_answers"][0]["text"] == "41家"
    assert "The article says" in answer["answer"]
    model.script = saying("株洲市金秋助学筹集了多少资金？")
    refused = ask(worder, "How much did Zhuzhou raise for 金秋助学?")
    assert refused["status"] == "not_found"
    assert refused["answer"].startswith("No article")
    assert "163" not in refused["answer"]


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_model_does_the_question_is_the_one_asked(
    model: Scripted, worder: httpx.Client, client: httpx.Client, fault: str
) -> None:
    model.script, degraded = FAULTS[fault]
    answer, expected = follow_up(worder), follow_up(client)
    assert answer["degraded"] == [degraded]
    for name in ("standalone_question", "answer", "status", "citations"):
        assert answer[name] == expected[name]
    assert answer["short_answers"][0]["text"] == "902人"
    # so that the next fault meets a model that is not left alone
    model.script = saying(WORDED)
    assert follow_up(worder)["degraded"] == []


def test_the_model_may_word_and_write(model: Scripted, worder: httpx.Client) -> None:
    written = "双鸭山市金秋助学：救助困难职工家庭高考生902人。[1]"

    def script(caller: Caller) -> None:
        words = "<上文>" in caller.body["messages"][1]["content"]
        saying(WORDED if words else written)(caller)

    model.script = script
    answer = follow_up(worder, mode="generative")
    assert (answer["mode"], answer["degraded"]) == ("generative", [])
    assert (answer["standalone_question"], answer["answer"]) == (WORDED, written)
    assert {"rewrite", "generate"} <= set(answer["timings_ms"])


def test_both_have_one_deadline(seeds: Snapshot) -> None:  # noqa: F811 - the fixture
    with scripted(saying("去年，全市各级工会组织筹措助学资金163万元。[1]")) as endpoint:
        model = LanguageModel(Endpoint(endpoint.url, "m"), Limits(10, 20))
        findings = look(FIRST, seeds)
        for took_s, degraded in ((0.0, ()), (20.0, ("llm_unavailable",))):
            *_, answer = write(findings, model, 5, generative=True, took_s=took_s)
            assert isinstance(answer, Answer)
            assert answer.degraded == degraded


def test_every_door_has_it(model: Scripted, worder: httpx.Client, wording: Running) -> None:
    model.script = saying(WORDED)
    http = openai.DefaultHttpxClient(trust_env=False)
    with openai.OpenAI(base_url=f"{wording.url}/v1", api_key="any", http_client=http) as package:
        said = package.chat.completions.create(
            model="unionqa",
            messages=[
                {"role": "user", "content": FIRST},
                {"role": "assistant", "content": "163万元"},
                {"role": "user", "content": NEXT},
            ],
        )
    assert "902人" in (said.choices[0].message.content or "")

    async def talk() -> Json:
        async with over_http(wording.url) as assistant:
            model.script = saying(TRANSLATED)
            return await assistant.call_tool("ask", {"question": ENGLISH})

    found = talked(talk).structured_content
    assert (found["standalone_question"], found["degraded"]) == (TRANSLATED, [])
    given = {"LLM_URL": model.url, "LLM_MODEL": "m", "LLM_REWRITE": 1}
    assert "41家" in unionqa("ask", ENGLISH, DATA=wording.data, **given).stdout
    model.script = failing(500)
    assert UNAVAILABLE in unionqa("ask", ENGLISH, DATA=wording.data, **given).stdout


def test_without_the_setting_the_model_is_not_asked(tmp_path: Path) -> None:
    with (
        scripted(saying(WORDED)) as model,
        serving(tmp_path / "data", LLM_URL=model.url, LLM_MODEL="m") as server,
        server.client() as client,
    ):
        assert follow_up(client)["degraded"] == []
        assert ask(client, ENGLISH)["standalone_question"] == ENGLISH
        assert model.asked == []
    done = unionqa("serve", DATA=tmp_path / "none", LLM_REWRITE=1)
    assert done.returncode == 2
    assert "UNIONQA_LLM_URL" in done.stderr


def test_who_waits_for_a_wording_is_in_nobodys_way_and_answered_at_the_end(tmp_path: Path) -> None:
    given = {"LLM_MODEL": "m", "LLM_REWRITE": 1, "LLM_FIRST_S": 60, "LLM_TIMEOUT_S": 60}
    with (
        scripted(hanging) as model,
        serving(tmp_path / "data", LLM_URL=model.url, QUESTIONS_AT_ONCE=1, **given) as server,
        server.client() as client,
        ThreadPoolExecutor(3) as pool,
    ):
        body = {"question": ENGLISH, "stream": True}
        waiting = [pool.submit(client.post, "/v1/ask", json=body) for _ in range(3)]
        for _ in range(1000):
            if len(model.asked) == len(waiting):
                break
            time.sleep(0.02)
        assert client.post("/v1/ask", json={"question": FIRST}).status_code == 200
        server.process.send_signal(signal.SIGTERM)
        for one in waiting:
            ended = one.result().text
            assert UNAVAILABLE in ended
            assert ended.rpartition("event: ")[2].startswith("answer\n")
            assert "not_found" not in ended
        assert server.process.wait(timeout=10) == 0
