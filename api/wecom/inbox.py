"""Here is a message; keep it before it is acknowledged, and let it be answered exactly once.

One SQLite file, `wecom.sqlite`, that all workers of a data folder share. `synchronous=FULL`: what
was acknowledged outlives a power cut. A message is `waiting` (for an answer), `answering`, `ready`
(to be delivered), `sending` and `done`. Whoever works on one holds a `flock` on a file of their
own; the kernel frees it when they die, and the next sweep gives their messages back.
"""

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from api.sqlite import OpenFile, connect
from api.wecom.envelope import new_id
from api.wecom.message import Message
from api.wecom.tables import (
    CLAIM_ANSWER,
    CLAIM_QUESTION,
    COLUMNS,
    FILE,
    Channel,
    Kept,
    prepare,
)
from index.lock import FolderLock

KEEP_S = 3600.0
"""How long a delivered answer can still be shown again to a refresh."""
REMEMBER_S = 90 * 86_400.0
"""How long a message counts as one that was seen; only a hash of it is kept."""
HOUR_S = 3600.0
NEW_S = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with a new message: the state it begins in, with its answer where it has one.

    `refusal(before, own)` is what is said where too many wait already, of all and of this person
    in this chat; "" where they do not. `meanwhile(before)` stands in the answer's place until
    there is one.
    """

    state: str
    answer: str = ""
    refusal: Callable[[int, int], str] = lambda _before, _own: ""
    meanwhile: Callable[[int], str] = lambda _before: ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a message: new or not, and how many wait before it, how many of its sender.

    `kept` is None for one whose row was removed long ago.
    """

    new: bool
    kept: Kept | None
    before: int = 0
    own: int = 0


