"""Here is how far indexing is; show it: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from index.build import Progress

LINE_EVERY_S = 5.0


@contextmanager
def shown(stream: TextIO | None = None) -> Iterator[Callable[[Progress], None]]:
    """A function that shows each Progress it is given on `stream`, or standard error."""
    stream = stream or sys.stderr
    if stream.isatty():
        with _bar(stream) as bar:
            task = bar.add_task("indexing", total=None, rate="")

            def show(progress: Progress) -> None:
                bar.update(
                    task,
                    completed=finished(progress),
                    total=progress.total or _estimated(progress),
                    rate=f"{finished(progress):,} articles, {progress.rate:,.0f}/s",
                )

            yield show
    else:
        lines = Lines(stream)
        yield lines.show


def _bar(stream: TextIO) -> Bar:
    """A bar with the share, the rate and the time left."""
    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(file=stream),
    )


class Lines:
    """Progress as a line every `LINE_EVERY_S`, for logs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._next = LINE_EVERY_S

    def show(self, progress: Progress) -> None:
        """Print a line, if one is due by the progress's own time."""
        if progress.seconds >= self._next:
            self._next = progress.seconds + LINE_EVERY_S
            print(line(progress), file=self._stream, flush=True)


def rebuilding(stream: TextIO | None = None) -> Callable[[str, int, int], None]:
    """A function that says on `stream`, or standard error, how far the rebuilding of an index is.

    The first call of each kind says that it begins; then a line every `LINE_EVERY_S`.
    """
    out = stream or sys.stderr
    due: dict[str, float] = {}

    def show(what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= due.get(what, 0.0):
            due[what] = now + LINE_EVERY_S
            print(f"rebuilding {what}: {done:,} of {total:,} articles", file=out, flush=True)

    return show


def line(progress: Progress) -> str:
    """12,000 of 68,747 articles, 640/s, 1 min 28 s left, 3 failed."""
    parts = [f"{finished(progress):,} articles"]
    total = progress.total or _estimated(progress)
    if total:
        parts = [
            f"{finished(progress):,} of {'' if progress.total else 'about '}{total:,} articles"
        ]
    parts.append(f"{progress.rate:,.0f}/s")
    if total and progress.rate:
        left = round((total - finished(progress)) / progress.rate)
        parts.append(f"{left // 60} min {left % 60} s left" if left >= 60 else f"{left} s left")
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    return ", ".join(parts)


def finished(progress: Progress) -> int:
    """Articles that are dealt with, whatever became of them."""
    return progress.done + progress.failed + progress.unchanged


def _estimated(progress: Progress) -> int | None:
    """How many articles there may be, by the share of bytes read; None where nothing says."""
    if not progress.bytes_done or not progress.bytes_total:
        return None
    share = min(1.0, progress.bytes_done / progress.bytes_total)
    return max(finished(progress), round(finished(progress) / share))
