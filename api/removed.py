"""Here is an article that is deleted or replaced; keep it a while, so that it can come back.

Only in memory: what was deleted must not be found in any file (see reliability, Durability 9).
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from index.document import Document

KEEP_S = 600.0
MOST = 50


class Removed:
    """The articles deleted or replaced last, each for ten minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Document]] = OrderedDict()

    def put(self, document: Document) -> None:
        """Keep an article that is being deleted or replaced."""
        with self._lock:
            self._kept[document.document_id] = (self._clock(), document)
            self._kept.move_to_end(document.document_id)
            self._forget()

    def take(self, document_id: str) -> Document | None:
        """The article of that id, if it went a moment ago; it is not kept any more."""
        with self._lock:
            self._forget()
            found = self._kept.pop(document_id, None)
        return found[1] if found else None

    def listed(self) -> list[Document]:
        """What is kept, the last that went first."""
        with self._lock:
            self._forget()
            return [document for _, document in reversed(self._kept.values())]

    def _forget(self) -> None:
        """Drop what is too old or too much."""
        oldest = self._clock() - KEEP_S
        for name in [name for name, (at, _) in self._kept.items() if at < oldest]:
            del self._kept[name]
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
