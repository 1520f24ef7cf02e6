"""Here is a text; give me the places of China it names, and here is a name; give me the place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import rjieba

_TABLE = Path(__file__).with_name("places.tsv")
# What follows the name proper: peoples, then the level.
_PEOPLES = (
    "(?:蒙古族|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|"
    "土家族|哈尼族|哈萨克族?|"
    "傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|"
    "达斡尔族?|仫佬族|羌族|"
    "布朗族|撒拉族|毛南族|仡佬族|锡伯族?|塔吉克族?|怒族|鄂温克族?|保安族|裕固族|京族|"
    "独龙族|鄂伦春族?|"
    "普米族|德昂族|阿昌族|各族|(?<=..)蒙古)"
)
_LEVEL_NAME = re.compile(
    rf"{_PEOPLES}*(?:自治区|自治州|自治县|自治旗|联合旗|特别行政区|地区|林区|特区|新区|省|"
    rf"市|县|区|州|盟|旗)$"
)
_LEVELS = {2: "province", 4: "city", 6: "county"}  # by length of the code
# A text this short is a question or a headline: it has no room to introduce a county in full.
_SHORT_TEXT = 64
_WINDOW = 8  # characters either side that decide where words begin and end
# 朝阳区域, 新乡市场, 河南省事: the level belongs to another word. 中山路, 北京东路: a street.
_OTHER_WORD = re.compile("市[场值面]|区[域别间块划]|州际")
_STREET = re.compile(r"[东西南北中一二三四五六]{0,2}(?:路|大街|街(?!道)|大道|巷|胡同|时间)")
# What is no place though the name of one stands in it.
_NOT_PLACES = re.compile(
    "安康杯|大理石|日照[时充强]|东方[红明美]|[男女两双][白平]|德克萨斯|美国德州"
)
_LEVEL_WORDS = re.compile("^[省市县区州盟旗人]")
# Places too small for the table are found by their level, cautiously.
_TOWN = re.compile(
    "街道|[乡镇村](?![镇村民庄落长级里口子])|社区|苏木|(?:经济技术|高新技术产业|"
    "经济)?开发区|高新区|"
    "经开区|工业园区?|产业园区?|(?<!市辖)新区"
)
_NOT_IN_TOWN = re.compile(
    "[^一-龥]|[的了是有为个些这那各全该本我你他每多几所某把被让将向以及和与在到赴往至从自于由并]|"
    "走进|来自|位于|深入|地处|城$|[乡县区]$|农$|家$|下$|小$|一|二|三|两|等|名|古$|省|市|县|"
    "建设|提高|提升|完善|通过|当地|父老|同|老$|卫生|美丽|科技$|级|示范|基层|特色|试点|"
    "建成|建有|创建|设立|成立|新型|智慧|驻|老旧|入|推进|参与|结合|行政|自然|周边|依托|"
    "资助"
)
_LONGEST_TOWN = 4
_LATIN = re.compile("[^a-z]+")
_LATIN_LEVEL = re.compile(
    r"[ ]+(?:special administrative region|autonomous (?:region|prefecture|county)|municipality|"
    r"province|prefecture|city|county|district|sheng|shi|xian|qu|zizhiqu|zhou)$"
)
_JOINED_LEVEL = re.compile("(?<=[a-z]{4})(?:sheng|shi|xian|qu|zizhiqu|zhou)$")
_EXONYMS = {
    "hong kong": "香港", "hongkong": "香港", "macau": "澳门", "macao": "澳门", "tibet": "西藏",
    "inner mongolia": "内蒙古", "innermongolia": "内蒙古", "harbin": "哈尔滨",
    "urumqi": "乌鲁木齐", "hohhot": "呼和浩特", "huhhot": "呼和浩特", "lhasa": "拉萨",
    "kashgar": "喀什", "hotan": "和田", "ordos": "鄂尔多斯", "hulunbuir": "呼伦贝尔",
    "qiqihar": "齐齐哈尔", "turpan": "吐鲁番", "hami": "哈密", "kumul": "哈密",
    "canton": "广州", "peking": "北京", "tientsin": "天津", "chungking": "重庆",
    "shigatse": "日喀则", "nagqu": "那曲", "qamdo": "昌都", "nyingchi": "林芝", "ngari": "阿里",
    "karamay": "克拉玛依", "aksu": "阿克苏", "altay": "阿勒泰", "ili": "伊犁", "tacheng": "塔城",
    "bayannur": "巴彦淖尔", "ulanqab": "乌兰察布", "xilingol": "锡林郭勒", "alxa": "阿拉善",
    "golmud": "格尔木", "lvliang": "吕梁", "shangrila": "香格里拉", "shaanxi": "陕西",
    "taiwan": "台湾", "taipei": "台湾", "dali": "大理", "yanbian": "延边",
}  # fmt: skip


def short_name(name: str) -> str:
    """The name without its level (株洲市 → 株洲); whole where one character is left (忠县)."""
    short = _LEVEL_NAME.sub("", name)
    return short if len(short) > 1 else name


@dataclass(frozen=True, slots=True)
class Place:
    """A division of the state: `code` is GB/T 2260 without trailing zero pairs ("4302").

    A code that is a prefix of another is its ancestor. `level` is province, city or county.
    """

    name: str
    short: str
    level: str
    code: str


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A name in a text, [start, end); several places where it is ambiguous, none where unseen."""

    start: int
    end: int
    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """One way to write some places; `sure` needs no context, `checked` must be a whole word."""

    text: str
    places: tuple[Place, ...]
    sure: bool
    checked: bool
    short: bool


