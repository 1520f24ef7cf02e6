"""Here is a figure's sentence and the time asked for; tell me whether it speaks of that time."""

import re

from index.sentences import Sentence
from index.when import RELATIVE, year_of, years_before, years_in, years_of
from rag.query import Query

# Words that say a figure is a total over more than one year.
RUNNING = re.compile(
    r"累计|历年|(?<!年)(?<![今去年]年)(?<!年初)(?<!入[春夏秋冬伏汛])以来|迄今|至今"
    r"|[两三四五六七八九十几\d]+年(?:来|间)|近[两三四五六七八九十几\d]*年(?:来)?|过去[两三四五六七八九十几\d]+年"
)
# Those of them that hold for the sentences behind, too.
_FRAME = re.compile(r"[两三四五六七八九十几\d]+年来|近年来|过去[两三四五六七八九十几\d]+年")
# Words that say it is of the day the article appeared.
_NOW = re.compile(r"目前|现在|截至|截止|当前|如今|眼下|现有|现已")
_YEAR_MARK = re.compile(r"(?:19|20)\d{2}年|今年|去年|前年|上年|本年|全年|年初")
_SINCE = re.compile(r"以来|至今|起(?=[，,])")
# A report on the year before appears in the first months of the next.
_REPORTS_UNTIL = 3
_ASKED_RUNNING = re.compile(
    r"累计|历年|迄今|至今|(?:[两三四五六七八九十]|几)年(?:来|间)|近[两三四五六七八九十几]年"
)


def time_verdict(sentence: Sentence, at: int, query: Query) -> str:
    """How the time of the character `at` of a sentence stands to that asked for: "" fits.

    "year": of another one; "running": a total over years where one year is asked for; "yearly":
    one year's where a running total is asked for. A sentence without a year of its own goes on
    with the last one named before it in the article, or, where it says 目前, speaks of the year of
    publication; without any it is taken to report on that year, in its first months on the one
    before too. 去年 in a question needs a sentence, or what leads up to it, of that year.
    """
    asked = {back for word, back in RELATIVE if word in query.text}
    said = {back for word, back in RELATIVE if word in sentence.text}
    if asked and said and not asked & said:
        return "year"
    if query.ask.wants_quantity and at < len(sentence.text):
        total = is_running(sentence, at)
        if total and (asked or query.years):
            return "running"
        if _ASKED_RUNNING.search(query.text) and not asked and not query.years:
            return "yearly" if not total and _one_year(sentence, at) else ""
    if asked and not said and not query.years:
        return "" if _may_be(sentence, at, asked) else "year"
    return "" if not query.years or _of_years(sentence, at, query.years) else "year"


def is_running(sentence: Sentence, at: int) -> bool:
    """Whether the figure at `at` is a total over years: no year that it is of goes before it."""
    before = sentence.text[:at]
    if not RUNNING.search(before):
        stated = _YEAR_MARK.search(sentence.text) or _NOW.search(sentence.text)
        return not stated and _frames(sentence.lead)
    years = list(_YEAR_MARK.finditer(before))
    if not years:
        return True
    published = year_of(sentence.document)
    since = _SINCE.search(before, years[-1].end())
    named = years[-1][0][:4]
    return bool(since) and named.isdigit() and published is not None and int(named) < published


def _frames(lead: str) -> bool:
    """Whether what leads up to a sentence says last that it speaks of several years (五年来)."""
    frames = [match.start() for match in _FRAME.finditer(lead)]
    years = [match.start() for match in _YEAR_MARK.finditer(lead)]
    return bool(frames) and max(frames) > max(years, default=-1)


def _one_year(sentence: Sentence, at: int) -> bool:
    """Whether a year stands before the figure in its sentence, and nothing that adds up."""
    before = sentence.text[:at]
    adds = RUNNING.search(before) or _SINCE.search(before)
    return bool(_YEAR_MARK.search(before)) and not adds


def _may_be(sentence: Sentence, at: int, asked: set[int]) -> bool:
    """Whether a sentence that says no 去年 may be of it: this year's report is, for 今年; for an
    earlier one that calendar year must be the last one named.
    """
    published = year_of(sentence.document)
    years = years_of(sentence, at) or years_before(sentence)
    if 0 in asked:
        return published is None or not years or published in years or bool(_now(sentence))
    return published is not None and any(published - back in years for back in asked)


def _of_years(sentence: Sentence, at: int, asked: tuple[int, ...]) -> bool:
    """Whether the character `at` of a sentence may speak of the calendar years asked for."""
    published = year_of(sentence.document)
    whole = years_in(sentence.text) if at >= len(sentence.text) else ()
    years = whole if set(whole) & set(asked) else years_of(sentence, at)
    if not years and _now(sentence):
        return published in asked
    years = years or years_before(sentence)
    if years:
        return any(year in years for year in asked)
    return any(year in _reported(sentence.document.date) for year in asked)


def _reported(date: str | None) -> tuple[int, ...]:
    """The years that an article of a date (2021-02, 2021) speaks of where it names none: its own,
    and the one before where it is of the first months or of none that is known.
    """
    if date is None:
        return ()
    year, month = int(date[:4]), date[5:7]
    early = not month.isdigit() or int(month) <= _REPORTS_UNTIL
    return (year - 1, year) if early else (year,)


def _now(sentence: Sentence) -> bool:
    """Whether a sentence says that it tells how things stand."""
    return _NOW.search(sentence.text) is not None
