"""Here are the pieces of a language model's text; give me the sentences that hold, as they come,
and the answer made of them.
"""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.quantity import quantities
from rag.answer import Answer
from rag.ask import Findings
from rag.cite import Citations
from rag.errors import LanguageModelError
from rag.gates import region_of
from rag.passage import Passage, passages_of
from rag.prompt import Message, messages
from rag.verify import MARK, Checked, check

UNAVAILABLE = "llm_unavailable"
"""No model is set, or it gave nothing in time: the answer is extractive."""
REJECTED = "llm_sentence_rejected"
"""A sentence of the model was not shown, since no passage that it cites carries it."""
INCOMPLETE = "llm_incomplete"
"""The model broke off, ran too long or too late; what had held by then is shown."""
LANGUAGE = "llm_language"
"""The question is not Chinese: no other language can be held against the passages."""

MOST_SENTENCES = 8
# More characters without an end are no sentence.
_LONGEST = 600
# Complete once something follows that is no white space, closes no quotation and opens no mark.
_COMPLETE = re.compile(
    rf"[\s\S]*?[。！？!?\n][”’」』》）)】\"']*(?:{MARK.pattern})*\s*(?=[^\s\[［【”’」』》）)】\"'])"
)
_OPEN, _CLOSE = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class Task:
    """What a language model may write about: the findings and the passages it is shown."""

    findings: Findings
    passages: tuple[Passage, ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        """What the model is told."""
        return messages(self.findings.answer.standalone_question, self.passages)


def task_of(findings: Findings) -> Task | str:
    """What a model may write about, or why it is not asked: `LANGUAGE`, or "" where the articles
    do not say (a refusal stands).
    """
    if findings.answer.status == "not_found":
        return ""
    if findings.inquiries[0].query.language != "zh":
        return LANGUAGE
    return Task(findings, passages_of(findings.inquiries, findings.evidence))


def generate(task: Task, pieces: Iterable[str], top_k: int = 5) -> Iterator[str | Answer]:
    """The sentences that hold, one by one as soon as they do, and last the whole Answer.

    The answer's text is these sentences joined. Where none holds, or none has the figure or name
    asked for, the extractive answer's text is the last of them. No more than `top_k` citations,
    unless the extractive answer has more.
    """
    started = time.perf_counter()
    extractive = task.findings.answer
    citations = Citations(extractive.citations)
    most = max(top_k, len(extractive.citations))
    said: list[str] = []
    degraded: dict[str, None] = {}
    failed = False
    try:
        for sentence in sentences_in(pieces):
            checked = check(sentence, task.passages, extractive.text)
            if checked.fault:
                degraded[REJECTED] = None
                continue
            text, numbered = _cited(task, checked, citations)
            if text in said or len(numbered.all()) > most:
                continue
            citations = numbered
            said.append(text)
            yield text
            if len(said) == MOST_SENTENCES:
                break
    except LanguageModelError:
        failed = True
    if (failed or not degraded) and not said:
        degraded[UNAVAILABLE] = None
    elif failed:
        degraded[INCOMPLETE] = None
    written = bool(said)
    if not _answers(extractive, said):
        said.append(extractive.text)
        yield extractive.text
    yield replace(
        extractive,
        text="".join(said),
        citations=citations.all(),
        mode="generative" if written else "extractive",
        degraded=(*extractive.degraded, *degraded),
        timings_ms=_timings(extractive, 1000 * (time.perf_counter() - started)),
    )


def _answers(extractive: Answer, said: Sequence[str]) -> bool:
    """Whether what was said has a figure, name or date asked for, where there is one."""
    shorts = [short.text for short in extractive.short_answers]
    return any(not shorts or any(short in text for short in shorts) for text in said)


def _cited(task: Task, checked: Checked, citations: Citations) -> tuple[str, Citations]:
    """A sentence that holds with the numbers of its citations, and the citations then."""
    numbered = Citations(citations.all())
    numbers = dict.fromkeys(numbered.add_sentence(g.sentence) for g in checked.grounds)
    text = checked.text if checked.text[-1:] in "。！？!?" else f"{checked.text}。"
    marks = "".join(f"[{number}]" for number in numbers)
    return f"{_led(task, checked)}{text}{marks}", numbered


def _led(task: Task, checked: Checked) -> str:
    """The place of a sentence that names none, unless it is the only one asked for."""
    ground = checked.grounds[0]
    gazetteer = ground.inquiry.gazetteer
    if len(task.findings.inquiries[0].query.places) == 1:
        return ""
    if any(mention.places for mention in gazetteer.find(checked.text)):
        return ""
    figures = {q.value for q in quantities(checked.text)}
    at = next((q.start for q in quantities(ground.sentence.text) if q.value in figures), 0)
    region = region_of(ground.sentence, at, gazetteer)
    return f"{region}：" if region else ""


def _timings(extractive: Answer, took: float) -> dict[str, float]:
    """The extractive answer's times with the model's."""
    times = dict(extractive.timings_ms)
    total = times.pop("total", 0.0)
    return {**times, "generate": round(took, 2), "total": round(total + took, 2)}


def sentences_in(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of a text that comes in pieces, each with the marks behind it, as soon as it
    is whole.
    """
    held = ""
    for piece in _spoken(pieces):
        held += piece
        while match := _COMPLETE.match(held):
            held = held[match.end() :]
            yield from _telling(match[0])
        if len(held) > _LONGEST:
            yield held
            held = ""
    yield from _telling(held)


def _telling(sentence: str) -> Iterator[str]:
    """The sentence, unless nothing but marks is in it."""
    if any(c.isalnum() for c in MARK.sub("", sentence)):
        yield sentence.strip()


def _spoken(pieces: Iterable[str]) -> Iterator[str]:
    """The text without the thoughts that some models put before it."""
    held: str | None = ""
    for piece in pieces:
        if held is None:
            yield piece
            continue
        held += piece
        start = held.lstrip()
        _, closed, rest = start.partition(_CLOSE)
        if start.startswith(_OPEN) and closed:
            held = None
            yield rest
        elif not start.startswith(_OPEN) and not _OPEN.startswith(start):
            yield held
            held = None
    if held is not None and not held.lstrip().startswith(_OPEN):
        yield held
