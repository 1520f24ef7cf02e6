"""Here are settings and an assistant that started us; answer it until it closes standard input."""

import anyio
import typer
from mcp.server.stdio import stdio_server

from api.access import Caller
from api.examples import Examples
from api.line import no_index
from api.mcp.server import mcp_server
from api.resources import Resources, open_index, open_reranker
from api.settings import Settings
from api.state import State
from api.written import open_model
from index.store import Store

LOCAL = Caller("", "editor")
"""Who may start us may read the data folder anyway."""


def serve_stdio(settings: Settings) -> None:
    """Serve; standard output carries the protocol and nothing else. No index is made."""
    if not Store.exists(settings.data):
        no_index(settings.data)
    index = open_index(settings)
    state = State.open(settings.data)
    try:
        if not index.snapshot().documents:
            typer.echo(f"unionqa: there are no articles in {settings.data}", err=True)
        opened = Resources(
            index, state, settings, Examples(),
            model=open_model(settings), reranker=open_reranker(settings),
        )  # fmt: skip
        anyio.run(_serve, opened)
    finally:
        state.close()
        index.close()


async def _serve(opened: Resources) -> None:
    server = mcp_server(opened, lambda _: LOCAL)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
