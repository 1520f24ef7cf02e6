"""The official `openai` package, unchanged, gets answers with their sources."""

import asyncio
from collections.abc import Callable, Iterator

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from tests.api.running import Running, serving, unionqa

QUESTION = "双鸭山金秋助学筹了多少钱?"
NO_ANSWER = "株洲金秋助学筹了多少钱?"
User = list[ChatCompletionMessageParam]


def user(text: str) -> User:
    return [{"role": "user", "content": text}]


@pytest.fixture(scope="module")
def package(server: Running) -> Iterator[openai.OpenAI]:
    http = openai.DefaultHttpxClient(trust_env=False)
    with openai.OpenAI(
        base_url=f"{server.url}/v1", api_key="any", max_retries=0, http_client=http
    ) as opened:
        yield opened


def answer(client: httpx.Client, question: str, **fields: object) -> dict[str, object]:
    asked = client.post("/v1/ask", json={"question": question, **fields})
    found: dict[str, object] = asked.json()
    return found


@pytest.mark.parametrize("question", [QUESTION, NO_ANSWER, "白城和株洲各建了多少个服务站?"])
def test_a_completion_says_what_ask_says(
    package: openai.OpenAI, client: httpx.Client, question: str
) -> None:
    found = package.chat.completions.create(model="gpt-4o", messages=user(question))
    expected = answer(client, question)
    message = found.choices[0].message
    assert (found.model, message.role, found.choices[0].finish_reason) == (
        "gpt-4o", "assistant", "stop",
    )  # fmt: skip
    assert message.content == expected["answer"]
    extra = found.model_extra or {}
    assert extra["citations"] == expected["citations"] == (message.model_extra or {})["citations"]
    assert (extra["status"], extra["degraded"]) == (expected["status"], [])
    assert found.usage
    assert found.usage.total_tokens == found.usage.prompt_tokens + found.usage.completion_tokens
    assert message.annotations
    assert {one.url_citation.url for one in message.annotations} <= {
        f"{client.base_url}{one['url']}".replace("//documents", "/documents")
        for one in extra["citations"]
    }


def test_a_stream_says_the_same(package: openai.OpenAI, client: httpx.Client) -> None:
    with package.chat.completions.create(
        model="unionqa",
        messages=user(QUESTION),
        stream=True,
        stream_options={"include_usage": True},
    ) as stream:
        chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1])
    expected = answer(client, QUESTION)
    assert text == expected["answer"]
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert (chunks[-2].model_extra or {})["citations"] == expected["citations"]
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens > 0


def test_the_asynchronous_client_gets_the_same(server: Running, client: httpx.Client) -> None:
    async def ask() -> tuple[str | None, str]:
        async with openai.AsyncOpenAI(
            base_url=f"{server.url}/v1",
            api_key="any",
            http_client=openai.DefaultAsyncHttpxClient(trust_env=False),
        ) as package:
            whole = await package.chat.completions.create(model="x", messages=user(QUESTION))
            stream = await package.chat.completions.create(
                model="x", messages=user(QUESTION), stream=True
            )
            pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
            return whole.choices[0].message.content, "".join(pieces)

    whole, streamed = asyncio.run(ask())
    assert whole == streamed == answer(client, QUESTION)["answer"]


def test_follow_ups_are_resolved_from_the_messages(package: openai.OpenAI) -> None:
    first = package.chat.completions.create(model="x", messages=user("白城建成多少家服务站?"))
    said: User = [
        {"role": "system", "content": "只回答“是”。"},
        *user("白城建成多少家服务站?"),
        {"role": "assistant", "content": first.choices[0].message.content or ""},
        *user("那株洲呢?"),
    ]
    second = package.chat.completions.create(model="x", messages=said)
    alone = package.chat.completions.create(model="x", messages=user("株洲建成多少家服务站?"))
    assert second.choices[0].message.content == alone.choices[0].message.content
    third = package.chat.completions.create(
        model="x",
        messages=[*said, {"role": "assistant", "content": "…"}, *user("那白城呢?")],
    )
    assert third.choices[0].message.content == first.choices[0].message.content


