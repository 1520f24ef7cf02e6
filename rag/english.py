"""Here is an English question; give me the Chinese terms it stands for, and English for figures."""

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from index.errors import TermsError

GLOSSARY = Path(__file__).with_name("glossary.tsv")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# An English sentence has one of these; Chinese with some Latin names (GDP, App) has none.
_GRAMMAR = re.compile(
    r"\b(?:how|who|whom|whose|what|which|when|where|why|did|do|does|is|are|was|were|has|have|had|"
    r"the|of|in|for|to|by|at|on|from|with|and|an?|list|tell|give|show|please|about)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
_POSSESSIVE = re.compile(r"'s?$")
_ARTICLES = frozenset({"a", "an", "the"})
# American to British, word by word; where it meets another word (size → sise) both sides agree.
_BRITISH = (
    (re.compile(r"^(lab|hon|neighb|harb)or"), r"\1our"),
    (re.compile(r"^program(?=s?$)"), "programme"),
    (re.compile(r"^center(?=s?$)"), "centre"),
    (re.compile(r"^(enro|fulfi)ll(?=s?$|ment)"), r"\1l"),
    (re.compile(r"^counsel(?=ing|or)"), "counsell"),
    (re.compile(r"^mom(?=s?$|my$)"), "mum"),
    (re.compile(r"iz(?=e|ing|ation)"), "is"),
)
_PLURALS = (
    (re.compile(r"men$"), "man"),
    (re.compile(r"^children$"), "child"),
    (re.compile(r"(?<=[a-z]{2})ies$"), "y"),
    (re.compile(r"(?<=ss|sh|ch)es$|(?<=x)es$"), ""),
    (re.compile(r"(?<=[a-z]{2})(?<![sui])s$"), ""),
)
# English for one and for more of a unit. 家, 个, 项 … have none: what they count names itself.
_UNITS = {
    **dict.fromkeys(("元", "元人民币", "人民币", "块钱"), ("yuan", "yuan")),
    "美元": ("US dollar", "US dollars"),
    "港元": ("Hong Kong dollar", "Hong Kong dollars"),
    "欧元": ("euro", "euros"),
    "日元": ("yen", "yen"),
    "英镑": ("pound", "pounds"),
    **dict.fromkeys(("人", "名", "位"), ("person", "people")),
    **dict.fromkeys(("人次", "人(次)"), ("person-time", "person-times")),
    "户": ("household", "households"),
    **dict.fromkeys(("户次", "户(次)"), ("household visit", "household visits")),
    "个百分点": ("percentage point", "percentage points"),
    "倍": ("time", "times"),
    "小时": ("hour", "hours"),
    "分钟": ("minute", "minutes"),
    "天": ("day", "days"),
    "周": ("week", "weeks"),
    "个月": ("month", "months"),
    "年": ("year", "years"),
    "公里": ("kilometre", "kilometres"),
    "平方米": ("square metre", "square metres"),
    "亩": ("mu", "mu"),
    "吨": ("tonne", "tonnes"),
}
_POWERS = (
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
)
# From here on a figure printed with 万 or 亿 reads differently in English whatever its unit.
_TEN_THOUSAND = 10_000


def language_of(question: str) -> str:
    """The language a question is asked in: "en" where English surrounds the Chinese names.

    With Chinese characters in it, it is English if it has three English words or more, one of them
    a word of grammar, and at most four characters for each. Without any, two words are enough.
    """
    words = len(_LATIN_WORD.findall(question))
    characters = len(_HAN.findall(question))
    if not characters:
        return "en" if words >= 2 else "zh"
    english = words >= 3 and words > characters / 4 and _GRAMMAR.search(question)
    return "en" if english else "zh"


@lru_cache(maxsize=1)
def read_glossary(path: Path = GLOSSARY) -> dict[str, tuple[str, ...]]:
    """English phrase → Chinese terms, from a tab-separated file.

    Phrases are in British spelling, without articles, apostrophes or hyphens, in the number of the
    file and, where they have several words, also with each word in the singular. Raises TermsError
    for a line that is not phrase, tab, terms, or repeats a phrase.
    """
    glossary: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        phrase, _, terms = line.partition("\t")
        key = " ".join(_words(phrase))
        if not key or not terms.split():
            raise TermsError(
                f"{path}, line {number}: found {line!r}, expected an English phrase, a tab and "
                "Chinese terms"
            )
        if key in glossary:
            raise TermsError(f"{path}, line {number}: {phrase!r} is there twice; remove one")
        glossary[key] = tuple(terms.split())
    for key in [key for key in glossary if " " in key]:
        singular = " ".join(_singular(word) for word in key.split(" "))
        glossary.setdefault(singular, glossary[key])
    return glossary


def to_chinese(question: str) -> list[str]:
    """The Chinese terms of the glossary phrases in a question, longest phrase first, in order.

    A phrase is also found in the plural, in American spelling, with a hyphen or an article in it.
    """
    terms = (term for _, found in _phrases(question) for term in found)
    return list(dict.fromkeys(terms))


def uncovered(question: str) -> str:
    """The words of a question that stand in no glossary phrase found in it, as it spells them."""
    return " ".join(word for word, found in _phrases(question) if not found)


def _phrases(question: str) -> list[tuple[str, tuple[str, ...]]]:
    """The question's phrases with their Chinese terms, and each other word with none, in order."""
    glossary = read_glossary()
    words = _words(question)
    singular = [_singular(word) for word in words]
    phrases: list[tuple[str, tuple[str, ...]]] = []
    at = 0
    longest = max((phrase.count(" ") + 1 for phrase in glossary), default=1)
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            here = slice(at, at + size)
            found = glossary.get(" ".join(words[here])) or glossary.get(" ".join(singular[here]))
            if found:
                phrases.append((" ".join(words[here]), found))
                at += size
                break
        else:
            phrases.append((words[at], ()))
            at += 1
    return phrases


def known_english(question: str) -> list[str]:
    """The words of a question that stand in some phrase of the glossary."""
    words = {word for phrase in read_glossary() for word in phrase.split()}
    return [word for word in _words(question) if word in words or _singular(word) in words]


def _words(text: str) -> list[str]:
    """The words of an English text as the glossary spells them (women's → women).

    "trade union" and "labour union" are one word, union.
    """
    words: list[str] = []
    for word in _WORD.findall(text.lower().replace("’", "'")):
        word = _POSSESSIVE.sub("", word)
        for pattern, british in _BRITISH:
            word = pattern.sub(british, word)
        if word in {"union", "unions"} and words and words[-1] in {"trade", "labour"}:
            words.pop()
        if word not in _ARTICLES:
            words.append(word)
    return words


def _singular(word: str) -> str:
    """One word in the singular, by the first rule that fits; "ss", "us" and "is" stay."""
    for pattern, ending in _PLURALS:
        if pattern.search(word):
            return pattern.sub(ending, word)
    return word


def amount_in_english(value: float, unit: str) -> str:
    """A figure in English: (1630000, "元") → "1.63 million yuan".

    A unit without English gives the bare number from ten thousand on (1.2万家 → "12,000"), else "":
    the printed figure reads the same. So does a percentage.
    """
    if unit == "成":
        return f"{_number_in_english(value * 10)}%"
    names = _UNITS.get(unit)
    if names is not None:
        return f"{_number_in_english(value)} {names[value != 1]}"
    return _number_in_english(value) if value >= _TEN_THOUSAND else ""


def _number_in_english(value: float) -> str:
    """1630000 → "1.63 million", exact: with more than three decimals, 1,634,567 instead."""
    exact = Decimal(repr(float(value)))
    for power, name in _POWERS:
        if exact >= power and exact * 1000 % power == 0:
            return f"{(exact / power).normalize():f} {name}"
    return f"{exact.normalize():,f}"
