"""Here is a text; give me every quantity printed in it, with its value, unit and precision."""

import re
from dataclasses import dataclass

CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SMALL_POWERS = {"十": 10, "百": 100, "千": 1000}
LARGE_POWERS = {"万": 10_000, "亿": 100_000_000}

# Measure words by what they measure; the longest alternative wins.
MONEY = tuple(("元人民币 人民币 美元 港元 欧元 日元 英镑 元 块钱 角钱").split())
PERSONS = tuple(("人次 人(次) 人 名 位").split())
TIMES = tuple(("个小时 小时 分钟 个月 周年 周岁 秒 天 周 年 岁 届").split())
MEASURES = tuple(
    (
        "平方公里 平方千米 平方米 立方米 平方 平米 平 公里 千米 厘米 毫米 公顷 "
        "公斤 千克 千瓦时 千瓦 兆瓦 吨 克 米 亩 斤 升 ℃ 度"
    ).split()
)
COUNTS = tuple(
    (
        "户(次) 家(次) 台(套) 台套 场次 期次 户次 件次 车次 班次 家 个 户 次 件 项 场 期 篇 条 "
        "册 份 "
        "套 台 辆 座 所 间 支 对 张 枚 类 种 批 处 站 门 本 幅 部 片 块 棵 株 只 头 颗 "
        "架 艘 列 笔 单 轮 届 起 例 节 堂 道 面 尊 款 层 栋 幢 级 倍 成 顿 餐 包 箱 瓶 "
        "盒 袋 桶 枝 束 把 组 队 排 句 字 步 遍 趟 番 人份 课时 学时 床 席 宗 卷 首 曲 "
        "集 版"
    ).split()
)

