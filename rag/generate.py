"""Here are the pieces of a language model's text; give me the sentences that hold, as they come,
and the answer made of them.
"""

import re
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.gazetteer import Place
from index.quantity import quantities
from rag.admit import Inquiry
from rag.answer import Answer
from rag.ask import Findings
from rag.cite import Citations
from rag.errors import LanguageModelError
from rag.passage import Passage, passages_of
from rag.prompt import Message, messages
from rag.verify import ADDRESS, ASKS_ADDRESS, MARK, Checked, check

UNAVAILABLE = "llm_unavailable"
"""No model is set, or it gave nothing in time: the answer is extractive."""
REJECTED = "llm_sentence_rejected"
"""A sentence of the model was not shown, since no passage that it cites carries it."""
INCOMPLETE = "llm_incomplete"
"""The model broke off, ran too long or too late; what had held by then is shown."""
LANGUAGE = "llm_language"
"""The question is not Chinese: no other language can be held against the passages."""

MOST_SENTENCES = 8
# A model that keeps to what it was asked for writes three sentences and may think before them.
_MOST_CHECKED = 60
_MOST_CHARACTERS = 6_400
# More characters without an end are no sentence.
_LONGEST = 600
_CLOSING = r"(?:[”’」』》）)】\"']|\*\*)*"
# Complete once something follows that is no white space, closes nothing and opens no mark.
_COMPLETE = re.compile(
    rf"[\s\S]*?[。！？!?\n]{_CLOSING}(?:{MARK.pattern})*\s*"
    r"(?=[^\s\[［【”’」』》）)】\"'*]|\*[^*])"
)
_ENDED = re.compile(rf"[。！？!?\n]{_CLOSING}(?:{MARK.pattern})*\s*$")
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

    The answer's text is these sentences joined. None is shown before one has a figure or name asked
    for; where none has, the extractive answer's text is all there is. No more than `top_k`
    citations, unless the extractive answer has more.
    """
    started = time.perf_counter()
    extractive = task.findings.answer
    wanted = _wanted(extractive)
    shown = _Shown(task, Citations(extractive.citations), max(top_k, len(extractive.citations)))
    degraded: dict[str, None] = {}
    waiting: list[Checked] = []
    failed = False
    try:
        for sentence in _bounded(sentences_in(pieces)):
            checked = _checked(task, sentence)
            told = _told(checked, wanted)
            if checked.fault or told == "other":
                degraded[REJECTED] = None
                continue
            waiting.append(checked)
            if told == "beside" and not shown.texts:
                continue
            yield from shown.add(waiting)
            waiting.clear()
            if len(shown.texts) >= MOST_SENTENCES:
                break
    except LanguageModelError:
        failed = True
    degraded |= _less(shown.texts, degraded, failed=failed, left_out=bool(waiting))
    written = bool(shown.texts)
    if not written or not all(_holds(want, shown.texts) for want in wanted):
        yield shown.close(_without_addresses(extractive.text, extractive.question))
    yield replace(
        extractive,
        text="".join(shown.texts),
        citations=shown.citations.all(),
        mode="generative" if written else "extractive",
        degraded=(*extractive.degraded, *degraded),
        timings_ms=_timings(extractive, 1000 * (time.perf_counter() - started)),
    )


class _Shown:
    """The sentences shown so far, and what they cite."""

    def __init__(self, task: Task, citations: Citations, most: int) -> None:
        self._task = task
        self._most = most
        self.citations = citations
        self.texts: list[str] = []

    def add(self, several: Sequence[Checked]) -> Iterator[str]:
        """Those that were not shown yet and need no more citations than there may be."""
        for checked in several:
            text, numbered = _cited(self._task, checked, self.citations)
            if text in self.texts or len(numbered.all()) > self._most:
                continue
            self.citations = numbered
            self.texts.append(text)
            yield text

    def close(self, text: str) -> str:
        """The extractive answer's text, as the last of them."""
        self.texts.append(text)
        return text


def _bounded(sentences: Iterable[str]) -> Iterator[str]:
    """The sentences of a model that keeps to what it was asked; LanguageModelError of another."""
    characters = 0
    for count, sentence in enumerate(sentences):
        characters += len(sentence)
        if count == _MOST_CHECKED or characters > _MOST_CHARACTERS:
            raise LanguageModelError("the language model writes more than it was asked for")
        yield sentence


