"""Here is text about an article; give me the date it was published."""

import re
from collections import Counter

_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:[-/.]|年 ?)(?P<m>\d{1,2})(?:[-/.]|月 ?)(?P<d>\d{1,2})(?!\d)日?"
)
_SHORT_YEAR = re.compile(r"(?<!\d)(?P<y>\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)")
_MONTH_DAY = re.compile(r"(?<!\d)(?P<m>\d{1,2})(?:[-/]|月)(?P<d>\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<![\d.])(20\d\d)(?=年)")
# A year that is only planned for: 到2035年, 力争2030年前, 2021—2025年.
_PLANNED_BEFORE = re.compile(r"(?:(?<!截)至|到|力争|[—–~～-]|面向|展望|预计)$")
_PLANNED_AFTER = re.compile(r"年(?:以?前|底前|左右|实现|建成|目标|远景|愿景)")
# Said in the year after: 过去的2020年. 去年11月24日,2020年全国…大会.
_LAST_YEAR = re.compile(
    r"(?:过去的|刚刚过去的|走过|回望|回首)(20\d\d)年|"
    r"去年(?:\d{1,2}月(?:\d{1,2}日)?)?[,，]?(20\d\d)年"
)
# Said in the year itself: 今年是2021年. 2021年,我们将….
_THIS_YEAR = re.compile(
    r"今年是?(20\d\d)年|(20\d\d)年,?，?[^。！？,，\n]{0,10}(?:必将|我们将|将继续|这样干|"
    r"怎么干|工作(?:计划|思路|打算))"
)


def find_date(text: str) -> str | None:
    """The first full date of `text` in ISO 8601, None where there is none."""
    for match in _DATE.finditer(text):
        found = iso_date(match["y"], match["m"], match["d"])
        if found:
            return found
    return None


def find_feed_date(head: str, body: str) -> tuple[str | None, bool]:
    """The date at the head of a feed's article, and whether its year was inferred from `body`."""
    found = find_date(head)
    if found:
        return found, False
    short = _SHORT_YEAR.search(head)
    if short:
        return iso_date("20" + short["y"], short["m"], short["d"]), False
    part = _MONTH_DAY.search(head)
    year = infer_year(body) if part else None
    if part and year:
        found = iso_date(year, part["m"], part["d"])
        return found, found is not None
    return None, False


def iso_date(year: str, month: str, day: str) -> str | None:
    """ISO 8601 of a date, None where no calendar has it."""
    m, d = int(month), int(day)
    return f"{year}-{m:02}-{d:02}" if 1 <= m <= 12 and 1 <= d <= 31 else None


def infer_year(text: str) -> str | None:
    """The year an article speaks from, where it says so; None where it does not.

    「过去的2020年」 is said in 2021. Years that are planned for do not count, and where a later
    year than the one found is named as past, nothing is inferred.
    """
    if "年" not in text:
        return None
    found = [int(m[1] or m[2]) + 1 for m in _LAST_YEAR.finditer(text)]
    found += [int(m[1] or m[2]) for m in _THIS_YEAR.finditer(text)]
    if not found:
        return None
    year, count = Counter(found).most_common(1)[0]
    named = [
        int(match[1])
        for match in _YEAR.finditer(text)
        if not _PLANNED_BEFORE.search(text[max(0, match.start() - 2) : match.start()])
        and not _PLANNED_AFTER.match(text, match.end())
    ]
    return str(year) if max(named, default=year) <= year and count * 2 > len(found) else None
