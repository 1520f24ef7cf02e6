"""Here is a question; give me the same question as other people would type it.

Forms: with a typo, without punctuation, in a polite long form, with the place said last. The same
question always gives the same forms.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from pypinyin import Style, pinyin

from eval.answers import answer_measures, short_name
from eval.errors import SystemFailed
from eval.evaluate import unanswered
from eval.question import Question
from eval.reply import Reply
from eval.results import ResultRow
from eval.systems import System

_PUNCTUATION = re.compile(r"[,，。．.、?？!！;；:：“”\"'「」《》\s]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def plain(question: Question) -> str | None:
    """Without punctuation; None where there was none."""
    text = _PUNCTUATION.sub("", question.text)
    return text if text != question.text else None


def polite(question: Question) -> str | None:
    """In a long form with greeting and thanks."""
    return f"您好,麻烦请教一下,我想了解的是:{question.text.rstrip('?？')}?十分感谢!"


def place_last(question: Question) -> str | None:
    """With the place moved to the end; None where the question does not name it."""
    place = short_name(question.region or "")
    if not place or question.text.count(place) != 1:
        return None
    whole = question.region or place
    named = whole if whole in question.text else place
    rest = question.text.replace(named, "").lstrip("的,， ").rstrip("?？")
    return f"{rest}?我问的是{named}"


def typo(question: Question) -> str | None:
    """With one character replaced by a common one of the same sound; never in the place's name.

    None where no character has such a neighbour.
    """
    place = short_name(question.region or "")
    at = question.text.find(place) if place else -1
    kept = set(range(at, at + len(place))) if at >= 0 else set()
    places = [m.start() for m in _HAN.finditer(question.text) if m.start() not in kept]
    places.sort(key=lambda i: hashlib.sha256(f"{question.id} {i}".encode()).digest())
    for i in places:
        character = question.text[i]
        others = [c for c in _homophones().get(_sound(character), "") if c != character]
        if others:
            return question.text[:i] + others[0] + question.text[i + 1 :]
    return None


FORMS: dict[str, Callable[[Question], str | None]] = {
    "typo": typo,
    "plain": plain,
    "polite": polite,
    "place-last": place_last,
}


@cache
def _homophones() -> dict[str, str]:
    """Sound → the characters of GB 2312's first level (the 3,755 most common) that have it."""
    found: dict[str, str] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes([high, low]).decode("gb2312")
            except UnicodeDecodeError:  # the last row is not full
                continue
            sound = _sound(character)
            found[sound] = found.get(sound, "") + character
    return found


@cache
def _sound(character: str) -> str:
    """Its most usual pinyin with tone."""
    return pinyin(character, style=Style.TONE)[0][0]


def robustness(system: System, questions: Sequence[Question]) -> list[ResultRow]:
    """A row for each form of each question: whether the result is the same as for the question.

    The same: status, and the short answers (or the answer's text where there are none). Chinese
    questions without a history are asked.
    """
    rows = []
    for question in questions:
        if question.language != "zh" or question.history:
            continue
        try:
            first = system.ask(question.text, ())
        except SystemFailed:
            continue
        for name, form in FORMS.items():
            text = form(question)
            if text is not None:
                rows.append(_asked_again(system, replace(question, text=text), name, first))
    return rows


def _asked_again(system: System, question: Question, form: str, first: Reply) -> ResultRow:
    """The row of one form; a failed one is not the same."""
    row = replace(
        unanswered(question),
        id=f"{question.id}~{form}",
        kind=form,
        measures={"same": 0.0, "good": 0.0},
    )
    try:
        reply = system.ask(question.text, ())
        good = answer_measures(question, reply, system.texts)["good"]
    except SystemFailed as exc:
        return replace(row, error=str(exc))
    return replace(
        row,
        status=reply.status,
        answer=reply.text,
        measures={"same": float(_said(reply) == _said(first)), "good": good},
        took_ms=reply.took_ms,
    )


def _said(reply: Reply) -> tuple[str, ...]:
    """What makes two replies the same."""
    if reply.status == "not_found":
        return (reply.status,)
    shorts = sorted(short.text for short in reply.short_answers)
    return (reply.status, *(shorts or [reply.text]))
