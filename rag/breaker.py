"""Here is a model that failed or did not; tell me whether to ask it again, and what it is like."""

import threading
import time
from collections.abc import Callable

FAILURES = 5
"""In a row, after which a model is left alone for `PAUSE_S` seconds."""
PAUSE_S = 30.0
OK, UNTRIED = "ok", "not asked yet"
"""What a model is like that nothing is known against."""


class Breaker:
    """Shut for `PAUSE_S` after `FAILURES` in a row; then one call at a time finds out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._until = 0.0
        self._reason: str | None = None
        self._lock = threading.Lock()

    @property
    def state(self) -> str:
        """`OK` where the last call was good, `UNTRIED`, or how many failed in a row, and why."""
        with self._lock:
            if not self._failures:
                return UNTRIED if self._reason is None else OK
            rests = self._until - self._clock()
            left = f", left alone for {rests:.0f} s" if self._rests and rests > 0 else ""
            return f"failed {self._failures} times in a row{left}: {self._reason}"

    @property
    def _rests(self) -> bool:
        return self._failures >= FAILURES

    def lets_through(self) -> bool:
        """Whether a call may be made; while it is being tried again, the next ones may not."""
        with self._lock:
            if not self._rests:
                return True
            now = self._clock()
            if now < self._until:
                return False
            self._until = now + PAUSE_S
            return True

    def record(self, failure: str = "") -> None:
        """Take note of how a call ended: of why it failed, "" where it did not."""
        with self._lock:
            self._failures = self._failures + 1 if failure else 0
            self._reason = failure
            self._until = self._clock() + PAUSE_S
