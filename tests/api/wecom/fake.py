"""Here is a loopback port; be WeCom on it: keep what arrives byte for byte, reply as told."""

import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = Any


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, list[str]]
    content_type: str
    body: bytes
    at: float

    @property
    def json(self) -> Json:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The text of a message/send, or the markdown of a late answer."""
        body = self.json
        return str(body[body["msgtype"]]["content"])


Reply = Json | bytes | Callable[[], Json]


class FakeWecom:
    """The interface of WeCom; `next` holds replies to be given once each, before the usual one."""

    def __init__(self) -> None:
        self.tokens = 0
        self.url = ""
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Be as in the beginning; tokens go on being counted."""
        with self._lock:
            self.received: list[Received] = []
            self.next: dict[str, list[Reply]] = {}
            self.refused: set[str] = set()
            self.expires_in = 7200
            self.delay_s = 0.0
            self.status = 200
            self.headers: dict[str, str] = {}
            self.hangs_up = 0
            self._said: dict[tuple[str, str], float] = {}
            self.taken: list[Received] = []
            """Messages that were acknowledged."""
            self.delivered: list[Received] = []
            """Messages that their receivers see."""

    def of(self, path: str) -> list[Received]:
        """The requests to a path so far."""
        with self._lock:
            return [one for one in self.received if one.path == path]

    @property
    def sends(self) -> list[Received]:
        return self.of("/cgi-bin/message/send")

    @property
    def fetches(self) -> list[Received]:
        return self.of("/cgi-bin/gettoken")

    @property
    def lates(self) -> list[Received]:
        return self.of("/cgi-bin/aibot/response")

    def reply(self, received: Received) -> bytes:
        """What a request is answered with; it is kept."""
        with self._lock:
            self.received.append(received)
            told = self.next.get(received.path)
            reply: Reply = told.pop(0) if told else None
        if callable(reply):
            reply = reply()
        if isinstance(reply, bytes):
            return reply
        if set(received.query.get("access_token", ())) & self.refused:
            reply = {"errcode": 42001}
        if reply is None and received.path == "/cgi-bin/gettoken":
            with self._lock:
                self.tokens += 1
                token = f"token-{self.tokens}-secret"
            reply = {"access_token": token, "expires_in": self.expires_in}
        whole = {"errcode": 0, "errmsg": "ok"} | (reply or {})
        if whole["errcode"] == 0 and received.path == "/cgi-bin/message/send":
            self._deliver(received)
        return json.dumps(whole).encode()

    def _deliver(self, received: Received) -> None:
        """Show a message to its receiver, unless it is to be dropped where it equals another."""
        body = received.json
        said = (body["touser"], received.text)
        with self._lock:
            self.taken.append(received)
            lately = received.at - self._said.get(said, -math.inf)
            dropped = lately < body["duplicate_check_interval"] and body["enable_duplicate_check"]
            if not dropped:
                self._said[said] = received.at
                self.delivered.append(received)


@contextmanager
def fake_wecom() -> Iterator[FakeWecom]:
    """A WeCom on a free port."""
    fake = FakeWecom()

    class Wire(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("content-length", "0"))
            body = self.rfile.read(length)
            if len(body) < length:
                return  # who sent it died over it
            data = fake.reply(
                Received(
                    self.command,
                    parts.path,
                    parse_qs(parts.query),
                    self.headers.get("content-type", ""),
                    body,
                    time.monotonic(),
                )
            )
            time.sleep(fake.delay_s)
            if fake.hangs_up:
                fake.hangs_up -= 1
                self.close_connection = True
                return
            self.send_response(fake.status)
            for name, value in fake.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Wire)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
