"""Here are the turns and votes that were kept; tell me what they say about the articles."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from api.state import State
from index.index import Snapshot

GROUPS = 200
"""Groups, votes and articles at most; more is not read by anybody."""
OTHERS = 5
"""Other wordings shown of a group."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Questions that ask the same and were not answered; `others` are other wordings."""

    question: str
    times: int
    last_asked_at: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VotedDown:
    """An answer that a user found wrong, and what they wrote."""

    question: str
    answer: str
    comment: str | None
    voted_at: str


@dataclass(frozen=True, slots=True)
class Used:
    """An article and how many answers cite it."""

    document_id: str
    title: str
    times: int


@dataclass(frozen=True, slots=True)
class Day:
    """How many questions came on a day, and how many of them were refused."""

    day: str
    questions: int
    refused: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked since a day; lists are most first, days ascending."""

    refused: tuple[Refused, ...]
    down: tuple[VotedDown, ...]
    documents: tuple[Used, ...]
    days: tuple[Day, ...]


def report(state: State, snapshot: Snapshot, since: str) -> Report:
    """What was asked since `since` (YYYY-MM-DD, in UTC)."""
    with state.reading() as connection:
        asked = connection.execute(
            "SELECT question, standalone_question, asked_at,"
            " coalesce(json_extract(answer, '$.status'), '') FROM turns WHERE asked_at >= ?"
            " ORDER BY key",
            (since,),
        ).fetchall()
        down = connection.execute(
            "SELECT question, answer_text, comment, voted_at FROM feedback"
            " JOIN turns USING (answer_id) WHERE vote = 'down' AND asked_at >= ?"
            " ORDER BY voted_at DESC LIMIT ?",
            (since, GROUPS),
        ).fetchall()
        cited = connection.execute(
            "SELECT document_id, count(*) FROM cited JOIN turns ON turns.key = cited.turn"
            " WHERE asked_at >= ? GROUP BY document_id ORDER BY count(*) DESC LIMIT ?",
            (since, GROUPS),
        ).fetchall()
    known = snapshot.get_documents([document_id for document_id, _ in cited])
    return Report(
        refused=_grouped((row for row in asked if row[3] == "not_found"), snapshot),
        down=tuple(VotedDown(*row) for row in down),
        documents=tuple(
            Used(name, known[name].title or known[name].source, times)
            for name, times in cited
            if name in known
        ),
        days=_days(asked),
    )


def _grouped(rows: Iterable[tuple[str, str, str, str]], snapshot: Snapshot) -> tuple[Refused, ...]:
    """Refused questions, those of the same terms as one, the most frequent first."""
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for _, alone, asked_at, _ in rows:
        folded = unicodedata.normalize("NFKC", alone).lower()
        terms = tuple(sorted(set(snapshot.analyzer.terms(folded)))) or (folded,)
        groups.setdefault(terms, []).append((alone, asked_at))
    found = []
    for group in groups.values():
        wordings = [wording for wording, _ in Counter(q for q, _ in group).most_common(OTHERS + 1)]
        found.append(
            Refused(wordings[0], len(group), max(at for _, at in group), tuple(wordings[1:]))
        )
    found.sort(key=lambda one: (one.times, one.last_asked_at), reverse=True)
    return tuple(found[:GROUPS])


def _days(rows: Iterable[tuple[str, str, str, str]]) -> tuple[Day, ...]:
    """Questions a day, for each day that has any."""
    questions: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for _, _, asked_at, status in rows:
        questions[asked_at[:10]] += 1
        refused[asked_at[:10]] += status == "not_found"
    return tuple(Day(day, questions[day], refused[day]) for day in sorted(questions))
