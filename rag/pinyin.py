"""Here is a question spelled in pinyin; give me the characters it stands for."""

import re
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import lazy_pinyin

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer, Place
from index.predicates import zh_verbs
from rag.english import read_glossary
from rag.places import find_places, of_rank

_WORD = re.compile(r"[a-z]+|\d+")
_HAN_WORD = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST_SYLLABLE = 6
_RANKS = {"xian": "县", "shi": "市", "qu": "区", "sheng": "省", "zhou": "州"}
# A question of fewer words could as well be a name.
FEWEST_WORDS = 3
# The words of asking and counting, which no dictionary of terms has.
ASKING = (
    "多少 多少钱 谁 是谁 什么 什么时候 哪里 哪儿 哪些 哪个 哪年 哪天 几 几家 几个 几名 几天 为什么 "
    "有 是 的 了 在 和 去 给 到 年 月 钱 名 家 个 人 户 次 对 件 场 元 万 今年 去年 一共 总共 全市 "
    "全县 主席 副主席 书记 工会 会员 职工 新人 学生 孩子 医院 公司 集体婚礼 乡级 通过 验收 参加 "
    "城市"
).split()


def from_pinyin(text: str, analyzer: Analyzer, gazetteer: Gazetteer) -> str | None:
    """The question in characters, as far as its syllables are words we know; None where it is not
    pinyin.

    It is where every word is made of syllables; the places it names are written in full, and what
    is no word we know is left out.
    """
    words = _WORD.findall(text.lower())
    letters = [word for word in words if word.isalpha()]
    if len(letters) < FEWEST_WORDS or _HAN_WORD.search(text):
        return None
    if any(_syllables(word) is None for word in letters):
        return None
    spans, _ = find_places(text.lower(), gazetteer)
    places = [of_rank(gazetteer.by_pinyin(text[a:b]), text[a:b]) for a, b in spans]
    if not all(places):
        return None
    vocabulary = _vocabulary(tuple(analyzer.words))
    parts: list[str] = []
    at = 0
    for (start, end), place in zip(spans, places, strict=True):
        if place[0].level == "county" and _is_word(text[start:end].lower(), place[0], vocabulary):
            continue  # yanshou is 验收 before it is 延寿县
        parts += [_written(text[at:start], vocabulary), place[0].name]
        at = end
    parts.append(_written(text[at:], vocabulary))
    found = "".join(parts)
    return found if len(found) > len(spans) + 1 else None


def _is_word(spelled: str, place: Place, vocabulary: dict[tuple[str, ...], str]) -> bool:
    """Whether what may be a county's name is a word we know (zhuxi is 主席, zhuxi xian 竹溪县).

    A rank behind it that the county does not have is another word (zhuxi shi: 主席是).
    """
    words = spelled.split()
    rank = _RANKS.get(words[-1]) if len(words) > 1 else None
    if rank is not None and place.name.endswith(rank):
        return False
    name = " ".join(words[:-1]) if rank is not None else spelled
    return tuple(_syllables(name.replace(" ", "")) or ()) in vocabulary


def _written(text: str, vocabulary: dict[tuple[str, ...], str]) -> str:
    """The words of a run of pinyin: those that cover most syllables in the fewest words."""
    sounds: list[str] = []
    for word in _WORD.findall(text.lower()):
        sounds += [word] if word.isdigit() else _syllables(word) or [word]
    longest = max((len(key) for key in vocabulary), default=1)
    best: list[tuple[int, str]] = [(0, "")]
    for end in range(1, len(sounds) + 1):
        score, written = best[end - 1]
        number = sounds[end - 1] if sounds[end - 1].isdigit() else ""
        choice = (score, written + number)
        for size in range(1, min(longest, end) + 1):
            term = vocabulary.get(tuple(sounds[end - size : end]))
            if term is not None:
                before, head = best[end - size]
                choice = max(choice, (before + size * size, head + term), key=lambda c: c[0])
        best.append(choice)
    return best[-1][1]


@lru_cache(maxsize=4096)
def _syllables(word: str) -> list[str] | None:
    """The syllables a word of pinyin is made of, the longest first; None where it is none."""
    if not word:
        return []
    for size in range(min(_LONGEST_SYLLABLE, len(word)), 0, -1):
        if word[:size] in _all_syllables():
            rest = _syllables(word[size:])
            if rest is not None:
                return [word[:size], *rest]
    return None


@lru_cache(maxsize=1)
def _all_syllables() -> frozenset[str]:
    """Every toneless syllable of the characters of GB 2312."""
    characters = (
        bytes([high, low]).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    )
    return frozenset(s for s in lazy_pinyin("".join(characters)) if s.isascii() and s.isalpha())


@lru_cache(maxsize=2)
def _vocabulary(terms: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    """Syllables → the word: asking words first, then union terms, verbs, the glossary's terms."""
    found: dict[tuple[str, ...], str] = {}
    glossary = (term for group in read_glossary().values() for term in group)
    for word in _han((*ASKING, *terms, *zh_verbs(), *glossary)):
        found.setdefault(tuple(lazy_pinyin(word)), word)
    return found


def _han(words: Iterable[str]) -> Iterable[str]:
    """The words that are Chinese characters throughout."""
    return (word for word in words if _HAN_WORD.fullmatch(word))
