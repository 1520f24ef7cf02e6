"""Here is an installation, or a file; tell me what is right, what is wrong, what was dropped."""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Literal

import httpx
from pydantic import SecretStr

from api.figures import of_document
from api.key_commands import are_made
from api.readiness import LEAST_FREE_BYTES, disk_reason
from api.resources import open_index
from api.serve import ListenError, address, listen
from api.settings import PREFIX, Settings, is_loopback, traces_wanted, unknown_variables
from api.sqlite import StateError
from api.state import FILE as CONVERSATIONS
from api.state import State as Conversations
from api.tracing import NOT_INSTALLED
from api.written import open_model
from index.analyzer import Analyzer
from index.chunk import chunk
from index.clean import clean
from index.encoder import SHIPPED
from index.errors import IndexingError, ReadError, StoreError
from index.figures import FigureReader
from index.gazetteer import Gazetteer
from index.index import Index, Stored
from index.manifest import read_manifest
from index.read import read_path
from index.show import show
from index.store import FILE, State, Store
from index.vectors import checksum
from index.workers import open_tools
from rag.cross_encoder import CrossEncoderReranker
from rag.errors import LanguageModelError, RerankerError
from rag.prompt import Message

SAMPLE = 100
"""Articles, last written first, whose passages are compared with their text."""
INDEXES = ("bm25", "windows", "vectors")
MODEL_FILES = ("model.safetensors", "tokenizer.json")
SCARCE_BYTES = 1_000_000_000
NAMES_SHOWN = 10
TRIAL = (Message("user", "请只回答一个字：好"),)
"""What the language model is asked, to see whether it answers."""
LOADING_S = 120.0
"""How long the doctor waits for a reranker, which a question would not."""
ARTICLES_SHOWN = 20
"""Of a corpus.jsonl."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, whether it is good, and what was found.

    What is not good but in nobody's way is not `grave`.
    """

    what: str
    good: bool
    found: str
    grave: bool = True

    @property
    def mark(self) -> Literal["ok", "warn", "BAD"]:
        """How it is shown."""
        if self.good:
            return "ok"
        return "BAD" if self.grave else "warn"


def findings(settings: Settings) -> Iterator[Finding]:
    """What is right and what is wrong, one after the other."""
    yield from _settings(settings)
    folder = _folder(settings.data)
    yield folder
    yield _disk(settings.data)
    if folder.good and Store.exists(settings.data):
        yield _saved(settings.data)
        yield from _index(settings)
        yield _state(settings.data)
        yield _keys(settings)
    else:
        yield _tools(settings)
    yield _model_files(settings)
    yield _port(settings)
    yield language_model(settings)
    yield _reranker(settings)
    on = ", ".join(name.removeprefix("wecom_") for name in settings.wecom_on)
    yield Finding("WeCom", True, f"{on}; `unionqa doctor wecom` tries it" if on else "off")
    yield _traces()


def _settings(settings: Settings) -> Iterator[Finding]:
    """Each setting that was given, with its value unless that is secret, and what is no setting."""
    given = sorted(settings.model_fields_set)
    for name in given:
        value = getattr(settings, name)
        shown = "given, not shown" if isinstance(value, SecretStr) else value
        yield Finding(f"{PREFIX}{name.upper()}", True, f"{shown} (environment)")
    others = len(type(settings).model_fields) - len(given)
    yield Finding("other settings", True, f"{others} at their defaults")
    for name in unknown_variables():
        yield Finding(name, False, "is no setting and does nothing", grave=False)


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


def _disk(folder: Path) -> Finding:
    """Whether there is room for more articles."""
    above = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    reason = disk_reason(above, LEAST_FREE_BYTES)
    if reason:
        return Finding("disk", False, reason)
    scarce = disk_reason(above, SCARCE_BYTES)
    free = shutil.disk_usage(above).free
    return Finding("disk", not scarce, scarce or f"{free / 1e9:,.1f} GB are free", grave=False)


def _saved(folder: Path) -> Finding:
    """Whether the store is whole, and the indexes on disk are its own and as far as it."""
    store = Store(folder / FILE)
    try:
        store.check()
        state = store.state()
    except StoreError as exc:
        return Finding("saved index", False, str(exc))
    finally:
        store.close()
    wrong = [f"{name} {reason}" for name in INDEXES if (reason := _lag(folder / name, state))]
    if wrong:
        return Finding("saved index", False, f"{'; '.join(wrong)}: made good when opened", False)
    return Finding("saved index", True, f"{', '.join(INDEXES)} hold commit {state.generation:,}")


