"""Here is a request from anybody; let it in, or say why not, before anything is read or computed.

Checks, in this order: the Host header (a name we serve: DNS rebinding), the Origin of a changing
request (no foreign page may post for its visitor), whether too many questions wait already, the
size of the body while it arrives, and the time it takes to arrive. Every response gets the security
headers.
"""

import asyncio
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import CODES, RequestError, refused
from api.metrics import Metrics
from api.settings import Settings, is_loopback
from api.turnstile import ASKING, Turnstile

MAX_CALLBACK_BYTES = 65_536
FORM_BYTES = 64_000
"""What a form may have around a file at its limit."""

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

_UPLOADS = frozenset({"/v1/documents", "/v1/documents/preview"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def served_hosts(settings: Settings) -> frozenset[str]:
    """The names, without port, under which this server may be addressed."""
    hosts = {"127.0.0.1", "localhost", "::1", settings.host}
    if settings.public_url:
        hosts.add(urlsplit(settings.public_url).hostname or "")
    return frozenset(hosts)


class Guard:
    """ASGI middleware with the checks above; it counts what is refused, whoever refused it."""

    def __init__(
        self, app: ASGIApp, settings: Settings, metrics: Metrics, turnstile: Turnstile
    ) -> None:
        self._app = app
        self._turnstile = turnstile
        self._metrics = metrics
        self._hosts = served_hosts(settings)
        self._public = not is_loopback(settings.host)
        self._public_origin = settings.public_url
        self._read_timeout_s = settings.read_timeout_s
        self._body_bytes = settings.body_bytes
        self._upload_bytes = settings.upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        code = ""

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] >= 400:
                    self._metrics.refused(code or CODES.get(message["status"], "other"))
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        limit = self._limit(scope["path"])
        try:
            self._check_host(headers)
            self._check_origin(scope["method"], headers)
            if scope["path"] in ASKING:
                self._turnstile.check()
            _check_announced(headers, limit)
        except RequestError as exc:
            code = exc.code
            await refused(exc, scope["path"])(scope, receive, send_secured)
            return
        await self._app(scope, self._bounded(receive, limit), send_secured)

    def _check_host(self, headers: Headers) -> None:
        """Nothing; RequestError where the request is addressed to somebody else."""
        host = _hostname(f"//{headers.get('host', '')}")
        if host not in self._hosts and not (self._public and _is_address(host)):
            raise RequestError(
                421, "the Host header names another server; set UNIONQA_PUBLIC_URL to serve it"
            )

    def _check_origin(self, method: str, headers: Headers) -> None:
        """Nothing; RequestError where a page of another site sends a changing request."""
        origin = headers.get("origin")
        if method in _SAFE_METHODS or origin is None or origin == self._public_origin:
            return
        if _netloc(origin) != headers["host"]:
            raise RequestError(403, "pages of another site may not send this request")

    def _limit(self, path: str) -> "_Limit":
        """How many bytes a body may have, and which setting says so."""
        if path.startswith("/wecom/"):
            return _Limit(MAX_CALLBACK_BYTES)
        if path in _UPLOADS:
            return _Limit(self._upload_bytes, "UNIONQA_UPLOAD_BYTES", FORM_BYTES)
        return _Limit(self._body_bytes, "UNIONQA_BODY_BYTES")

    def _bounded(self, receive: Receive, limit: "_Limit") -> Receive:
        """`receive`, which raises RequestError once the body is too large or too slow."""
        received = 0
        complete = False
        deadline = asyncio.get_running_loop().time() + self._read_timeout_s

        async def receive_bounded() -> Message:
            nonlocal received, complete
            if complete:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as exc:
                complete = True
                raise RequestError(408, "the body did not arrive in time") from exc
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if received > limit.most:
                raise limit.exceeded(f"{'' if complete else 'at least '}{received:,}")
            return message

        return receive_bounded


def _netloc(origin: str) -> str | None:
    """The host and port of an Origin header; None where it has none ("null")."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def _hostname(address: str) -> str | None:
    """The host in an address, in lower case, without port and brackets."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _is_address(host: str | None) -> bool:
    """Whether a host is a bare address, which no foreign name server can turn elsewhere."""
    try:
        ip_address(host or "")
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Limit:
    """How many bytes may come, the setting that says so, and what a form may have around them."""

    size: int
    setting: str = ""
    around: int = 0

    @property
    def most(self) -> int:
        """How many bytes a body may have."""
        return self.size + self.around

    def exceeded(self, found: str) -> RequestError:
        """The refusal of a body of so many bytes: what came and what may come, in one unit."""
        named = f" ({self.setting})" if self.setting else ""
        field = "file" if self.around else None
        return RequestError(
            413,
            f"the body has {found} bytes, over the limit of {self.size:,} bytes{named}",
            field=field,
        )


def _check_announced(headers: Headers, limit: _Limit) -> None:
    """Nothing; RequestError where the body is announced as larger than it may be."""
    announced = headers.get("content-length", "0")
    if announced.isdecimal() and (size := int(announced[:20])) > limit.most:
        raise limit.exceeded(f"{size:,}")
