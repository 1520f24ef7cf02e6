"""Here is an answer object of the HTTP contract; give me the nouns that measures read.

The same record serves both systems: the local one makes the contract's object from `rag.answer`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.errors import SystemFailed


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: a quote, where it stands in the clean text and in the source, and its place."""

    id: int
    document_id: str
    source: str
    region: str | None
    date: str | None
    quote: str
    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Short:
    """A figure, name or date alone."""

    text: str
    citation: int
    region: str | None
    value: float | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a table."""

    region: str
    cells: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence that was weighed as an answer: its span ("" for the whole), and why not.

    `closed` names the gate that kept it out ("" where all were open); `covers` is the share of the
    question, by weight, that it and what stands over it hold.
    """

    source: str
    sentence: str
    span: str
    region: str | None
    closed: str
    covers: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system answered; `took_ms` is the time the caller waited.

    `weighed` has what the answer was chosen from, best first; over HTTP nobody tells.

    `notes` says of each of `related` why it is near and no more: what the gate found wrong.
    """

    status: str
    text: str
    short_answers: tuple[Short, ...]
    citations: tuple[Cited, ...]
    related: tuple[int, ...]
    rows: tuple[Row, ...]
    standalone: str
    degraded: tuple[str, ...]
    took_ms: float
    notes: tuple[str, ...] = ()
    weighed: tuple[Weighed, ...] = ()

    @property
    def claims(self) -> tuple[Cited, ...]:
        """The citations that carry the answer: all but those only offered as near."""
        return tuple(cited for cited in self.citations if cited.id not in self.related)


@dataclass(frozen=True, slots=True)
class Found:
    """One passage of a search, with each retriever's rank."""

    chunk_id: str
    document_id: str
    source: str
    text: str
    score: float
    ranks: Mapping[str, int]


def read_reply(answer: Mapping[str, Any], took_ms: float) -> Reply:
    """The Reply of a contract object; SystemFailed where a field is missing or wrong."""
    try:
        table = answer.get("table") or {"rows": ()}
        return Reply(
            status=answer["status"],
            text=answer["answer"],
            short_answers=tuple(_short(short) for short in answer["short_answers"]),
            citations=tuple(_cited(citation) for citation in answer["citations"]),
            related=tuple(int(related["citation"]) for related in answer["related"]),
            rows=tuple(
                Row(
                    row["region"],
                    tuple(str(cell) for cell in row["cells"]),
                    tuple(row["citations"]),
                )
                for row in table["rows"]
            ),
            standalone=answer["standalone_question"],
            degraded=tuple(answer["degraded"]),
            took_ms=took_ms,
            notes=tuple(str(related.get("note", "")) for related in answer["related"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise SystemFailed(f"the reply is not the contract's answer object ({exc!r})") from exc


def read_found(hit: Mapping[str, Any]) -> Found:
    """One hit of /v1/search; SystemFailed where a field is missing."""
    try:
        return Found(
            hit["chunk_id"],
            hit["document_id"],
            hit["source"],
            hit["text"],
            float(hit["score"]),
            {name: int(found["rank"]) for name, found in hit["retrievers"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise SystemFailed(f"the hit is not the contract's search hit ({exc!r})") from exc


def _cited(citation: Mapping[str, Any]) -> Cited:
    return Cited(
        int(citation["id"]),
        citation["document_id"],
        citation["source"],
        citation["region"],
        citation["date"],
        citation["quote"],
        int(citation["start"]),
        int(citation["end"]),
        int(citation["source_start"]),
        int(citation["source_end"]),
    )


def _short(short: Mapping[str, Any]) -> Short:
    return Short(
        short["text"],
        int(short["citation"]),
        short.get("region"),
        short.get("value"),
        short.get("unit"),
    )
