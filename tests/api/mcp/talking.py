"""Here is a server over HTTP or a command line; let the SDK's own client talk with it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import mcp_types as types
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.api.running import ROOT, environment

Json = Any
T = TypeVar("T")


@asynccontextmanager
async def over_http(url: str, key: str = "", mode: str = "auto") -> AsyncIterator[Client]:
    """A client of `/mcp`; `mode` "legacy" is how clients before 2026 begin."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx2.AsyncClient(headers=headers, trust_env=False, timeout=30) as http:
        transport = streamable_http_client(f"{url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


@asynccontextmanager
async def over_stdio(data: Path, mode: str = "auto") -> AsyncIterator[Client]:
    """A client of `unionqa mcp`, which it starts and ends."""
    words = ["-m", "api", "mcp"]
    given = environment(DATA=data) | {"PYTHONPATH": str(ROOT)}
    command = StdioServerParameters(command=sys.executable, args=words, env=given, cwd=ROOT)
    async with Client(stdio_client(command), mode=mode) as client:
        yield client


def talked(talk: Callable[[], Awaitable[T]]) -> T:
    """What a conversation came to."""

    async def bounded() -> T:
        async with asyncio.timeout(60):
            return await talk()

    return asyncio.run(bounded())


def text_of(result: types.CallToolResult) -> str:
    """The text a reader sees."""
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


def failure(error: BaseException) -> str:
    """What a failed conversation was about, whatever groups it came in."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(failure(one) for one in error.exceptions)
    return f"{type(error).__name__}: {error}"
