"""Here are articles; tell me how much longer indexing takes because their figures are found."""

import gzip
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
from index.workers import open_tools


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds to index the same articles with and without their figures, round by round.

    `figures` were stored; `megabytes` is the store's size with them and without.
    """

    articles: int
    figures: int
    seconds: tuple[tuple[float, float], ...]
    megabytes: tuple[float, float]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios, with to without."""
        return median(one / other for one, other in self.seconds)


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


def figure_cost(corpus: Path, rounds: int) -> Cost:
    """What finding figures costs while a corpus.jsonl is indexed by two workers.

    Both are timed in each round, one after the other, and change places from round to round, so
    that a machine that grows slower does so for both.
    """
    seconds: list[tuple[float, float]] = []
    sizes = (0.0, 0.0)
    for number in range(rounds):
        order: list[Callable[[], Tools]] = [open_tools, silent_tools]
        took: dict[Callable[[], Tools], tuple[float, float, int, int]] = {}
        for open_them in order if number % 2 == 0 else order[::-1]:
            took[open_them] = _index(corpus, open_them)
        (with_s, with_mb, articles, figures), (without_s, without_mb, *_) = (
            took[one] for one in order
        )
        seconds.append((with_s, without_s))
        sizes = (with_mb, without_mb)
    return Cost(articles, figures, tuple(seconds), sizes)


def _index(corpus: Path, open_them: Callable[[], Tools]) -> tuple[float, float, int, int]:
    """Seconds, megabytes of the store, articles and figures of one run in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        tools = open_tools()
        index = Index.open(
            Path(folder),
            analyzer=tools.analyzer,
            encoder=tools.encoder,
            gazetteer=tools.gazetteer,
        )
        started = time.perf_counter()
        summary = index_paths([corpus], index, lambda progress: None, open_them)
        seconds = time.perf_counter() - started
        figures = index.snapshot().figure_count()
        index.close()
        size = (Path(folder) / "unionqa.sqlite").stat().st_size
    return seconds, size / 1e6, summary.done, figures


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
    for number, (one, other) in enumerate(cost.seconds, 1):
        typer.echo(f"round {number}: {one:.1f} s with figures, {other:.1f} s without")
    typer.echo(
        f"{cost.articles:,} articles, {cost.figures:,} figures: {cost.ratio:.3f} times the time,"
        f" {cost.megabytes[0]:.1f} MB of store instead of {cost.megabytes[1]:.1f}"
    )


if __name__ == "__main__":
    typer.run(main)
