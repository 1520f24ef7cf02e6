"""Here is a desk without a public address; answer the AI bot over one long connection.

One worker of a data folder holds the connection (`wecom-connection.lock`): a second one would be
cut off, and cut the first one off in turn. Frames are JSON, `{"cmd", "headers": {"req_id"},
"body"}`; an acknowledgement has `errcode` and no `cmd`.
"""

import json
import logging
import random
import time
from collections import deque
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException
from websockets.sync.client import ClientConnection, connect

from api.settings import is_loopback
from api.wecom import words
from api.wecom.client import OK
from api.wecom.crypto import Refused
from api.wecom.desk import PER_HOUR, WAITS, Desk, stream
from api.wecom.envelope import new_id, read_json
from api.wecom.fit import BOT_BYTES, halves, parts
from api.wecom.message import bot_body
from api.wecom.tables import Kept
from index.lock import FolderLock

LOG = logging.getLogger("unionqa.wecom")
FRAMES = logging.getLogger("unionqa.wecom.frames")
"""Frames hold secrets and texts: this logger is switched off."""
LOCK = "wecom-connection.lock"
TICK_S = 0.1
OPEN_S = 10.0
MAX_FRAME = 1_048_576
LONGEST_PAUSE_S = 60.0
AFTER_REFUSAL_S = 5.0
AFTER_KICK_S = 30.0
LASTING_S = 60.0
"""A connection that ends sooner counts as one that failed: the next pause is longer."""
ACK_S = 60.0
MISSED_PINGS = 2
MOST_TRIES = 3


def answer_over_connection(desk: Desk) -> None:
    """Connect, answer, and connect again after every kind of end, until the desk stops."""
    FRAMES.disabled = True
    lock = FolderLock(desk.settings.data / LOCK)
    while not lock.try_acquire():
        if desk.stopping.wait(1.0):
            return
    failures = 0
    try:
        while not desk.stopping.is_set():
            connection = Connection(desk)
            begun = time.monotonic()
            try:
                connection.run()
            except Exception as exc:  # noqa: BLE001 - the outermost edge of a thread
                LOG.error("the long connection goes on after %s", type(exc).__name__)
            lasted = connection.subscribed and time.monotonic() - begun >= LASTING_S
            failures = 1 if lasted else failures + 1
            wait = pause_s(failures, refused=connection.refused, kicked=connection.kicked)
            if not desk.stopping.is_set():
                LOG.warning("the long connection ended; again in %.0f s", wait)
            desk.stopping.wait(wait)
    finally:
        lock.release()


def pause_s(failures: int, *, refused: bool, kicked: bool) -> float:
    """Seconds until the next attempt, the longer the more have failed.

    `refused`: WeCom did not take the subscription; `kicked`: another connection took over.
    """
    jitter = random.uniform(1.0, 1.3)
    if kicked:
        return AFTER_KICK_S * jitter
    least = AFTER_REFUSAL_S if refused else 1.0
    return min(least * float(2 ** min(failures - 1, 6)) * jitter, LONGEST_PAUSE_S)


