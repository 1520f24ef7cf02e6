"""An assistant asks, searches and reads: the SDK's client over real sockets and a real process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import httpx
import mcp_types as types
import pytest
from mcp import Client, MCPError

from api.mcp.server import mcp_server
from api.mcp.stdio import LOCAL
from api.resources import Resources
from api.settings import Settings
from api.turnstile import Turnstile
from index.clean import clean
from index.read import read_bytes
from tests.api.mcp.talking import Json, over_http, over_stdio, talked, text_of
from tests.api.running import Running

QUESTION = "双鸭山金秋助学筹了多少钱"
Talking = Callable[[], AbstractAsyncContextManager[Client]]


@pytest.fixture(params=["http", "http before 2026", "stdio"])
def talking(request: pytest.FixtureRequest, server: Running) -> Talking:
    """The ways to talk with us."""
    mode = "legacy" if "2026" in request.param else "auto"

    @asynccontextmanager
    async def opened() -> AsyncIterator[Client]:
        way = (
            over_stdio(server.data) if request.param == "stdio" else over_http(server.url, "", mode)
        )
        async with way as client:
            yield client

    return opened


def _lasting(answer: Json) -> Json:
    """An answer without what is new each time."""
    new = {"conversation_id", "answer_id", "timings_ms"}
    return {name: value for name, value in answer.items() if name not in new}


def test_the_whole_of_it(talking: Talking, client: httpx.Client) -> None:
    asked = client.post("/v1/ask", json={"question": QUESTION}).json()

    async def talk() -> None:
        async with talking() as assistant:
            tools = (await assistant.list_tools()).tools
            assert [tool.name for tool in tools] == ["ask", "search", "read_article"]
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
            answered = await assistant.call_tool("ask", {"question": QUESTION})
            assert _lasting(answered.structured_content) == _lasting(asked)
            assert "163万元" in text_of(answered)
            assert f"[1] {asked['citations'][0]['title']}" in text_of(answered)
            await _follow_up(assistant, answered.structured_content)
            await _read_cited(assistant, answered.structured_content["citations"][0])
            await _refusals(assistant)

    talked(talk)


async def _follow_up(assistant: Client, before: Json) -> None:
    """The same of another city, which the articles do not say."""
    given = {"question": "株洲呢", "conversation_id": before["conversation_id"]}
    after = await assistant.call_tool("ask", given)
    assert after.structured_content["status"] == "not_found"
    assert "金秋助学" in after.structured_content["standalone_question"]


async def _read_cited(assistant: Client, citation: Json) -> None:
    """The cited sentence is found by a search, in a part of the article, and in the resource."""
    document_id = citation["document_id"]
    hits = (await assistant.call_tool("search", {"query": QUESTION, "top_k": 3})).structured_content
    assert [hit["rank"] for hit in hits["hits"]] == [1, 2, 3]
    assert document_id in {hit["document_id"] for hit in hits["hits"]}
    span = {"start": citation["start"], "length": citation["end"] - citation["start"]}
    part = await assistant.call_tool("read_article", {"document_id": document_id, **span})
    assert text_of(part) == part.structured_content["text"] == citation["quote"]
    listed = {one.uri for one in (await assistant.list_resources()).resources}
    (template,) = (await assistant.list_resource_templates()).resource_templates
    uri = template.uri_template.replace("{document_id}", document_id)
    assert uri in listed
    (content,) = (await assistant.read_resource(uri)).contents
    assert isinstance(content, types.TextResourceContents)
    assert content.text[citation["start"] : citation["end"]] == citation["quote"]


async def _refusals(assistant: Client) -> None:
    """Whatever is wrong is one line, and the next call works."""
    wrong: list[tuple[str, Json, str]] = [
        ("ask", {}, "question"),
        ("ask", {"question": " "}, "question"),
        ("ask", {"question": "问", "filters": {"city": "白城"}}, "unknown field filters.city"),
        ("ask", {"question": "问", "filters": {"date_from": "2021-13"}}, "expected a date"),
        ("ask", {"question": "问", "conversation_id": "none"}, "no such conversation"),
        ("ask", {"question": "问" * 2001}, "question"),
        ("search", {"query": "问", "top_k": "5"}, "top_k"),
        ("search", {"query": "问", "top_k": 101}, "top_k"),
        ("read_article", {"document_id": "none"}, "no such document"),
        ("read_article", {"document_id": "none", "path": "/etc/passwd"}, "unknown field path"),
    ]
    for name, given, expected in wrong:
        result = await assistant.call_tool(name, given)
        assert result.is_error, given
        assert expected in text_of(result)
        assert "\n" not in text_of(result)
        assert result.structured_content is None
    with pytest.raises(MCPError, match="there are ask, search, read_article"):
        await assistant.call_tool("delete_article", {})
    for uri in ("unionqa://documents/none", "unionqa://documents/", "file:///etc/passwd"):
        with pytest.raises(MCPError, match="no such article"):
            await assistant.read_resource(uri)
    with pytest.raises(MCPError, match="cursor"):
        await assistant.list_resources(cursor="nonsense")
    assert not (await assistant.call_tool("search", {"query": "服务站"})).is_error


def test_a_long_article_is_read_part_by_part(server: Running, client: httpx.Client) -> None:
    (document, *_) = client.get("/v1/documents").json()["documents"]
    whole = client.get(f"/v1/documents/{document['document_id']}").json()["text"]

    async def talk() -> list[Json]:
        parts = []
        start: int | None = 0
        async with over_http(server.url) as assistant:
            while start is not None:
                given = {"document_id": document["document_id"], "start": start, "length": 700}
                part = (await assistant.call_tool("read_article", given)).structured_content
                parts.append(part)
                start = part["next_start"]
            end = {"document_id": document["document_id"], "start": len(whole) + 1}
            assert (await assistant.call_tool("read_article", end)).is_error
        return parts

    parts = talked(talk)
    assert "".join(part["text"] for part in parts) == whole
    assert all(part["text"] == whole[part["start"] : part["end"]] for part in parts)
    assert len(parts) == -(-len(whole) // 700) > 1


def test_resources_come_in_pages_and_any_id_can_be_read(opened: Resources) -> None:
    """More articles than a page holds, with ids that an address cannot hold as they are."""
    for number in range(60):
        article = read_bytes(f"{number}.txt", f"第{number}期培训{number}人。".encode())
        named = replace(article, document_id=f"文 #{number}/?", title=f"题{number}")
        opened.index.add(clean(named, opened.index.gazetteer))

    async def talk() -> tuple[list[types.Resource], str]:
        found: list[types.Resource] = []
        async with Client(mcp_server(opened, lambda _: LOCAL)) as assistant:
            cursor: str | None = None
            while cursor is not None or not found:
                page = await assistant.list_resources(cursor=cursor)
                found += page.resources
                cursor = page.next_cursor
            (uri,) = [one.uri for one in found if one.title == "题7"]
            (content,) = (await assistant.read_resource(uri)).contents
            assert isinstance(content, types.TextResourceContents)
            return found, content.text

    found, text = talked(talk)
    assert len(found) == len({one.uri for one in found}) == 60
    assert text == "第7期培训7人。"


def test_who_gets_no_turn_is_told_and_counted(opened: Resources) -> None:
    full = Turnstile(Settings(questions_waiting=0, questions_at_once=1))

    async def talk() -> None:
        server = mcp_server(opened, lambda _: LOCAL, full.turn)
        async with Client(server) as assistant, full.turn():
            for name, given in (("ask", {"question": "问"}), ("search", {"query": "问"})):
                refused = await assistant.call_tool(name, given)
                assert refused.is_error
                assert "too many questions at once" in text_of(refused)
            read = await assistant.call_tool("read_article", {"document_id": "none"})
            assert "no such document" in text_of(read)

    talked(talk)
    text = opened.metrics.text(opened.index)
    assert b'unionqa_refusals_total{reason="unavailable"} 2.0' in text
    assert b'unionqa_refusals_total{reason="not_found"} 1.0' in text


def test_two_at_once_get_their_own_answers(server: Running) -> None:
    questions = {QUESTION: "163万元", "白城建成多少家户外劳动者服务站": "白城"}

    async def ask(question: str) -> str:
        async with over_http(server.url) as assistant:
            results = [await assistant.call_tool("ask", {"question": question}) for _ in range(5)]
        (text,) = {text_of(result) for result in results}
        return text

    async def talk() -> list[str]:
        return await asyncio.gather(*map(ask, questions))

    for text, expected in zip(talked(talk), questions.values(), strict=True):
        assert expected in text
