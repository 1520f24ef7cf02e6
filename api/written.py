"""Here are the findings for a question and a language model, if there is one; give me the answer as
it is written.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from api.llm import Endpoint, LanguageModel, Limits
from api.settings import Settings
from rag.answer import Answer
from rag.ask import Findings
from rag.generate import UNAVAILABLE, Task, generate, task_of


def open_model(settings: Settings) -> LanguageModel | None:
    """The language model that the settings name; nothing is asked of it yet."""
    if settings.llm_url is None or settings.llm_model is None:
        return None
    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    limits = Limits(settings.llm_first_s, settings.llm_timeout_s)
    return LanguageModel(Endpoint(settings.llm_url, settings.llm_model, key), limits)


def write(
    findings: Findings,
    model: LanguageModel | None,
    top_k: int,
    *,
    generative: bool,
    took_s: float = 0.0,
) -> Iterator[str | Answer]:
    """The pieces of the answer's text as they are sure, and last the answer itself.

    Without a model the answer is extractive and `degraded` says `llm_unavailable`. What the
    articles do not say stays refused, whatever a model would say. `took_s` of the model's time are
    gone already.
    """
    answer = findings.answer
    if generative:
        task = task_of(findings) if model is not None else UNAVAILABLE
        if model is not None and isinstance(task, Task):
            left_s = model.limits.total_s - took_s
            with closing(model.write(task.messages, left_s)) as pieces:
                yield from generate(task, pieces, top_k)
            return
        if isinstance(task, str) and task:
            answer = replace(answer, degraded=(*answer.degraded, task))
    yield answer.text
    yield answer
