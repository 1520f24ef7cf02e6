"""Here is a browser, or a monitor; give me the page, or how the server is."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from api import wire
from api.access import BROWSER_COOKIE, Asking, browser_cookie, over_tls
from api.addresses import DocumentId
from api.errors import RequestError
from api.metrics import CONTENT_TYPE
from api.questions import Opened
from api.readiness import checks, parts, switched_on

STATIC = Path(__file__).with_name("static")
# A page and its scripts belong together: the browser asks each time whether they changed.
FRESH = {"Cache-Control": "no-cache"}
BROWSER_S = 400 * 24 * 3600
"""The longest that browsers keep a cookie."""

router = APIRouter()


@router.head("/", include_in_schema=False)
@router.get("/", summary="The chat page", response_class=FileResponse, tags=["pages"])
def chat_page(request: Request, opened: Opened) -> FileResponse:
    """The page to ask on; a browser gets a name by which it finds its conversations again."""
    response = FileResponse(STATIC / "chat.html", headers=FRESH)
    if name := browser_cookie(request):
        response.set_cookie(
            BROWSER_COOKIE,
            name,
            max_age=BROWSER_S,
            httponly=True,
            samesite="lax",
            secure=over_tls(opened.settings),
        )
    return response


@router.get("/articles", summary="The articles page", response_class=FileResponse, tags=["pages"])
def articles_page() -> FileResponse:
    """The page to look after the articles on."""
    return FileResponse(STATIC / "articles.html", headers=FRESH)


@router.get("/asked", summary="What was asked", response_class=FileResponse, tags=["pages"])
def asked_page() -> FileResponse:
    """The page that shows what was asked and not found."""
    return FileResponse(STATIC / "asked.html", headers=FRESH)


@router.head("/documents/{document_id}", include_in_schema=False)
@router.get(
    "/documents/{document_id}",
    summary="An article as a page; #c<start>-<end> marks a span",
    response_class=FileResponse,
    tags=["pages"],
    responses={404: {"description": "The page that says there is no such article."}},
)
def document_page(document_id: DocumentId, opened: Opened) -> FileResponse:
    """The page, which fetches the article; 404 where there is none."""
    known = opened.index.snapshot().get_stored(document_id) is not None
    return FileResponse(STATIC / "document.html", 200 if known else 404, headers=FRESH)


@router.get("/healthz", summary="Whether the process answers", tags=["operation"])
def alive() -> wire.Alive:
    """Always ok."""
    return wire.Alive(status="ok")


@router.get(
    "/metrics",
    summary="Figures of the service for Prometheus",
    response_class=PlainTextResponse,
    tags=["operation"],
)
def metrics(opened: Opened) -> Response:
    """Questions by what became of them, time by step, and the size of the index, as text."""
    return Response(opened.metrics.text(opened.index), media_type=CONTENT_TYPE)


@router.get(
    "/readyz",
    response_model=wire.Ready,
    summary="Whether questions can be answered",
    responses={503: {"model": wire.Error, "description": "What is wrong, check by check."}},
    tags=["operation"],
)
def ready(opened: Opened, caller: Asking) -> wire.Ready | Response:
    """How much is indexed, which optional parts are on, and each check; 503 where one failed.

    Where keys are needed, who shows none is told the names of the checks alone.
    """
    looked = checks(opened)
    stranger = caller.keyed and not caller.owner
    if stranger:
        if failed := ", ".join(name for name, reason in looked.items() if reason):
            raise RequestError(503, failed, code="not_ready")
        return JSONResponse({"status": "ready", "checks": dict.fromkeys(looked, "ok")})
    wrong = [f"{name}: {reason}" for name, reason in looked.items() if reason]
    if wrong:
        raise RequestError(503, "; ".join(wrong), code="not_ready")
    snapshot = opened.index.snapshot()
    return wire.Ready(
        status="ready",
        generation=snapshot.generation,
        documents=snapshot.documents,
        chunks=snapshot.chunks,
        encoder=snapshot.encoder.name,
        on=switched_on(opened),
        parts=parts(opened),
        checks=dict.fromkeys(looked, "ok"),
    )


@router.get("/v1/examples", summary="Questions that the articles answer", tags=["questions"])
def examples(opened: Opened) -> wire.Examples:
    """For an empty page: how many articles there are, from where, and what one may ask of them."""
    snapshot = opened.index.snapshot()
    regions, newest = snapshot.coverage()
    return wire.Examples(
        documents=snapshot.documents,
        regions=regions,
        newest=newest,
        questions=opened.examples.of(opened.index),
    )
