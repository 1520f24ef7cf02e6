"""Over a long connection a question is answered once, whatever becomes of the connection."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from api.wecom import connection as long
from api.wecom import words
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import BOT_SECRET, Json, Told, bot_text, eventually, quiet_for, serving


class FakeSocket:
    """The other end of the long connection: keeps frames, acknowledges as told."""

    def __init__(self) -> None:
        self.frames: list[Json] = []
        self.sockets: list[ServerConnection] = []
        self.opened: list[float] = []
        self.codes: dict[str, queue.Queue[int]] = {}
        self.silent: set[str] = set()
        self.url = ""

    def of(self, command: str) -> list[Json]:
        return [frame for frame in list(self.frames) if frame["cmd"] == command]

    def tell(self, command: str, *codes: int) -> None:
        """Acknowledge the next frames of a command with these codes."""
        told = self.codes.setdefault(command, queue.Queue())
        for code in codes:
            told.put(code)

    def say(self, body: Json, request: str = "r1", command: str = "aibot_msg_callback") -> None:
        frame = {"cmd": command, "headers": {"req_id": request}, "body": body}
        self.sockets[-1].send(json.dumps(frame))

    def serve(self, socket: ServerConnection) -> None:
        self.opened.append(time.monotonic())
        self.sockets.append(socket)
        try:
            for text in socket:
                frame = json.loads(text)
                self.frames.append(frame)
                if frame["cmd"] in self.silent:
                    continue
                told = self.codes.get(frame["cmd"])
                code = told.get_nowait() if told and not told.empty() else 0
                socket.send(json.dumps({"headers": frame["headers"], "errcode": code}))
        except ConnectionClosed:
            return


@contextmanager
def fake_socket() -> Iterator[FakeSocket]:
    fake = FakeSocket()
    with serve(fake.serve, "127.0.0.1", 0) as server:
        fake.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield fake
        server.shutdown()
        thread.join()


@pytest.fixture
def peer() -> Iterator[FakeSocket]:
    with fake_socket() as running:
        yield running


def given(peer: FakeSocket) -> dict[str, Any]:
    return {"wecom_ws": True, "wecom_ws_url": peer.url, "wecom_bot_secret": BOT_SECRET}


def subscribed(peer: FakeSocket, count: int = 1) -> None:
    eventually(lambda: len(peer.of("aibot_subscribe")) == count)
    time.sleep(0.2)


def shown(peer: FakeSocket) -> list[tuple[str, str, bool, str]]:
    found = [(f["headers"]["req_id"], f["body"]["stream"]) for f in peer.of("aibot_respond_msg")]
    return [(request, one["id"], one["finish"], one["content"]) for request, one in found]


@item(74, 76, 79, 82)
def test_a_question_is_shown_and_answered_in_its_stream(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    with serving(tmp_path / "data", fake, **given(peer)) as service:
        subscribed(peer)
        assert peer.frames[0]["body"] == {"bot_id": "AIBOTID", "secret": BOT_SECRET}
        message = bot_text("@RobotA 问", chat="G1")
        peer.say(message)
        eventually(lambda: len(shown(peer)) == 2)
        peer.say(message, "r2")
        quiet_for(lambda: len(shown(peer)) == 2)
        first, last = shown(peer)
        assert first[0] == last[0] == "r1"
        assert first[1] == last[1]
        assert (first[2:], last[2:]) == ((False, ""), (True, "答：问"))
        assert service.told.questions == ["问"]
        assert not peer.of("aibot_send_msg")


@item(81)
def test_who_enters_is_greeted(tmp_path: Path, fake: FakeWecom, peer: FakeSocket) -> None:
    with serving(tmp_path / "data", fake, **given(peer)):
        subscribed(peer)
        event = bot_text("") | {"msgtype": "event", "event": {"eventtype": "enter_chat"}}
        peer.say(event, "r7", "aibot_event_callback")
        eventually(lambda: peer.of("aibot_respond_welcome_msg"))
        assert peer.of("aibot_respond_welcome_msg")[0]["headers"]["req_id"] == "r7"


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1006])
@item(77, 79, 80)
def test_every_end_is_followed_by_a_new_subscription_and_the_answer(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket, code: int
) -> None:
    told = Told()
    told.go.clear()
    with serving(tmp_path / "data", fake, told, **given(peer)):
        subscribed(peer)
        message = bot_text("问", chat="G1")
        peer.say(message)
        eventually(lambda: told.asked)
        if code == 1006:
            peer.sockets[-1].socket.shutdown(2)
        else:
            peer.sockets[-1].close(code)
        subscribed(peer, 2)
        peer.say(message, "r9")
        told.go.set()
        eventually(lambda: peer.of("aibot_send_msg"))
        quiet_for(lambda: len(peer.of("aibot_send_msg")) == 1)
        body = peer.of("aibot_send_msg")[0]["body"]
        assert (body["chatid"], body["chat_type"]) == ("G1", 2)
        assert body["markdown"]["content"] == "答：问"
        assert len(told.asked) == 1


@item(80)
def test_an_expired_stream_is_followed_by_a_message(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    with serving(tmp_path / "data", fake, **given(peer)):
        subscribed(peer)
        peer.tell("aibot_respond_msg", 0, 846608)
        peer.say(bot_text("问"))
        eventually(lambda: peer.of("aibot_send_msg"))
        quiet_for(lambda: len(peer.of("aibot_send_msg")) == 1)
        body = peer.of("aibot_send_msg")[0]["body"]
        assert (body["chatid"], body["chat_type"]) == ("zhangsan", 1)


@item(80)
def test_a_slow_answer_comes_as_a_message(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    told = Told()
    told.go.clear()
    limits = given(peer) | {"wecom_stream_deadline_s": 0.3}
    with serving(tmp_path / "data", fake, told, **limits):
        subscribed(peer)
        peer.say(bot_text("问"))
        eventually(lambda: len(shown(peer)) == 2)
        assert shown(peer)[-1][2:] == (True, words.LATE)
        told.go.set()
        eventually(lambda: peer.of("aibot_send_msg"))
        assert len(shown(peer)) == 2


@item(75)
def test_pings_are_sent_and_silence_ends_the_connection(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    with serving(tmp_path / "data", fake, **given(peer) | {"wecom_ping_s": 0.2}):
        eventually(lambda: len(peer.of("ping")) >= 3)
        assert len(peer.opened) == 1
        peer.silent.add("ping")
        subscribed(peer, 2)


@item(74)
def test_a_refused_secret_is_not_tried_again_at_once(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    peer.tell("aibot_subscribe", 853000, 853000)
    with serving(tmp_path / "data", fake, **given(peer)):
        eventually(lambda: "853000" in caplog.text)
        quiet_for(lambda: len(peer.opened) == 1, 1.5)
    assert BOT_SECRET not in "".join(r.getMessage() for r in caplog.records if "ws" not in r.name
                                     and not r.name.startswith("websockets.server"))  # fmt: skip


@item(78)
def test_two_workers_do_not_cut_each_other_off(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    folder = tmp_path / "data"
    with serving(folder, fake, **given(peer)):
        subscribed(peer)
        with serving(folder, fake, **given(peer)):
            quiet_for(lambda: len(peer.opened) == 1, 1.2)
            event = bot_text("") | {"event": {"eventtype": "disconnected_event"}}
            peer.say(event, "r1", "aibot_event_callback")
            quiet_for(lambda: len(peer.opened) == 1, 1.2)
    assert long.AFTER_KICK_S >= 30


@item(84)
def test_a_malformed_frame_is_left_alone(tmp_path: Path, fake: FakeWecom, peer: FakeSocket) -> None:
    frames: list[str | bytes] = ["no JSON", "[]", b"binary", '{"cmd": "unheard of"}', "{}"]
    with serving(tmp_path / "data", fake, **given(peer)):
        subscribed(peer)
        for number, frame in enumerate(frames, 1):
            peer.sockets[-1].send(frame)
            peer.say(bot_text("问"), f"r{number}")
            eventually(partial(lambda count: len(shown(peer)) == count, 2 * number))
        assert len(peer.opened) == 1
        with suppress(ConnectionClosed):
            peer.sockets[-1].send("x" * 2_000_000)
        subscribed(peer, 2)
        peer.say(bot_text("问"))
        eventually(lambda: len(shown(peer)) == 2 * len(frames) + 2)