class Connection:
    """One connection from its subscription to its end."""

    def __init__(self, desk: Desk) -> None:
        self.subscribed = False
        self._desk = desk
        self.refused = False
        self.kicked = False
        self._unanswered = 0
        self._ping_at = 0.0
        self._subscription = new_id()
        # What was asked here and still takes a stream; the frames whose receipt is awaited.
        self._asked: dict[int, Kept] = {}
        self.awaited: dict[str, deque[tuple[Kept | None, float]]] = {}

    def run(self) -> None:
        """Answer until the connection ends."""
        url = self._desk.settings.wecom_ws_url
        loopback = is_loopback(urlsplit(url).hostname or "")
        try:
            with connect(
                url,
                open_timeout=OPEN_S,
                close_timeout=1,
                max_size=MAX_FRAME,
                ping_interval=None,
                proxy=None if loopback else True,
                logger=FRAMES,
            ) as socket:
                self._serve(socket)
        except ConnectionClosed as exc:
            LOG.warning("the long connection was closed, %s", exc.rcvd.code if exc.rcvd else 1006)
        except (OSError, TimeoutError, InvalidHandshake, WebSocketException) as exc:
            LOG.warning("the long connection: %s", type(exc).__name__)
        finally:
            for waiting in self.awaited.values():
                for kept, _ in waiting:
                    if kept is not None:
                        later = partial(self._desk.inbox.later, kept, 0.0, tried=True)
                        self._desk.surely(later)

    def _serve(self, socket: ClientConnection) -> None:
        settings = self._desk.settings
        secret = settings.wecom_bot_secret
        body = {
            "bot_id": settings.wecom_bot_id,
            "secret": secret.get_secret_value() if secret else "",
        }
        _send(socket, "aibot_subscribe", self._subscription, body)
        deadline = time.monotonic() + OPEN_S
        self._ping_at = time.monotonic() + settings.wecom_ping_s
        while not (self._desk.stopping.is_set() or self.refused or self.kicked):
            try:
                frame = socket.recv(timeout=TICK_S)
            except TimeoutError:
                pass
            else:
                self._take(socket, frame)
            if self.subscribed:
                self._tick(socket)
            elif time.monotonic() > deadline:
                return
            if self._unanswered > MISSED_PINGS:
                LOG.warning("the long connection does not answer pings")
                return

    def _tick(self, socket: ClientConnection) -> None:
        """Send what is due: an answer, the end of a stream, a ping."""
        while (kept := self._desk.inbox.claim_answer(ws=True)) is not None:
            wait = self._wait_seconds(_place(kept), self._desk.settings.wecom_per_minute)
            if wait > 0:
                self._desk.inbox.later(kept, wait, tried=False)
            else:
                self._deliver(socket, kept)
        now = time.time()
        for kept in list(self._asked.values()):
            if now - kept.received >= self._desk.settings.wecom_stream_deadline_s:
                self._show(socket, kept, words.LATE, finish=True, delivers=False)
                del self._asked[kept.key]
        for request, waiting in list(self.awaited.items()):
            while waiting and time.monotonic() - waiting[0][1] > ACK_S:
                self._arrived(self._next_awaited(request))
        if time.monotonic() >= self._ping_at:
            self._ping_at = time.monotonic() + self._desk.settings.wecom_ping_s
            self._unanswered += 1
            _send(socket, "ping", f"ping-{new_id()}", None)

    def _wait_seconds(self, place: str, per_minute: int) -> float:
        """How long until one more frame may go to a conversation: 0 for now."""
        return self._desk.inbox.wait_seconds(place, per_minute, PER_HOUR)

    def _take(self, socket: ClientConnection, frame: str | bytes) -> None:
        """Take one frame in; what is malformed or unknown is left alone."""
        try:
            if isinstance(frame, bytes):
                return
            read = read_json(frame)
        except Refused:
            LOG.warning("a frame of the long connection is malformed")
            return
        headers, body = read.get("headers"), read.get("body")
        request = headers.get("req_id") if isinstance(headers, dict) else None
        if not isinstance(request, str):
            return
        if "cmd" not in read:
            self._acknowledged(socket, request, read.get("errcode"))
        elif read["cmd"] in ("aibot_msg_callback", "aibot_event_callback"):
            self._message(socket, request, body if isinstance(body, dict) else {})

    def _acknowledged(self, socket: ClientConnection, request: str, code: object) -> None:
        """Note what WeCom says about a frame of ours."""
        if request == self._subscription:
            self.subscribed = code == OK
            self.refused = not self.subscribed
            if self.refused:
                LOG.error("the long connection was refused, %s", code)
            return
        if request.startswith("ping-"):
            self._unanswered = 0
            return
        if request not in self.awaited:
            return
        kept = self._next_awaited(request)
        if code == OK:
            self._arrived(kept)
        elif kept is not None:
            LOG.warning("message %d was not taken, %s", kept.key, code)
            self._asked.pop(kept.key, None)
            if kept.attempts + 1 < MOST_TRIES:
                self._desk.inbox.later(kept, float(kept.attempts), tried=True)
            else:
                LOG.error("message %d is not delivered", kept.key)
                self._desk.inbox.close_message(kept)

    def _next_awaited(self, request: str) -> Kept | None:
        """What the first frame of a request delivered; nothing of a request that has no more."""
        waiting = self.awaited[request]
        kept, _ = waiting.popleft()
        if not waiting:
            del self.awaited[request]
        return kept

    def _arrived(self, kept: Kept | None) -> None:
        if kept is not None:
            self._asked.pop(kept.key, None)
            self._desk.inbox.sent(kept, kept.next_part, last=True)

    def _message(self, socket: ClientConnection, request: str, body: dict[str, Any]) -> None:
        """Keep a message and show at once that it has arrived."""
        settings = self._desk.settings
        event = body.get("event")
        if isinstance(event, dict) and event.get("eventtype") == "disconnected_event":
            LOG.warning("another connection of this bot has taken over")
            self.kicked = True
            return
        message = bot_body(body, settings.wecom_bot_id or "", settings.wecom_bot_name)
        if not message.id:
            return
        added = self._desk.take("ws", replace(message, request=request))
        if not self.subscribed:
            return  # kept, and answered once WeCom has taken the subscription
        if message.kind == "welcome":
            text = words.welcome(self._desk.examples())
            reply = {"msgtype": "text", "text": {"content": text}}
            _send(socket, "aibot_respond_welcome_msg", request, reply)
        elif added.new and added.kept and added.kept.state != "done":
            self._asked[added.kept.key] = added.kept
            # half of what a conversation may be sent is for answers alone
            half = max(1, settings.wecom_per_minute // 2)
            if self._wait_seconds(_place(added.kept), half) == 0:
                text = added.kept.answer if added.kept.state in WAITS else ""
                self._show(socket, added.kept, text, finish=False, delivers=False)

    def _deliver(self, socket: ClientConnection, kept: Kept) -> None:
        """Send an answer: in its stream where that is open, as a message of its own where not."""
        if kept.key in self._asked and not kept.attempts:
            first, rest = halves(kept.answer)
            self._show(socket, kept, first, finish=True, delivers=True)
            if rest:
                self._say(socket, kept, rest, delivers=False)
        else:
            self._say(socket, kept, parts(kept.answer, BOT_BYTES, 1)[0], delivers=True)

    def _show(
        self, socket: ClientConnection, kept: Kept, text: str, *, finish: bool, delivers: bool
    ) -> None:
        """Set the text of a message's stream."""
        self._await(kept.request, kept if delivers else None)
        reply = stream(kept.stream, text, finish=finish)
        if not finish:
            reply["stream"]["feedback"] = {"id": kept.stream}
        self._desk.inbox.note_said(_place(kept))
        _send(socket, "aibot_respond_msg", kept.request, reply)

    def _say(self, socket: ClientConnection, kept: Kept, text: str, *, delivers: bool) -> None:
        """Send a message of its own to where a question came from."""
        request = new_id()
        self._await(request, kept if delivers else None)
        body = {
            "chatid": kept.chat or kept.user,
            "chat_type": 2 if kept.chat else 1,
            "msgtype": "markdown",
            "markdown": {"content": text},
        }
        self._desk.inbox.note_said(_place(kept))
        _send(socket, "aibot_send_msg", request, body)

    def _await(self, request: str, kept: Kept | None) -> None:
        self.awaited.setdefault(request, deque()).append((kept, time.monotonic()))


def _place(kept: Kept) -> str:
    """The conversation that a message belongs to, as WeCom counts what is sent."""
    return f"ws {kept.chat or kept.user}"


def _send(
    socket: ClientConnection, command: str, request: str, body: dict[str, Any] | None
) -> None:
    frame: dict[str, Any] = {"cmd": command, "headers": {"req_id": request}}
    if body is not None:
        frame["body"] = body
    socket.send(json.dumps(frame, ensure_ascii=False))
