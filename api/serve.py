"""Here are settings; serve, and end within ten seconds when asked to.

uvicorn has no limit on how long a client may take to send a request line, headers and body, and
waits for open connections without end; `PatientProtocol` and `BoundedServer` set those limits.
"""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.app import create_app
from api.errors import CODES, error_response
from api.examples import Examples
from api.log import configure
from api.resources import Resources, open_reranker
from api.settings import Settings
from api.state import State
from api.tracing import Tracing
from api.written import open_model
from index.index import Index

GRACE_S = 5
"""How long open requests may go on after SIGTERM."""
EXIT_S = 8.0
"""When the process ends whatever still runs (a parser may take 30 s): all that was acknowledged
is on disk by then."""
SLACK_S = 2.0
"""The connection is cut this much later than the request is refused with 408."""
BACKLOG = 128
SWITCH_S = 0.001
"""How long a thread that computes may keep the others out, in place of Python's 5 ms: while several
answers are computed, a refusal should not wait for each of them."""


class ListenError(Exception):
    """The address cannot be listened on; the message is one line."""


class BoundedServer(uvicorn.Server):
    """uvicorn's server, which ends `EXIT_S` after the first signal at the latest.

    `release` lets go whoever waits for something outside, so that open answers can be finished.
    """

    def __init__(self, config: uvicorn.Config, release: Callable[[], None]) -> None:
        super().__init__(config)
        self._release = release

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        watchdog = threading.Timer(EXIT_S, os._exit, (0,))
        watchdog.daemon = True
        watchdog.start()
        # subtle: a signal may come while the main thread holds any lock
        threading.Thread(target=self._release, name="release", daemon=True).start()
        super().handle_exit(sig, frame)


def bounded_protocol(read_timeout_s: float) -> type[asyncio.Protocol]:
    """HTTP protocol of uvicorn, which cuts a connection whose request does not arrive in time."""

    class PatientProtocol(HttpToolsProtocol):
        _cut: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait(transport)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._wait(self.transport)

        def on_message_complete(self) -> None:
            self._stop_waiting()
            super().on_message_complete()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)

        def send_400_response(self, msg: str) -> None:
            # uvicorn's own answer to what is no HTTP is plain text
            body = bytes(error_response(400, CODES[400], msg).body)
            head = (
                "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode("ascii") + body)
            self.transport.close()

        def _wait(self, transport: asyncio.Transport) -> None:
            self._stop_waiting()
            self._cut = self.loop.call_later(read_timeout_s + SLACK_S, transport.abort)

        def _stop_waiting(self) -> None:
            if self._cut is not None:
                self._cut.cancel()
                self._cut = None

    return PatientProtocol


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; ListenError where the port is taken or the host is not ours.

    It listens before anything is loaded, so that two servers can never both believe in one port.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as exc:
        reason = os.strerror(exc.errno) if exc.errno and exc.errno > 0 else str(exc)
        raise ListenError(
            f"cannot listen on {address(host, port)}: {reason}; "
            "end what uses the port, or set UNIONQA_PORT to another"
        ) from exc


def address(host: str, port: int) -> str:
    """The address as a browser takes it."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(index: Index, state: State, settings: Settings, listening: socket.socket) -> None:
    """Serve until SIGTERM or Ctrl-C; the index and the state are closed then."""
    sys.setswitchinterval(SWITCH_S)
    configure(settings)
    examples = Examples()
    tracing, model = Tracing.open(), open_model(settings)
    resources = Resources(
        index, state, settings, examples,
        tracing=tracing, model=model, reranker=open_reranker(settings),
    )  # fmt: skip
    app = create_app(resources)
    # The first question pays for what later ones find ready; so the server asks it itself.
    threading.Thread(target=examples.of, args=(index,), name="examples", daemon=True).start()
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=bounded_protocol(settings.read_timeout_s),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    # uvicorn sends itself the signal again once it has ended: that must not look like a failure
    for sent in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sent, lambda *_: None)
    BoundedServer(config, model.close if model else lambda: None).run(sockets=[listening])
    if resources.reranker is not None:
        resources.reranker.close()
    if tracing is not None:
        tracing.close()
