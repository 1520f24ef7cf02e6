"""Here is a new file; make the inbox's tables in it, and know what a row of them is."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from api.sqlite import make_tables

FILE = "wecom.sqlite"
APPLICATION_ID = 0x55514157
FORMAT = 1
BUSY_MS = 2000
"""How long a write waits for another worker's: WeCom hangs up after five seconds."""
COLUMNS = (
    "key, channel, user, chat, kind, text, received, state, attempts, response_url, stream,"
    " request, answer, shown, late, next_part"
)
SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE messages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, channel TEXT NOT NULL,
    user TEXT NOT NULL, chat TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    received REAL NOT NULL, state TEXT NOT NULL, owner TEXT, not_before REAL NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0, response_url TEXT NOT NULL, stream TEXT NOT NULL UNIQUE,
    request TEXT NOT NULL, answer TEXT NOT NULL DEFAULT '',
    shown INTEGER NOT NULL DEFAULT 0, late INTEGER NOT NULL DEFAULT 0,
    next_part INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX work ON messages (state, key);
CREATE INDEX line ON messages (channel, chat, user, state, key);
CREATE TABLE seen (hash BLOB PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);
CREATE TABLE conversations (
    channel TEXT NOT NULL, chat TEXT NOT NULL, user TEXT NOT NULL, conversation_id TEXT NOT NULL,
    PRIMARY KEY (channel, chat, user)
) WITHOUT ROWID;
CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
COMMIT;
"""
LATER = """
CREATE TABLE IF NOT EXISTS said (
    receiver TEXT NOT NULL, at REAL NOT NULL, text BLOB NOT NULL,
    message INTEGER NOT NULL, part INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS said_to ON said (receiver, at);
"""
"""What went to whom; files of earlier versions get it when they are opened."""
# One at a time for each person in each chat, in the order they asked: a follow-up leans on what
# was said before it, and the parts of two answers must not mix.
CLAIM_QUESTION = f"""
UPDATE messages SET state = 'answering', owner = :owner, attempts = attempts + 1 WHERE key = (
    SELECT key FROM messages m WHERE state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM messages e WHERE e.channel = m.channel AND e.chat = m.chat
        AND e.user = m.user AND e.state IN ('waiting', 'answering') AND e.key < m.key)
    ORDER BY key LIMIT 1)
RETURNING {COLUMNS}
"""
CLAIM_ANSWER = f"""
UPDATE messages SET state = 'sending', owner = :owner WHERE key = (
    SELECT key FROM messages m WHERE state = 'ready' AND not_before <= :now
    AND (channel = 'ws') = :ws AND (channel != 'app' OR NOT EXISTS (
        SELECT 1 FROM messages e WHERE e.channel = 'app' AND e.chat = m.chat
        AND e.user = m.user AND e.state IN ('ready', 'sending') AND e.key < m.key))
    ORDER BY key LIMIT 1)
RETURNING {COLUMNS}
"""
Channel = Literal["app", "bot", "ws"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the inbox, in the order of `COLUMNS`; times are seconds since 1970."""

    key: int
    channel: Channel
    user: str
    chat: str
    kind: str
    text: str
    received: float
    state: str
    attempts: int
    response_url: str
    stream: str
    request: str
    answer: str
    shown: int
    late: int
    next_part: int


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file; StateError for a file of another kind or version."""
    path.chmod(0o600)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    make_tables(connection, path, SCHEMA, (APPLICATION_ID, FORMAT))
    connection.executescript(LATER)
