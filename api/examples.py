"""Here is the index; give me a few questions that its articles answer, for an empty page."""

import threading
import time
from collections.abc import Callable

from index.index import Index, Snapshot
from rag.ask import ask

# What staff ask of any place; a question is shown only where an article answers it.
TEMPLATES = (
    "{place}金秋助学筹集了多少钱?",
    "{place}建成多少个户外劳动者服务站?",
    "{place}总工会主席是谁?",
    "{place}走访慰问了多少名困难职工?",
    "{place}有多少家基层工会?",
    "{place}培训了多少名职工?",
)
ENOUGH = 5
DOCUMENTS = 8
"""How many articles are tried: 48 questions at the worst, under half a second."""
KEEP_S = 60.0
"""While articles are being indexed the examples are not made anew for each of them."""


class Examples:
    """The examples of the last generation looked at."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._made: tuple[int, float] | None = None
        self._questions: list[str] = []

    def of(self, index: Index) -> list[str]:
        """Up to five questions, each about another place."""
        snapshot = index.snapshot()
        with self._lock:
            if self._made is None or self._outdated(*self._made, snapshot.generation):
                self._questions = questions(snapshot)
                self._made = (snapshot.generation, self._clock())
            return self._questions

    def _outdated(self, generation: int, made_at: float, current: int) -> bool:
        return generation != current and (not self._questions or self._clock() - made_at >= KEEP_S)


def questions(snapshot: Snapshot) -> list[str]:
    """Questions about the places last written about, which the articles answer."""
    documents, _ = snapshot.list_documents(DOCUMENTS)
    places = dict.fromkeys(stored.document.region for stored in documents)
    found: list[str] = []
    for place in filter(None, places):
        turned = len(found) % len(TEMPLATES)
        for template in (*TEMPLATES[turned:], *TEMPLATES[:turned]):
            question = template.format(place=place)
            if ask(question, snapshot).status == "answered":
                found.append(question)
                break
        if len(found) == ENOUGH:
            break
    return found