_UNITS = sorted({*MONEY, *PERSONS, *TIMES, *MEASURES, *COUNTS}, key=lambda u: (-len(u), u))
_UNIT = "|".join(re.escape(unit) for unit in _UNITS)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CHINESE = r"[零〇一二两三四五六七八九十百千万亿]+"
_QUANTITY = re.compile(
    # what one can begin with; without this, each character would be tried in every way
    rf"(?=[\d零〇一二两三四五六七八九十百千万亿近超约大逾不至最上多高达])"
    rf"(?P<before>近|超过|超|约|大约|逾|不足|不到|至少|最多|(?<!以)上|多达|高达|达到|达)?"
    rf"(?:(?P<percent>百分之(?P<pnumber>{_DIGITS}|{_CHINESE}(?:点[零一二三四五六七八九]+)?))"
    rf"|(?P<fraction>(?P<below>{_CHINESE})分之(?P<above>{_CHINESE}))"
    rf"|(?P<low>(?:{_DIGITS})(?:[万亿%％]|{_UNIT})?[-—–~～至到]+)?(?P<number>{_DIGITS}|{_CHINESE}(?:点[零一二三四五六七八九]+)?)"
    rf"(?P<mark>多|余|来)?(?P<power>[百千万亿]{{1,2}})?(?P<mark2>多|余)?"
    rf"(?:个?(?P<ratio>%|％|‰|个百分点)|(?P<slash>/\d+(?!\d*[/年月]))|(?P<unit>{_UNIT})))"
    rf"(?P<after>以上|左右|以内|以下|上下|多|余)?"
)
_BARE = re.compile(rf"(?<![\d.])(?P<number>{_DIGITS})(?P<mark>多|余)?(?P<power>[百千万亿]{{1,2}})?")
# 十二届市委三次全会: which one it is, not how many there were.
_SESSION = re.compile(r"(?:全会|全体|代表大会|会议)")
# Days that have their names from their dates (八一节).
_DAYS = frozenset("三八 五一 五四 六一 七一 八一 十一".split())
_SAME = {"％": "%", "个小时": "小时"}
_CALENDAR = re.compile(
    r"\d{4}年|\d{1,2}月\d{1,2}日|\d{1,2}月|\d{1,2}日|\d{1,2}时\d{1,2}分|\d{1,2}:\d{2}"
)
# Without one of these a text has no quantity: looking for them is fast.
_ANY = re.compile(r"[\d零〇二两三四五六七八九]|[一十百千万亿][一十百千万亿多余来点]|分之")
_QUOTES = frozenset('“‘「『《"')
_VAGUE_BEFORE = {
    "近": "below", "不足": "below", "不到": "below", "最多": "below",
    "超过": "above", "超": "above", "逾": "above", "至少": "above", "上": "above",
    "约": "about", "大约": "about",
}  # fmt: skip
_VAGUE_AFTER = {"以上": "above", "左右": "about", "以内": "below", "以下": "below", "上下": "about"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One printed quantity: text[start:end] == `text`.

    `value` is in `unit` with powers multiplied out (163万元 → 1630000.0, "元"; 98% → 98.0, "%").
    `precision` is "exact", "about", "above" (余, 多, 超, 以上), "below" (近, 不足)
    or "range" (2—3岁, whose value is its upper end). `kind` is what the unit measures: money,
    person, ratio, time, measure or count.
    """

    start: int
    end: int
    text: str
    value: float
    unit: str
    precision: str
    kind: str


def quantities(text: str) -> list[Quantity]:
    """Every quantity with a unit in `text`, in order; calendar dates and ordinals are not."""
    if not may_have(text):
        return []
    matches = list(_QUANTITY.finditer(text))
    calendar = {m.start() for m in _CALENDAR.finditer(text)} if matches else set()
    found = []
    for match in matches:
        number_at = match.start("number") if match["number"] else match.start()
        if number_at in calendar or _is_name(text, number_at, match):
            continue
        quantity = _quantity(match)
        if quantity is not None:
            found.append(quantity)
    return found


def may_have(text: str) -> bool:
    """Whether a text could have a quantity; false says that it has none."""
    return _ANY.search(text) is not None


def _is_name(text: str, at: int, match: re.Match[str]) -> bool:
    """Whether the number is an ordinal (第三), part of a longer number, or a Chinese-digit word.

    Names in quotation marks begin with a numeral as well (“五家”). subtle: 一 before a measure
    word is mostly an article (一个百分点 is caught by ratio); it still counts when a precision
    mark or power follows.
    """
    before = text[at - 1] if at else ""
    if match["unit"] == "次" and _SESSION.match(text, match.end()):
        return True
    if before.isascii() and before.isalpha() and text[at].isdigit():  # G309, A4
        return True
    number = match["number"] or ""
    if number[:1] == "0" and number[1:].isdigit():  # 03 of a list
        return True
    if match["unit"] == "节" and number in _DAYS:
        return True
    if before in {"数", "几"} and number[:1] in SMALL_POWERS:  # 数百万元 says no value
        return True
    if before in {"第", "."} or (before.isdigit() and text[at].isdigit()):
        return True
    if before in _QUOTES and not number[:1].isdigit():  # “两个毫不动摇”, “五家”: a name
        return True
    return number in {"一", "万", "亿", "千", "百", "十"} and not (match["mark"] or match["power"])


def _quantity(match: re.Match[str]) -> Quantity | None:
    """The Quantity of one match; None where the figures cannot be read."""
    if match["percent"]:
        value, unit = read_number(match["pnumber"]), "%"
    elif match["fraction"]:
        below, above = read_number(match["below"]), read_number(match["above"])
        value, unit = (above / below * 100 if below and above is not None else None), "%"
    elif match["slash"]:
        below = float(match["slash"][1:])
        above = read_number(match["number"])
        value, unit = (above / below * 100 if below and above is not None else None), "%"
    else:
        value = read_number(match["number"])
        if value is not None:
            for power in match["power"] or "":
                value *= SMALL_POWERS.get(power) or LARGE_POWERS[power]
        unit = match["ratio"] or match["unit"]
    if value is None:
        return None
    unit = _SAME.get(unit, unit)
    # 达 and 多达 introduce a figure without making it vague: they are not part of it.
    stated = (match["before"] or "") not in {"达", "达到", "多达", "高达", ""}
    start = match.start() if stated else match.start() + len(match["before"] or "")
    text = match.string[start : match.end()]
    return Quantity(
        start, match.end(), text, round(value, 6), unit, _precision(match), unit_kind(unit)
    )


def _precision(match: re.Match[str]) -> str:
    """How exact a matched quantity says it is."""
    if match["low"]:
        return "range"
    if match["mark"] or match["mark2"] or match["after"] in {"多", "余"}:
        return "above"
    if match["after"]:
        return _VAGUE_AFTER[match["after"]]
    return _VAGUE_BEFORE.get(match["before"] or "", "exact")


def unit_kind(unit: str) -> str:
    """What a unit measures: money, person, ratio, time, measure or count."""
    if unit in {"%", "‰", "个百分点", "倍", "成"}:
        return "ratio"
    for kind, units in (
        ("money", MONEY),
        ("person", PERSONS),
        ("time", TIMES),
        ("measure", MEASURES),
    ):
        if unit in units:
            return kind
    return "count"


def bare_numbers(text: str) -> list[tuple[int, int, float]]:
    """Spans and values of Arabic numbers with or without a unit (powers multiplied out)."""
    found = []
    for match in _BARE.finditer(text):
        value = read_number(match["number"])
        if value is not None:
            for power in match["power"] or "":
                value *= SMALL_POWERS.get(power) or LARGE_POWERS[power]
            found.append((match.start(), match.end(), round(value, 6)))
    return found


def read_number(text: str) -> float | None:
    """The value of an Arabic (1,630,000.5) or Chinese (一百六十三万, 三点五) number, if it is one.

    Chinese digits without powers are read in order (二〇二一 → 2021).
    """
    if text[:1].isdigit():
        return float(text.replace(",", ""))
    whole, _, part = text.partition("点")
    value = _read_chinese(whole)
    if value is None or not part:
        return value
    return value + float("0." + "".join(str(CHINESE_DIGITS[c]) for c in part))


def _read_chinese(text: str) -> float | None:
    """The value of a whole Chinese number."""
    if not text:
        return None
    if all(c in CHINESE_DIGITS for c in text):
        return float("".join(str(CHINESE_DIGITS[c]) for c in text))
    total = section = digit = 0
    for c in text:
        if c in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[c]
        elif c in SMALL_POWERS:
            section += (digit or 1) * SMALL_POWERS[c]
            digit = 0
        elif c in LARGE_POWERS:
            section += digit
            total = (
                (total + (section or 1)) * LARGE_POWERS[c]
                if c == "亿"
                else total + (section or 1) * LARGE_POWERS[c]
            )
            section = digit = 0
        else:
            return None
    return float(total + section + digit)
