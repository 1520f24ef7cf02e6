"""Here are the turns and votes that were kept; tell me what they say about the articles."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.state import State
from index.index import Snapshot
from index.programmes import COMMON
from rag.query import Query, understand

GROUPS = 200
"""Groups, votes and articles at most; more is not read by anybody."""
PEOPLE = "人名位"
PLACES = "个家座处所间"
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


def report(state: State, snapshot: Snapshot, since: str, ahead: timedelta) -> Report:
    """What was asked since `since` (ISO 8601, in UTC); days are those of a clock `ahead` of UTC."""
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
        days=_days(asked, ahead),
    )


def _grouped(rows: Iterable[tuple[str, str, str, str]], snapshot: Snapshot) -> tuple[Refused, ...]:
    """Refused questions, those that ask the same as one, the most frequent first."""
    groups: dict[object, list[tuple[str, str]]] = {}
    keys: dict[str, object] = {}
    for _, alone, asked_at, _ in rows:
        if alone not in keys:
            keys[alone] = _asks(alone, snapshot)
        groups.setdefault(keys[alone], []).append((alone, asked_at))
    found = []
    for group in groups.values():
        wordings = [wording for wording, _ in Counter(q for q, _ in group).most_common(OTHERS + 1)]
        found.append(
            Refused(wordings[0], len(group), max(at for _, at in group), tuple(wordings[1:]))
        )
    found.sort(key=lambda one: (one.times, one.last_asked_at), reverse=True)
    return tuple(found[:GROUPS])


def _asks(question: str, snapshot: Snapshot) -> object:
    """What a question asks, however it is worded: the same for 筹了多少钱 and 筹集了多少资金."""
    query = understand(question, question, snapshot.analyzer, snapshot.gazetteer)
    telling = {word.text for word in query.words if not COMMON.fullmatch(word.text)}
    named = {*query.programmes, *query.subjects, *telling}
    if not named:
        return frozenset(snapshot.analyzer.terms(query.text)) or query.text
    return (
        frozenset(places[0].name for places in query.places if places),
        frozenset(named),
        frozenset(query.acts),
        frozenset(query.years),
        (query.ask.kind, _counted(query), query.ask.ranks, query.plans),
    )


def _counted(query: Query) -> str:
    """What a question counts: measure words for the same are one (几个人, 多少名; 几家, 几个)."""
    unit = query.ask.unit
    if unit in PEOPLE or (unit == "个" and "个人" in query.text):
        return PEOPLE
    return PLACES if unit in PLACES else unit


def _days(rows: Iterable[tuple[str, str, str, str]], ahead: timedelta) -> tuple[Day, ...]:
    """Questions a day, for each day that has any."""
    questions: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for _, _, asked_at, status in rows:
        day = (datetime.fromisoformat(asked_at) + ahead).strftime("%Y-%m-%d")
        questions[day] += 1
        refused[day] += status == "not_found"
    return tuple(Day(day, questions[day], refused[day]) for day in sorted(questions))
