"""Here are the figures of documents; keep them in their table of the store, and find them there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from index.document import Document
from index.figures import Figure
from index.filters import Scope

STATEMENTS = (
    """CREATE TABLE figures (
    document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, value REAL NOT NULL,
    unit TEXT NOT NULL, precision TEXT NOT NULL, kind TEXT NOT NULL,
    sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,
    counted_start INTEGER, counted_end INTEGER, verb_start INTEGER, verb_end INTEGER,
    predicate TEXT NOT NULL, codes TEXT NOT NULL, region TEXT, stated INTEGER NOT NULL,
    programme_start INTEGER, programme_end INTEGER, programme TEXT,
    time_start INTEGER, time_end INTEGER, first_year INTEGER, last_year INTEGER,
    cumulative INTEGER NOT NULL, planned INTEGER NOT NULL,
    PRIMARY KEY (document, start)
) WITHOUT ROWID""",
    "CREATE INDEX figures_programme ON figures (programme) WHERE programme IS NOT NULL",
    """CREATE TRIGGER figures_go AFTER DELETE ON documents BEGIN
    DELETE FROM figures WHERE document = old.key;
END""",
    "CREATE INDEX documents_figures ON documents (figures)",
)
"""A document's figures go with it, whoever deletes it. `documents.figures` is the fingerprint of
the rules that found them, NULL before they were looked for."""

SCHEMA = ";\n".join(STATEMENTS) + ";\n"

UPGRADE = ("ALTER TABLE documents ADD COLUMN figures INTEGER", *STATEMENTS)
"""What makes the store of format 1 one of format 2, statement by statement."""

COLUMNS = 26
CITED = "d.document_id, d.title, d.source, d.date, d.text"
"""Of the documents, what `to_kept` takes."""
ANYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures: of a place (and those within it), of programmes whose name holds a text, of a
    class of verbs, of one document; None for any. Of `place`, only codes and names are looked at.
    """

    place: Scope = ANYWHERE
    programme: str | None = None
    predicate: str | None = None
    document_id: str | None = None

    def where(self) -> tuple[str, list[object]]:
        """An SQL condition on `figures AS f JOIN documents AS d`, and its values."""
        parts, values = ["1"], list[object]()
        if self.place.placed:
            names = ",".join("?" * len(self.place.names))
            among = " OR f.codes LIKE ?" * len(self.place.codes)
            parts.append(f"(f.region IN ({names}){among})")
            values += [*self.place.names, *(f"% {code}%" for code in self.place.codes)]
        if self.programme is not None:
            parts.append(
                "f.programme IN (SELECT DISTINCT programme FROM figures"
                " WHERE programme IS NOT NULL AND instr(programme, ?) > 0)"
            )
            values.append(self.programme)
        if self.predicate is not None:
            parts.append("f.predicate = ?")
            values.append(self.predicate)
        if self.document_id is not None:
            parts.append("d.document_id = ?")
            values.append(self.document_id)
        return " AND ".join(parts), values


def put_figures(connection: Connection, document: int, text: str, found: Iterable[Figure]) -> None:
    """Write the figures of a document with this key and text, inside a transaction."""
    connection.executemany(
        f"INSERT INTO figures VALUES ({', '.join('?' * COLUMNS)})",
        (_row(document, text, one) for one in found),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure with what a reader needs to cite it: its document, the text of its sentence, and
    the words that its spans stand for.
    """

    document_id: str
    title: str
    source: str
    date: str | None
    figure: Figure
    text: str
    sentence: str
    counted: str | None
    verb: str | None
    programme: str | None
    time: str | None


def to_kept(row: Sequence[Any]) -> Kept:
    """The Kept of a row: CITED, then all columns of `figures`."""
    document_id, title, source, date, text, *columns = row
    return _kept((document_id, title, source, date), text, to_figure(columns))


def kept(document: Document, one: Figure) -> Kept:
    """A figure of a document as it would be kept."""
    facts = (document.document_id, document.title, document.source, document.date)
    return _kept(facts, document.text, one)


def _kept(facts: tuple[str, str, str, str | None], text: str, one: Figure) -> Kept:
    """A figure with its words out of the text."""

    def said(span: tuple[int, int] | None) -> str | None:
        return None if span is None else text[span[0] : span[1]]

    return Kept(
        *facts,
        figure=one,
        text=text[one.start : one.end],
        sentence=text[one.sentence[0] : one.sentence[1]],
        counted=said(one.counted),
        verb=said(one.verb),
        programme=said(one.programme),
        time=said(one.time),
    )


def _row(document: int, text: str, one: Figure) -> tuple[object, ...]:
    """A figure's values, in the order of the columns."""
    none = (None, None)
    programme = one.programme and text[one.programme[0] : one.programme[1]]
    years = (one.years[0], one.years[-1]) if one.years else none
    return (
        *(document, one.start, one.end, one.value, one.unit, one.precision, one.kind),
        *one.sentence,
        *(one.counted or none),
        *(one.verb or none),
        *(one.predicate, "".join(f" {code}" for code in one.codes), one.region, one.stated),
        *(one.programme or none),
        programme,
        *(one.time or none),
        *years,
        *(one.cumulative, one.planned),
    )


def to_figure(row: Sequence[object]) -> Figure:
    """The figure of a row (all columns of `figures`): equal to the one stored."""
    (_, start, end, value, unit, precision, kind, *rest) = row
    (s0, s1, c0, c1, v0, v1, predicate, codes, region, stated, p0, p1, _, t0, t1, *last) = rest
    first, final, cumulative, planned = last
    years = () if first is None else (_whole(first),) if first == final else None
    return Figure(
        start=_whole(start),
        end=_whole(end),
        value=float(str(value)),
        unit=str(unit),
        precision=str(precision),
        kind=str(kind),
        sentence=(_whole(s0), _whole(s1)),
        counted=_span(c0, c1),
        verb=_span(v0, v1),
        predicate=str(predicate),
        codes=tuple(str(codes).split()),
        region=None if region is None else str(region),
        stated=bool(stated),
        programme=_span(p0, p1),
        time=_span(t0, t1),
        years=years if years is not None else (_whole(first), _whole(final)),
        cumulative=bool(cumulative),
        planned=bool(planned),
    )


def _whole(value: object) -> int:
    """An INTEGER column's value."""
    assert isinstance(value, int)
    return value


def _span(start: object, end: object) -> tuple[int, int] | None:
    """A span of two nullable INTEGER columns."""
    return None if start is None else (_whole(start), _whole(end))
