"""Here is a question in its conversation; find its answer, in a language model's wording of the
question where the settings want that and the wording holds.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

from api.llm import LanguageModel
from index.index import Filters, Snapshot
from rag.ask import Findings, RetrievalSettings, look, look_as
from rag.conversation import Conversation
from rag.errors import LanguageModelError
from rag.rerank import Reranker
from rag.rewrite import REJECTED, UNAVAILABLE, is_wanted, messages, rewritten

SHARE = 0.5
"""Of the time that the language model may take in all: the rest is for writing the answer."""


@dataclass(frozen=True, slots=True)
class Models:
    """What may help to find an answer: a reranker, and a language model that words the question.

    `begun` is called before the language model is waited for.
    """

    reranker: Reranker | None = None
    wording: LanguageModel | None = None
    begun: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class _Wording:
    """A question as the model words it, None where it is left to the rules; what could not be done
    for it, and the seconds that it took.
    """

    text: str | None = None
    degraded: tuple[str, ...] = ()
    took_s: float = 0.0


def find(
    question: str,
    before: Conversation,
    snapshot: Snapshot,
    models: Models,
    *,
    filters: Filters | None = None,
    top_k: int = 5,
) -> tuple[Findings, float]:
    """The findings, and the seconds that a language model took of its time.

    Where its wording does not hold or does not come, the question is understood by our rules and
    `degraded` says so.
    """
    wording = _worded(question, before, snapshot, models)
    settings = RetrievalSettings(reranker=models.reranker)
    if wording.text is None:
        found = look(
            question,
            snapshot,
            conversation=before,
            filters=filters,
            top_k=top_k,
            settings=settings,
        )
    else:
        found = look_as(
            question, wording.text, snapshot, filters=filters, top_k=top_k, settings=settings
        )
    return _with(found, wording), wording.took_s


def _with(found: Findings, wording: _Wording) -> Findings:
    """The findings, with what became of the wording."""
    if not wording.took_s:
        return found
    answer, took = found.answer, 1000 * wording.took_s
    times = dict(answer.timings_ms)
    times |= {"rewrite": round(took, 2), "total": round(times.get("total", 0.0) + took, 2)}
    degraded = (*wording.degraded, *answer.degraded)
    return replace(found, answer=replace(answer, degraded=degraded, timings_ms=times))


def _worded(question: str, before: Conversation, snapshot: Snapshot, models: Models) -> _Wording:
    """The model's wording of a question that needs one, held against what was said."""
    model, analyzer, gazetteer = models.wording, snapshot.analyzer, snapshot.gazetteer
    if model is None or not is_wanted(question, before, analyzer, gazetteer):
        return _Wording()
    started = time.perf_counter()
    text, degraded = "", UNAVAILABLE
    try:
        asked = model.write(messages(question, before), SHARE * model.limits.total_s, models.begun)
        with closing(asked) as pieces:
            text, degraded = rewritten(pieces, question, before, analyzer, gazetteer), REJECTED
    except LanguageModelError:
        # `degraded` says so, and the rules understand the question
        text = ""
    took = time.perf_counter() - started
    return _Wording(text or None, () if text else (degraded,), took)
