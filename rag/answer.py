"""Here are the nouns of an answer: what is said, the spans that carry it, and what was missing."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered span that carries a claim.

    `quote == document.text[start:end]`; [source_start, source_end) is where those characters stand
    in the untouched source text.
    """

    id: int
    document_id: str
    chunk_id: str
    title: str
    date: str | None
    date_inferred: bool
    region: str | None
    source: str
    quote: str
    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The figure, name or date alone, as printed in the citation with number `citation`.

    `value` and `unit` are set for quantities only (163万元 → 1630000.0, "元").
    """

    text: str
    citation: int
    region: str | None = None
    value: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Something near the question that does not answer it, labelled with the reason."""

    note: str
    citation: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """One place's cells, with the citations that carry them; a missing cell is "未报道"."""

    region: str
    cells: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Answers to one question for several places."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say, or what they do not.

    `status` is answered, partial or not_found. `degraded` names what was asked for and could not be
    done. `timings_ms` has one entry a step and "total".
    """

    status: str
    text: str
    short_answers: tuple[ShortAnswer, ...]
    citations: tuple[Citation, ...]
    related: tuple[Related, ...]
    table: Table | None
    question: str
    standalone_question: str
    mode: str = "extractive"
    degraded: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
