"""Here are turns and votes; keep them, and give me a conversation again.

One SQLite file, `state.sqlite`, beside the index: what users did, which no article can restore.
Several servers may share it. `synchronous=NORMAL` in WAL mode: a killed process loses nothing, a
power cut at most the last turns.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.sqlite import OpenFile, connect, make_tables

FILE = "state.sqlite"
APPLICATION_ID = 0x55514153
"""Says whose file this is ("UQAS", in the place SQLite has for it)."""
FORMAT = 1

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE conversations (conversation_id TEXT PRIMARY KEY, created_at TEXT NOT NULL);
CREATE TABLE turns (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    answer_id TEXT NOT NULL UNIQUE, question TEXT NOT NULL, standalone_question TEXT NOT NULL,
    answer_text TEXT NOT NULL, answer TEXT, asked_at TEXT NOT NULL
);
CREATE INDEX turns_of_conversation ON turns (conversation_id, key);
CREATE TABLE cited (
    document_id TEXT NOT NULL, turn INTEGER NOT NULL REFERENCES turns ON DELETE CASCADE,
    PRIMARY KEY (document_id, turn)
) WITHOUT ROWID;
CREATE INDEX cited_of_turn ON cited (turn);
CREATE TABLE feedback (
    answer_id TEXT PRIMARY KEY REFERENCES turns (answer_id) ON DELETE CASCADE,
    vote TEXT NOT NULL, comment TEXT, voted_at TEXT NOT NULL
);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
COMMIT;
"""
ADDED = (
    "CREATE TABLE IF NOT EXISTS conversation_facts (conversation_id TEXT PRIMARY KEY"
    " REFERENCES conversations ON DELETE CASCADE, owner TEXT NOT NULL, title TEXT)",
    "CREATE INDEX IF NOT EXISTS conversations_of_owner ON conversation_facts (owner)",
    "CREATE TABLE IF NOT EXISTS keys (key_id TEXT PRIMARY KEY, name TEXT NOT NULL,"
    " role TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, made_at TEXT NOT NULL, revoked_at TEXT)",
    "CREATE TABLE IF NOT EXISTS sessions (digest TEXT PRIMARY KEY,"
    " key_id TEXT NOT NULL REFERENCES keys ON DELETE CASCADE, expires_at TEXT NOT NULL)",
)
"""Tables that joined later; a server that does not know them can go on with the file."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What a user thought of an answer: "up" or "down"."""

    vote: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One question and its answer; `answer` is the response's JSON.

    `answer` is None and `answer_text` empty once a document that it cites was deleted.
    """

    answer_id: str
    question: str
    standalone_question: str
    answer_text: str
    answer: str | None
    asked_at: str
    vote: Vote | None = None


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation with its turns, oldest first."""

    conversation_id: str
    created_at: str
    turns: tuple[StoredTurn, ...]


class State:
    """The open file; every method may be called from any thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._file = OpenFile(connection, FILE)
        self.reading = self._file.reading
        self.writing = self._file.writing

    @staticmethod
    def open(folder: Path) -> "State":
        """The state kept in `folder`; StateError where its file is not ours or damaged."""
        return State(connect(folder / FILE, _prepare))

    def add_turn(
        self,
        conversation_id: str,
        turn: StoredTurn,
        cited: Sequence[str] = (),
        owner: str | None = None,
    ) -> None:
        """Keep a turn; its conversation begins with its first. `cited`: ids of documents.

        `owner` may list the conversation (see `api.history`); the owner of its first turn stays.
        """
        with self.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO conversations VALUES (?, ?)",
                (conversation_id, turn.asked_at),
            )
            if owner is not None:
                connection.execute(
                    "INSERT OR IGNORE INTO conversation_facts VALUES (?, ?, NULL)",
                    (conversation_id, owner),
                )
            cursor = connection.execute(
                "INSERT INTO turns (conversation_id, answer_id, question, standalone_question,"
                " answer_text, answer, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    conversation_id,
                    turn.answer_id,
                    turn.question,
                    turn.standalone_question,
                    turn.answer_text,
                    turn.answer,
                    turn.asked_at,
                ),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO cited VALUES (?, ?)",
                [(document_id, cursor.lastrowid) for document_id in cited],
            )

    def conversation(self, conversation_id: str) -> StoredConversation | None:
        """A conversation; None where there is none of that id."""
        with self.reading() as connection:
            found = connection.execute(
                "SELECT created_at FROM conversations WHERE conversation_id = ?",
                (conversation_id,),
            ).fetchone()
            if found is None:
                return None
            rows = connection.execute(
                "SELECT answer_id, question, standalone_question, answer_text, answer, asked_at,"
                " vote, comment FROM turns LEFT JOIN feedback USING (answer_id)"
                " WHERE conversation_id = ? ORDER BY key",
                (conversation_id,),
            ).fetchall()
        turns = tuple(_turn(row) for row in rows)
        return StoredConversation(conversation_id, found[0], turns)

    def delete_conversation(self, conversation_id: str) -> bool:
        """Whether there was such a conversation; its turns and votes are gone."""
        with self.writing() as connection:
            cursor = connection.execute(
                "DELETE FROM conversations WHERE conversation_id = ?", (conversation_id,)
            )
        return cursor.rowcount > 0

    def vote(self, answer_id: str, vote: Vote, voted_at: str) -> bool:
        """Whether there is such an answer; its vote is now this one."""
        with self.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO feedback SELECT answer_id, ?, ?, ? FROM turns WHERE answer_id = ?"
                " ON CONFLICT (answer_id) DO UPDATE SET vote = excluded.vote,"
                " comment = excluded.comment, voted_at = excluded.voted_at",
                (vote.vote, vote.comment, voted_at, answer_id),
            )
        return cursor.rowcount > 0

    def withdraw_vote(self, answer_id: str) -> bool:
        """Whether there was a vote on an answer; it is gone."""
        with self.writing() as connection:
            cursor = connection.execute("DELETE FROM feedback WHERE answer_id = ?", (answer_id,))
        return cursor.rowcount > 0

    def forget_document(self, document_id: str) -> None:
        """Remove every answer that cites a document; the questions stay."""
        with self.writing() as connection:
            connection.execute(
                "UPDATE turns SET answer = NULL, answer_text = '' WHERE key IN"
                " (SELECT turn FROM cited WHERE document_id = ?)",
                (document_id,),
            )
            connection.execute("DELETE FROM cited WHERE document_id = ?", (document_id,))
        with self.reading() as connection:
            # The old text is still in the write-ahead log; move it on while nobody reads.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _turn(row: Sequence[Any]) -> StoredTurn:
    """A turn from the columns that `conversation` selects."""
    answer_id, question, standalone, text, answer, asked_at, vote, comment = row
    kept = Vote(vote, comment) if vote else None
    return StoredTurn(answer_id, question, standalone, text, answer, asked_at, kept)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the file ready; StateError for one of another kind or version."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    make_tables(connection, path, SCHEMA, (APPLICATION_ID, FORMAT))
    for statement in ADDED:
        connection.execute(statement)
