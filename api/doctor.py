"""Here is an installation, or a file; tell me what is right, what is wrong, what was dropped."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx

from api.resources import open_index
from api.serve import ListenError, address, listen
from api.settings import Settings
from api.state import FILE, State, StateError
from index.chunk import chunk
from index.clean import clean
from index.errors import IndexingError, ReadError, StoreError
from index.gazetteer import Gazetteer
from index.index import Index, Stored
from index.read import read_path
from index.show import show
from index.store import Store
from index.workers import open_tools

SAMPLE = 100
"""Articles, last written first, whose passages are compared with their text."""
ARTICLES_SHOWN = 20
"""Of a corpus.jsonl."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, whether it is good, and what was found."""

    what: str
    good: bool
    found: str


def findings(settings: Settings) -> Iterator[Finding]:
    """What is right and what is wrong, one after the other; nothing is changed."""
    given = settings.model_dump(exclude_defaults=True)
    listed = ", ".join(f"{name}={value}" for name, value in given.items())
    yield Finding("settings", True, listed or "all at their defaults")
    folder = _folder(settings.data)
    yield folder
    if folder.good and Store.exists(settings.data):
        yield from _index(settings)
        yield _state(settings.data)
    else:
        yield _tools(settings)
    yield _port(settings)


def _folder(folder: Path) -> Finding:
    """Whether the data folder can be written to, and whether there is an index in it."""
    if not folder.exists():
        above = next(one for one in folder.absolute().parents if one.exists())
        if not os.access(above, os.W_OK | os.X_OK):
            return Finding("data folder", False, f"{folder} cannot be made: {above} is read-only")
        return Finding("data folder", True, f"{folder} is made by `unionqa serve` or `index`")
    try:
        kept = "holds an index" if Store.exists(folder) else "holds no index yet"
    except StoreError as exc:
        return Finding("data folder", False, str(exc))
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding("data folder", False, f"{folder} is no folder that can be written to")
    return Finding("data folder", True, f"{folder} {kept}")


def _tools(settings: Settings) -> Finding:
    """Whether the encoder and the list of terms open, where there is no index to open them for."""
    try:
        encoder = open_tools(settings.terms, settings.encoder).encoder
    except IndexingError as exc:
        return Finding("encoder and terms", False, str(exc))
    return Finding("encoder", True, f"{encoder.name}, {encoder.dimension} dimensions")


def _index(settings: Settings) -> Iterator[Finding]:
    """Whether the encoder and the index open, and agree with the articles."""
    try:
        opened = open_index(settings)
    except IndexingError as exc:
        yield Finding("index", False, str(exc))
        return
    try:
        snapshot = opened.snapshot()
        encoder = snapshot.encoder
        yield Finding("encoder", True, f"{encoder.name}, {encoder.dimension} dimensions")
        wrong = _disagreements(opened)
        yield Finding(
            "index",
            not wrong,
            "; ".join(wrong)
            or f"{snapshot.documents:,} articles, {snapshot.chunks:,} passages, searchable",
        )
    finally:
        opened.close()


def _disagreements(opened: Index) -> list[str]:
    """The newest articles whose passages are not as their text says."""
    newest, _ = opened.snapshot().list_documents(SAMPLE)
    return [f"{one.document.source} does not agree" for one in newest if not _agrees(opened, one)]


def _agrees(opened: Index, stored: Stored) -> bool:
    """Whether an article's passages are in the store, each with its own text."""
    snapshot = opened.snapshot()
    passages = chunk(stored.document)
    kept = snapshot.get_chunks([one.chunk_id for one in passages])
    text = stored.document.text
    return len(kept) == stored.chunks and all(
        text[one.start : one.end] == one.text for one in kept.values()
    )


def _state(folder: Path) -> Finding:
    """Whether the conversations can be read."""
    if not (folder / FILE).exists():
        return Finding("conversations", True, "none yet")
    try:
        State.open(folder).close()
    except StateError as exc:
        return Finding("conversations", False, str(exc))
    return Finding("conversations", True, "readable")


def _port(settings: Settings) -> Finding:
    """Whether the port is free, or our own server answers on it."""
    where = address(settings.host, settings.port)
    try:
        listen(settings.host, settings.port).close()
    except ListenError as exc:
        try:
            answer = httpx.get(f"{where}/readyz", timeout=5, trust_env=False)
            ours = answer.is_success and "generation" in answer.json()
        except (httpx.HTTPError, ValueError):
            ours = False
        return Finding("port", ours, f"unionqa answers on {where}" if ours else str(exc))
    return Finding("port", True, f"{settings.port} is free")


def shown(file: Path) -> Iterator[str]:
    """For each article of a file, what cleaning made of it; raises IndexingError for a bad one."""
    gazetteer = Gazetteer.open()
    for article in islice(read_path(file), ARTICLES_SHOWN):
        if isinstance(article, ReadError):
            raise article
        yield show(clean(article, gazetteer))
