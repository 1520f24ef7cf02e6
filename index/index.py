"""Here is a data folder; give me something that answers searches and takes documents.

A document is in the index or it is not: the store's commit decides (see `index.store`). When
`add` or `delete` returns, the next snapshot of this process shows it. Several processes may share
one folder: a snapshot of another process shows it as soon as the writer has committed to BM25,
some milliseconds after the store.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import tantivy

from index import lookup
from index.analyzer import Analyzer
from index.bm25 import HEAP
from index.derive import Derived, Report
from index.document import Document
from index.encoder import Encoder
from index.entry import Entry, Tools, prepare
from index.errors import FolderBusy, StoreError
from index.filters import Filters
from index.gazetteer import Gazetteer
from index.lock import WAIT_S, FolderLock
from index.lookup import Stored
from index.snapshot import DocumentCache, Reader, Searchers, Snapshot
from index.store import FILE, Moved, Store

__all__ = ["Filters", "Index", "Snapshot", "Stored"]

LINGER_S = 0.3
"""How long the right to write is kept after a write. Until it is given back, the next document
does not wait for BM25 to merge its segments, which takes seconds once they are large."""

BATCH = 64
"""Documents that `add_many` writes in one commit."""


class Index:
    """One open data folder. All methods may be called by any thread."""

    def __init__(self, tools: Tools, store: Store, derived: Derived, lock: FolderLock) -> None:
        self.tools = tools
        self.analyzer = tools.analyzer
        self.encoder = tools.encoder
        self.gazetteer = tools.gazetteer
        self._reader = Reader(
            store, derived.vectors, DocumentCache(), tools.analyzer, tools.encoder, tools.gazetteer
        )
        self._store = store
        self._derived = derived
        self._lock = lock
        self._changing = threading.Lock()
        self._turn = threading.Lock()
        self._holding = False
        self._lingering: threading.Timer | None = None
        self._merging: threading.Thread | None = None
        self._current = self._snapshot()

    @staticmethod
    def open(
        folder: Path,
        *,
        analyzer: Analyzer,
        encoder: Encoder,
        gazetteer: Gazetteer,
        report: Report = lambda what, done, total: None,
    ) -> "Index":
        """The index in `folder`, which is made when missing; BM25, vectors and figures are up to
        date.

        Rebuilding one of them, where that is needed, is told to `report`. Raises ForeignFormat,
        having changed nothing, where another version made the folder; FolderBusy where another
        process is making it right now; DamagedStore; StoreError where it cannot be used.
        """
        lock = FolderLock(folder / "lock")
        tools = Tools(analyzer, encoder, gazetteer)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not Store.exists(folder):
                _create(folder, lock)
            store = Store(folder / FILE)
            if not store.has_figures():
                _upgrade(store, lock)
            derived = Derived.open(store, tools, lock, report)
        except OSError as error:
            raise StoreError(f"data folder {folder} cannot be used: {error}") from error
        return Index(tools, store, derived, lock)

    def snapshot(self) -> Snapshot:
        """The newest state that can be had without waiting."""
        generation = self._store.state().generation
        # while this process is changing it, the state before stays good for others
        if generation != self._current.generation and self._changing.acquire(blocking=False):
            try:
                self._follow(generation)
            finally:
                self._changing.release()
        return self._current

    def add(self, document: Document) -> Stored:
        """The document as stored; it replaces what had its document_id, if that differed.

        Raises FolderBusy where another process writes for longer than `index.lock.WAIT_S`.
        """
        entries = prepare([document], self.tools)
        with self.writing():
            self.put(entries)
            return lookup.get_stored(self._store, [document.document_id])[document.document_id]

    def add_many(self, documents: Iterable[Document]) -> int:
        """How many documents were new or changed; they are committed batch by batch."""
        left = iter(documents)
        moved = 0
        with self.writing():
            while batch := list(islice(left, BATCH)):
                moves = self.put(prepare(batch, self.tools))
                moved += sum(1 for _, new in moves if new)
        return moved

    def delete(self, document_id: str) -> bool:
        """Whether there was such a document; now there is none."""
        with self.writing(), self._changing:
            gone = self._derived.remove(document_id)
            self._current = self._snapshot()
        return gone is not None

    @contextmanager
    def writing(self, heap: int = HEAP) -> Iterator[None]:
        """Hold the right to write to the folder; `heap` is memory for BM25's writer, in bytes.

        Raises FolderBusy after `index.lock.WAIT_S`.
        """
        if not self._turn.acquire(timeout=WAIT_S):
            raise FolderBusy(os.getpid())
        try:
            self._take(heap)
            try:
                yield
            except BaseException:
                # what was not committed must not be committed with the next document
                self._let_go()
                raise
            self._lingering = threading.Timer(LINGER_S, self._stop_lingering)
            self._lingering.start()
        finally:
            self._turn.release()

    def _take(self, heap: int) -> None:
        """Make the folder's lock and BM25's writer ours, unless they still are."""
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None
        if not self._holding:
            self._lock.acquire()
            self._holding = True
        try:
            with self._changing:
                self._derived.follow()
                if not self._derived.is_current():
                    self._derived.catch_up()
                self._derived.prepare(heap)
        except BaseException:
            self._let_go()
            raise

    def _stop_lingering(self) -> None:
        """Let go, unless somebody is writing again."""
        if self._turn.acquire(blocking=False):
            try:
                if self._holding:
                    self._let_go()
            finally:
                self._turn.release()

    def put(self, entries: Sequence[Entry]) -> list[Moved]:
        """Commit entries inside `writing`: what moved, entry by entry."""
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        with self._changing:
            moves = self._derived.write(entries, now)
            self._current = self._snapshot()
        return moves

    def received(self, fingerprints: Sequence[str]) -> set[str]:
        """Those that a document in the index was made from (see `index.build.fingerprint`)."""
        return lookup.received(self._store, fingerprints)

    def is_current(self) -> bool:
        """Whether BM25 and vectors hold exactly the chunks of the store's last commit."""
        with self._changing:
            self._derived.follow()
            return self._derived.is_current()

    def save(self) -> None:
        """Write the vectors' file, which saves time when the folder is opened again."""
        with self.writing():
            self._derived.save()

    def differences(self) -> list[str]:
        """How BM25 and vectors differ from the store, in words; none where all is well."""
        return self._derived.differences()

    def close(self) -> None:
        """Let running merges end, save what nobody else is changing, and close the files."""
        with self._turn:
            if self._lingering is not None:
                self._lingering.cancel()
            if self._holding:
                self._let_go()
        if self._merging is not None:
            self._merging.join()
        if self._lock.try_acquire():
            try:
                if self._derived.is_current():
                    self._derived.save()
            finally:
                self._lock.release()
        self._store.close()

    def _snapshot(self) -> Snapshot:
        """The indexes as they are now."""
        searchers = Searchers(self._derived.bm25.searcher(), self._derived.windows.searcher())
        return Snapshot(self._reader, searchers, self._derived.generation)

    def _follow(self, generation: int) -> None:
        """See another process's commits; where it died before BM25's, do that for it."""
        self._derived.follow()
        if self._derived.generation < generation and self._turn.acquire(blocking=False):
            try:
                if not self._holding and self._lock.try_acquire():
                    try:
                        self._derived.catch_up()
                    finally:
                        self._let_go()
            finally:
                self._turn.release()
        self._current = self._snapshot()

    def _let_go(self) -> None:
        """Give the right to write back once BM25's segments are merged, without waiting for it."""
        self._holding = False
        writers = self._derived.detach()
        if not writers:
            self._lock.release()
            return
        self._merging = threading.Thread(target=_merge, args=(writers, self._lock), name="merge")
        self._merging.start()


def _create(folder: Path, lock: FolderLock) -> None:
    """Make the store of a new folder, unless another process just has."""
    lock.acquire()
    try:
        if not Store.exists(folder):
            Store.create(folder)
    finally:
        lock.release()


def _upgrade(store: Store, lock: FolderLock) -> None:
    """Give a store that was made before there were figures its place for them."""
    lock.acquire()
    try:
        store.upgrade()
    finally:
        lock.release()


def _merge(writers: Sequence[tantivy.IndexWriter], lock: FolderLock) -> None:
    """Wait for the segments that are being merged, then let the next writer in."""
    try:
        for writer in writers:
            writer.wait_merging_threads()
    finally:
        lock.release()
