"""Here is the store and some words; give me the documents that hold them all, or that have figures.

For a person who looks for an article by its name, not for an answer: what holds a word is found,
what is merely near it is not.
"""

import re
from collections.abc import Collection, Sequence

from index.filters import Scope
from index.lookup import Stored, to_stored
from index.record import COLUMNS
from index.store import Store

_CURSOR = re.compile(r"([01]):(\d{1,18})", re.ASCII)
_FIRST = (1, 2**62)
"""Above every document: those whose title has the words come first, each with its key."""
_NO_LETTER = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Letters and digits only, in lower case: titles have quotes and spaces that nobody types."""
    return _NO_LETTER.sub("", text.lower())


def find_holding(
    store: Store, words: Sequence[str], limit: int, cursor: str | None, scope: Scope
) -> tuple[list[Stored], str | None]:
    """Up to `limit` documents in scope whose title, source or text holds every word, as `folded`,
    and where to go on (None: nowhere).

    Those that have all of them in title or source come first, then by the last written. Every
    text in scope is looked through, 10 to 30 µs each. ValueError where `cursor` is none of these.
    """
    at = _FIRST
    if cursor is not None:
        found = _CURSOR.fullmatch(cursor)
        if not found:
            raise ValueError(f"cursor {cursor!r} is not one that this list gave")
        at = (int(found[1]), int(found[2]))
    # five times as fast as to fold each text
    wanted = [re.compile(r"[\W_]*".join(map(re.escape, folded(word)))) for word in words]

    def holds(text: str) -> bool:
        plain = text.lower()
        return all(word.search(plain) for word in wanted)

    condition, values = scope.where()
    with store.reading() as connection:
        connection.create_function("holds", 1, holds)
        rows = connection.execute(
            "WITH near AS (SELECT key, holds(title || ' ' || source) AS titled FROM documents"
            f" WHERE {condition}) SELECT near.titled, near.key, chunks, added_at, updated_at,"
            f" {', '.join(COLUMNS)} FROM near JOIN documents ON documents.key = near.key"
            " WHERE (near.titled, near.key) < (?, ?)"
            " AND (near.titled OR holds(title || ' ' || source || ' ' || text))"
            " ORDER BY near.titled DESC, near.key DESC LIMIT ?",
            (*values, *at, limit + 1),
        ).fetchall()
    following = ":".join(map(str, rows[limit - 1][:2])) if len(rows) > limit else None
    return [to_stored(*row[2:]) for row in rows[:limit]], following


def with_figures(store: Store, kinds: Collection[str], limit: int) -> list[str]:
    """Ids of up to `limit` documents of a known place in which something was done that a figure of
    one of the kinds counts, the last written first.
    """
    marks = ",".join("?" * len(kinds))
    with store.reading() as connection:
        found = connection.execute(
            "SELECT document_id FROM documents AS d WHERE region IS NOT NULL AND EXISTS (SELECT 1"
            " FROM figures AS f WHERE f.document = d.key AND f.predicate <> ''"
            f" AND f.kind IN ({marks})) ORDER BY key DESC LIMIT ?",
            (*sorted(kinds), limit),
        ).fetchall()
    return [document_id for (document_id,) in found]
