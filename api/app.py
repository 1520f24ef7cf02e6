"""Here is what is open; give me the application that serves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from api import (
    asked,
    conversations,
    corrections,
    documents,
    figure_pages,
    pages,
    questions,
    signin,
)
from api.access import Access, Attempts
from api.addresses import EscapedSlashes
from api.errors import add_error_responses
from api.guard import SECURITY_HEADERS, Guard
from api.journal import Journal
from api.mcp.door import PATH, AssistantDoor
from api.openai import routes as openai
from api.openapi import describe
from api.rates import Rates
from api.resources import Resources
from api.tracing import Traced
from api.turnstile import Turnstile
from api.wecom.desk import Answerer
from api.wecom.routes import at_work

DESCRIPTION = """Answers questions about a trade union's own articles with the exact sentence,
figure and source, or says plainly that the articles do not contain the answer.

Every error is `{"error": {"code", "message", "field"}}`. Unknown fields are refused."""


def create_app(resources: Resources, wecom_answer: Answerer | None = None) -> FastAPI:
    """The application over an open index and state, which it closes when it ends.

    `wecom_answer` answers colleagues in WeCom; the index where none is given.
    """
    turnstile = Turnstile(resources.settings)
    assistants = AssistantDoor(resources, turnstile)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with at_work(app, resources, wecom_answer), assistants.open():
            yield
        resources.state.close()
        resources.index.close()

    app = FastAPI(
        title="unionqa 工会问答",
        version=version("unionqa"),
        description=DESCRIPTION,
        lifespan=lifespan,
        # both load scripts from outside hosts
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    describe(app)
    app.state.resources = resources
    add_error_responses(app, SECURITY_HEADERS, resources.metrics)
    app.state.attempts = Attempts()
    app.state.turnstile = turnstile
    resources.metrics.watch("questions", lambda: turnstile.waiting)
    rates = Rates(resources.settings)
    # the last one added is asked first
    app.add_middleware(Access, state=resources.state, attempts=app.state.attempts, rates=rates)
    app.add_middleware(
        Guard, settings=resources.settings, metrics=resources.metrics, turnstile=turnstile
    )
    if resources.tracing is not None:
        app.add_middleware(Traced, tracing=resources.tracing)
    app.add_middleware(Journal)
    app.add_middleware(EscapedSlashes)
    rooms = (questions, openai, corrections, documents, figure_pages, conversations, asked)
    for room in (*rooms, signin, pages):
        app.include_router(room.router)
    app.router.routes.append(Route(PATH, assistants))
    app.mount("/static", StaticFiles(directory=pages.STATIC), name="static")
    return app
