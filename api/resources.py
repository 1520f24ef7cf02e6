"""Here are settings; open what answering needs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from api.examples import Examples
from api.llm import LanguageModel
from api.metrics import Door, Metrics
from api.removed import Removed
from api.reworded import Models
from api.settings import Settings
from api.state import State
from api.tracing import Tracing
from index.derive import Report
from index.index import Index
from index.transformer import Options
from index.workers import open_tools
from rag.answer import Answer
from rag.cross_encoder import CrossEncoderReranker


@dataclass(frozen=True, slots=True)
class Resources:
    """The open index and state, the settings they were opened with, and the models there are."""

    index: Index
    state: State
    settings: Settings
    examples: Examples
    removed: Removed = field(default_factory=Removed)
    metrics: Metrics = field(default_factory=Metrics)
    tracing: Tracing | None = None
    model: LanguageModel | None = None
    reranker: CrossEncoderReranker | None = None

    def models(self, begun: Callable[[], None] = lambda: None) -> Models:
        """The models that help to find answers; `begun` as there."""
        wording = self.model if self.settings.llm_rewrite else None
        return Models(self.reranker, wording, begun)

    def answered(self, answer: Answer, door: Door) -> None:
        """Note an answer: count it, and tell the collector where there is one."""
        self.metrics.answered(answer, door)
        if self.tracing is not None:
            self.tracing.answered(answer, door)


def open_index(settings: Settings, report: Report = lambda what, done, total: None) -> Index:
    """The index that the settings name, rebuilding told to `report`; raises IndexingError."""
    tools = open_tools(settings.terms, encoder_options(settings))
    return Index.open(
        settings.data,
        analyzer=tools.analyzer,
        encoder=tools.encoder,
        gazetteer=tools.gazetteer,
        report=report,
    )


def encoder_options(settings: Settings) -> Options | None:
    """Which model the settings name and how it is used; None for the shipped one."""
    if settings.encoder is None:
        return None
    return Options(
        settings.encoder,
        settings.encoder_query_prompt,
        settings.encoder_passage_prompt,
        settings.encoder_max_tokens,
        settings.encoder_batch,
        settings.encoder_device,
    )


def open_reranker(settings: Settings) -> CrossEncoderReranker | None:
    """The reranker that the settings name, which loads while questions are answered without it."""
    if settings.reranker is None:
        return None
    return CrossEncoderReranker(settings.reranker, settings.reranker_timeout_s)


def now() -> str:
    """The time, as ISO 8601 in UTC: 2026-11-20T08:30:00Z."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
