"""Here is an SQLite file of ours; open it, and change it in transactions that happen whole or not.

StateError      the file cannot be used; the message is one line
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_S = 5.0
"""How long a write waits for another server's, as for the index (design.md)."""

Kind = tuple[int, int]
"""SQLite's `application_id`, which says whose file it is, and `user_version`, its format."""


class StateError(Exception):
    """A file of conversations or messages cannot be used; the message is one line."""


class OpenFile:
    """An open file that all threads share."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._lock = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread at a time; StateError for SQLite's errors."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as exc:
                raise StateError(f"{self._name}: {exc}; try again") from exc

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection within one transaction, which happens whole or not at all."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file, once nobody uses it."""
        with self._lock:
            self._connection.close()


def connect(path: Path, prepare: Callable[[sqlite3.Connection, Path], None]) -> sqlite3.Connection:
    """A connection to a file that `prepare` has made ready; StateError where it cannot be used."""
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        prepare(connection, path)
    except sqlite3.Error as exc:
        raise StateError(f"{path}: cannot be used ({exc}); move it away to go on") from exc
    return connection


def make_tables(connection: sqlite3.Connection, path: Path, schema: str, kind: Kind) -> None:
    """Make the tables in a new file; StateError for a file of another kind or version."""
    found = _kind(connection)
    if found == (0, 0):
        try:
            connection.executescript(schema)
        except sqlite3.OperationalError:
            # Another server has made them between the two lines above.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        found = _kind(connection)
    if found != kind:
        raise StateError(
            f"{path}: is of format {found[0]:#x}/{found[1]}, expected {kind[0]:#x}/{kind[1]}; "
            "nothing was changed"
        )


def _kind(connection: sqlite3.Connection) -> Kind:
    """Whose file it is, and its format."""
    # subtle: one transaction, or another server makes the tables between the two lines
    connection.execute("BEGIN")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute("COMMIT")
    return application, version