class Inbox:
    """The open file; every method may be called from any thread."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._file = OpenFile(connection, FILE)
        self._folder = folder
        self._owner = secrets.token_hex(8)
        self._alive = FolderLock(self._alive_file(self._owner))
        self._alive.try_acquire()
        self.arrived = threading.Condition()

    @staticmethod
    def open(folder: Path) -> "Inbox":
        """The inbox in `folder`; StateError where its file is not ours or damaged."""
        return Inbox(connect(folder / FILE, prepare), folder)

    def add(self, channel: Channel, message: Message, plan: Plan) -> Added:
        """Keep a message, unless it was seen before. On disk when this returns."""
        digest = _hash(channel, message.id)
        now = time.time()
        with self._file.writing() as connection:
            new = connection.execute(
                "INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, now)
            ).rowcount
            if not new:
                return Added(new=False, kept=self._row("hash = ?", digest))
            before, own = self._before(connection, channel, message)
            refusal = plan.refusal(before, own) if plan.state == "waiting" else ""
            meanwhile = plan.meanwhile(before) if plan.state == "waiting" else plan.answer
            state, answer = ("ready", refusal) if refusal else (plan.state, meanwhile)
            values = (
                digest, channel, message.user, message.chat, message.kind, message.text, now,
                state, answer, message.response_url, new_id(), message.request,
            )  # fmt: skip
            connection.execute(
                "INSERT INTO messages (hash, channel, user, chat, kind, text, received, state,"
                f" answer, response_url, stream, request) VALUES ({', '.join('?' * len(values))})",
                values,
            )
            kept = self._row("hash = ?", digest)
        self.wake()
        return Added(True, kept, before, own)

    def _before(
        self, connection: sqlite3.Connection, channel: Channel, message: Message
    ) -> tuple[int, int]:
        """How many questions wait, and how many of them are of this person in this chat."""
        waiting = "state IN ('waiting', 'answering')"
        mine = f"channel = ? AND chat = ? AND user = ? AND {waiting}"
        return (
            _count(connection, waiting),
            _count(connection, mine, channel, message.chat, message.user),
        )

    def knows(self, channel: Channel, identity: str) -> bool:
        """Whether a message was seen before."""
        with self._file.reading() as connection:
            found = "SELECT EXISTS (SELECT 1 FROM seen WHERE hash = ?)"
            return bool(connection.execute(found, (_hash(channel, identity),)).fetchone()[0])

    def length(self) -> int:
        """How many questions wait for their answer, or answers for their delivery."""
        with self._file.reading() as connection:
            return _count(connection, "state != 'done'")

    def claim_question(self) -> Kept | None:
        """A message to answer, ours until `answered`; None where none waits."""
        return self._claim(CLAIM_QUESTION)

    def claim_answer(self, *, ws: bool = False) -> Kept | None:
        """An answer to deliver, ours until `sent` or `later`; None where none is due."""
        return self._claim(CLAIM_ANSWER, now=time.time(), ws=ws)

    def answered(self, kept: Kept, answer: str, not_before: float) -> bool:
        """Whether the answer is kept: not where somebody else was given the message meanwhile."""
        return self._update(
            kept,
            "state = 'ready', owner = NULL, attempts = 0, answer = ?,"
            " not_before = MAX(CASE WHEN late THEN 0 ELSE ? END, 0)",
            answer,
            not_before,
        )

    def sent(self, kept: Kept, part: int, *, last: bool) -> None:
        """Note that a part went out; with the last one the message is done."""
        state, owner = ("done", "NULL") if last else ("sending", "owner")
        change = f"state = '{state}', owner = {owner}, attempts = 0, next_part = ?"
        self._update(kept, change, part + 1)

    def later(self, kept: Kept, seconds: float, *, tried: bool) -> None:
        """Put an answer back, to be delivered after so many seconds."""
        self._update(
            kept,
            "state = 'ready', owner = NULL, attempts = attempts + ?, not_before = ?",
            int(tried),
            time.time() + seconds,
        )

    def close_message(self, kept: Kept) -> None:
        """Note that nothing more happens to a message that is ours."""
        self._update(kept, "state = 'done', owner = NULL")

    def use_response_url(self, kept: Kept) -> bool:
        """Whether the message's address for a late answer is ours to use, once and for all."""
        return bool(kept.response_url) and self._update(
            kept, "response_url = ''", also="response_url != ''"
        )

    def note_said(self, receiver: str, text: str = "", message: int = 0, part: int = 0) -> None:
        """Note that a text went to somebody, a group or a robot; of the text a hash is kept."""
        with self._file.writing() as connection:
            values = (receiver, time.time(), _hash(receiver, text), message, part)
            connection.execute("INSERT INTO said VALUES (?, ?, ?, ?, ?)", values)

    def has_said(self, receiver: str, text: str, message: int, part: int, within_s: float) -> bool:
        """Whether the same text went there lately for another message, or as another part."""
        with self._file.reading() as connection:
            return bool(
                connection.execute(
                    "SELECT EXISTS (SELECT 1 FROM said WHERE receiver = ? AND at > ? AND text = ?"
                    " AND (message != ? OR part != ?))",
                    (receiver, time.time() - within_s, _hash(receiver, text), message, part),
                ).fetchone()[0]
            )

    def wait_seconds(self, receiver: str, per_minute: int, per_hour: int) -> float:
        """How long until one more message may go to somebody: 0 for now."""
        now = time.time()
        with self._file.reading() as connection:
            times = [
                at
                for (at,) in connection.execute(
                    "SELECT at FROM said WHERE receiver = ? AND at > ? ORDER BY at DESC LIMIT ?",
                    (receiver, now - HOUR_S, per_hour),
                )
            ]
        waits = [0.0]
        if len(times) >= per_minute:
            waits.append(times[per_minute - 1] + 60 - now)
        if len(times) >= per_hour:
            waits.append(times[per_hour - 1] + HOUR_S - now)
        return max(waits)

    def stream(self, stream: str) -> Kept | None:
        """The message of a stream; None where there is none."""
        with self._file.reading():
            return self._row("stream = ?", stream)

    def show(self, kept: Kept, *, whole: bool) -> bool:
        """Whether an answer may be shown in its stream: not where it goes out another way."""
        state = "CASE WHEN state = 'ready' THEN 'done' ELSE state END" if whole else "state"
        with self._file.writing() as connection:
            cursor = connection.execute(
                f"UPDATE messages SET shown = 1, state = {state}, next_part = MAX(next_part, 1),"
                " not_before = 0 WHERE key = ? AND (shown OR (state = 'ready' AND NOT late))",
                (kept.key,),
            )
        return cursor.rowcount > 0

    def set_late(self, kept: Kept) -> bool:
        """Whether the stream ends without its answer, which is then delivered otherwise."""
        with self._file.writing() as connection:
            cursor = connection.execute(
                "UPDATE messages SET late = 1, not_before = 0 WHERE key = ? AND NOT shown",
                (kept.key,),
            )
        self.wake()
        return cursor.rowcount > 0

    def conversation(self, kept: Kept, member: str, *, afresh: bool = False) -> str:
        """The id of the conversation of one person in one chat; a new one where asked for."""
        who = (kept.channel, kept.chat, member)
        with self._file.writing() as connection:
            if afresh:
                connection.execute(
                    "DELETE FROM conversations WHERE channel = ? AND chat = ? AND user = ?", who
                )
            connection.execute(
                "INSERT OR IGNORE INTO conversations VALUES (?, ?, ?, ?)", (*who, new_id())
            )
            (found,) = connection.execute(
                "SELECT conversation_id FROM conversations"
                " WHERE channel = ? AND chat = ? AND user = ?",
                who,
            ).fetchone()
        return str(found)

    def mark(self, name: str, value: str | None = None, *, keep: bool = False) -> str | None:
        """The value kept under a name, after setting it where one is given (`keep`: if unset)."""
        with self._file.writing() as connection:
            if value is not None:
                verb = "INSERT OR IGNORE" if keep else "INSERT OR REPLACE"
                connection.execute(f"{verb} INTO marks VALUES (?, ?)", (name, value))
            row = connection.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def sweep(self) -> int:
        """How many messages of dead workers were given back; what is old is forgotten."""
        now = time.time()
        owners = self._dead(now)
        with self._file.writing() as connection:
            back = 0
            for owner in owners:
                back += connection.execute(
                    "UPDATE messages SET owner = NULL, state = CASE state WHEN 'answering'"
                    " THEN 'waiting' ELSE 'ready' END WHERE owner = ?",
                    (owner,),
                ).rowcount
            connection.execute(
                "DELETE FROM messages WHERE received < ?"
                " AND (state = 'done' OR (state = 'ready' AND channel = 'bot'))",
                (now - KEEP_S,),
            )
            connection.execute("DELETE FROM seen WHERE at < ?", (now - REMEMBER_S,))
            connection.execute("DELETE FROM said WHERE at < ?", (now - HOUR_S,))
        for owner in owners:
            self._alive_file(owner).unlink(missing_ok=True)
        if back:
            self.wake()
        return back

    def wake(self) -> None:
        """Tell those who wait for work that there is some."""
        with self.arrived:
            self.arrived.notify_all()

    def close(self) -> None:
        """Close the file; what is ours is given back by the next worker's sweep."""
        self._file.close()
        self._alive.release()

    def _alive_file(self, owner: str) -> Path:
        return self._folder / f"wecom-{owner}.alive"

    def _dead(self, now: float) -> list[str]:
        """Workers that took messages or left a file, and of which nobody holds it."""
        with self._file.reading() as connection:
            rows = connection.execute("SELECT DISTINCT owner FROM messages WHERE owner NOT NULL")
            owners = {str(owner) for (owner,) in rows}
        for file in self._folder.glob("wecom-*.alive"):
            # subtle: one that is just being made is not locked yet
            with suppress(FileNotFoundError):
                if now - file.stat().st_mtime > NEW_S:
                    owners.add(file.stem.removeprefix("wecom-"))
        return [o for o in sorted(owners - {self._owner}) if self._is_dead(o)]

    def _is_dead(self, owner: str) -> bool:
        """Whether nobody holds the file of a worker."""
        lock = FolderLock(self._alive_file(owner))
        free = lock.try_acquire()
        lock.release()
        return free

    def _claim(self, statement: str, **values: object) -> Kept | None:
        with self._file.writing() as connection:
            row = connection.execute(statement, {"owner": self._owner, **values}).fetchone()
        return Kept(*row) if row else None

    def _update(self, kept: Kept, change: str, *values: object, also: str = "1") -> bool:
        """Whether the message was ours and is changed."""
        with self._file.writing() as connection:
            cursor = connection.execute(
                f"UPDATE messages SET {change} WHERE key = ? AND owner = ? AND {also}",
                (*values, kept.key, self._owner),
            )
        self.wake()
        return cursor.rowcount > 0

    def _row(self, condition: str, *values: object) -> Kept | None:
        row = self._connection.execute(
            f"SELECT {COLUMNS} FROM messages WHERE {condition}", values
        ).fetchone()
        return Kept(*row) if row else None


def _hash(channel: str, identity: str) -> bytes:
    return blake2b(f"{channel}\n{identity}".encode(), digest_size=16).digest()


def _count(connection: sqlite3.Connection, condition: str, *values: object) -> int:
    (count,) = connection.execute(
        f"SELECT COUNT(*) FROM messages WHERE {condition}", values
    ).fetchone()
    return int(count)
