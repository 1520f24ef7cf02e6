"""Here is a key; give the browser a session for it, or end that session."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi import Response as HttpResponse
from fastapi.responses import FileResponse

from api import keys, wire, wire_page
from api.access import SESSION_COOKIE, Attempts, over_tls
from api.pages import FRESH, STATIC
from api.questions import REFUSALS, Opened
from api.strict import StrictRoute

router = APIRouter(route_class=StrictRoute, tags=["signing in"])

WRONG: dict[int | str, dict[str, Any]] = {
    401: {"model": wire.Error, "description": "The key is unknown or revoked."},
    429: {"model": wire.Error, "description": "Too many wrong keys; see `Retry-After`."},
}


@router.get("/signin", summary="The page to sign in", response_class=FileResponse)
def signin_page() -> FileResponse:
    """The page that asks for a key."""
    return FileResponse(STATIC / "signin.html", headers=FRESH)


@router.get("/v1/session", summary="Who is signed in", responses={503: REFUSALS[503]})
def read_session(request: Request, opened: Opened) -> wire_page.Session:
    """Whether keys are needed here, and whose key this browser's session began with."""
    if not keys.are_needed(opened.state):
        return wire_page.Session(keys_needed=False, name=None, role="editor")
    found = keys.find_session(opened.state, request.cookies.get(SESSION_COOKIE, ""))
    return wire_page.Session(
        keys_needed=True, name=found.name if found else None, role=found.role if found else None
    )


@router.post("/v1/session", summary="Sign in with a key", responses={**REFUSALS, **WRONG})
def begin_session(
    body: wire_page.SessionRequest, request: Request, opened: Opened, response: HttpResponse
) -> wire_page.Session:
    """Who is signed in now; the session is an HttpOnly cookie."""
    found = keys.find_key(opened.state, body.key.strip())
    if found is None:
        attempts = request.app.state.attempts
        assert isinstance(attempts, Attempts)
        raise attempts.wrong(request.state.address)
    response.set_cookie(
        SESSION_COOKIE,
        keys.begin_session(opened.state, found),
        max_age=int(keys.SESSION.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=over_tls(opened.settings),
    )
    return wire_page.Session(keys_needed=True, name=found.name, role=found.role)


@router.delete("/v1/session", summary="Sign out", status_code=204, responses={503: REFUSALS[503]})
def end_session(request: Request, opened: Opened) -> HttpResponse:
    """Nothing: the session opens nothing any more."""
    keys.end_session(opened.state, request.cookies.get(SESSION_COOKIE, ""))
    response = HttpResponse(status_code=204)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
    return response
