"""Here is the index; give me a few questions that its articles answer, for an empty page.

A question is made from a figure that an article prints (培训职工2.3万人 → 培训职工多少人), and is
offered only where its answer is that figure of that article, for the article's own place.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.document import Document
from index.index import Index, Snapshot
from index.quantity import Quantity, quantities
from rag.ask import ask

_HAN = "\u4e00-\u9fff"
_VERBS = (
    "筹集|筹措|募集|发放|投入|建成|建立|组建|新建|创建|培训|救助|慰问|走访|帮扶|资助|安置|调解|"
    "吸纳|培育|表彰"
)
# 培训一线职工2.3万人: what was done to whom or what, then the figure. The object is no mere 资金:
# an article prints several of those, each for something else.
_OBJECT = rf"(?:[{_HAN}]|“[{_HAN}]+”){{4,12}}"
_BEFORE = re.compile(rf"(?:{_VERBS}){_OBJECT}$")
# 建成41家户外劳动者服务站: what was done, the figure, then what it counts.
_VERB_BEFORE = re.compile(rf"(?:{_VERBS})$")
_AFTER = re.compile(rf"{_OBJECT}(?=[,，。;；、!！])")
NEAR = 16
"""Characters beside a figure in which the words of its question stand."""
KINDS = frozenset({"money", "person", "count"})
ENOUGH = 5
DOCUMENTS = 100
"""How many articles are looked at, of those that say how much was done, the last written first."""
TRIES = 6
"""Figures of one article that are asked for."""
ASKS = 72
"""Figures that are asked for in all: 1 s at the worst."""
KEEP_S = 60.0
"""While articles are being indexed the examples are not made anew for each of them."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and the span of the document that it was made from."""

    question: str
    start: int
    end: int


class Examples:
    """The examples of the last generation looked at."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._made: tuple[int, float] | None = None
        self._questions: list[str] = []

    def of(self, index: Index) -> list[str]:
        """Up to five questions, each about another place while there are others."""
        snapshot = index.snapshot()
        with self._lock:
            if self._made is None or self._outdated(*self._made, snapshot.generation):
                self._questions = questions(snapshot)
                self._made = (snapshot.generation, self._clock())
            return self._questions

    def _outdated(self, generation: int, made_at: float, current: int) -> bool:
        return generation != current and (not self._questions or self._clock() - made_at >= KEEP_S)


def questions(snapshot: Snapshot) -> list[str]:
    """Questions about the places last written about: one of each, then more of the same."""
    firsts: list[str] = []
    more: list[str] = []
    places: set[str] = set()
    asks = ASKS
    for name in snapshot.with_figures(KINDS, DOCUMENTS):
        document = snapshot.get_documents([name]).get(name)
        if document is None or document.region is None:
            continue
        made = list(examples_of(document))
        # spread over the article: its first figures are often all of one programme
        tried = made[:: max(1, len(made) // TRIES)][: min(TRIES, asks)]
        asks -= len(tried)
        found = [one.question for one in tried if is_answered_by(one, document, snapshot)]
        if found and document.region not in places:
            places.add(document.region)
            firsts.append(found.pop(0))
        more += found
        if len(firsts) == ENOUGH or not asks:
            break
    return [*firsts, *more][:ENOUGH]


def examples_of(document: Document) -> Iterator[Example]:
    """A question for each figure whose words stand right beside it."""
    text = document.text
    asked = set()
    for figure in quantities(text):
        words = _words(text, figure) if figure.kind in KINDS else None
        if words and words not in asked:
            asked.add(words)
            yield Example(f"{document.region}{words}?", figure.start, figure.end)


def _words(text: str, figure: Quantity) -> str | None:
    """The question without its place; None where the words beside the figure make none."""
    before = text[max(0, figure.start - NEAR) : figure.start]
    how_many = "多少钱" if figure.kind == "money" else f"多少{figure.unit}"
    if found := _BEFORE.search(before):
        return f"{found[0]}{how_many}"
    counted = _AFTER.match(text, figure.end, figure.end + NEAR)
    if figure.kind != "money" and counted and (found := _VERB_BEFORE.search(before)):
        return f"{found[0]}{how_many}{counted[0]}"
    return None


def is_answered_by(example: Example, document: Document, snapshot: Snapshot) -> bool:
    """Whether the answer is the span the question was made from, and nothing beside it."""
    answer = ask(example.question, snapshot)
    if answer.status != "answered" or len(answer.short_answers) != 1:
        return False
    (short,) = answer.short_answers
    cited = {citation.id: citation for citation in answer.citations}[short.citation]
    return (
        cited.document_id == document.document_id
        and cited.start <= example.start
        and example.end <= cited.end
        and short.text == document.text[example.start : example.end]
        and short.region == document.region
    )
