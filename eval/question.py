"""Here are the nouns of a data set: a question, what is expected of its answer, and where it is."""

from dataclasses import dataclass

KINDS = (
    "figure",
    "fact",
    "list",
    "comparison",
    "followup",
    "crosslingual",
    "wrong_place",
    "unanswerable",
)
STATUSES = ("answered", "partial", "not_found")


@dataclass(frozen=True, slots=True)
class Gold:
    """A span of a decoded source file that carries part of the answer.

    Exactly one of `source` (a file's name) and `document_id` is set; `source_start` and
    `source_end` are None where only the article is known. Spans with the same `claim` are
    alternatives: one of them is enough. Claim 0 may be cited and need not be.
    """

    source: str | None
    document_id: str | None
    source_start: int | None
    source_end: int | None
    claim: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """What a comparison must say for one place."""

    region: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what a right answer holds.

    `answers` are printed forms: any of them where `match` is "any", every one where it is "all".
    `accept_answers` and `accept_status` are second forms that count too; `items` are the words a
    list must hold where its printed items may be shortened. `forbidden` are figures of other
    places, years or programmes. `needs` is the corpus: "seeds" or "news". `value` is in `unit`.
    """

    id: str
    kind: str
    split: str
    text: str
    history: tuple[str, ...] = ()
    language: str = "zh"
    status: str = "answered"
    accept_status: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    accept_answers: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    match: str = "any"
    value: float | None = None
    unit: str | None = None
    region: str | None = None
    cells: tuple[Cell, ...] = ()
    gold: tuple[Gold, ...] = ()
    forbidden: tuple[str, ...] = ()
    needs: str = "seeds"
    checked: str = ""
    note: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the articles hold at least a part of the answer."""
        return self.status != "not_found"

    @property
    def followup_without_history(self) -> bool:
        """Whether a follow-up has nothing to follow."""
        return self.kind == "followup" and not self.history
