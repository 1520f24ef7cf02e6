"""Here is a request; tell me who sends it, and turn it away where they may not, its body unread.

Without keys everything is open. Once a key was made (`unionqa keys`), a reader may ask and read,
an editor may do everything, and who shows no key sees the page to sign in. A key comes in
`Authorization: Bearer`, or as the cookie of a session that began with it.
"""

import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import keys
from api.errors import RequestError, refused
from api.keys import Key, Role
from api.rates import Rates
from api.settings import Settings, is_loopback
from api.sqlite import StateError
from api.state import State

SESSION_COOKIE = "unionqa_session"
BROWSER_COOKIE = "unionqa_browser"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
READY = "/readyz"
"""Probes have no key: a stranger learns whether it is ready, and nothing else."""
PUBLIC = ("/signin", "/healthz", READY, "/v1/session")
PUBLIC_UNDER = ("/static/", "/wecom/")
"""WeCom's callbacks carry signatures of their own."""
READERS_MAY = (
    ("POST", "/v1/ask"),
    ("POST", "/v1/search"),
    ("POST", "/v1/feedback"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/mcp"),
    ("PATCH", "/v1/conversations/"),
    ("DELETE", "/v1/conversations/"),
    ("DELETE", "/v1/feedback/"),
)
EDITORS_ONLY = ("/v1/asked", "/v1/asked.csv", "/v1/removed")
"""What was asked, or removed; the pages hold nothing, and tell a reader in words that it is not
for them.
"""
PAGES = ("/", "/articles", "/asked")
TRIES = 10
"""Wrong keys of one address in `PER_S` seconds, before the next is answered with 429."""
PER_S = 60.0
ADDRESSES = 10_000

Right = Literal["public", "reader", "editor"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request: whose conversations are theirs, and what they may do.

    `keyed` says that keys are needed here; `name` is the key's.
    """

    owner: str
    role: Role
    keyed: bool = False
    name: str | None = None

    def owns(self, owner: str | None) -> bool:
        """Whether a conversation of that owner is theirs; nobody's is everybody's without keys."""
        return owner is not None and (owner == self.owner or (not owner and not self.keyed))


def caller_of(request: Request) -> Caller:
    """Who sends this request."""
    caller = request.state.caller
    assert isinstance(caller, Caller)
    return caller


Asking = Annotated[Caller, Depends(caller_of)]


def right_needed(method: str, path: str) -> Right:
    """What a caller must be; what is not named here may be read by readers, changed by editors."""
    if path in PUBLIC or path.startswith(PUBLIC_UNDER):
        return "public"
    if path in EDITORS_ONLY:
        return "editor"
    if method in SAFE:
        return "reader"
    for allowed, start in READERS_MAY:
        if method == allowed and (path == start or (start[-1] == "/" and path.startswith(start))):
            return "reader"
    return "editor"


class Attempts:
    """How often each address has shown a wrong key lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def wrong(self, address: str) -> RequestError:
        """The refusal of one more wrong key from this address."""
        now = self._clock()
        times = self._wrong.setdefault(address, deque(maxlen=TRIES))
        self._wrong.move_to_end(address)
        if len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)
        if len(times) == TRIES and now - times[0] < PER_S:
            return RequestError(429, "too many wrong keys; wait a minute")
        times.append(now)
        return RequestError(401, "the key is unknown or revoked", code="wrong_key")


class Access:
    """ASGI middleware that knows the caller of every request and checks their right."""

    def __init__(self, app: ASGIApp, state: State, attempts: Attempts, rates: Rates) -> None:
        self._app = app
        self._state = state
        self._attempts = attempts
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            # for the sign-in too, which counts wrong keys
            scope.setdefault("state", {})["address"] = address_of(
                scope, proxied=self._rates.proxied
            )
            self._rates.check_address(scope["state"]["address"], scope["path"])
            caller = await self._caller(scope)
            if caller.keyed and caller.owner:
                self._rates.check_key(caller.owner)
        except RequestError as exc:
            await _turned_away(scope, exc)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Caller:
        """Who sends the request; RequestError where they may not."""
        headers = Headers(scope=scope)
        needed = right_needed(scope["method"], scope["path"])
        if needed == "public" and scope["path"] != READY:
            return Caller("", "reader")
        cookies = cookies_of(headers)
        try:
            if not await run_in_threadpool(keys.are_needed, self._state):
                browser = cookies.get(BROWSER_COOKIE, "")
                return Caller(f"browser:{browser}" if browser else "", "editor")
            key = await self._key(scope, headers, cookies)
        except StateError as exc:
            raise RequestError(503, str(exc), code="state_unavailable") from exc
        if key is None and needed == "public":
            return Caller("", "reader", keyed=True)
        if key is None:
            raise RequestError(401, "sign in, or send a key as Authorization: Bearer")
        if needed == "editor" and key.role != "editor":
            raise RequestError(403, "this needs an editor's key")
        return Caller(f"key:{key.key_id}", key.role, True, key.name)

    async def _key(self, scope: Scope, headers: Headers, cookies: dict[str, str]) -> Key | None:
        """The key shown; None where none is. RequestError for a wrong one, or a forged request."""
        given = headers.get("authorization", "")
        if given:
            scheme, _, secret = given.partition(" ")
            found = await run_in_threadpool(keys.find_key, self._state, secret.strip())
            if scheme.lower() != "bearer" or found is None:
                raise self._attempts.wrong(scope["state"]["address"])
            return found
        token = cookies.get(SESSION_COOKIE)
        if not token:
            return None
        if scope["method"] not in SAFE and "origin" not in headers:
            # A browser names the origin of what a page sends; the guard has refused foreign ones.
            raise RequestError(403, "a session may change things from its own page only")
        return await run_in_threadpool(keys.find_session, self._state, token)


def address_of(scope: Scope, *, proxied: bool) -> str:
    """The address that a request comes from, as the connection says.

    Behind a reverse proxy on this machine (`proxied`, and over loopback) it is the last one of
    X-Forwarded-For, which that proxy wrote itself; whatever stands before, or comes from elsewhere,
    anybody can claim.
    """
    address: str = scope["client"][0] if scope.get("client") else ""
    if not proxied or not is_loopback(address):
        return address
    claimed = Headers(scope=scope).getlist("x-forwarded-for")
    last = claimed[-1].rsplit(",", 1)[-1].strip() if claimed else ""
    try:
        return str(ip_address(last))
    except ValueError:
        return address


def cookies_of(headers: Headers) -> dict[str, str]:
    """The cookies sent; none where they cannot be read."""
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def browser_cookie(request: Request) -> str | None:
    """A new name for a browser that has none, so that it finds its own conversations again."""
    if BROWSER_COOKIE in request.cookies:
        return None
    return secrets.token_urlsafe(16)


def over_tls(settings: Settings) -> bool:
    """Whether people reach the service over TLS: then a cookie goes over nothing else."""
    return (settings.public_url or "").startswith("https://")


def _turned_away(scope: Scope, exc: RequestError) -> Response:
    """The page to sign in for a person's browser, the error object for everything else."""
    page = scope["path"] in PAGES or scope["path"].startswith("/documents/")
    if exc.status_code == 401 and page and scope["method"] in SAFE:
        wanted = quote(scope["raw_path"], safe="/%")
        if query := scope["query_string"].decode("latin-1"):
            wanted = f"{wanted}?{query}"
        return RedirectResponse(f"/signin?next={quote(wanted, safe='/')}", 303)
    return refused(exc, scope["path"])
