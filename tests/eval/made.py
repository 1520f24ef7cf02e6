"""Here are hand-made questions, replies and a scripted system; use them to test measures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eval.answers import Texts
from eval.errors import SystemFailed
from eval.question import Gold, Question
from eval.reply import Cited, Found, Reply, Short
from eval.results import Provenance, Result, ResultRow

TEXT = "甲市总工会综述。甲市各级工会筹措助学资金163万元,救助高考生902人。乙市发放61.19万元。"
QUOTE = "甲市各级工会筹措助学资金163万元,救助高考生902人。"
START = TEXT.index(QUOTE)
QUESTION = Question(
    id="q1",
    kind="figure",
    split="tune",
    text="甲市金秋助学筹了多少钱",
    answers=("163万元",),
    value=1_630_000.0,
    unit="元",
    region="甲市",
    gold=(Gold("a.txt", None, START, START + len(QUOTE)),),
    forbidden=("61.19万",),
)
CITED = Cited(
    1, "d1", "a.txt", "甲市", "2020", QUOTE, START, START + len(QUOTE), START, START + len(QUOTE)
)
REPLY = Reply(
    status="answered",
    text="甲市各级工会筹措助学资金163万元。[1]",
    short_answers=(Short("163万元", 1, "甲市", 1_630_000.0, "元"),),
    citations=(CITED,),
    related=(),
    rows=(),
    standalone=QUESTION.text,
    degraded=(),
    took_ms=3.0,
)
REFUSAL = replace(
    REPLY, status="not_found", text="甲市的文章没有给出这个数。", short_answers=(), citations=()
)
UNANSWERABLE = replace(
    QUESTION, id="q2", kind="wrong_place", status="not_found", answers=(), gold=(), value=None
)


def documents(document_id: str) -> Texts | None:
    """The one document there is."""
    return Texts(TEXT, TEXT) if document_id == "d1" else None


class Scripted:
    """A system that says what it was given; a question without a reply fails."""

    def __init__(self, replies: Mapping[str, Reply], found: Sequence[Found] = ()) -> None:
        self.replies = replies
        self.found = list(found)

    def ask(self, text: str, history: Sequence[str]) -> Reply:
        """The scripted reply."""
        if text not in self.replies:
            raise SystemFailed("nothing scripted")
        return self.replies[text]

    def search(self, query: str, k: int) -> list[Found]:
        """The scripted passages."""
        return self.found[:k]

    def texts(self, document_id: str) -> Texts | None:
        """The one document there is."""
        return documents(document_id)

    def described(self) -> dict[str, Any]:
        """Its name and the size of nothing."""
        return {"system": "scripted", "documents": 1, "chunks": 1}


def row(name: str, good: float, cluster: str = "a", **more: Any) -> ResultRow:  # noqa: ANN401
    """A result row with one measure."""
    made = ResultRow(
        id=name, kind="figure", split="tune", question=f"{name}?", history=(),
        standalone=f"{name}?", cluster=cluster, expected=("1",), expected_status="answered",
        status="answered", answer="1", citations=(), related=(), found=(),
        measures={"good": good}, took_ms=1.0,
    )  # fmt: skip
    return replace(made, **more)


def result(rows: Sequence[ResultRow], name: str = "made", data: str = "d" * 64) -> Result:
    """A result of these rows."""
    made = Provenance("c" * 40, False, "python -m eval run", "2 cores", "2024-01-01", data)
    return Result(name, tuple(rows), made)
