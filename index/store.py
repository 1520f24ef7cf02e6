"""Here are documents; keep them, whole or not at all, and say what changed since when.

The truth of a data folder is one SQLite file. A commit in it decides whether a document exists;
BM25 and vectors are derived from it and catch up through `changes`. Rows are never rewritten: a
replaced document gets new keys, so a key means the same text for ever, in every process.

    state       one row: the store's id, the last commit's number (generation), counts
    documents   one row a document; its chunks have the keys first_chunk … first_chunk + chunks - 1
    chunks      a span of a document's text, which is stored once, in `documents`
    encoders, vectors   int8 rows, one for each encoder and chunk
    removals    which keys went with which commit
    figures     the figures of a document's text, by its key and where they stand
"""

import sqlite3
import struct
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry, Figures
from index.errors import DamagedStore, ForeignFormat, StoreError
from index.figure_table import UPGRADE, put_figures
from index.manifest import sync_folder
from index.record import COLUMNS, to_row
from index.schema import APPLICATION_ID, FORMAT, SCHEMA, WITHOUT_FIGURES

FILE = "unionqa.sqlite"
INSERT = (
    "INSERT INTO documents (generation, first_chunk, chunks, added_at, updated_at, revision,"
    f" received, figures, {', '.join(COLUMNS)}) VALUES ({', '.join('?' * (8 + len(COLUMNS)))})"
)


@dataclass(frozen=True, slots=True)
class State:
    """The store after its last commit."""

    store: str
    generation: int
    documents: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A document's keys: its own, and those of its chunks."""

    document: int
    chunks: range


Moved = tuple[Placed | None, Placed | None]
"""The keys that went and those that came."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What went and what came between two generations."""

    generation: int
    removed: tuple[Placed, ...]
    added: tuple[Placed, ...]