class Gazetteer:
    """The places of China by name, pinyin and code, ready to be found in texts."""

    def __init__(self, rows: Iterable[tuple[Place, str, bool]]) -> None:
        """Take (place, pinyin of its short name, whether that name is also a common word)."""
        self._by_code: dict[str, Place] = {}
        self._by_pinyin: dict[str, list[Place]] = {}
        common: set[str] = set()
        for place, pinyin, is_word in rows:
            self._by_code[place.code] = place
            self._by_pinyin.setdefault(pinyin, []).append(place)
            if is_word:
                common.add(place.short)
        self._names = _names(list(self._by_code.values()), common)
        self._heads: dict[str, tuple[_Name, ...]] = {}
        for name in sorted(self._names.values(), key=lambda name: -len(name.text)):
            head = name.text[:2]
            self._heads[head] = (*self._heads.get(head, ()), name)
        firsts, seconds = (
            "".join(sorted({head[at] for head in self._heads if len(head) > 1})) for at in (0, 1)
        )
        # subtle: the second character sorts most places out before Python looks
        self._starts = re.compile(f"[{firsts}](?=[{seconds}])")

    @staticmethod
    def open(path: Path = _TABLE) -> Gazetteer:
        """The gazetteer that is shipped beside this file."""
        rows = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                code, name, short, pinyin, *mark = line.split("\t")
                rows.append((Place(name, short, _LEVELS[len(code)], code), pinyin, bool(mark)))
        return Gazetteer(rows)

    def by_code(self, code: str) -> Place | None:
        """The place of a GB/T 2260 code without trailing zero pairs."""
        return self._by_code.get(code)

    def by_name(self, name: str) -> list[Place]:
        """The places called so, in full or short (双鸭山, 双鸭山市), the larger first."""
        found = self._names.get(name.strip())
        return list(found.places) if found else []

    def by_pinyin(self, pinyin: str) -> list[Place]:
        """The places spelled so (Zhuzhou, zhu zhou, Zhuzhou City, Tibet), the larger first."""
        words = " ".join(_LATIN.sub(" ", pinyin.lower().replace("'", "")).split())
        for spelling in (words, _LATIN_LEVEL.sub("", words)):
            if spelling in _EXONYMS:
                return self.by_name(_EXONYMS[spelling])
            found = self._by_pinyin.get(spelling.replace(" ", ""))
            if found:
                return sorted(found, key=_larger_first)
        return list(self._by_pinyin.get(_JOINED_LEVEL.sub("", words.replace(" ", "")), ()))

    def find(self, text: str) -> list[PlaceMention]:
        """The places named in `text`, in order, without overlaps; the longest name wins.

        A county's short name, and a name that is also a common word, count only where the text
        names the same place in full or one above or below it (or is as short as a question).
        """
        found = list(self._candidates(text))
        sure = {place.code for _, name in found if name.sure for place in name.places}
        mentions: list[PlaceMention] = []
        for start, name in found:
            places = name.places
            if not name.sure and len(text) > _SHORT_TEXT:
                places = tuple(p for p in places if _related(p.code, sure))
            if places:
                end = start + len(name.text)
                mentions.append(
                    PlaceMention(start, end, name.text, _narrowed(places, mentions, start))
                )
        return _with_towns(text, mentions)

    def _candidates(self, text: str) -> Iterator[tuple[int, _Name]]:
        """(start, name) of every name that stands as a word of its own."""
        heads = self._heads
        free = 0
        for match in self._starts.finditer(text):
            start = match.start()
            if start < free:
                continue
            for name in heads.get(text[start : start + 2], ()):
                if text.startswith(name.text, start) and _stands(text, start, name):
                    yield start, name
                    free = start + len(name.text)
                    break


