"""Here is a question with a slip of the keyboard; give me the words it meant, spelt right."""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate

import rjieba
from pypinyin import lazy_pinyin

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from index.predicates import zh_verbs
from rag.names import people
from rag.wording import STOP

# Terms of two characters share their sound with too many ordinary words.
SHORTEST = 3
# How much commoner the pairs of characters must become by another of the same sound (ln 20; less
# where no article has them as typed), and the fewest windows that must hold the word it makes.
BETTER = 3.0
BETTER_THAN_NONE = 1.3
HELD = 3
# What questions say and articles do not: as good as held.
_ASKED = frozenset(
    "多少 什么 哪些 哪里 哪个 哪家 哪天 哪年 几个 几家 几名 几人 几位 几次 几月 几年 几天 怎么 "
    "时候 多久 更多 最多 是谁 叫什 是什".split()
)
_ASKING = re.compile("|".join(sorted(_ASKED)))
# Where a place may begin in a question, and what tells that it is a person's name that does.
_PLACE_BEGINS = re.compile(
    r"(?:^|[\s,，。;；、:：和与跟同及在比问]|还是|或者|以及|关于)(?=[\u4e00-\u9fff]{2})"
)
_PERSON = re.compile(r"是谁|同志|主席|书记|先生|女士|师傅|是[做干]|的(?:职务|事迹)|担任|当选|获")
_LONGEST_PLACE = 6


def mended(question: str, df: Callable[[str], int], analyzer: Analyzer) -> str:
    """The question with characters replaced by others of the same sound, where that is clearly
    what was meant: 就助了多绍人 → 救助了多少人.

    `df` says how many windows of the index hold a pair of characters. Only a character that stands
    alone as jieba cuts the question is looked at, and that makes a pair which no article has; only
    one that makes a word of the index with its neighbour is put in its place. Words that ask are
    left alone, and so are the names of those whose office is named.
    """
    text = analyzer.normalise(question)
    if len(text) != len(question):
        return question
    kept = [(person.start, person.end) for person in people(text) if person.in_role]
    kept += [match.span() for match in _ASKING.finditer(text)]
    bounds = {0, *accumulate(map(len, rjieba.cut(text, False)))}
    for at in _lone(text):
        if any(start <= at < end for start, end in kept) or all(map(df, _pairs(text, at))):
            continue
        as_typed = _likely(text, at, df)
        found = [
            (_likely(other, at, df), character)
            for character in _homophones().get(_sound(text[at]), "")
            if character != text[at]
            for other in [f"{text[:at]}{character}{text[at + 1 :]}"]
            if _is_word(other, at, df, bounds)
        ]
        best, character = max(found, default=(0.0, text[at]))
        if best - as_typed >= (BETTER if as_typed else BETTER_THAN_NONE):
            text = f"{text[:at]}{character}{text[at + 1 :]}"
            question = f"{question[:at]}{character}{question[at + 1 :]}"
    return question


def places_mended(
    question: str, df: Callable[[str], int], analyzer: Analyzer, gazetteer: Gazetteer
) -> str:
    """The question with the name of a province or city put right where one character of it is
    another of the same sound: 株州 → 株洲.

    `df` as for `mended`. Only what begins a clause or stands beside 和, 在 … is looked at, where no
    place, no person and no word stands as typed, no article has it so, and one name fits.
    """
    text = analyzer.normalise(question)
    if len(text) != len(question):
        return question
    known = [(mention.start, mention.end) for mention in gazetteer.find(text)]
    known += [(person.start, person.end) for person in people(text) if person.in_role]
    bounds = {0, *accumulate(map(len, rjieba.cut(text, False)))}
    for match in _PLACE_BEGINS.finditer(text):
        at = match.end()
        for size in range(_LONGEST_PLACE, 1, -1):
            run = text[at : at + size]
            if len(run) < size or at + size not in bounds or _PERSON.match(text, at + size):
                continue
            if any(start < at + size and at < end for start, end in known) or _is_term(run):
                continue
            fitting = {
                name
                for place in gazetteer.by_pinyin("".join(map(_sound, run)))
                for name in (place.name, place.short)
                if place.level != "county" and _one_differs(name, run)
            }
            if len(fitting) == 1 and not all(map(df, _pairs_in(run))):
                question = f"{question[:at]}{fitting.pop()}{question[at + size :]}"
                break
    return question


