"""Over a long connection a question is answered once, whatever becomes of the connection."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from api.wecom import connection as long
from api.wecom import words
from api.wecom.checkup import findings
from api.wecom.desk import Desk
from api.wecom.fit import BOT_BYTES
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import (
    BOT_SECRET,
    Json,
    Told,
    bot_text,
    eventually,
    inbox_of,
    quiet_for,
    serving,
)


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


def test_a_frame_whose_receipt_has_come_is_forgotten(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    folder = tmp_path / "data"
    limits: dict[str, Any] = {"wecom_ws_url": peer.url, "wecom_bot_secret": BOT_SECRET}
    with serving(folder, fake, **limits) as service:
        desk = Desk(service.resources, service.told)
        connection = long.Connection(desk)
        thread = threading.Thread(target=connection.run, daemon=True)
        thread.start()
        subscribed(peer)
        peer.silent.add("aibot_respond_msg")
        for number in range(20):
            peer.say(bot_text("问", f"user{number}"), f"r{number}")
        eventually(lambda: sum(len(one) for one in connection.awaited.values()) == 40)
        for frame in peer.of("aibot_respond_msg"):
            peer.sockets[-1].send(json.dumps({"headers": frame["headers"], "errcode": 0}))
        eventually(lambda: not connection.awaited)
        desk.stopping.set()
        thread.join(10)
        desk.stop()


@item(74)
def test_nothing_is_sent_before_the_subscription_is_taken(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    folder = tmp_path / "data"
    with serving(folder, fake, **given(peer)) as service:
        subscribed(peer)
        service.told.go.clear()
        peer.say(bot_text("问"))
        eventually(lambda: service.told.asked)
        peer.silent.add("aibot_subscribe")
        peer.sockets[-1].close(1000)
        eventually(lambda: len(peer.of("aibot_subscribe")) == 2)
        sent = len(peer.frames)
        service.told.go.set()
        # an answer waits to be sent, and so does whoever speaks before the receipt
        peer.say(bot_text("又问"), "r2")
        eventually(lambda: len(service.told.asked) == 2)
        quiet_for(lambda: len(peer.frames) == sent)
        receipt = {"headers": peer.frames[-1]["headers"], "errcode": 0}
        peer.sockets[-1].send(json.dumps(receipt))
        eventually(lambda: len(peer.of("aibot_send_msg")) + len(shown(peer)) >= 3)


@item(76)
def test_what_does_not_fit_a_stream_follows_as_a_message(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    with serving(tmp_path / "data", fake, **given(peer)) as service:
        service.told.text = lambda _: "会。" * 17_000
        subscribed(peer)
        peer.say(bot_text("长"))
        eventually(lambda: peer.of("aibot_send_msg"))
        first = shown(peer)[-1][3]
        rest = peer.of("aibot_send_msg")[0]["body"]["markdown"]["content"]
        assert shown(peer)[-1][2] is True
        assert max(len(first.encode()), len(rest.encode())) <= BOT_BYTES
        assert ("会。" * 17_000).startswith(first.removesuffix(words.REST))


@item(82)
def test_a_conversation_is_sent_no_more_than_it_may_get_in_a_minute(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    folder = tmp_path / "data"
    with serving(folder, fake, **given(peer) | {"wecom_per_minute": 6}) as service:
        subscribed(peer)
        for number in range(8):
            peer.say(bot_text(f"问{number}", f"user{number}", "G1"), f"r{number}")
        peer.say(bot_text("别处", "lisi"), "other")
        eventually(lambda: any(frame[3] == "答：别处" for frame in shown(peer)))
        eventually(lambda: len(service.told.asked) == 9)

        def to_the_group() -> list[str]:
            return [one[0] for one in shown(peer) if one[0] != "other"]

        eventually(lambda: len(to_the_group()) == 6)
        quiet_for(lambda: len(to_the_group()) == 6)
        # half of them told somebody that the question arrived, the others are answers
        with closing(inbox_of(folder)) as inbox:
            inbox.execute("UPDATE said SET at = at - 60")
            inbox.execute("UPDATE messages SET not_before = not_before - 60")
        eventually(lambda: sum(one[2] for one in shown(peer)) == 9)
        assert sorted(one[0] for one in shown(peer) if one[2]) == sorted(
            [*(f"r{number}" for number in range(8)), "other"]
        )


@item(74, 77, 78)
def test_pauses_grow_and_have_their_bounds() -> None:
    for failures, least in ((1, 1), (2, 2), (3, 4), (5, 16), (6, 32), (7, 60), (99, 60)):
        for _ in range(20):
            ended = long.pause_s(failures, refused=False, kicked=False)
            assert least <= ended <= min(1.3 * least, 60)
            assert long.pause_s(failures, refused=False, kicked=True) >= 30
    for failures, least in ((1, 5), (2, 10), (3, 20), (4, 40), (99, 60)):
        assert least <= long.pause_s(failures, refused=True, kicked=False) <= min(1.3 * least, 60)


@item(77)
def test_the_connection_outlives_a_file_that_cannot_be_written(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    with serving(folder, fake, **given(peer)) as service:
        subscribed(peer)
        with closing(inbox_of(folder)) as other:
            other.execute("BEGIN IMMEDIATE")
            eventually(lambda: "the long connection goes on after StateError" in caplog.text)
            other.execute("ROLLBACK")
        subscribed(peer, 2)
        peer.say(bot_text("问"))
        eventually(lambda: any(one[3] == "答：问" for one in shown(peer)))
        assert service.told.questions == ["问"]


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


def test_the_doctor_sees_who_holds_the_connection(
    tmp_path: Path, fake: FakeWecom, peer: FakeSocket
) -> None:
    nobody = {"wecom_bot_name": None}
    with serving(tmp_path / "data", fake, **given(peer) | nobody) as service:
        subscribed(peer)
        settings = service.resources.settings
        found = {one.what: one for one in findings(settings)}
        assert found["long connection"].mark == "ok"
        assert found["name in groups"].mark == "warn"
        assert len(peer.opened) == 1
    ended = {one.what: one for one in findings(settings)}
    assert ended["long connection"].mark == "BAD"


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
