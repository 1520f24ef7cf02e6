"""Here are articles, batch by batch; give me their entries, in order, from other processes.

Cleaning, analysing and encoding take all the time of indexing and none of the folder's lock, so
they run in processes of their own. One that dies (memory, a crash in native code) takes nothing
with it: its batch is done again one article at a time, and the one that kills is named.
"""

import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from index.analyzer import Analyzer
from index.clean import clean
from index.document import Article, Document
from index.encoder import open_encoder
from index.entry import Entry, Tools, prepare
from index.errors import EmptyDocument, IndexingError, ReadError
from index.gazetteer import Gazetteer
from index.read import read_path
from index.transformer import Options

IN_FLIGHT = 4
"""Batches a worker has at a time: one it works on, and enough to do while the parent commits."""


@dataclass(frozen=True, slots=True)
class Task:
    """One article, or the file that holds one, with its fingerprint (see `index.build`).

    `source` is what a file's article is called, where that is not the file's own name.
    """

    article: Article | Path
    received: str
    source: str = ""

    @property
    def name(self) -> str:
        """What to call it: its file, and its own name in a file of many."""
        if isinstance(self.article, Path):
            return self.article.name
        return self.prefix + self.article.source

    @property
    def prefix(self) -> str:
        """What a message about it begins with, before the file's name."""
        named = isinstance(self.article, Article) and self.article.document_id
        return f"_id {named}, " if named else ""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be indexed: what it is called, and why, in one line."""

    name: str
    message: str


Result = Entry | Failure


def open_tools(extra_terms: Path | None = None, encoder: Options | str | None = None) -> Tools:
    """The shipped analyzer and gazetteer, a user's own terms if given, and the encoder by name."""
    return Tools(Analyzer.open(extra_terms), open_encoder(encoder), Gazetteer.open())


def make(tasks: Sequence[Task], tools: Tools) -> list[Result]:
    """One result per task, in order."""
    outcomes: list[Document | Failure] = []
    for task in tasks:
        try:
            outcomes.append(clean(_article(task), tools.gazetteer))
        except (ReadError, EmptyDocument) as error:
            outcomes.append(Failure(task.name, f"{task.prefix}{error}"))
    documents = [one for one in outcomes if isinstance(one, Document)]
    received = [
        task.received
        for task, one in zip(tasks, outcomes, strict=True)
        if isinstance(one, Document)
    ]
    entries = iter(prepare(documents, tools, received))
    return [one if isinstance(one, Failure) else next(entries) for one in outcomes]


def _article(task: Task) -> Article:
    """The article, read if it is a file; raises ReadError."""
    if isinstance(task.article, Article):
        return task.article
    found = next(read_path(task.article, task.source))
    if isinstance(found, ReadError):
        raise found
    return found


class Workers:
    """Processes that `make` results; `submit` batches, `results` come in the order submitted."""

    def __init__(self, count: int, open_them: Callable[[], Tools], expected: Tools) -> None:
        self._open = open_them
        self._expected = (expected.analyzer.fingerprint, expected.encoder.fingerprint)
        self._workers = [_Worker(open_them, self._expected) for _ in range(count)]
        self._submitted = 0
        self._given = 0
        self._done: dict[int, list[Result]] = {}

    @property
    def pending(self) -> int:
        """How many batches were submitted and not yet given back."""
        return self._submitted - self._given

    @property
    def has_room(self) -> bool:
        """Whether `submit` may be called."""
        return any(len(worker.batches) < IN_FLIGHT for worker in self._workers)

    def submit(self, tasks: Sequence[Task]) -> None:
        """Hand a batch to the worker that has least to do; needs `has_room`."""
        worker = min(self._workers, key=lambda worker: len(worker.batches))
        worker.give(self._submitted, tasks)
        self._submitted += 1

    def results(self, timeout_s: float) -> Iterator[list[Result]]:
        """Batches of results that are ready, after waiting up to `timeout_s` for the first."""
        self._collect(timeout_s)
        while self._given in self._done:
            yield self._done.pop(self._given)
            self._given += 1

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for worker in self._workers:
            worker.stop()

    def _collect(self, timeout_s: float) -> None:
        """Take what is ready; where a worker died, a new one takes its batches."""
        busy = {worker.connection: worker for worker in self._workers if worker.batches}
        if not busy:
            return
        for connection in wait(list(busy), timeout_s):
            worker = busy[connection]  # type: ignore[index]
            try:
                reply = worker.connection.recv()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if isinstance(reply, IndexingError):
                raise reply
            number, _ = worker.batches.popleft()
            self._done[number] = reply

    def _replace(self, dead: "_Worker") -> None:
        """Do a dead worker's batches one article at a time, and name the one that kills."""
        self._workers.remove(dead)
        dead.stop()
        worker = _Worker(self._open, self._expected)
        for number, tasks in dead.batches:
            results: list[Result] = []
            for task in tasks:
                worker.give(number, [task])
                try:
                    reply = worker.connection.recv()
                except (EOFError, OSError):
                    why = f"{task.name}: the process indexing it died ({worker.stop()})"
                    results.append(Failure(task.name, f"{why}; it was left out"))
                    worker = _Worker(self._open, self._expected)
                    continue
                if isinstance(reply, IndexingError):
                    raise reply
                worker.batches.clear()
                results += reply
            self._done[number] = results
        self._workers.append(worker)


class _Worker:
    """One process, the connection to it, and the batches it has, oldest first."""

    def __init__(self, open_them: Callable[[], Tools], expected: tuple[str, str]) -> None:
        # spawn: a fork would copy the parent's threads' locks and its open database
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.batches: deque[tuple[int, Sequence[Task]]] = deque()
        self._process = context.Process(
            target=work, args=(theirs, open_them, expected), name="unionqa-worker", daemon=True
        )
        self._process.start()
        theirs.close()

    def give(self, number: int, tasks: Sequence[Task]) -> None:
        """Send it a batch; one it dies of is found when its result is asked for."""
        self.batches.append((number, tasks))
        try:
            self.connection.send(tasks)
        except OSError:
            return

    def stop(self) -> str:
        """How the process ended; if it had not, it has now."""
        self.connection.close()
        self._process.join(timeout=0.5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        code = self._process.exitcode or 0
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"


def work(
    connection: "Connection", open_them: Callable[[], Tools], expected: tuple[str, str]
) -> None:
    """Answer batches until the other end closes; an answer may be an IndexingError."""
    # Ctrl-C reaches the whole group; only the parent decides what it means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    batches: queue.SimpleQueue[Sequence[Task] | None] = queue.SimpleQueue()
    # subtle: a thread takes batches in, so that the parent's send never waits for our answer,
    # which the parent is not yet reading
    threading.Thread(target=_receive, args=(connection, batches), daemon=True).start()
    tools = open_them()
    found = (tools.analyzer.fingerprint, tools.encoder.fingerprint)
    while (tasks := batches.get()) is not None:
        if found == expected:
            answer: object = make(tasks, tools)
        else:
            answer = IndexingError(
                f"a worker has analyzer and encoder {found}, the index {expected};"
                " give both the same extra terms and encoder"
            )
        try:
            connection.send(answer)
        except OSError:
            return


def _receive(connection: "Connection", batches: "queue.SimpleQueue[Any]") -> None:
    """Put what comes into `batches`, and None at the end."""
    try:
        while True:
            batches.put(connection.recv())
    except (EOFError, OSError):
        batches.put(None)
