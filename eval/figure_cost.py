"""Here are articles; tell me how much longer indexing takes because their figures are found."""

import gzip
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from index.build import index_paths
from index.document import Chunk, Document
from index.entry import Tools
from index.figures import Figure, FigureReader
from index.index import Index
from index.store import FILE
from index.workers import open_tools


@dataclass(frozen=True, slots=True)
class Cost:
    """What it takes to index the same articles with and without their figures, round by round.

    `seconds` by the clock, `processor` those that this process and its workers computed, which
    other people's work on the machine changes less.
    `figures` were stored; `megabytes` is the store's size with them and without.
    """

    articles: int
    figures: int
    seconds: tuple[tuple[float, float], ...]
    processor: tuple[tuple[float, float], ...]
    megabytes: tuple[float, float]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios of processor time, with to without."""
        return median(one / other for one, other in self.processor)


class SilentReader(FigureReader):
    """A reader that finds no figures and says it looked for them."""

    def read(self, document: Document, chunks: Sequence[Chunk]) -> list[Figure]:
        """None."""
        return []


@dataclass(frozen=True, slots=True)
class SilentTools(Tools):
    """Tools that find no figures."""

    def __post_init__(self) -> None:
        """Take the silent reader in place of the real one."""
        object.__setattr__(self, "figures", SilentReader(self.analyzer, self.gazetteer))


def silent_tools() -> Tools:
    """The shipped tools, without figures."""
    tools = open_tools()
    return SilentTools(tools.analyzer, tools.encoder, tools.gazetteer)


@dataclass(frozen=True, slots=True)
class Indexed:
    """One run: seconds by the clock and of processor time, megabytes of the store, counts."""

    seconds: float
    processor: float
    megabytes: float
    articles: int
    figures: int


def figure_cost(corpus: Path, rounds: int) -> Cost:
    """What finding figures costs while a corpus.jsonl is indexed by two workers.

    Both are timed in each round, one after the other, and change places from round to round, so
    that a machine that grows slower does so for both.
    """
    pairs: list[tuple[Indexed, Indexed]] = []
    for number in range(rounds):
        order: list[Callable[[], Tools]] = [open_tools, silent_tools]
        took = {one: _index(corpus, one) for one in (order if number % 2 == 0 else order[::-1])}
        pairs.append((took[open_tools], took[silent_tools]))
    last, plain = pairs[-1]
    return Cost(
        last.articles,
        last.figures,
        tuple((one.seconds, other.seconds) for one, other in pairs),
        tuple((one.processor, other.processor) for one, other in pairs),
        (last.megabytes, plain.megabytes),
    )


def _index(corpus: Path, open_them: Callable[[], Tools]) -> Indexed:
    """One run in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        tools = open_tools()
        index = Index.open(
            Path(folder),
            analyzer=tools.analyzer,
            encoder=tools.encoder,
            gazetteer=tools.gazetteer,
        )
        started, spent = time.perf_counter(), _processor()
        summary = index_paths([corpus], index, lambda progress: None, open_them)
        seconds, spent = time.perf_counter() - started, _processor() - spent
        figures = index.snapshot().figure_count()
        index.close()
        size = sum(path.stat().st_size for path in Path(folder).glob(f"{FILE}*"))
    return Indexed(seconds, spent, size / 1e6, summary.done, figures)


def _processor() -> float:
    """Seconds of processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


def main(
    corpus: Annotated[Path, typer.Argument(help="A corpus.jsonl[.gz].")],
    articles: Annotated[int, typer.Option(min=100, help="The first so many of it.")] = 5_000,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
) -> None:
    """Print how much longer indexing takes because figures are found."""
    opened = gzip.open if corpus.name.endswith(".gz") else open
    with tempfile.TemporaryDirectory() as folder, opened(corpus, "rb") as lines:
        part = Path(folder) / "corpus.jsonl"
        part.write_bytes(b"".join(islice(lines, articles)))
        cost = figure_cost(part, rounds)
    for (one, other), (spent, plain) in zip(cost.seconds, cost.processor, strict=True):
        typer.echo(
            f"{one:.1f} s with figures, {other:.1f} s without;"
            f" processor {spent:.1f} s and {plain:.1f} s"
        )
    typer.echo(
        f"{cost.articles:,} articles, {cost.figures:,} figures:"
        f" {cost.ratio:.3f} times the processor time,"
        f" {cost.megabytes[0]:.1f} MB of store instead of {cost.megabytes[1]:.1f}"
    )


if __name__ == "__main__":
    typer.run(main)
