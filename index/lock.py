"""Here is a data folder; let one process write to it, and let readers wait for nobody but a writer.

`FolderLock` is a `flock` on the file `lock`: the kernel frees it when its process dies, however
that happens, so there is never a stale lock to remove by hand. `ReadWriteLock` is for threads.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import FolderBusy

WAIT_S = 5.0
"""How long a second writer waits before it is told who is writing (design.md)."""

POLL_S = 0.02
"""`flock` has no timeout of its own; 20 ms is a tenth of what adding a document may take."""

PID_WIDTH = 10
"""Digits: more than any process id has."""


class FolderLock:
    """The right to write to one data folder: one holder among all threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def try_acquire(self) -> bool:
        """Whether the lock is now ours; never waits."""
        # subtle: a descriptor of its own for each attempt, because flock belongs to the open
        # file: two threads sharing one descriptor would both be told yes
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        # one write of one length, so that nobody reads half a number
        os.pwrite(descriptor, f"{os.getpid():<{PID_WIDTH}}\n".encode(), 0)
        self._descriptor = descriptor
        return True

    def acquire(self, timeout_s: float = WAIT_S) -> None:
        """Return once the lock is ours; FolderBusy, naming the holder, after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while not self.try_acquire():
            if time.monotonic() >= deadline:
                raise FolderBusy(self.holder())
            time.sleep(POLL_S)

    def release(self) -> None:
        """Let the next writer in."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def holder(self) -> int | None:
        """The process id written by whoever took the lock last; None where there is none."""
        try:
            text = self.path.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return None
        return int(text) if text.isdecimal() else None


class ReadWriteLock:
    """Many readers or one writer; a waiting writer goes before readers that come later."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers = 0
        self.waiting = 0
        self._writing = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold beside other readers. Not reentrant: a waiting writer would block the inner one."""
        with self._changed:
            self._changed.wait_for(lambda: not self._writing and not self.waiting)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold alone."""
        with self._changed:
            self.waiting += 1
            self._changed.wait_for(lambda: not self._writing and not self._readers)
            self.waiting -= 1
            self._writing = True
        try:
            yield
        finally:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
