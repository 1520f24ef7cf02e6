"""Here is what the service did; give me its figures as Prometheus reads them."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from index.index import Index
from rag.answer import Answer

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
# Upper bounds in seconds: an answer takes about 15 ms with 70,000 articles.
BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56)


class Metrics:
    """Counts since the process began; each server has its own registry."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "unionqa_questions", "Questions, by what became of them.", ["status"],
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "unionqa_answer_seconds", "Time an answer took, by step.", ["step"],
            buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip
        self._articles = Gauge("unionqa_articles", "Articles indexed.", registry=self._registry)
        self._passages = Gauge("unionqa_passages", "Passages indexed.", registry=self._registry)
        self._generation = Gauge(
            "unionqa_index_generation", "The index's last commit.", registry=self._registry
        )

    def answered(self, answer: Answer) -> None:
        """Count one answer and the time of its steps."""
        self._questions.labels(answer.status).inc()
        for step, milliseconds in answer.timings_ms.items():
            self._seconds.labels(step).observe(milliseconds / 1000)

    def text(self, index: Index) -> bytes:
        """All figures in Prometheus's text format, with the index as it is now."""
        snapshot = index.snapshot()
        self._articles.set(snapshot.documents)
        self._passages.set(snapshot.chunks)
        self._generation.set(snapshot.generation)
        return generate_latest(self._registry)
