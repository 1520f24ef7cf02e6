"""Here is how a language model should behave; give me an OpenAI-compatible server that does so."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.api.running import Json

PATIENCE_S = 20
"""How long a model that hangs does so; every deadline of the tests is far shorter."""


class Caller(BaseHTTPRequestHandler):
    """One request; a script answers it in whatever way it likes."""

    model: "Scripted"
    body: Json

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Let the script answer."""
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.model.heard.append(dict(self.headers))
        self.model.asked.append(self.body)
        with suppress(ConnectionError):
            self.model.script(self)

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        """Send the head of the answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, text: str, reason: str | None = None) -> None:
        """Send a piece of text."""
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
        self.raw(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.wfile.write(data)
        self.wfile.flush()

    def wait(self) -> None:
        """Send nothing for as long as nobody waits, or until the test is over."""
        self.model.over.wait(PATIENCE_S)


Script = Callable[[Caller], None]


@dataclass(slots=True)
class Scripted:
    """A running model: what it does next, what it was asked, and with which headers."""

    url: str
    script: Script
    asked: list[Json] = field(default_factory=list)
    heard: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def scripted(script: Script, caller: type[Caller] = Caller) -> Iterator[Scripted]:
    """A model on a free loopback port; its script can be changed while it runs.

    `caller` is how requests are read.
    """

    class Own(caller):  # type: ignore[misc, valid-type]
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    Own.model = Scripted(f"http://127.0.0.1:{server.server_port}/v1", script)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield Own.model
    finally:
        Own.model.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def saying(text: str) -> Script:
    """A model that says this, in pieces of three characters, and ends well."""

    def script(caller: Caller) -> None:
        caller.begin()
        for at in range(0, len(text), 3):
            caller.send(text[at : at + 3])
        caller.send("", "stop")
        caller.raw(b"data: [DONE]\n\n")

    return script


def whole(text: str) -> Script:
    """A model that does not stream."""

    def script(caller: Caller) -> None:
        caller.begin(kind="application/json")
        choice = {"index": 0, "message": {"content": text}, "finish_reason": "stop"}
        caller.raw(json.dumps({"choices": [choice]}).encode())

    return script


def failing(status: int, **headers: str) -> Script:
    """A model that answers with a status and an error."""

    def script(caller: Caller) -> None:
        caller.begin(status, "application/json", **headers)
        caller.raw(b'{"error": {"message": "no"}}')

    return script


def sending(data: bytes, kind: str = "text/event-stream", **headers: str) -> Script:
    """A model that sends these bytes and no more."""

    def script(caller: Caller) -> None:
        caller.begin(200, kind, **headers)
        caller.raw(data)

    return script


def hanging(caller: Caller) -> None:
    """Never answer."""
    caller.wait()


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A model that answers nothing, and knows when it is asked and when the caller hangs up."""

    asked: threading.Event = field(default_factory=threading.Event)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def __call__(self, caller: Caller) -> None:
        """Wait for the caller to hang up."""
        caller.connection.settimeout(PATIENCE_S)
        self.asked.set()
        with suppress(OSError):
            if not caller.connection.recv(1):
                self.hung_up.set()


def stalling(text: str) -> Script:
    """Say this, and then nothing."""

    def script(caller: Caller) -> None:
        caller.begin()
        caller.send(text)
        caller.wait()

    return script


def dripping(caller: Caller) -> None:
    """Say a character now and then, without end."""
    caller.begin()
    while not caller.model.over.is_set():
        caller.send("工")
        time.sleep(0.1)


def dripping_head(caller: Caller) -> None:
    """Send the head byte by byte, without end."""
    while not caller.model.over.is_set():
        caller.raw(b"H")
        time.sleep(0.1)


def cutting(text: str) -> Script:
    """Say this, and close in the middle of an event."""

    def script(caller: Caller) -> None:
        caller.begin()
        caller.send(text)
        caller.raw(b'data: {"choices": [{"delta": {"cont')

    return script


def endless(caller: Caller) -> None:
    """Ten megabytes of text."""
    caller.begin()
    for _ in range(1000):
        caller.send("工会" * 1700)
