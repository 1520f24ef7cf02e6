"""Here is one state of the index; search it, and read what you found.

A snapshot never shows less than its generation. What another request removes while it is used
drops out of its hits, so a hit always has its chunk and its document.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import lookup
from index.analyzer import Analyzer
from index.bm25 import Group, Searcher
from index.document import Chunk, Document
from index.encoder import Encoder
from index.figure_table import Kept, Wanted
from index.filters import Filters, Scope, scope
from index.gazetteer import Gazetteer
from index.hit import Hit, top_k
from index.holding import find_holding, folded, with_figures
from index.lookup import Stored
from index.store import Store
from index.vectors import Vectors

NO_FILTERS = Filters()
ANY_FIGURE = Wanted()
CACHED_CHARACTERS = 4_000_000
"""How much text of decoded documents is kept: some 2,000 articles, under 40 MB with sources."""

CACHED_MASKS = 16
"""Scopes whose chunks a snapshot remembers: a byte a chunk each, and 5 to 30 ms to find out."""


class DocumentCache:
    """Decoded documents by their key, the least recently used forgotten first.

    A key means the same text for ever (see `index.store`), so nothing here can be out of date.
    """

    def __init__(self) -> None:
        self._documents: OrderedDict[int, Document] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def get(self, key: int) -> Document | None:
        """The document under `key`, if it is kept."""
        with self._lock:
            if key in self._documents:
                self._documents.move_to_end(key)
            return self._documents.get(key)

    def put(self, key: int, document: Document) -> None:
        """Keep a document, and forget others to make room."""
        with self._lock:
            if key not in self._documents:
                self._documents[key] = document
                self._characters += len(document.text)
            while self._characters > CACHED_CHARACTERS:
                _, old = self._documents.popitem(last=False)
                self._characters -= len(old.text)


@dataclass(frozen=True, slots=True)
class Reader:
    """What all snapshots of one open index share."""

    store: Store
    vectors: Vectors
    documents: DocumentCache
    analyzer: Analyzer
    encoder: Encoder
    gazetteer: Gazetteer


@dataclass(frozen=True, slots=True)
class Searchers:
    """BM25 over chunks and over their windows, as of one moment."""

    chunks: Searcher
    windows: Searcher


class Snapshot:
    """One state of the index, for one request; usable by several threads at once."""

    def __init__(self, reader: Reader, searchers: Searchers, generation: int) -> None:
        state = reader.store.state()
        self.generation = generation
        self.documents = state.documents
        self.chunks = state.chunks
        self.analyzer = reader.analyzer
        self.encoder = reader.encoder
        self.gazetteer = reader.gazetteer
        self._reader = reader
        self._searchers = searchers
        self._masks: dict[Scope, NDArray[np.bool_]] = {}

    def bm25(
        self,
        terms: Sequence[str],
        k: int,
        filters: Filters = NO_FILTERS,
        groups: Sequence[Group] = (),
    ) -> list[Hit]:
        """The k best chunks by BM25 (see `index.bm25`); only chunks with one of the terms."""
        limits = scope(filters, self.gazetteer)
        return self._hits(self._searchers.chunks.search(terms, k, limits, groups), k)

    def windows(
        self,
        terms: Sequence[str],
        k: int,
        filters: Filters = NO_FILTERS,
        groups: Sequence[Group] = (),
    ) -> list[Hit]:
        """The k best chunks by the BM25 of their best window (see `index.windows`)."""
        limits = scope(filters, self.gazetteer)
        return self._hits(self._searchers.windows.search(terms, k, limits, groups), k)

    def dense(self, row: NDArray[np.float32], k: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The k nearest chunks by cosine to `row`, a unit row of shape (dim,)."""
        limits = scope(filters, self.gazetteer)
        mask = None if limits.everything else self._allowed(limits)
        return self._hits(self._reader.vectors.search(row, k, mask), k)

    def df(self, term: str) -> int:
        """In how many chunks' text a term occurs; removed chunks may still count (see bm25)."""
        return self._searchers.chunks.df(term)

    def window_df(self, term: str) -> int:
        """In how many windows a term of theirs occurs; removed ones may still count."""
        return self._searchers.windows.df(term)

    @property
    def window_count(self) -> int:
        """How many windows there are; removed ones do not count."""
        return self._searchers.windows.parts

    def get_chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """The chunk of each id that is in the index."""
        return lookup.get_chunks(self._reader.store, chunk_ids)

    def get_documents(self, document_ids: Sequence[str]) -> dict[str, Document]:
        """The document of each id that is in the index."""
        keys = lookup.keys_of(self._reader.store, document_ids)
        cached = {name: self._reader.documents.get(key) for name, key in keys.items()}
        missing = [key for name, key in keys.items() if cached[name] is None]
        for key, document in lookup.get_documents(self._reader.store, missing).items():
            self._reader.documents.put(key, document)
            cached[document.document_id] = document
        return {name: document for name, document in cached.items() if document is not None}

    def get_stored(self, document_id: str) -> Stored | None:
        """The document with its times and number of chunks, if it is in the index."""
        return lookup.get_stored(self._reader.store, [document_id]).get(document_id)

    def coverage(self, most: int = 100) -> tuple[list[str], str | None]:
        """The places with the most documents, at most `most`, and the newest date stated."""
        return lookup.coverage(self._reader.store, most)

    def list_documents(
        self,
        limit: int,
        cursor: str | None = None,
        region: str | None = None,
        filters: Filters = NO_FILTERS,
    ) -> tuple[list[Stored], str | None]:
        """Up to `limit` documents, last written first, and the cursor of the next page.

        `region` is a name as people type it, short for filters with nothing else. ValueError where
        the cursor is not one given here.
        """
        limits = scope(Filters(regions=(region,)) if region else filters, self.gazetteer)
        return lookup.list_stored(self._reader.store, limit, cursor, limits)

    def find_documents(
        self, words: str, limit: int, cursor: str | None = None, filters: Filters = NO_FILTERS
    ) -> tuple[list[Stored], str | None]:
        """Up to `limit` documents that hold every word (parted by spaces) in title, source or text,
        those with all in title or source first, and the cursor of the next page; none where no word
        has a letter. ValueError where the cursor is not one given here.
        """
        wanted = [one for one in self.analyzer.normalise(words).split() if folded(one)]
        limits = scope(filters, self.gazetteer)
        if not wanted:
            return [], None
        return find_holding(self._reader.store, wanted, limit, cursor, limits)

    def with_figures(self, kinds: Collection[str], limit: int) -> list[str]:
        """Ids of up to `limit` documents of a known place that say how much or how many of one of
        the kinds was done, the last written first.
        """
        return with_figures(self._reader.store, kinds, limit)

    def figures(
        self, limit: int, cursor: str | None = None, wanted: Wanted = ANY_FIGURE
    ) -> tuple[list[Kept], str | None]:
        """Up to `limit` figures of the articles, those last written first, and the cursor of the
        next page; ValueError where the cursor is not one given here.
        """
        return lookup.find_figures(self._reader.store, wanted, limit, cursor)

    def figure_count(self) -> int:
        """How many figures the articles have."""
        return lookup.figure_count(self._reader.store)

    def _allowed(self, limits: Scope) -> NDArray[np.bool_]:
        """Which chunk keys are in scope; the last scopes asked for are kept."""
        masks = self._masks
        if limits not in masks:
            if len(masks) >= CACHED_MASKS:
                masks.clear()
            masks[limits] = lookup.allowed(self._reader.store, limits)
        return masks[limits]

    def _hits(self, found: Sequence[tuple[int, float]], k: int) -> list[Hit]:
        """Hits of chunk keys, without those whose chunk has gone."""
        names = lookup.chunk_ids(self._reader.store, [key for key, _ in found])
        return top_k((Hit(names[key], score) for key, score in found if key in names), k)
