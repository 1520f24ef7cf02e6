"""Here is a name and a role; give me a key to the service, and later tell me whose key it is.

A key is shown once and kept as its SHA-256: it has 192 random bits, so nobody finds it by trying,
and a slow hash would only slow the service. A session is what a browser holds in place of the key.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal

from api.state import State

Role = Literal["reader", "editor"]
ROLES: tuple[Role, ...] = ("reader", "editor")
SESSION = timedelta(days=30)
_KEPT = "key_id, name, role, made_at, revoked_at"


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret: what it is called, what it may do, and whether it still holds."""

    key_id: str
    name: str
    role: Role
    made_at: str
    revoked_at: str | None


def make_key(state: State, name: str, role: Role, now: str) -> tuple[Key, str]:
    """A new key, and its secret, which cannot be had again."""
    key = Key(secrets.token_hex(4), name, role, now, None)
    secret = f"uq-{key.key_id}-{secrets.token_urlsafe(24)}"
    with state.writing() as connection:
        connection.execute(
            "INSERT INTO keys (key_id, name, role, digest, made_at) VALUES (?, ?, ?, ?, ?)",
            (key.key_id, name, role, _digest(secret), now),
        )
    return key, secret


def list_keys(state: State) -> list[Key]:
    """All keys ever made, oldest first."""
    with state.reading() as connection:
        rows = connection.execute(f"SELECT {_KEPT} FROM keys ORDER BY made_at, rowid").fetchall()
    return [Key(*row) for row in rows]


def revoke_key(state: State, key_id: str, now: str) -> bool:
    """Whether there was such a key in force; it and its sessions open nothing any more."""
    with state.writing() as connection:
        cursor = connection.execute(
            "UPDATE keys SET revoked_at = ? WHERE key_id = ? AND revoked_at IS NULL", (now, key_id)
        )
        connection.execute("DELETE FROM sessions WHERE key_id = ?", (key_id,))
    return cursor.rowcount > 0


def are_needed(state: State) -> bool:
    """Whether a key was ever made; revoking the last one does not open the service again."""
    with state.reading() as connection:
        return connection.execute("SELECT 1 FROM keys LIMIT 1").fetchone() is not None


def find_key(state: State, secret: str) -> Key | None:
    """The key in force with this secret."""
    with state.reading() as connection:
        row = connection.execute(
            f"SELECT {_KEPT} FROM keys WHERE digest = ? AND revoked_at IS NULL", (_digest(secret),)
        ).fetchone()
    return Key(*row) if row else None


def begin_session(state: State, key: Key) -> str:
    """The token of a new session of this key's."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    with state.writing() as connection:
        connection.execute("DELETE FROM sessions WHERE expires_at < ?", (now.isoformat(),))
        connection.execute(
            "INSERT INTO sessions VALUES (?, ?, ?)",
            (_digest(token), key.key_id, (now + SESSION).isoformat()),
        )
    return token


def find_session(state: State, token: str) -> Key | None:
    """The key in force behind a session that has not ended."""
    with state.reading() as connection:
        row = connection.execute(
            f"SELECT {_KEPT} FROM keys JOIN sessions USING (key_id)"
            " WHERE sessions.digest = ? AND expires_at > ? AND revoked_at IS NULL",
            (_digest(token), datetime.now(UTC).isoformat()),
        ).fetchone()
    return Key(*row) if row else None


def end_session(state: State, token: str) -> None:
    """Forget a session."""
    with state.writing() as connection:
        connection.execute("DELETE FROM sessions WHERE digest = ?", (_digest(token),))


def _digest(secret: str) -> str:
    """What is kept of a secret; looking it up reveals nothing by its time: it is a hash."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
