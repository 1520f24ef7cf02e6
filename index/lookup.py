"""Here is the store; give me what stands under these keys, ids or limits.

Everything is read as of the store's last commit. What was removed in the meantime is absent from
the result, never an error: that is how a search drops a hit whose document has just gone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.document import Chunk, Document
from index.figure_table import CITED, Kept, Wanted, to_kept
from index.filters import Scope
from index.record import COLUMNS, Value, to_document
from index.store import Changes, Placed, Store

_CURSOR = re.compile(r"\d{1,18}:\d{1,18}", re.ASCII)
_LAST = 10**18 - 1
"""No key is higher; SQLite holds whole numbers below 2 ** 63."""
BATCH = 500
"""Keys asked for in one statement; SQLite takes 32,766 parameters, the plan is the same."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A document in the index: with its number of chunks and when it came and changed (UTC)."""

    document: Document
    chunks: int
    added_at: str
    updated_at: str


def changes(store: Store, since: int) -> Changes:
    """What went and what came after generation `since`, up to the last commit."""
    with store.reading() as connection:
        # subtle: one transaction, so that both lists end at the same commit
        connection.execute("BEGIN")
        (generation,) = connection.execute("SELECT generation FROM state").fetchone()
        removed, added = (
            tuple(
                Placed(key, range(first, first + count))
                for key, first, count in connection.execute(statement, (since,))
            )
            for statement in (
                "SELECT document, first_chunk, chunks FROM removals WHERE generation > ?",
                "SELECT key, first_chunk, chunks FROM documents WHERE generation > ?",
            )
        )
        connection.execute("COMMIT")
    # subtle: sorted here, because ORDER BY would make SQLite walk all documents by their key
    return Changes(int(generation), removed, tuple(sorted(added, key=lambda one: one.document)))


