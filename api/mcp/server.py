"""Here is what is open; give me a server of the Model Context Protocol over it.

Tools as in `api.mcp.tools`, and every article as a resource that can be listed and read. All of it
only reads. Importing this costs about 0.4 s, so nobody does before an assistant comes.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from importlib.metadata import version
from typing import Any
from urllib.parse import quote, unquote

import mcp_types as types
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.access import Caller
from api.errors import INTERNAL, RequestError
from api.mcp.tools import TOOLS, Asker, Found, call, refusal
from api.resources import Resources
from api.sqlite import StateError
from api.turnstile import Turn
from index.errors import IndexingError
from index.index import Stored

LOG = logging.getLogger("unionqa.mcp")
URI = "unionqa://documents/"
TEXT = "text/plain"
PAGE = 50
INSTRUCTIONS = (
    "Articles of trade unions. Use `ask` for a fact: its answer is either carried by the cited "
    "sentence or a plain refusal; do not fill a refusal with figures from elsewhere. "
    "Use `search` and `read_article` to read around it."
)
Context = ServerRequestContext[Any, Any]
WhoAsks = Callable[[Any], Caller]
"""Who sends a request that a transport took; given None on standard input."""


InTurn = Callable[[], AbstractAsyncContextManager[Turn | None]]
"""While it is open a question is answered; RequestError where too many wait."""


def mcp_server(opened: Resources, who_asks: WhoAsks, turn: InTurn = nullcontext) -> Server[Any]:
    """The server; `who_asks` says whose conversation a question belongs to."""

    async def list_tools(_: Context, __: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=_tools())

    async def call_tool(ctx: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        if asked.name not in TOOLS:
            known = ", ".join(TOOLS)
            raise MCPError(types.INVALID_PARAMS, f"no such tool; there are {known}")
        given = asked.arguments or {}
        try:
            async with turn() if TOOLS[asked.name].needs_turn else nullcontext() as held:
                caller = who_asks(ctx.request)
                asker = Asker(caller, held.leave) if held else Asker(caller)
                found = await run_in_threadpool(call, asked.name, given, opened, asker)
        except RequestError as exc:
            found = refusal(exc, opened)
        return _result(found)

    async def list_resources(
        _: Context, page: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        return await run_in_threadpool(_listed, opened, page.cursor if page else None)

    async def list_templates(_: Context, __: object) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=[TEMPLATE])

    async def read_resource(
        _: Context, asked: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        return await run_in_threadpool(_read, opened, str(asked.uri))

    server: Server[Any] = Server(
        "unionqa",
        title="unionqa 工会问答",
        version=version("unionqa"),
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )
    # In place of the SDK's own, whose spans hold the messages of errors.
    server.middleware[:] = [_one_line_errors]
    return server


TEMPLATE = types.ResourceTemplate(
    name="article",
    title="An article",
    uri_template=f"{URI}{{document_id}}",
    description="The clean text of an article; offsets of citations count in it.",
    mime_type=TEXT,
)


def _tools() -> list[types.Tool]:
    hints = types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    return [
        types.Tool(
            name=name,
            title=tool.title,
            description=tool.description,
            input_schema=tool.arguments.model_json_schema(),
            output_schema=tool.result.model_json_schema(mode="serialization"),
            annotations=hints,
        )
        for name, tool in TOOLS.items()
    ]


def _result(found: Found) -> types.CallToolResult:
    """The text, and the object where there is one."""
    text = types.TextContent(text=found.text)
    if found.body is None:
        return types.CallToolResult(content=[text], is_error=found.failed)
    body = found.body.model_dump(mode="json")
    return types.CallToolResult(content=[text], structured_content=body)


def _listed(opened: Resources, cursor: str | None) -> types.ListResourcesResult:
    """A page of articles, last written first."""
    try:
        page, after = opened.index.snapshot().list_documents(PAGE, cursor)
    except ValueError as exc:
        raise MCPError(types.INVALID_PARAMS, "cursor: expected a nextCursor of this list") from exc
    return types.ListResourcesResult(resources=[_resource(one) for one in page], next_cursor=after)


def _resource(stored: Stored) -> types.Resource:
    document = stored.document
    facts = filter(None, (document.region, document.date, document.source))
    return types.Resource(
        name=document.source,
        title=document.title or document.source,
        uri=f"{URI}{quote(document.document_id, safe='')}",
        description=" · ".join(facts),
        mime_type=TEXT,
        size=len(document.text.encode("utf-8", "replace")),
    )


def _read(opened: Resources, uri: str) -> types.ReadResourceResult:
    """An article's text; MCPError where the address is none of ours."""
    document_id = unquote(uri.removeprefix(URI)) if uri.startswith(URI) else ""
    stored = opened.index.snapshot().get_stored(document_id) if document_id else None
    if stored is None:
        raise MCPError(types.INVALID_PARAMS, f"no such article; expected {TEMPLATE.uri_template}")
    text = types.TextResourceContents(uri=uri, mime_type=TEXT, text=stored.document.text)
    return types.ReadResourceResult(contents=[text])


async def _one_line_errors(ctx: Context, call_next: CallNext) -> HandlerResult:
    """What `call_next` returns; a failure of ours is logged and told in one line."""
    try:
        return await call_next(ctx)
    except (MCPError, ValidationError):
        raise
    except (IndexingError, StateError) as exc:
        raise MCPError(types.INTERNAL_ERROR, " ".join(str(exc).split())) from exc
    except Exception as exc:
        LOG.exception("%s failed", ctx.method)
        raise MCPError(types.INTERNAL_ERROR, INTERNAL) from exc
