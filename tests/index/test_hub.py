"""A model's hub is waited for once and briefly; where it is silent, this machine's copy counts."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from huggingface_hub import constants

from index.encoder import open_encoder
from index.errors import EncoderError
from index.hub import answers, is_local

NAME = "nobody/no-such-model"


class _Refusing(BaseHTTPRequestHandler):
    """Answers every request with 404."""

    def do_HEAD(self) -> None:
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hub() -> Iterator[str]:
    """A hub that knows no model, on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silent() -> Iterator[tuple[str, socket.socket]]:
    """An address that takes connections and never says a word, and its socket."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", listening


def connections(listening: socket.socket) -> int:
    """How many connections a socket has been offered."""
    listening.setblocking(False)
    count = 0
    while True:
        try:
            taken, _ = listening.accept()
        except BlockingIOError:
            return count
        taken.close()
        count += 1


def test_any_status_is_an_answer_and_silence_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.hub.ANSWERS_S", 0.2)
    with silent() as (address, _):
        assert not answers(address)
    assert not answers(address)  # nobody listens there any more
    assert not answers("no address")
    monkeypatch.setattr("index.hub.ANSWERS_S", 60.0)
    with hub() as address:
        assert answers(address)


def test_the_hub_is_asked_for_names_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with hub() as address:
        monkeypatch.setattr(constants, "ENDPOINT", address)
        assert not is_local(NAME)
        assert is_local(str(tmp_path))
        assert is_local(str(tmp_path / "none"))
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
        assert is_local(NAME)


def test_an_unknown_model_without_its_hub_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.hub.ANSWERS_S", 0.2)
    with silent() as (address, listening):
        monkeypatch.setattr(constants, "ENDPOINT", address)
        with pytest.raises(EncoderError, match=f"{NAME}.*cannot be loaded") as told:
            open_encoder(NAME)
        # ours, and one of the library's on its own behalf; it was more than thirty
        assert connections(listening) <= 2
    assert "\n" not in str(told.value)
