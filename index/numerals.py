"""Here is normalised text; give me its numbers in one spelling, so that 163万 meets 1,630,000.

    61.19万元, 61.19万, 611900   → 611900           1,630,000元, 163万元, 一百六十三万 → 1630000
    2021年, 二〇二一年           → 2021年, 2021      8月16日 → 8月16日, 8月
    2023-07-28                   → 2023年, 2023, 7月28日, 7月
    3万余人, 三万余人            → 30000            百分之三点五 → 3.5%

Text is expected after NFKC: ASCII digits, `,` and `%`.
"""

import re
from decimal import Decimal
from functools import lru_cache

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_POWERS = _SMALL | _LARGE

_CHINESE = "零〇一二两三四五六七八九十百千万亿"
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
# One pass over the text finds runs that may hold a number; runs repeat, so reading them is cached.
# 米克瓦卡帕 end a run because 3千米 is three kilometres, not three thousand.
_RUN = re.compile(rf"[0-9{_CHINESE}][0-9{_CHINESE}多余几点.分之年月日%/\- ]*[米克瓦卡帕]?")
_ONE = re.compile(
    r"(?P<iso>(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d))"
    r"|(?P<month_day>(?P<m>\d{1,2}) ?月(?: ?(?P<d>\d{1,2}) ?日)?)"
    r"|(?P<arabic_year>(?<!\d)\d{4}(?= ?年))"
    r"|(?P<powers>(?:\d+(?:\.\d+)? ?[多余几]?(?:[百千万亿](?![米克瓦卡帕])){1,2})+)"
    r"|(?P<arabic>\d+(?:\.\d+)?%?)"
    rf"|百分之(?P<percent>[{_CHINESE}]+(?:点[零〇一二三四五六七八九]+)?)"
    r"|(?P<chinese_year>[〇零一二三四五六七八九]{4}(?=年))"
    rf"|(?P<chinese>[{_CHINESE}]+(?:点[零〇一二三四五六七八九]+(?!十))?(?:[多余几]?[万亿]+)?)"
)
_POWER_PART = re.compile(r"(\d+(?:\.\d+)?) ?[多余几]?([百千万亿]{1,2})")


def ungroup(text: str) -> str:
    """`text` with the thousands commas of its numbers removed (1,630,000 → 1630000)."""
    if "," not in text:
        return text
    return _GROUPED.sub(lambda match: match[0].replace(",", ""), text)


def numerals(text: str) -> list[str]:
    """The numbers of `text`, in order, where their one spelling differs from the one printed."""
    found: list[str] = []
    for run in _RUN.findall(text):
        if len(run) > 1:
            found += _read_run(run)
    return found


@lru_cache(maxsize=1 << 16)
def _read_run(run: str) -> tuple[str, ...]:
    """The spellings that one run of numeral characters gives."""
    found: list[str] = []
    for match in _ONE.finditer(run):
        kind = match.lastgroup
        if match["iso"]:
            found += [f"{match['year']}年", *_month_day(match["month"], match["day"])]
        elif match["month_day"]:
            found += _month_day(match["m"], match["d"])
        elif match["arabic_year"]:
            found.append(f"{match['arabic_year']}年")
        elif match["chinese_year"]:
            year = "".join(str(_DIGITS[c]) for c in match["chinese_year"])
            found += [f"{year}年", year]
        elif match["percent"]:
            value = read_chinese(match["percent"])
            found += [f"{spell(value)}%"] if value is not None else []
        elif kind in {"powers", "chinese"}:
            value = _powers(match[0]) if kind == "powers" else _chinese(match[0])
            found += [spell(value)] if value is not None else []
    return tuple(found)


def _month_day(month: str, day: str | None) -> list[str]:
    """`["7月28日", "7月"]` for ("07", "28"); only the month where there is no day."""
    name = f"{int(month)}月"
    return [f"{name}{int(day)}日", name] if day else [name]


def _powers(text: str) -> Decimal | None:
    """The value of 61.19万, 3万5千 or 1亿2000万; None where the powers do not descend."""
    total = Decimal(0)
    last: int | None = None
    for number, powers in _POWER_PART.findall(text):
        power = 1
        for c in powers:
            power *= _POWERS[c]
        if last is not None and power >= last:
            return None
        total += Decimal(number) * power
        last = power
    return total


def _chinese(text: str) -> Decimal | None:
    """The value of a Chinese number of two characters or more, 三百多万 included."""
    plain = re.sub("[多余几]", "", text)
    return read_chinese(plain) if len(plain) > 1 else None


def read_chinese(text: str) -> Decimal | None:
    """The value of 一百六十三万, 三千五 (3500), 六点五万; None for what is no number (十三五)."""
    whole, point, rest = text.partition("点")
    if not point:
        return _read_whole(whole)
    fraction = rest.rstrip("万亿")
    value = _read_whole(whole)
    if value is None or not fraction or not all(c in _DIGITS for c in fraction):
        return None
    value += Decimal("0." + "".join(str(_DIGITS[c]) for c in fraction))
    for c in rest[len(fraction) :]:
        value *= _LARGE[c]
    return value


def _read_whole(text: str) -> Decimal | None:
    """The value of a whole Chinese number written with powers; two adjacent digits are none.

    subtle: a digit right after a power stands for the next lower place (三千五 is 3500) unless 零
    or 十 comes before it (三千零五, 十五).
    """
    if text[:1] in {"百", "千", "万", "亿", ""}:
        return None
    total = section = 0
    digit: int | None = None
    place = 1  # what a last digit without a power counts
    for c in text:
        if c in "零〇":
            if digit is not None:
                return None
            place = 1
        elif c in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[c]
        elif c in _SMALL:
            if section and section % (_SMALL[c] * 10):
                return None  # 一百二百: powers must descend
            section += (1 if digit is None else digit) * _SMALL[c]
            digit, place = None, _SMALL[c] // 10
        else:
            total, section = _close_section(total, section + (digit or 0), _LARGE[c])
            digit, place = None, _LARGE[c] // 10
    return Decimal(total + section + (digit or 0) * place)


def _close_section(total: int, section: int, power: int) -> tuple[int, int]:
    """Total and section after 万 or 亿: 一亿二千万 adds, 一万亿 multiplies what came before."""
    if power == _LARGE["亿"] or section == 0:
        return (total + section) * power, 0
    return total + section * power, 0


def spell(value: Decimal) -> str:
    """A number in plain digits, without exponent and without trailing zeros (1630000, 3.5)."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