def test_parameters_of_other_models_are_taken(package: openai.OpenAI) -> None:
    found = package.chat.completions.create(
        model="x",
        messages=user(QUESTION),
        temperature=2,
        top_p=0.1,
        seed=1,
        user="张三",
        n=2,
        tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        response_format={"type": "text"},
        extra_body={"num_ctx": 4096, "options": {}},
    )
    assert len(found.choices) == 2
    assert not found.choices[0].message.tool_calls
    short = package.chat.completions.create(model="x", messages=user(QUESTION), max_tokens=9)
    assert short.choices[0].finish_reason == "length"
    stopped = package.chat.completions.create(model="x", messages=user(QUESTION), stop="：")
    assert stopped.choices[0].message.content == "双鸭山市金秋助学"


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"messages": []}, "messages", "invalid"),
        ({"messages": user("啊" * 2001)}, "messages", "context_length_exceeded"),
        ({"messages": [{"role": "boss", "content": "几?"}]}, "messages", "invalid"),
        ({"model": ""}, "model", "invalid"),
        ({"n": 9}, "n", "invalid"),
        ({"stop": 3}, "stop", "invalid"),
        ({"max_tokens": 0}, "max_tokens", "invalid"),
        ({"response_format": {"type": "json_object"}}, "response_format", "invalid"),
    ],
)
def test_a_wrong_parameter_is_named_in_their_form(
    package: openai.OpenAI, change: dict[str, object], param: str, code: str
) -> None:
    body = {"model": "x", "messages": user(QUESTION), **change}
    with pytest.raises(openai.BadRequestError) as raised:
        package.post("/chat/completions", body=body, cast_to=object)
    error = raised.value
    assert (error.type, error.param, error.code) == ("invalid_request_error", param, code)


def test_the_models_are_listed(package: openai.OpenAI) -> None:
    assert [model.id for model in package.models.list()] == ["unionqa"]
    assert package.models.retrieve("unionqa").owned_by == "unionqa"
    with pytest.raises(openai.NotFoundError) as raised:
        package.models.retrieve("unionqa-generative")
    assert raised.value.code == "model_not_found"


def test_what_we_do_not_have_is_refused_in_their_form(package: openai.OpenAI) -> None:
    calls: list[Callable[[], object]] = [
        lambda: package.embeddings.create(model="x", input="工会"),
        lambda: package.responses.create(model="x", input="工会"),
        lambda: package.completions.create(model="x", prompt="工会"),
        lambda: package.moderations.create(input="工会"),
        lambda: package.files.list(),
        lambda: package.fine_tuning.jobs.list(),
    ]
    for call in calls:
        with pytest.raises(openai.NotFoundError, match="/v1/chat/completions") as raised:
            call()
        assert (raised.value.type, raised.value.code) == ("invalid_request_error", "unknown_url")
    with pytest.raises(openai.APIStatusError) as refused:
        package.get("/chat/completions", cast_to=object)
    assert (refused.value.status_code, refused.value.code) == (405, "method_not_allowed")
    assert refused.value.type == "invalid_request_error"


def test_without_a_language_model_a_generative_answer_says_so(package: openai.OpenAI) -> None:
    found = package.chat.completions.create(model="unionqa-generative", messages=user(QUESTION))
    assert (found.model_extra or {})["degraded"] == ["llm_unavailable"]
    assert "163万元" in (found.choices[0].message.content or "")


def test_completions_are_counted_and_kept_as_questions(
    package: openai.OpenAI, client: httpx.Client
) -> None:
    def questions() -> int:
        return sum(day["questions"] for day in client.get("/v1/asked").json()["days"])

    before = questions()
    package.chat.completions.create(model="x", messages=user(QUESTION))
    list(package.chat.completions.create(model="x", messages=user(QUESTION), stream=True))
    assert questions() == before + 2
    name = 'unionqa_questions_total{door="openai",status="answered"}'
    assert name in client.get("/metrics").text


def test_clients_that_close_a_stream_leave_the_server_well(package: openai.OpenAI) -> None:
    for _ in range(20):
        with package.chat.completions.create(
            model="x", messages=user(QUESTION), stream=True
        ) as stream:
            next(iter(stream))
    assert package.chat.completions.create(model="x", messages=user(QUESTION)).choices


def test_a_key_is_needed_as_for_ask(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("keyed") / "data"
    with serving(data) as server, openai.DefaultHttpxClient(trust_env=False) as http:
        key = unionqa("keys", "make", "甲", "--role", "reader", DATA=data).stdout.strip()
        good, bad = (
            openai.OpenAI(base_url=f"{server.url}/v1", api_key=one, max_retries=0, http_client=http)
            for one in (key, "sk-wrong")
        )
        assert good.chat.completions.create(model="x", messages=user(QUESTION)).choices
        assert [model.id for model in good.models.list()] == ["unionqa"]
        for call in (
            lambda: bad.models.list(),
            lambda: bad.chat.completions.create(model="x", messages=user(QUESTION)),
        ):
            with pytest.raises(openai.AuthenticationError) as raised:
                call()
            assert (raised.value.type, raised.value.code) == (
                "invalid_request_error", "invalid_api_key",
            )  # fmt: skip
            assert "sk-wrong" not in str(raised.value)
