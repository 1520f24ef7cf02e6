"""Here is a sentence; tell me which years a character of it speaks of."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.document import Document
from index.sentences import Sentence

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|—|-|至)")
_YEAR_IN_WORDS = re.compile(r"([一二][〇零一二三四五六七八九]{3})年")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_NOW = re.compile(r"目前|近日|日前|昨[日天]|今[日天]|眼下")
_NO_YEAR = 9999
# How far back in its article a sentence without a year finds the one it goes on with, characters.
_YEARS_BACK = 4000
# And in an article whose date is known, which needs to say the year only where it is another.
_NEAR = 300
# How many years before that of publication these are.
RELATIVE = (("前年", 2), ("去年", 1), ("上年", 1), ("今年", 0), ("本年", 0), ("年初", 0))
_BACK = dict(RELATIVE)
# 2019年初 has its year; 比去年同期 only says what a figure is held against.
_RELATIVE = re.compile(r"(?<![比较与同])(?:前年|去年|上年|今年|本年|(?<!\d)年初)(?!同期)")
_SPAN = re.compile(r"(?<!\d)((?:19|20)\d{2})年?[-—–~至到]+((?:19|20)\d{2})年")
_WITHIN_YEAR = re.compile(
    r"(?:\d{4}|[一二][〇零一二三四五六七八九]{3})?年?(?:(?:\d{1,2}[-—–~至到])?\d{1,2}月份?"
    r"(?:\d{1,2}日|[底初末]|[上中下]旬)?|[上下]半年|第?[一二三四1-4]季度|[底末初])?"
)


@dataclass(frozen=True, slots=True)
class Time:
    """The words of a sentence [start, end) that say when, and the first and last year they name.

    No years: a relative one (去年) in an article whose date is not known.
    """

    start: int
    end: int
    years: tuple[int, ...]


def time_of(sentence: Sentence, at: int) -> Time | None:
    """When the character `at` of a sentence speaks of, as far as the sentence says so itself.

    The last year or 去年, 今年 printed before it in the sentence, else the first after it; a
    relative one is counted from the article's date.
    """
    text = sentence.text
    marks = _marks(text, year_of(sentence.document))
    if not marks:
        return None
    before = [mark for mark in marks if mark[0] <= at]
    after = [mark for mark in marks if mark[0] > at]
    start, end, years = max(before) if before else min(after)
    for m in _SPAN.finditer(text):
        if m.start() <= start < m.end() and (m.end() <= at or at < m.start()):
            return Time(m.start(), m.end(), (int(m[1]), int(m[2])))
    within = _WITHIN_YEAR.match(text, start if text[start].isdigit() else end)
    return Time(start, max(end, within.end() if within else end), years)


@lru_cache(maxsize=1 << 10)
def _marks(text: str, published: int | None) -> list[tuple[int, int, tuple[int, ...]]]:
    """The years and relative years of a text: where each begins and ends, and which it is."""
    marks: list[tuple[int, int, tuple[int, ...]]] = [
        (m.start(), m.end(), (int(m[1]),)) for m in _YEAR.finditer(text)
    ]
    for m in _YEAR_IN_WORDS.finditer(text):
        marks.append((m.start(), m.end(), (int(m[1].translate(_DIGITS)),)))
    for m in _RELATIVE.finditer(text):
        known = () if published is None else (published - _BACK[m[0]],)
        marks.append((m.start(), m.end(), known))
    return marks


def years_of(sentence: Sentence, at: int) -> tuple[int, ...]:
    """The calendar year that the character `at` of a sentence speaks of, the last of several;
    none where the sentence says none (see `time_of`).
    """
    time = time_of(sentence, at)
    return time.years[-1:] if time else ()


def years_in(text: str) -> tuple[int, ...]:
    """The calendar years printed in a text, which is taken whole."""
    words = (m[1].translate(_DIGITS) for m in _YEAR_IN_WORDS.finditer(text))
    return tuple(int(year) for year in (*(m[1] for m in _YEAR.finditer(text)), *words))


def years_before(sentence: Sentence) -> tuple[int, ...]:
    """The last calendar year named before a sentence in its article, which it goes on with.

    Years after that of publication (到2025年) are passed over; what is said of now (目前) goes on
    with none.
    """
    if _NOW.search(sentence.text):
        return ()
    published = year_of(sentence.document) or _NO_YEAR
    back = _NEAR if sentence.document.date else _YEARS_BACK
    before = sentence.document.text[max(0, sentence.start - back) : sentence.start]
    named = [int(m[1]) for m in _YEAR.finditer(f"{sentence.document.title}\n{before}")]
    return tuple([year for year in named if year <= published][-1:])


def year_of(document: Document) -> int | None:
    """The year an article was published, where it is known."""
    return int(document.date[:4]) if document.date else None