def _lag(folder: Path, state: State) -> str:
    """How a derived index on disk differs from the store; "" where it does not."""
    manifest = read_manifest(folder)
    if manifest is None:
        return "is not there"
    if manifest.store != state.store:
        return "is of another store"
    if manifest.generation != state.generation:
        return f"holds commit {manifest.generation:,} of {state.generation:,}"
    file = folder / manifest.file
    if manifest.checksum and (
        not file.is_file() or checksum(file.read_bytes()) != manifest.checksum
    ):
        return "is damaged"
    return ""


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
    """How the indexes differ from the store, and the newest articles from their passages."""
    newest, _ = opened.snapshot().list_documents(SAMPLE)
    wrong = [f"{one.document.source} does not agree" for one in newest if not _agrees(opened, one)]
    return [*opened.differences(), *wrong]


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
    if not (folder / CONVERSATIONS).exists():
        return Finding("conversations", True, "none yet")
    try:
        Conversations.open(folder).close()
    except StateError as exc:
        return Finding("conversations", False, str(exc))
    return Finding("conversations", True, "readable")


def _keys(settings: Settings) -> Finding:
    """Whether nobody enters who should not."""
    try:
        made = are_made(settings.data)
    except StateError as exc:
        return Finding("keys", False, str(exc))
    if made:
        return Finding("keys", True, "nobody enters without one")
    if is_loopback(settings.host):
        return Finding("keys", True, "none: everything is open, on this machine only")
    return Finding(
        "keys", False, f"none, and others can reach {settings.host}; `unionqa keys make`"
    )


def _model_files(settings: Settings) -> Finding:
    """The shipped encoder's files, by the beginning of their SHA-256."""
    if settings.encoder is not None:
        return Finding("model files", True, f"the encoder is {settings.encoder}, not ours")
    try:
        files = {name: (SHIPPED / name).read_bytes() for name in MODEL_FILES}
    except OSError as exc:
        return Finding("model files", False, f"{exc.filename}: {exc.strerror}; install anew")
    digests = [f"{name} {sha256(data).hexdigest()[:16]}" for name, data in files.items()]
    return Finding("model files", True, ", ".join(digests))


def language_model(settings: Settings) -> Finding:
    """Whether the language model answers a question in time, and if not, what it says of itself."""
    what, model = "language model", open_model(settings)
    if model is None:
        return Finding(what, True, "off")
    where = f"{settings.llm_model} on {settings.llm_url}"
    started = time.perf_counter()
    try:
        said = "".join(model.write(TRIAL))
    except LanguageModelError as exc:
        return Finding(what, False, "; ".join(filter(None, (f"{where}: {exc}", _listed(settings)))))
    took = time.perf_counter() - started
    if not said.strip():
        return Finding(what, False, f"{where} answers without a word", grave=False)
    rewrites = ", and words questions" if settings.llm_rewrite else ""
    return Finding(what, True, f"{where} answers in {took:.1f} s{rewrites}")


def _listed(settings: Settings) -> str:
    """What is wrong with the key or the name, by the list of models that its server has; ""
    where that does not tell.
    """
    key = settings.llm_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    try:
        answer = httpx.get(
            f"{settings.llm_url}/models", headers=headers, timeout=5, trust_env=False
        )
        names = [str(one["id"]) for one in answer.json()["data"]] if answer.is_success else []
    except httpx.HTTPError:
        return "nothing answers there"
    except (ValueError, TypeError, LookupError):
        return ""
    if answer.status_code in {401, 403}:
        return f"it refuses the key ({answer.status_code})"
    if not answer.is_success or settings.llm_model in names:
        return ""
    return f"it has no such model but {', '.join(names[:NAMES_SHOWN]) or 'none'}"


def _reranker(settings: Settings) -> Finding:
    """Whether the reranker loads and scores."""
    if settings.reranker is None:
        return Finding("reranker", True, "off")
    reranker = CrossEncoderReranker(settings.reranker, LOADING_S)
    try:
        reranker.score("问", ["答"])
    except RerankerError as exc:
        return Finding("reranker", False, str(exc))
    finally:
        reranker.close()
    return Finding("reranker", True, f"{settings.reranker} loads and scores")


def _traces() -> Finding:
    """Whether a collector is named, and the extra is there that sends to it."""
    if not traces_wanted():
        return Finding("traces", True, "off")
    installed = find_spec("opentelemetry.sdk") is not None
    return Finding("traces", installed, "on" if installed else NOT_INSTALLED, grave=False)


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
    """For each article of a file, what cleaning made of it, and its figures; raises IndexingError
    for a bad one.
    """
    gazetteer = Gazetteer.open()
    reader = FigureReader(Analyzer.open(), gazetteer)
    for article in islice(read_path(file), ARTICLES_SHOWN):
        if isinstance(article, ReadError):
            raise article
        document = clean(article, gazetteer)
        yield show(document)
        found = reader.read(document, chunk(document))
        yield "\n".join((f"\nfigures: {len(found)}", *of_document(document, found)))
