"""Here is what the service did; give me its figures as Prometheus reads them.

No label ever holds what a person wrote: statuses, doors, steps, reasons and queues are few and
known beforehand, so the number of series stays the same however long the service runs.
"""

from collections.abc import Callable
from importlib.metadata import version
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from index.index import Index
from rag.answer import Answer

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
# Upper bounds in seconds: an answer takes about 15 ms with 70,000 articles, with a language model
# up to its deadline.
BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.0, 10.0, 20.0, 30.0)

Door = Literal["http", "openai", "mcp", "wecom"]
"""Where a question came in."""


class Metrics:
    """Counts since the process began; each server has its own registry."""

    def __init__(self) -> None:
        # When each series began is of use to nobody here, and doubles their number.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._queues: dict[str, Callable[[], int]] = {}
        self._questions = self._counter(
            "questions", "Questions, by what became of them and where they came in.",
            "status", "door",
        )  # fmt: skip
        self._seconds = Histogram(
            "unionqa_answer_seconds", "Time an answer took, by step.", ["step"],
            buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip
        self._written = self._counter("written", "Answers, by who wrote their text.", "mode")
        self._degraded = self._counter(
            "degraded", "What was asked for and could not be done, by its code.", "what"
        )
        self._refusals = self._counter("refusals", "Requests refused, by reason.", "reason")
        self._votes = self._counter("votes", "Votes on answers.", "vote")
        self._uploads = self._counter(
            "uploads", "Articles uploaded, by whether they were new.", "result"
        )
        self._articles = self._gauge("articles", "Articles indexed.")
        self._passages = self._gauge("passages", "Passages indexed.")
        self._generation = self._gauge("index_generation", "The index's last commit.")
        self._waiting = self._gauge("queue_length", "What waits, by queue.", "queue")
        built = self._gauge("build_info", "Always 1; the version is a label.", "version")
        built.labels(version("unionqa")).set(1)
        ProcessCollector(registry=self._registry)

    def answered(self, answer: Answer, door: Door) -> None:
        """Count one answer and the time of its steps."""
        self._questions.labels(answer.status, door).inc()
        self._written.labels(answer.mode).inc()
        for what in answer.degraded:
            self._degraded.labels(what).inc()
        for step, milliseconds in answer.timings_ms.items():
            self._seconds.labels(step).observe(milliseconds / 1000)

    def refused(self, reason: str) -> None:
        """Count a request that was refused; `reason` is one of the few of `api.errors.CODES`."""
        self._refusals.labels(reason).inc()

    def voted(self, vote: Literal["up", "down"]) -> None:
        """Count a vote."""
        self._votes.labels(vote).inc()

    def uploaded(self, *, new: bool) -> None:
        """Count an article that was added, or that replaced one."""
        self._uploads.labels("added" if new else "replaced").inc()

    def watch(self, queue: str, length: Callable[[], int]) -> None:
        """Report the length of a queue from now on, asked for whenever somebody reads."""
        self._queues[queue] = length

    def text(self, index: Index) -> bytes:
        """All figures in Prometheus's text format, with the index as it is now."""
        snapshot = index.snapshot()
        self._articles.set(snapshot.documents)
        self._passages.set(snapshot.chunks)
        self._generation.set(snapshot.generation)
        for queue, length in self._queues.items():
            self._waiting.labels(queue).set(length())
        return generate_latest(self._registry)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"unionqa_{name}", help_text, labels, registry=self._registry)

    def _gauge(self, name: str, help_text: str, *labels: str) -> Gauge:
        return Gauge(f"unionqa_{name}", help_text, labels, registry=self._registry)