def rows(
    store: Store, encoder: int, spans: Iterable[range], dimension: int
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Chunk keys (n,) ascending and their rows (n, dim); chunks without a row are left out."""
    keys: list[int] = []
    data: list[bytes] = []
    with store.reading() as connection:
        for span in _joined(spans):
            for key, row in connection.execute(
                "SELECT chunk, row FROM vectors WHERE encoder = ? AND chunk >= ? AND chunk < ?"
                " ORDER BY chunk",
                (encoder, span.start, span.stop),
            ):
                keys.append(key)
                data.append(row)
    found = np.frombuffer(b"".join(data), dtype=np.int8).reshape(-1, dimension)
    return np.array(keys, dtype=np.int64), found


def _joined(spans: Iterable[range]) -> Iterator[range]:
    """Ascending spans with neighbours made one, so that a bulk of documents is one statement."""
    last: range | None = None
    for span in spans:
        if last is not None and last.stop == span.start:
            last = range(last.start, span.stop)
        else:
            if last is not None:
                yield last
            last = span
    if last is not None:
        yield last


def chunked(store: Store, documents: Sequence[int]) -> list[tuple[int, Document, list[Chunk]]]:
    """(key, Document, its chunks in order) for each document key that is there, ascending."""
    found: list[tuple[int, Document, list[Chunk]]] = []
    with store.reading() as connection:
        for key, first, count, *row in _by(
            connection,
            f"SELECT key, first_chunk, chunks, {', '.join(COLUMNS)} FROM documents WHERE key IN",
            documents,
        ):
            document = to_document(row)
            spans = connection.execute(
                "SELECT chunk_id, start, end, heading FROM chunks WHERE key >= ? AND key < ?"
                " ORDER BY key",
                (first, first + count),
            )
            found.append((key, document, [_chunk(document, *span) for span in spans]))
    return sorted(found, key=lambda one: one[0])


def without_rows(store: Store, encoder: int, after: int, limit: int) -> list[int]:
    """Keys, above `after`, of the next `limit` documents that lack a row of this encoder."""
    with store.reading() as connection:
        found = connection.execute(
            "SELECT key FROM documents WHERE key > ? AND chunks > (SELECT count(*) FROM vectors"
            " WHERE encoder = ? AND chunk >= first_chunk AND chunk < first_chunk + chunks)"
            " ORDER BY key LIMIT ?",
            (after, encoder, limit),
        ).fetchall()
    return [key for (key,) in found]


def without_figures(store: Store, rules: int, limit: int) -> list[int]:
    """Keys of `limit` documents whose figures were not found by these rules."""
    with store.reading() as connection:
        found = connection.execute(
            "SELECT key FROM documents WHERE figures IS NULL OR figures < ? OR figures > ? LIMIT ?",
            (rules, rules, limit),
        ).fetchall()
    return [key for (key,) in found]


def chunk_ids(store: Store, keys: Sequence[int]) -> dict[int, str]:
    """The chunk_id of each chunk key that is there."""
    with store.reading() as connection:
        found = _by(connection, "SELECT key, chunk_id FROM chunks WHERE key IN", keys)
        return dict(found)


def get_chunks(store: Store, wanted: Sequence[str]) -> dict[str, Chunk]:
    """The chunk of each chunk_id that is there."""
    chunks: dict[str, Chunk] = {}
    texts: dict[int, tuple[str, str]] = {}
    with store.reading() as connection:
        connection.execute("BEGIN")
        found = _by(
            connection,
            "SELECT document, chunk_id, start, end, heading FROM chunks WHERE chunk_id IN",
            wanted,
        )
        owners = sorted({row[0] for row in found})
        for key, document_id, text in _by(
            connection, "SELECT key, document_id, text FROM documents WHERE key IN", owners
        ):
            texts[key] = (document_id, text)
        connection.execute("COMMIT")
    for key, chunk_id, start, end, heading in found:
        document_id, text = texts[key]
        chunks[chunk_id] = Chunk(chunk_id, document_id, start, end, text[start:end], heading)
    return chunks


def keys_of(store: Store, document_ids: Sequence[str]) -> dict[str, int]:
    """The key each document_id stands under now."""
    with store.reading() as connection:
        found = _by(
            connection,
            "SELECT document_id, key FROM documents WHERE document_id IN",
            document_ids,
        )
        return dict(found)


def get_documents(store: Store, keys: Sequence[int]) -> dict[int, Document]:
    """The document under each key that is there."""
    with store.reading() as connection:
        found = _by(
            connection, f"SELECT key, {', '.join(COLUMNS)} FROM documents WHERE key IN", keys
        )
    return {key: to_document(row) for key, *row in found}


def get_stored(store: Store, document_ids: Sequence[str]) -> dict[str, Stored]:
    """The document of each document_id that is there, with its times."""
    with store.reading() as connection:
        found = _by(
            connection,
            f"SELECT chunks, added_at, updated_at, {', '.join(COLUMNS)} FROM documents"
            " WHERE document_id IN",
            document_ids,
        )
    stored = [to_stored(*row) for row in found]
    return {one.document.document_id: one for one in stored}


def list_stored(
    store: Store, limit: int, cursor: str | None, scope: Scope
) -> tuple[list[Stored], str | None]:
    """Up to `limit` documents in scope, last written first, and where to go on (None: nowhere).

    ValueError where `cursor` is not one that this function gave.
    """
    if cursor is not None and not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 19):
        raise ValueError(f"cursor {cursor!r} is not one that the list of documents gave")
    condition, values = scope.where()
    with store.reading() as connection:
        found = connection.execute(
            f"SELECT key, chunks, added_at, updated_at, {', '.join(COLUMNS)} FROM documents"
            f" WHERE {condition} AND key < ? ORDER BY key DESC LIMIT ?",
            (*values, int(cursor) if cursor else 2**62, limit + 1),
        ).fetchall()
    following = str(found[limit - 1][0]) if len(found) > limit else None
    return [to_stored(*row[1:]) for row in found[:limit]], following


def coverage(store: Store, most: int) -> tuple[list[str], str | None]:
    """The places with the most documents, at most `most`, and the newest date stated."""
    with store.reading() as connection:
        regions = connection.execute(
            "SELECT region FROM documents WHERE region IS NOT NULL GROUP BY region"
            " ORDER BY count(*) DESC, min(region_code), region LIMIT ?",
            (most,),
        ).fetchall()
        (newest,) = connection.execute(
            "SELECT max(date) FROM documents WHERE NOT date_inferred"
        ).fetchone()
    return [region for (region,) in regions], newest


def find_figures(
    store: Store, wanted: Wanted, limit: int, cursor: str | None = None
) -> tuple[list[Kept], str | None]:
    """Up to `limit` figures, of the document last written first and in its order, and the cursor of
    the next page. ValueError where the cursor is not one given here.
    """
    condition, values = wanted.where()
    at = cursor or f"{_LAST}:0"
    if not _CURSOR.fullmatch(at):
        raise ValueError(f"cursor {at!r} is none that a list of figures gives")
    key, start = map(int, at.split(":"))
    after = (key, key, start)
    with store.reading() as connection:
        found = connection.execute(
            f"SELECT {CITED}, f.* FROM figures AS f"
            f" JOIN documents AS d ON d.key = f.document WHERE {condition}"
            " AND (f.document < ? OR (f.document = ? AND f.start >= ?))"
            " ORDER BY f.document DESC, f.start LIMIT ?",
            (*values, *after, limit + 1),
        ).fetchall()
    first = found[limit] if len(found) > limit else None
    following = f"{first[5]}:{first[6]}" if first else None
    return [to_kept(row) for row in found[:limit]], following


def figure_count(store: Store) -> int:
    """How many figures are stored."""
    with store.reading() as connection:
        (count,) = connection.execute("SELECT count(*) FROM figures").fetchone()
    return int(count)


def received(store: Store, fingerprints: Sequence[str]) -> set[str]:
    """Those of the fingerprints that a document in the store was made from."""
    with store.reading() as connection:
        found = _by(connection, "SELECT received FROM documents WHERE received IN", fingerprints)
    return {one for (one,) in found if one}


def allowed(store: Store, scope: Scope) -> NDArray[np.bool_]:
    """For each chunk key up to the highest in scope, whether it is in scope."""
    condition, values = scope.where()
    with store.reading() as connection:
        spans = np.array(
            connection.execute(
                f"SELECT first_chunk, first_chunk + chunks FROM documents WHERE {condition}",
                values,
            ).fetchall(),
            dtype=np.int64,
        ).reshape(-1, 2)
    # each span adds 1 where it starts and takes it back where it ends; the sum marks its inside
    steps = np.zeros(int(spans[:, 1].max(initial=0)) + 1, dtype=np.int32)
    np.add.at(steps, spans[:, 0], 1)
    np.subtract.at(steps, spans[:, 1], 1)
    return np.cumsum(steps) > 0


def to_stored(chunks: int, added_at: str, updated_at: str, *row: Value) -> Stored:
    """A Stored from its columns."""
    return Stored(to_document(row), chunks, added_at, updated_at)


def _chunk(document: Document, chunk_id: str, start: int, end: int, heading: str) -> Chunk:
    """A Chunk from its columns."""
    text = document.text[start:end]
    return Chunk(chunk_id, document.document_id, start, end, text, heading)


def _by(connection: Connection, statement: str, keys: Sequence[object]) -> list[Any]:
    """The rows of `statement`, which ends in IN, for `keys`, in batches."""
    found: list[Any] = []
    for at in range(0, len(keys), BATCH):
        batch = keys[at : at + BATCH]
        marks = ",".join("?" * len(batch))
        found += connection.execute(f"{statement} ({marks})", tuple(batch)).fetchall()
    return found