def _checked(task: Task, sentence: str) -> Checked:
    """A sentence held against the passages; one without an end is none."""
    if len(sentence) > _LONGEST:
        return Checked(sentence[:_LONGEST], (), "form")
    return check(sentence, task.passages, task.findings.answer.text)


def _less(
    texts: Sequence[str], degraded: Mapping[str, None], *, failed: bool, left_out: bool
) -> dict[str, None]:
    """What else `degraded` has to say, once the model has ended."""
    if texts:
        return {INCOMPLETE: None} if failed else {}
    rejected: dict[str, None] = {REJECTED: None} if left_out else {}
    unavailable = failed or not (degraded or left_out)
    return rejected | ({UNAVAILABLE: None} if unavailable else {})


Wanted = tuple[float, str] | str
"""A figure's value and unit, or a name or date."""


def _wanted(extractive: Answer) -> list[Wanted]:
    """What was asked for, as the extractive answer has it."""
    found: list[Wanted] = []
    for short in extractive.short_answers:
        figures = quantities(short.text)
        found.append((figures[0].value, figures[0].unit) if figures else short.text)
    return found


def _holds(want: Wanted, texts: Iterable[str]) -> bool:
    """Whether one of the texts has what was asked for; figures are compared by their value."""
    if isinstance(want, str):
        return any(want in text for text in texts)
    figures = (q for text in texts for q in quantities(unicodedata.normalize("NFKC", text)))
    return any((q.value, q.unit) == want for q in figures)


def _told(checked: Checked, wanted: Sequence[Wanted]) -> str:
    """Whether a sentence has what was asked for ("asked"), has another figure where that one was
    asked for ("other": a reader would take it for the answer), or neither ("beside").
    """
    if not wanted or any(_holds(want, [checked.text]) for want in wanted):
        return "asked"
    units = {want[1] for want in wanted if not isinstance(want, str)}
    figures = quantities(unicodedata.normalize("NFKC", checked.text))
    return "other" if any(q.unit in units for q in figures) else "beside"


def _without_addresses(text: str, question: str) -> str:
    """A text of articles without the addresses in it, unless the question asks for one."""
    return text if ASKS_ADDRESS.search(question) else ADDRESS.sub("（见原文）", text)


def _cited(task: Task, checked: Checked, citations: Citations) -> tuple[str, Citations]:
    """A sentence that holds with the numbers of its citations, and the citations then."""
    numbered = Citations(citations.all())
    numbers = dict.fromkeys(numbered.add_sentence(g.sentence) for g in checked.grounds)
    text = checked.text if checked.text[-1:] in "。！？!?" else f"{checked.text}。"
    marks = "".join(f"[{number}]" for number in numbers)
    return f"{_led(task, checked)}{text}{marks}", numbered


def _led(task: Task, checked: Checked) -> str:
    """The place and programme said before a sentence that does not name them, as the extractive
    answer puts them; always the place where none was asked for, or several.
    """
    inquiry = checked.grounds[0].inquiry
    place = checked.region or ""
    inquiries = task.findings.inquiries
    one = len(inquiries) == 1 and len(inquiry.query.places) == 1
    if one and place not in checked.lead:
        place = ""
    if any(p.name in checked.text or p.short in checked.text for p in _called(inquiry, place)):
        place = ""
    way = checked.lead.removeprefix(checked.region or "")
    lead = f"{place}{'' if way in checked.text else way}"
    return f"{lead}：" if lead else ""


def _called(inquiry: Inquiry, region: str) -> list[Place]:
    """The places of that very name."""
    return [place for place in inquiry.gazetteer.by_name(region) if place.name == region]


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
    try:
        for piece in spoken(pieces):
            held += piece
            while match := _COMPLETE.match(held):
                held = held[match.end() :]
                yield from _telling(match[0])
            if len(held) > _LONGEST:
                yield held
                held = ""
    except LanguageModelError:
        # what the break came behind is whole
        if _ENDED.search(held):
            yield from _telling(held)
        raise
    yield from _telling(held)


def _telling(sentence: str) -> Iterator[str]:
    """The sentence, unless nothing but marks is in it."""
    if any(c.isalnum() for c in MARK.sub("", sentence)):
        yield sentence.strip()


def spoken(pieces: Iterable[str]) -> Iterator[str]:
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
