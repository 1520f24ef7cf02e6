"""Here are files and folders; index every article in them, and tell me how far you are.

Articles that are in the index as they are now are known by a fingerprint and skipped before they
are cleaned, so a second run, or one after Ctrl-C or kill -9, goes on where the first one stopped.
The others are committed about twice a second, whole, in the order they came.
"""

import gzip
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from index.bm25 import BULK_HEAP
from index.document import Article
from index.entry import Entry, Tools
from index.errors import ReadError
from index.index import Index
from index.read import MAX_FILE_BYTES, iter_paths, name_apart, read_path, read_regular
from index.workers import Failure, Result, Task, Workers, make, open_tools

PIPELINE = "2"
"""Raise when reading, cleaning or chunking makes something else of an unchanged article."""

COMMIT_S = 0.5
"""A finished article waits this long at most for others to be committed with; a running server
must see it within 2 s."""
COMMIT_ENTRIES = 1_000
"""So many are committed at once at most, which bounds memory."""
BATCH = 32
"""Articles sent to a worker at a time, unless they are long."""
BATCH_CHARACTERS = 200_000
"""Enough characters for a batch, however few articles they are."""
INLINE = 64
"""The first articles are done here: for a handful, starting workers would take longer."""
WORKERS = 2
"""Worker processes; the machine this is made for has two cores, and the parent mostly waits."""
REPORT_S = 0.1
"""The least time between two reports."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far indexing is: articles done (written), unchanged and failed, of `total`.

    `total` and the share of bytes are exact but not known at once (None, 0): lines are counted
    while indexing runs. `seconds` since the start; `rate` is articles of any kind per second.
    """

    done: int
    failed: int
    unchanged: int
    total: int | None
    bytes_done: int
    bytes_total: int
    seconds: float
    rate: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of the articles; `interrupted` where Ctrl-C ended it early."""

    done: int
    failed: int
    unchanged: int
    failures: tuple[Failure, ...]
    seconds: float
    interrupted: bool = False


def index_paths(
    paths: Sequence[Path],
    index: Index,
    report: Callable[[Progress], None],
    open_them: Callable[[], Tools] = open_tools,
    workers: int = WORKERS,
) -> Summary:
    """What became of every article in `paths`; those that failed are listed, the others stay.

    `open_them` makes in each worker what `index` has here (its analyzer and encoder). Ctrl-C ends
    it after the current commit. Raises FolderBusy where another process is writing.
    """
    run = _Run(index, report, paths)
    interrupted = False
    pool: Workers | None = None
    with index.writing(BULK_HEAP):
        try:
            tasks = run.changed(iter_paths(paths))
            run.take(make(list(islice(tasks, INLINE)), run.tools))
            for batch in _batches(tasks):
                pool = pool or Workers(workers, open_them, run.tools)
                while not pool.has_room:
                    run.drain(pool)
                pool.submit(batch)
            while pool is not None and pool.pending:
                run.drain(pool)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            if pool is not None:
                pool.close()
        run.commit()
    if run.done:
        index.save()
    run.tell(final=True)
    return run.summary(interrupted)


class _Run:
    """One run of `index_paths`: what is waiting to be committed, and the counts."""

    def __init__(
        self, index: Index, report: Callable[[Progress], None], paths: Sequence[Path]
    ) -> None:
        self.tools = index.tools
        self.done = 0
        self._index = index
        self._report = report
        self._count = _Count(list(paths))
        self._waiting: list[Entry] = []
        self._unchanged = 0
        self._failures: list[Failure] = []
        self._started = self._committed = time.monotonic()
        self._reported = 0.0

    def changed(self, files: Iterator[Path]) -> Iterator[Task]:
        """Tasks for the articles that are not in the index as they are now."""
        found = self._tasks(files)
        while batch := list(islice(found, BATCH * 8)):
            known = self._index.received([task.received for task in batch])
            for task in batch:
                if task.received in known:
                    self._unchanged += 1
                else:
                    yield task
            self.tell()

    def _tasks(self, files: Iterator[Path]) -> Iterator[Task]:
        """One task for each article; what cannot be read is a failure."""
        taken: dict[str, Path] = {}
        for path in files:
            if _is_corpus(path):
                for article in read_path(path):
                    if isinstance(article, ReadError):
                        self._fail(Failure(path.name, str(article)))
                    else:
                        name = article.document_id or ""
                        yield Task(article, fingerprint(article.source, article.digest, name))
            else:
                name = name_apart(path, taken)
                taken.setdefault(name, Path(os.path.realpath(path)))
                yield Task(path, _file_fingerprint(path, name), name)

    def drain(self, pool: Workers) -> None:
        """Keep what workers have finished, or wait a moment for it."""
        for results in pool.results(REPORT_S):
            self.take(results)
        self.take([])

    def take(self, results: Sequence[Result]) -> None:
        """Keep what is finished, and commit it if that is due."""
        for result in results:
            if isinstance(result, Failure):
                self._fail(result)
            else:
                self._waiting.append(result)
        late = time.monotonic() - self._committed >= COMMIT_S
        if self._waiting and (late or len(self._waiting) >= COMMIT_ENTRIES):
            self.commit()
        self.tell()

    def commit(self) -> None:
        """Write what is waiting."""
        if self._waiting:
            self._index.put(self._waiting)
            self.done += len(self._waiting)
            self._waiting = []
        self._committed = time.monotonic()

    def tell(self, final: bool = False) -> None:
        """Report, unless that was just done."""
        now = time.monotonic()
        if not final and now - self._reported < REPORT_S:
            return
        self._reported = now
        seconds = now - self._started
        seen = self.done + len(self._waiting) + self._unchanged + len(self._failures)
        total = self._count.total
        share = min(1.0, seen / total) if total else 0.0
        self._report(
            Progress(
                done=self.done,
                failed=len(self._failures),
                unchanged=self._unchanged,
                total=total,
                bytes_done=int(share * self._count.size),
                bytes_total=self._count.size,
                seconds=seconds,
                rate=seen / seconds if seconds else 0.0,
            )
        )

    def summary(self, interrupted: bool) -> Summary:
        """What became of the articles so far."""
        seconds = time.monotonic() - self._started
        failures = tuple(self._failures)
        counts = (self.done, len(failures), self._unchanged)
        return Summary(*counts, failures, seconds, interrupted)

    def _fail(self, failure: Failure) -> None:
        """Count an article that cannot be indexed."""
        self._failures.append(failure)


class _Count:
    """How many articles and bytes there are, found out in the background."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.total: int | None = None
        self.size = 0
        threading.Thread(target=self._count, args=(paths,), name="count", daemon=True).start()

    def _count(self, paths: Sequence[Path]) -> None:
        """Count lines of corpora, and other files as one article each."""
        articles = 0
        for path in iter_paths(paths):
            with suppress(OSError, EOFError, zlib.error):
                self.size += path.stat().st_size
                # Reading anything but a file (a FIFO) could wait for ever.
                articles += _lines(path) if _is_corpus(path) and path.is_file() else 1
        self.total = articles


def fingerprint(source: str, digest: str, document_id: str) -> str:
    """Tells one state of an article, and what this program makes of it, from any other: hex."""
    parts = (PIPELINE, source, digest, document_id)
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _file_fingerprint(path: Path, name: str) -> str:
    """The fingerprint of a file that holds one article; "" where it cannot be read."""
    try:
        data = read_regular(path, MAX_FILE_BYTES)
    except (OSError, ReadError):
        return ""
    return fingerprint(name, blake2b(data, digest_size=16).hexdigest(), "")


def _is_corpus(path: Path) -> bool:
    """Whether a file holds one article a line."""
    return path.name.lower().endswith((".jsonl", ".jsonl.gz"))


def _lines(path: Path) -> int:
    """How many lines a corpus has, as a guess at its articles."""
    packed = path.name.lower().endswith(".gz")
    with gzip.open(path) if packed else path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def _batches(tasks: Iterator[Task]) -> Iterator[list[Task]]:
    """Tasks in batches of BATCH, fewer where they are long."""
    batch: list[Task] = []
    characters = 0
    for task in tasks:
        batch.append(task)
        if isinstance(task.article, Article):
            characters += len(task.article.source_text)
        if len(batch) == BATCH or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