class Store:
    """The SQLite file of one data folder: any number of readers, one writer (see `lock`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._writer: sqlite3.Connection | None = None
        self._closing = threading.Lock()

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether `folder` holds a store of our format, or of one that `upgrade` knows.

        ForeignFormat where it holds another's. Reads only the file's header: opening a foreign
        file through SQLite would already write beside it.
        """
        try:
            with (folder / FILE).open("rb") as file:
                header = file.read(100)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreError(f"cannot read {folder / FILE}: {error.strerror}") from error
        if not header:
            return False
        if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
            raise DamagedStore(f"{folder / FILE} is not an SQLite file; restore it from a backup")
        version, application = struct.unpack(">I4xI", header[60:72])
        if application != APPLICATION_ID or version not in {FORMAT, WITHOUT_FIGURES}:
            raise ForeignFormat(
                f"{folder / FILE} has format {application:08x}.{version}, this program reads"
                f" {APPLICATION_ID:08x}.{FORMAT}; use the program that made it, or another folder"
            )
        return True

    @staticmethod
    def create(folder: Path) -> None:
        """Make an empty store; needs the folder's lock. A crash leaves it whole or absent."""
        beside = folder / (FILE + ".new")
        beside.unlink(missing_ok=True)
        connection = sqlite3.connect(beside, isolation_level=None)
        with translated(beside):
            # subtle: not WAL yet, so that the format's number is in the file, where `exists` looks
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript("BEGIN IMMEDIATE;" + SCHEMA)
            connection.execute("INSERT INTO state VALUES (?, 0, 0, 0)", (uuid.uuid4().hex,))
            connection.execute("COMMIT")
        connection.close()
        beside.replace(folder / FILE)
        sync_folder(folder)

    def has_figures(self) -> bool:
        """Whether the store has a place for figures; one of format 1 has none."""
        with self.reading() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        return int(version) == FORMAT

    def upgrade(self) -> None:
        """Give a store of format 1 its place for figures; needs the folder's lock.

        The figures themselves are found when the indexes catch up. Nothing where it has one.
        """
        if self.has_figures():
            return
        with self._transaction() as connection:
            for statement in UPGRADE:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {FORMAT}")

    def _connect(self) -> sqlite3.Connection:
        """A new connection, usable by any thread, one at a time."""
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=5.0
        )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA mmap_size = 268435456")
        connection.execute("PRAGMA cache_size = -2000")
        return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with, taken from those idle."""
        with translated(self.path):
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._connect()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: committed and on disk afterwards, or as if it had never been."""
        with translated(self.path):
            if self._writer is None:
                self._writer = self._connect()
                self._writer.execute("PRAGMA journal_mode = WAL")
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._closing:
            idle, self._idle = self._idle, []
            for connection in idle + ([self._writer] if self._writer else []):
                connection.close()
            self._writer = None

    def state(self) -> State:
        """The store as of its last commit."""
        with self.reading() as connection:
            return State(*connection.execute("SELECT * FROM state").fetchone())

    def check(self) -> None:
        """Return if SQLite finds its file whole (reads all of it); DamagedStore otherwise."""
        with self.reading() as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise DamagedStore(f"{self.path}: {verdict}; restore it from a backup")

    def write(self, entries: Sequence[Entry], encoder: int, now: str) -> list[Moved]:
        """Commit `entries`, replacing what has their document_id.

        For each entry the keys that went and those that came; (None, None) where its revision was
        there already. `now` is ISO 8601 UTC.
        """
        with self._transaction() as connection:
            generation = self._next(connection)
            moves = [self._put(connection, entry, encoder, (generation, now)) for entry in entries]
            self._count(connection, moves, generation)
        return moves

    def remove(self, document_id: str) -> Placed | None:
        """Commit the removal of a document: the keys that went, None where there is none."""
        with self._transaction() as connection:
            generation = self._next(connection)
            gone = self._take(connection, document_id, generation)
            self._count(connection, [(gone, None)], generation)
        return gone

    def add_rows(self, encoder: int, documents: Sequence[int], rows: NDArray[np.int8]) -> None:
        """Commit rows (n, dim) for all chunks of these document keys; the generation stays.

        The documents' chunks follow one another in `rows` by ascending key.
        """
        with self._transaction() as connection:
            marks = ",".join("?" * len(documents))
            spans = connection.execute(
                f"SELECT first_chunk, chunks FROM documents WHERE key IN ({marks}) ORDER BY key",
                tuple(documents),
            ).fetchall()
            keys = [key for first, count in spans for key in range(first, first + count)]
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                ((encoder, key, row.tobytes()) for key, row in zip(keys, rows, strict=True)),
            )

    def encoder(self, fingerprint: str, dimension: int) -> int | None:
        """The key rows of this encoder are stored under; None before `add_encoder`."""
        with self.reading() as connection:
            found = connection.execute(
                "SELECT key FROM encoders WHERE fingerprint = ? AND dimension = ?",
                (fingerprint, dimension),
            ).fetchone()
        return int(found[0]) if found else None

    def add_encoder(self, fingerprint: str, dimension: int) -> int:
        """The key to store rows of this encoder under."""
        with self._transaction() as connection:
            key = connection.execute(
                "INSERT INTO encoders (fingerprint, dimension) VALUES (?, ?)",
                (fingerprint, dimension),
            ).lastrowid
        assert key is not None
        return key

    @staticmethod
    def _next(connection: sqlite3.Connection) -> int:
        """The number of the commit being made."""
        (generation,) = connection.execute("SELECT generation + 1 FROM state").fetchone()
        return int(generation)

    @staticmethod
    def _count(
        connection: sqlite3.Connection,
        moves: Sequence[Moved],
        generation: int,
    ) -> None:
        """Bring `state` up to date; the generation stays where nothing moved."""
        gone = [old for old, _ in moves if old]
        come = [new for _, new in moves if new]
        if gone or come:
            connection.execute(
                "UPDATE state SET generation = ?, documents = documents + ?, chunks = chunks + ?",
                (
                    generation,
                    len(come) - len(gone),
                    sum(len(one.chunks) for one in come) - sum(len(one.chunks) for one in gone),
                ),
            )

    def _put(
        self, connection: sqlite3.Connection, entry: Entry, encoder: int, commit: tuple[int, str]
    ) -> Moved:
        """Write one entry inside a transaction: the keys that went and those that came."""
        generation, now = commit
        document = entry.document
        found = connection.execute(
            "SELECT revision, added_at, received FROM documents WHERE document_id = ?",
            (document.document_id,),
        ).fetchone()
        if found and found[0] == entry.revision:
            if entry.received and entry.received != found[2]:
                connection.execute(
                    "UPDATE documents SET received = ? WHERE document_id = ?",
                    (entry.received, document.document_id),
                )
            return None, None
        gone = self._take(connection, document.document_id, generation) if found else None
        (first,) = connection.execute(
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'chunks'), 0) + 1"
        ).fetchone()
        added_at = found[1] if found else now
        head = (generation, first, len(entry.chunks), added_at, now, entry.revision, entry.received)
        rules = entry.figures.rules
        key = connection.execute(INSERT, (*head, rules, *to_row(document))).lastrowid
        assert key is not None
        placed = Placed(key, range(first, first + len(entry.chunks)))
        connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)",
            (
                (at, one.chunk_id, key, one.start, one.end, one.heading)
                for at, one in zip(placed.chunks, entry.chunks, strict=True)
            ),
        )
        connection.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?)",
            (
                (encoder, at, row.tobytes())
                for at, row in zip(placed.chunks, entry.rows, strict=True)
            ),
        )
        put_figures(connection, key, document.text, entry.figures.found)
        return gone, placed

    def put_figures(self, found: Sequence[tuple[int, str, Figures]]) -> None:
        """Commit the figures of documents (key, text, figures) in place of those they have."""
        with self._transaction() as connection:
            for key, text, figures in found:
                connection.execute("DELETE FROM figures WHERE document = ?", (key,))
                put_figures(connection, key, text, figures.found)
                connection.execute(
                    "UPDATE documents SET figures = ? WHERE key = ?", (figures.rules, key)
                )

    @staticmethod
    def _take(connection: sqlite3.Connection, document_id: str, generation: int) -> Placed | None:
        """Remove one document inside a transaction: the keys that went."""
        found = connection.execute(
            "DELETE FROM documents WHERE document_id = ? RETURNING key, first_chunk, chunks",
            (document_id,),
        ).fetchone()
        if found is None:
            return None
        key, first, count = found
        bounds = (first, first + count)
        connection.execute("DELETE FROM chunks WHERE key >= ? AND key < ?", bounds)
        for (encoder,) in connection.execute("SELECT key FROM encoders").fetchall():
            connection.execute(
                "DELETE FROM vectors WHERE encoder = ? AND chunk >= ? AND chunk < ?",
                (encoder, *bounds),
            )
        connection.execute(
            "INSERT INTO removals VALUES (?, ?, ?, ?)", (generation, key, first, count)
        )
        return Placed(key, range(*bounds))


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise DamagedStore(f"{path}: {error}; restore it from a backup") from error