def _names(places: list[Place], common: set[str]) -> dict[str, _Name]:
    """Every way to write every place."""
    written: dict[str, list[Place]] = {}
    full = {place.name for place in places}
    for place in places:
        for text in {place.name, place.short, *_other_forms(place, common)}:
            if text in (place.name, place.short) or text not in full:
                written.setdefault(text, []).append(place)
    names = {}
    for text, owners in written.items():
        owners.sort(key=_larger_first)
        if text not in full and owners[0].level == "province":
            owners = [place for place in owners if place.level != "county"][:2]
        is_full = any(place.name == text for place in owners) and len(text) > 2
        is_short = not is_full and any(place.short == text for place in owners)
        county = owners[0].level == "county"
        if is_short and county and text in common:
            continue
        sure = is_full or (not county and text not in common) or len(text) > 3
        names[text] = _Name(text, tuple(owners), sure, len(text) < 4 and not is_full, is_short)
    return names


def _other_forms(place: Place, common: set[str]) -> Iterator[str]:
    """恩施州 for the autonomous prefecture; 水城县 for what is now a district."""
    if place.name.endswith("自治州"):
        yield place.short + "州"
    is_county = place.level == "county" and place.short != place.name
    if is_county and place.short not in common:
        yield from (place.short + level for level in "县市区")


def _larger_first(place: Place) -> tuple[int, str]:
    """Provinces before cities before counties; by code among equals."""
    return len(place.code), place.code


def _related(code: str, others: set[str]) -> bool:
    """Whether `others` hold the place itself, one above it or one below it."""
    return any(code.startswith(other) or other.startswith(code) for other in others)


def _narrowed(
    places: tuple[Place, ...], before: list[PlaceMention], start: int
) -> tuple[Place, ...]:
    """Of places with one name, those inside the place named just before (北京市朝阳区)."""
    if len(places) == 1 or not before or before[-1].end != start:
        return places
    inside = tuple(
        place for place in places if any(place.code.startswith(p.code) for p in before[-1].places)
    )
    return inside or places


def _stands(text: str, start: int, name: _Name) -> bool:
    """Whether the name at `start` is a word of its own rather than a part of others."""
    end = start + len(name.text)
    if _OTHER_WORD.match(text, end - 1) or _NOT_PLACES.match(text, start):
        return False
    if not name.checked:
        return True
    if name.short and _STREET.match(text, end):
        return False
    left = max(0, start - _WINDOW)
    return _is_word(text[left : end + _WINDOW], start - left, end - left)


@lru_cache(maxsize=1 << 14)
def _is_word(window: str, start: int, end: int) -> bool:
    """Whether [start, end) of `window` begins a word and ends one (or goes on with a level)."""
    at = 0
    for word in rjieba.cut(window, False):
        stop = at + len(word)
        if at == start and stop >= end:
            return stop == end or _LEVEL_WORDS.match(window[end:stop]) is not None
        if at < start < stop:
            return False
        if at < end < stop:
            return False
        at = stop
    return True


def _with_towns(text: str, mentions: list[PlaceMention]) -> list[PlaceMention]:
    """`mentions` and, between them, the towns, streets and villages no table lists."""
    towns: list[PlaceMention] = []
    at = 0
    for match in _TOWN.finditer(text):
        while at < len(mentions) and mentions[at].end <= match.start():
            at += 1
        if at < len(mentions) and mentions[at].start < match.end():
            continue
        floor = mentions[at - 1].end if at else 0
        start = _town_start(text, max(floor, match.start() - _LONGEST_TOWN - 2), match.start())
        if start is not None and (not towns or towns[-1].end <= start):
            towns.append(PlaceMention(start, match.end(), text[start : match.end()], ()))
    return sorted([*mentions, *towns], key=lambda mention: mention.start) if towns else mentions


def _town_start(text: str, floor: int, end: int) -> int | None:
    """Where the town's name that ends at `end` begins; None where it is not sure to be a name."""
    begin = floor
    for match in _NOT_IN_TOWN.finditer(text[floor:end]):
        begin = floor + match.end()
    return begin if 2 <= end - begin <= _LONGEST_TOWN else None