def _is_term(run: str) -> bool:
    """Whether characters are one word of the dictionary that names no place or person."""
    tags = rjieba.tag(run)
    return len(tags) == 1 and tags[0][1] not in {"ns", "nr", "nrt", "x"}


def _pairs_in(run: str) -> list[str]:
    """The pairs of neighbouring characters in a run."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _one_differs(name: str, run: str) -> bool:
    """Whether two names are as long and differ in just one character."""
    return len(name) == len(run) and sum(a != b for a, b in zip(name, run, strict=True)) == 1


def _lone(text: str) -> list[int]:
    """Where a Han character stands alone as jieba cuts the text, and should not: one that says
    something, or a small word beside one (环|为 for 环卫).
    """
    alone, at = [], 0
    for word in rjieba.cut(text, False):
        if len(word) == 1 and "\u4e00" <= word <= "\u9fff":
            alone.append(at)
        at += len(word)
    telling = [i for i in alone if text[i] not in STOP and text[i] not in _one_character_verbs()]
    beside = {j for i in telling for j in (i - 1, i + 1)}
    return [i for i in alone if i in telling or i in beside]


def _is_word(text: str, at: int, df: Callable[[str], int], bounds: set[int]) -> bool:
    """Whether the character at `at` is part of a longer word that the index holds, or of one that
    asks; it begins and ends at `bounds`, so that no word as typed is cut.
    """
    if any(pair in _ASKED for pair in _pairs(text, at)):
        return True
    start = 0
    for word in rjieba.cut(text, False):
        if start <= at < start + len(word):
            if len(word) < 2 or not {start, start + len(word)} <= bounds:
                return False
            inside = [word[i : i + 2] for i in range(len(word) - 1)]
            return min(df(pair) for pair in inside) >= HELD
        start += len(word)
    return False


def _likely(text: str, at: int, df: Callable[[str], int]) -> float:
    """The sum of ln(1 + df) of the pairs that the character at `at` makes with its neighbours."""
    held = (HELD * 1000 if pair in _ASKED else df(pair) for pair in _pairs(text, at))
    return sum(math.log(1 + count) for count in held)


def _pairs(text: str, at: int) -> list[str]:
    """The pairs of characters that the one at `at` makes with its neighbours."""
    return [text[i : i + 2] for i in (at - 1, at) if 0 <= i < len(text) - 1]


@lru_cache(maxsize=1)
def _one_character_verbs() -> frozenset[str]:
    return frozenset(verb for verb in zh_verbs() if len(verb) == 1)


@lru_cache(maxsize=1)
def _homophones() -> dict[str, str]:
    """Toneless syllable → the characters of GB 2312's first level, the 3,755 commonest."""
    found: dict[str, str] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            character = bytes([high, low]).decode("gb2312", "ignore")
            if character:
                found[_sound(character)] = found.get(_sound(character), "") + character
    return found


def respell(text: str, analyzer: Analyzer) -> str:
    """The text with every run of characters that sounds like a union term written as that term.

    金秋住学 → 金秋助学. The longest term wins; what is spelt right already is left alone.
    """
    by_sound = _terms_by_sound(tuple(analyzer.words))
    longest = max((len(sound) for sound in by_sound), default=0)
    sounds = [_sound(character) for character in text]
    at = 0
    while at < len(text):
        for size in range(min(longest, len(text) - at), SHORTEST - 1, -1):
            term = by_sound.get(tuple(sounds[at : at + size]))
            if term is not None and not _right_already(text[at : at + size], term, analyzer):
                text = text[:at] + term + text[at + size :]
                at += size
                break
        else:
            at += 1
    return text


def _right_already(run: str, term: str, analyzer: Analyzer) -> bool:
    """Whether a run begins with a term spelt right, and goes on with another (金秋助学|今年)."""
    return run != term and any(
        run.startswith(word) for word in analyzer.words if SHORTEST < len(word) < len(run)
    )


@lru_cache(maxsize=4)
def _terms_by_sound(words: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    """Toneless syllables → the term; two terms of one sound are left out."""
    found: dict[tuple[str, ...], str] = {}
    shared = set()
    for word in words:
        sound = tuple(_sound(character) for character in word)
        if len(word) >= SHORTEST and found.setdefault(sound, word) != word:
            shared.add(sound)
    return {sound: word for sound, word in found.items() if sound not in shared}


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    """The toneless syllable of a character; itself where it has none."""
    return lazy_pinyin(character)[0] if "\u4e00" <= character <= "\u9fff" else character
