"""Here is who asks; give me their conversations, newest first, and let them name one."""

from dataclasses import dataclass

from api.state import State

LIST = (
    "SELECT facts.conversation_id, facts.title, created_at, max(turns.key), max(asked_at),"
    " count(*), min(turns.key) FROM conversation_facts AS facts"
    " JOIN conversations USING (conversation_id) JOIN turns USING (conversation_id)"
    " WHERE owner = ? AND facts.conversation_id = coalesce(?, facts.conversation_id)"
    " GROUP BY facts.conversation_id HAVING max(turns.key) < ?"
    " ORDER BY max(turns.key) DESC LIMIT ?"
)
LATEST = 2**62


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as a list shows it: its name, or its first question in place of one."""

    conversation_id: str
    title: str
    created_at: str
    updated_at: str
    turns: int


def list_conversations(
    state: State,
    owner: str,
    limit: int,
    cursor: int | None = None,
    conversation_id: str | None = None,
) -> tuple[list[Listed], int | None]:
    """Up to `limit` conversations of an owner, last used first, and where to go on.

    `conversation_id` limits the list to that one.
    """
    with state.reading() as connection:
        values = (owner, conversation_id, cursor or LATEST, limit + 1)
        rows = connection.execute(LIST, values).fetchall()
        first = "SELECT question FROM turns WHERE key = ?"
        questions = [connection.execute(first, row[-1:]).fetchone()[0] for row in rows]
    listed = [
        Listed(name, title or question, created_at, updated_at, turns)
        for (name, title, created_at, _, updated_at, turns, _), question in zip(
            rows[:limit], questions[:limit], strict=True
        )
    ]
    return listed, rows[limit - 1][3] if len(rows) > limit else None


def find_conversation(state: State, owner: str, conversation_id: str) -> Listed | None:
    """One conversation of an owner, as the list shows it."""
    listed, _ = list_conversations(state, owner, 1, conversation_id=conversation_id)
    return listed[0] if listed else None


def rename(state: State, conversation_id: str, title: str) -> None:
    """Give a conversation a name."""
    with state.writing() as connection:
        connection.execute(
            "UPDATE conversation_facts SET title = ? WHERE conversation_id = ?",
            (title, conversation_id),
        )


def owner_of(state: State, conversation_id: str) -> str | None:
    """Whose conversation it is, "" for nobody's; None where there is none."""
    with state.reading() as connection:
        found = connection.execute(
            "SELECT coalesce(owner, '') FROM conversations LEFT JOIN conversation_facts"
            " USING (conversation_id) WHERE conversation_id = ?",
            (conversation_id,),
        ).fetchone()
    return str(found[0]) if found else None


def conversation_of(state: State, answer_id: str) -> str | None:
    """The conversation an answer belongs to; None where there is no such answer."""
    with state.reading() as connection:
        found = connection.execute(
            "SELECT conversation_id FROM turns WHERE answer_id = ?", (answer_id,)
        ).fetchone()
    return str(found[0]) if found else None
