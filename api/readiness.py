"""Here is what is open; tell me whether questions can be answered, and if not, what is wrong."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from api.resources import Resources
from api.sqlite import StateError
from index.errors import IndexingError
from rag.breaker import OK, UNTRIED

LEAST_FREE_BYTES = 50_000_000
"""Below that SQLite may soon be unable to keep a turn or an article."""


def checks(opened: Resources) -> dict[str, str]:
    """Each check by its name, and what is wrong; "" where nothing is."""
    looked: dict[str, Callable[[Resources], str]] = {
        "index": _index,
        "conversations": _conversations,
        "data folder": _folder,
        "disk": _disk,
    }
    return {name: " ".join(look(opened).split()) for name, look in looked.items()}


def parts(opened: Resources) -> dict[str, str]:
    """What each model that the settings name beside the encoder is like: "ok", or how it failed.

    Questions are answered without them, so nothing here keeps the service from being ready.
    """
    models = {"llm": opened.model, "reranker": opened.reranker}
    return {name: " ".join(one.state.split()) for name, one in models.items() if one is not None}


def switched_on(opened: Resources) -> list[str]:
    """Names of the optional settings that are given, without the models that do not work now."""
    settings = opened.settings
    given = [name for name in ("encoder", "terms", "public_url") if getattr(settings, name)]
    working = [name for name, state in parts(opened).items() if state in {OK, UNTRIED}]
    return [*given, *working, *settings.wecom_on]


def _index(opened: Resources) -> str:
    """Whether the store can be read, and the index has come as far as it."""
    try:
        snapshot = opened.index.snapshot()
        snapshot.list_documents(1)
    except IndexingError as exc:
        return str(exc)
    return ""


def _conversations(opened: Resources) -> str:
    try:
        with opened.state.reading() as connection:
            connection.execute(
                "SELECT count(*) FROM conversations WHERE created_at = ''"
            ).fetchone()
    except StateError as exc:
        return str(exc)
    return ""


def _folder(opened: Resources) -> str:
    folder = opened.settings.data
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"{folder} cannot be written to"
    return ""


def _disk(opened: Resources) -> str:
    return disk_reason(opened.settings.data, LEAST_FREE_BYTES)


def disk_reason(folder: Path, needed: int) -> str:
    """Why `needed` bytes cannot be written into a folder; "" where they can."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as exc:
        return f"{folder}: {exc.strerror}"
    if free < needed:
        return f"{free // 1_000_000:,} MB are free, {needed // 1_000_000:,} are needed"
    return ""
