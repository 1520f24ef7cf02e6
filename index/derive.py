"""Here are the store and the indexes derived from it; bring them up to its last commit.

Whatever happened (a crash between two commits, a damaged or foreign folder, another analyzer or
encoder, another process's writes), the same step repairs it: what went since is taken out, what
came is put in; from nothing, that is a rebuild. Doing it twice changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import tantivy

from index.bm25 import BM25, BULK_HEAP, Posting
from index.chunk import context
from index.document import Chunk, Document
from index.entry import Entry, Tools, encode, find_figures, join
from index.errors import ForeignFormat, StoreError
from index.lock import FolderLock
from index.lookup import changes, chunked, rows, without_figures, without_rows
from index.record import day_span
from index.store import Moved, Placed, Store
from index.vectors import FORMAT, Vectors
from index.windows import FORMAT as WINDOWS_FORMAT
from index.windows import windows

BATCH = 200
"""Documents read, analysed or encoded at a time while catching up."""

Report = Callable[[str, int, int], None]
"""Called with what is being rebuilt, how many documents are done, and of how many."""

LEXICAL = {"bm25": "", "windows": f":{WINDOWS_FORMAT}"}
"""The BM25 indexes (over chunks, over their windows): folder → what it depends on beside the
analyzer."""


class Derived:
    """BM25 (twice) and vectors of one store. Methods that write need the folder's lock."""

    def __init__(self, store: Store, tools: Tools, report: Report) -> None:
        folder = store.path.parent
        self._store = store
        self._analyzer = tools.analyzer
        self._encoder = encoder = tools.encoder
        self._figures = tools.figures
        self._report = report
        self._rows_of = f"{FORMAT}:{encoder.fingerprint}"
        self._identity = store.state().store
        self._folder = folder
        self._lexical = {name: self._open_lexical(name) for name in LEXICAL}
        self.vectors = Vectors.open(
            folder / "vectors", self._identity, encoder.fingerprint, encoder.dimension
        )

    @staticmethod
    def open(store: Store, tools: Tools, lock: FolderLock, report: Report) -> "Derived":
        """Both indexes, up to date if nobody else is writing, else as far as that one has come.

        FolderBusy where there is no usable BM25 index, or no row of this encoder, and another
        process keeps writing.
        """
        derived = Derived(store, tools, report)
        if derived.is_current():
            return derived
        if not lock.try_acquire():
            if derived._is_usable():
                derived.follow()
                return derived
            lock.acquire()
            derived = Derived(store, tools, report)
        try:
            derived.catch_up()
            derived.save()
        finally:
            for writer in derived.detach():
                writer.wait_merging_threads()
            lock.release()
        return derived

    @property
    def bm25(self) -> BM25:
        """The BM25 index of chunks."""
        return self._opened("bm25")

    @property
    def windows(self) -> BM25:
        """The BM25 index of windows."""
        return self._opened("windows")

    @property
    def generation(self) -> int:
        """The store's last commit that all indexes hold."""
        return min(self.bm25.generation, self.windows.generation, self.vectors.generation)

    def is_current(self) -> bool:
        """Whether all indexes hold the last commit, and as many chunks as the store."""
        return not self.differences()

    def differences(self) -> list[str]:
        """How each index differs from the store, a line for each that does."""
        state = self._store.state()
        held = {"vectors": (self.vectors.generation, self.vectors.count)}
        for name, one in self._lexical.items():
            held[name] = (one.generation, one.searcher().count) if one else (0, -1)
        wanted = (state.generation, state.chunks)
        lacking = without_figures(self._store, self._figures.fingerprint, 1)
        found = ["figures were found by other rules"] if lacking else []
        return found + [
            f"{name} holds {chunks:,} passages of commit {generation:,}, "
            f"the store {state.chunks:,} of {state.generation:,}"
            for name, (generation, chunks) in held.items()
            if (generation, chunks) != wanted
        ]

    def follow(self) -> None:
        """See what another process has committed; writes nothing."""
        self.bm25.reload()
        self.windows.reload()
        self._follow_vectors()

    def prepare(self, heap: int) -> None:
        """Take both writers of BM25, with `heap` bytes each (see `BM25.prepare`)."""
        self.bm25.prepare(heap)
        self.windows.prepare(heap)

    def detach(self) -> list[tantivy.IndexWriter]:
        """The writers of BM25 that were taken, given up (see `BM25.detach`)."""
        found = [one.detach() for one in self._lexical.values() if one is not None]
        return [writer for writer in found if writer is not None]

    def catch_up(self) -> None:
        """Bring all indexes up to the store's last commit, whatever state they are in."""
        state = self._store.state()
        for name, one in self._lexical.items():
            if one is None or one.generation > state.generation:
                self._rebuild_lexical(name)
            else:
                try:
                    self._follow_lexical(name, one)
                except ForeignFormat:
                    raise
                except StoreError:  # tantivy cannot go on with its files; if it is the disk, this
                    self._rebuild_lexical(name)  # raises the same again
            if self._opened(name).searcher().count != state.chunks:
                self._rebuild_lexical(name)
        if self.vectors.generation > state.generation:
            self.vectors.clear()
        self._follow_vectors()
        if self.vectors.count != state.chunks:
            self._encode_missing()
        self._find_figures()

    def write(self, entries: Sequence[Entry], now: str) -> list[Moved]:
        """Commit entries to the store, then to both indexes: what moved, entry by entry."""
        moves = self._store.write(entries, self._encoder_key(), now)
        gone = {old.document for old, _ in moves if old}
        come = [(new, entry) for (_, new), entry in zip(moves, entries, strict=True) if new]
        if gone or come:
            self._delete(sorted(gone))
            for placed, entry in come:
                if placed.document in gone:  # the same document twice: the later one stays
                    continue
                texts = zip(entry.terms, entry.contexts, strict=True)
                self.bm25.add(_postings(entry.document, placed, texts))
                self.windows.add(_window_postings(entry.document, placed, entry.windows))
            self._commit()
        return moves

    def remove(self, document_id: str) -> Placed | None:
        """Take a document out of the store, then out of all indexes; None where there is none."""
        gone = self._store.remove(document_id)
        if gone is not None:
            self._delete([gone.document])
            self._commit()
        return gone

    def save(self) -> None:
        """Write the rows to their file, unless it is up to date."""
        self.vectors.save()

    def _delete(self, documents: Sequence[int]) -> None:
        """Take documents out of both BM25 indexes."""
        self.bm25.delete(documents)
        self.windows.delete(documents)

    def _commit(self) -> None:
        """Make what was added and deleted visible in all indexes.

        subtle: windows first: while `bm25` has the older generation, a crash repairs both.
        """
        generation = self._store.state().generation
        self.windows.commit(generation)
        self.bm25.commit(generation)
        self._follow_vectors()

    def _opened(self, name: str) -> BM25:
        """One of the BM25 indexes."""
        found = self._lexical[name]
        assert found is not None, "only `open` sees a Derived without BM25, and builds it"
        return found

    def _is_usable(self) -> bool:
        """Whether both BM25 indexes could be opened, and any row is this encoder's."""
        known = self._store.encoder(self._rows_of, self._encoder.dimension)
        made = known is not None or not self._store.state().chunks
        return made and None not in self._lexical.values()

    def _depends_on(self, name: str) -> str:
        """What a BM25 index depends on besides the store."""
        return self._analyzer.fingerprint + LEXICAL[name]

    def _open_lexical(self, name: str) -> BM25 | None:
        """The BM25 index in its folder, if it is usable."""
        return BM25.open(self._folder / name, self._identity, self._depends_on(name))

    def _rebuild_lexical(self, name: str) -> None:
        """Make one BM25 index anew beside the old one, then put it in its place."""
        fresh = BM25.create(self._folder / name, self._identity, self._depends_on(name))
        fresh.prepare(BULK_HEAP)
        self._follow_lexical(name, fresh)
        self._lexical[name] = fresh.move_into_place(self._folder / name)

    def _follow_lexical(self, name: str, bm25: BM25) -> None:
        """Bring one BM25 index up to the store's last commit."""
        moved = changes(self._store, bm25.generation)
        if moved.generation == bm25.generation:
            return
        if bm25.generation:
            # subtle: a crash may have come between its commit and its manifest's, so what is to
            # be added may be there already
            bm25.delete(one.document for one in (*moved.removed, *moved.added))
        for done in range(0, len(moved.added), BATCH):
            batch = moved.added[done : done + BATCH]
            self._report(name, done, len(moved.added))
            placed = {one.document: one for one in batch}
            for key, document, chunks in chunked(self._store, list(placed)):
                if name == "bm25":
                    texts = self._texts(document, chunks)
                    bm25.add(_postings(document, placed[key], texts))
                else:
                    parts = (windows(self._analyzer.normalise(one.text)) for one in chunks)
                    bm25.add(_window_postings(document, placed[key], parts))
        bm25.commit(moved.generation)

    def _texts(self, document: Document, chunks: Sequence[Chunk]) -> Iterator[tuple[str, str]]:
        """Terms of each chunk's text and of its context, joined."""
        for one in chunks:
            yield (
                join(self._analyzer.terms(one.text)),
                join(self._analyzer.terms(context(document, one))),
            )

    def _follow_vectors(self) -> None:
        """Bring the rows in memory up to the store's last commit."""
        moved = changes(self._store, self.vectors.generation)
        if moved.generation == self.vectors.generation:
            return
        spans = [one.chunks for one in moved.added]
        key = self._store.encoder(self._rows_of, self._encoder.dimension)
        keys, found = rows(self._store, key or 0, spans, self._encoder.dimension)
        gone = [one.chunks for one in moved.removed]
        self.vectors.apply(gone, keys, found, moved.generation)

    def _encode_missing(self) -> None:
        """Encode the chunks this encoder has no rows for, and start over from the store's rows."""
        key = self._encoder_key()
        total = self._store.state().documents
        done = last = 0
        while batch := without_rows(self._store, key, last, BATCH):
            self._report("vectors", done, total)
            found = chunked(self._store, batch)
            encoded = encode(
                [document for _, document, _ in found], [some for *_, some in found], self._encoder
            )
            self._store.add_rows(key, batch, encoded)
            done, last = done + len(batch), batch[-1]
        self.vectors.clear()
        self._follow_vectors()

    def _find_figures(self) -> None:
        """Find the figures of the documents that have none by these rules."""
        total = self._store.state().documents
        done = 0
        while batch := without_figures(self._store, self._figures.fingerprint, BATCH):
            self._report("figures", done, total)
            self._store.put_figures(
                [
                    (key, document.text, find_figures(document, chunks, self._figures))
                    for key, document, chunks in chunked(self._store, batch)
                ]
            )
            done += len(batch)

    def _encoder_key(self) -> int:
        """The key this encoder's rows are stored under."""
        found = self._store.encoder(self._rows_of, self._encoder.dimension)
        return found or self._store.add_encoder(self._rows_of, self._encoder.dimension)


def _postings(
    document: Document, placed: Placed, texts: Iterable[tuple[str, str]]
) -> Iterator[Posting]:
    """A document's chunks as BM25 takes them."""
    for key, (terms, beside) in zip(placed.chunks, texts, strict=True):
        yield _posting(document, placed, key, terms, beside)


def _window_postings(
    document: Document, placed: Placed, parts: Iterable[Sequence[str]]
) -> Iterator[Posting]:
    """The windows of a document's chunks as BM25 takes them."""
    for key, found in zip(placed.chunks, parts, strict=True):
        for at, terms in enumerate(found):
            yield replace(_posting(document, placed, key, terms, ""), first=at == 0)


def _posting(document: Document, placed: Placed, key: int, terms: str, beside: str) -> Posting:
    """Terms of a chunk with what filters ask of its document."""
    return Posting(
        chunk=key,
        document=placed.document,
        terms=terms,
        context=beside,
        source=document.source,
        region=document.region,
        region_code=document.region_code,
        date=day_span(document.date),
    )
