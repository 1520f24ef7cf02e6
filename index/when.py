"""Here is a sentence; tell me which years a character of it speaks of."""

import re

from index.document import Document
from index.sentences import Sentence

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|—|-|至)")
_YEAR_IN_WORDS = re.compile(r"([一二][〇零一二三四五六七八九]{3})年")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
# How far back in its article a sentence without a year finds the one it goes on with, characters.
_YEARS_BACK = 4000
# How many years before that of publication these are.
RELATIVE = (("前年", 2), ("去年", 1), ("上年", 1), ("今年", 0), ("本年", 0), ("年初", 0))


def years_of(sentence: Sentence, at: int) -> tuple[int, ...]:
    """The calendar years that the character `at` of a sentence speaks of.

    The last year or 去年, 今年 printed before it in the sentence, else the first after it; a
    relative one is counted from the article's date, and is no year where that is not known.
    """
    text = sentence.text
    published = year_of(sentence.document)
    marks: list[tuple[int, int]] = [(m.start(), int(m[1])) for m in _YEAR.finditer(text)]
    marks += [(m.start(), int(m[1].translate(_DIGITS))) for m in _YEAR_IN_WORDS.finditer(text)]
    if published is not None:
        marks += [
            (found.start(), published - back)
            for word, back in RELATIVE
            for found in re.finditer(word, text)
        ]
    before = [mark for mark in marks if mark[0] <= at]
    after = [mark for mark in marks if mark[0] > at]
    chosen = max(before) if before else min(after) if after else None
    return (chosen[1],) if chosen else ()


def years_in(text: str) -> tuple[int, ...]:
    """The calendar years printed in a text, which is taken whole."""
    words = (m[1].translate(_DIGITS) for m in _YEAR_IN_WORDS.finditer(text))
    return tuple(int(year) for year in (*(m[1] for m in _YEAR.finditer(text)), *words))


def years_before(sentence: Sentence) -> tuple[int, ...]:
    """The last calendar year named before a sentence in its article, which it goes on with."""
    text = f"{sentence.document.title}\n{sentence.document.text[: sentence.start]}"
    named = list(_YEAR.finditer(text[-_YEARS_BACK:]))
    return (int(named[-1][1]),) if named else ()


def year_of(document: Document) -> int | None:
    """The year an article was published, where it is known."""
    return int(document.date[:4]) if document.date else None
