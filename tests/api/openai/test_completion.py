"""A stream is the completion in pieces; it is kept before its end, and not for nobody."""

import asyncio
import json
from collections.abc import Generator

from api import wire
from api.openai.completion import DONE, Head, Reply, completion, events
from api.openai.wire import CompletionRequest
from api.openapi_examples import ANSWER
from api.stream import Part
from index.errors import FolderBusy
from tests.api.running import Json

SITE = "https://wenda.example.org"


def head(site_is_public: bool = True, /, **parameters: object) -> Head:
    values = {"model": "x", "messages": [{"role": "user", "content": "几元?"}], **parameters}
    request = CompletionRequest.model_validate(values)
    return Head.of(request, "f00d", SITE, public=site_is_public)


def reply(site_is_public: bool = True, /, **parameters: object) -> Reply:
    return Reply.of(head(site_is_public, **parameters), wire.Answer.model_validate(ANSWER))


def written() -> Generator[Part]:
    """An answer as it is written: what it rests on, its text in two parts, the whole."""
    answer = wire.Answer.model_validate(ANSWER)
    yield wire.Passages(citations=answer.citations)
    yield answer.answer[:20]
    yield answer.answer[20:]
    yield answer


def sent(**parameters: object) -> list[Json]:
    """The chunks of a stream, which ended as it should."""

    async def all_of() -> list[bytes]:
        return [line async for line in events(head(**parameters), written, lambda _: None)]

    *lines, last = asyncio.run(all_of())
    assert last == DONE
    return [json.loads(line.removeprefix(b"data: ")) for line in lines]


def test_every_mark_is_an_annotation_of_its_place() -> None:
    message = completion(reply()).choices[0].message
    assert [one.type for one in message.annotations] == ["url_citation"]
    cited = message.annotations[0].url_citation
    assert message.content[cited.start_index : cited.end_index] == "[1]"
    assert cited.url == f"{SITE}{ANSWER['citations'][0]['url']}" == message.citations[0].url


def test_without_a_public_address_citations_are_those_of_ask() -> None:
    found = completion(reply(False))
    assert [one.model_dump() for one in found.citations] == ANSWER["citations"]


def test_choices_are_the_same_and_all_counted() -> None:
    one, three = completion(reply()), completion(reply(n=3))
    assert [choice.index for choice in three.choices] == [0, 1, 2]
    assert {choice.message.content for choice in three.choices} == {ANSWER["answer"]}
    assert three.usage.completion_tokens == 3 * one.usage.completion_tokens
    assert three.usage.prompt_tokens == one.usage.prompt_tokens == 3


def test_the_smaller_limit_counts() -> None:
    found = completion(reply(max_tokens=20, max_completion_tokens=12))
    assert found.usage.completion_tokens <= 12
    assert found.choices[0].finish_reason == "length"


def test_a_stream_is_the_completion_in_pieces() -> None:
    whole = completion(reply(n=2))
    chunks = sent(n=2, stream_options={"include_usage": True})
    for index in range(2):
        deltas = [chunk["choices"][index]["delta"] for chunk in chunks[:-1]]
        assert deltas[0] == {"role": "assistant", "content": ""}
        assert "".join(delta.get("content", "") for delta in deltas) == ANSWER["answer"]
    *_, finished, used = chunks
    assert finished["choices"][0]["finish_reason"] == "stop"
    assert used["choices"] == []
    assert used["usage"] == whole.usage.model_dump()
    plain = [one.model_dump() for one in whole.citations]
    assert finished["citations"] == finished["choices"][0]["delta"]["citations"] == plain
    assert used["citations"] == plain
    assert "usage" not in sent()[-1]


def test_a_stream_that_is_cut_is_the_completion_that_is_cut() -> None:
    for given in ({"max_tokens": 12}, {"stop": ["去年"]}, {"max_tokens": 12, "stop": "去年"}):
        choice = completion(reply(**given)).choices[0]
        last = sent(**given)
        text = "".join(one["choices"][0]["delta"].get("content", "") for one in last)
        assert text == choice.message.content != ANSWER["answer"]
        assert last[-1]["choices"][0]["finish_reason"] == choice.finish_reason


def test_what_is_sure_is_sent_before_the_answer_is_whole() -> None:
    async def first_words() -> bytes:
        def slowly() -> Generator[Part]:
            yield "去年,"
            raise AssertionError("nobody asked for more")

        stream = events(head(), slowly, lambda _: None)
        lines = [await anext(stream), await anext(stream)]
        await stream.aclose()  # type: ignore[attr-defined]
        return lines[-1]

    chunk = json.loads(asyncio.run(first_words()).removeprefix(b"data: "))
    assert chunk["choices"][0]["delta"] == {"content": "去年,"}


def test_an_answer_nobody_waits_for_is_not_kept() -> None:
    kept: list[wire.Answer] = []

    async def listen(most: int) -> int:
        heard = 0
        stream = events(head(), written, kept.append)
        async for _ in stream:
            heard += 1
            if heard == most:
                await stream.aclose()  # type: ignore[attr-defined]
        return heard

    assert asyncio.run(listen(3)) == 3
    assert kept == []
    asyncio.run(listen(100))
    assert len(kept) == 1


def test_a_failure_on_the_way_ends_the_stream_in_their_form() -> None:
    def keep(_: wire.Answer) -> None:
        raise FolderBusy(7)

    async def last() -> bytes:
        return [line async for line in events(head(), written, keep)][-1]

    error = json.loads(asyncio.run(last()).removeprefix(b"data: "))["error"]
    assert (error["type"], error["code"]) == ("server_error", "folder_busy")
