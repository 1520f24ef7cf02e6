"""Here are the nouns of a comparison: what an engine is given, and what it gives."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float32]
# A question and a number k → the numbers of the k best passages, best first.
Search = Callable[[str, int], list[int]]


@dataclass(frozen=True, slots=True)
class Material:
    """What every engine is given: the same passages with the same unit rows, shape (n, dim).

    `cut` gives a text's terms and `encode` a question's row, shape (dim,); `folder` is the
    engine's own place on disk.
    """

    texts: tuple[str, ...]
    rows: Row
    cut: Callable[[str], list[str]]
    encode: Callable[[str], Row]
    folder: Path


@dataclass(frozen=True, slots=True)
class Engine:
    """A built engine. None is what it cannot do: take one more passage, or be opened again."""

    search: Search
    add: Callable[[str, Row], None] | None = None
    reopen: Callable[[], "Engine"] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an engine in its own process; `error` says in one line why it has no figures.

    `found` and `took_ms` are question by question; times in ms, memory and disk in MB.
    """

    engine: str
    error: str | None = None
    version: str = ""
    build_s: float = 0.0
    found: tuple[tuple[int, ...], ...] = ()
    took_ms: tuple[float, ...] = ()
    add_ms: tuple[float, ...] = ()
    add_right: float = 0.0
    startup_ms: float | None = None
    disk_mb: float | None = None
    peak_mb: float = 0.0
