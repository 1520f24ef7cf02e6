"""Here is an English question; give me the Chinese terms it stands for, and English for figures."""

import re
from functools import lru_cache
from pathlib import Path

GLOSSARY = Path(__file__).with_name("glossary.tsv")
_HAN = re.compile(r"[\u3400-\u9fff]")
_UNITS = {
    "元": "yuan",
    "元人民币": "yuan",
    "块钱": "yuan",
    "美元": "US dollars",
    "港元": "Hong Kong dollars",
    "人": "people",
    "名": "people",
    "位": "people",
    "人次": "person-times",
    "户": "households",
    "%": "%",
}
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def language_of(question: str) -> str:
    """The language a question is asked in: "en" where English surrounds the Chinese names."""
    words = len(_LATIN_WORD.findall(question))
    return "en" if words >= 3 and words > len(_HAN.findall(question)) / 4 else "zh"


@lru_cache(maxsize=1)
def read_glossary(path: Path = GLOSSARY) -> dict[str, tuple[str, ...]]:
    """English phrase → Chinese terms, from a tab-separated file."""
    glossary: dict[str, tuple[str, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        phrase, _, terms = line.partition("\t")
        if phrase and not phrase.startswith("#"):
            glossary[phrase.strip().lower()] = tuple(terms.split())
    return glossary


def to_chinese(question: str) -> list[str]:
    """The Chinese terms of the glossary phrases in a question, longest phrase first, in order."""
    glossary = read_glossary()
    words = re.findall(r"[a-z0-9]+(?:['’-][a-z]+)*", question.lower().replace("’", "'"))
    terms: list[str] = []
    at = 0
    longest = max((phrase.count(" ") + 1 for phrase in glossary), default=1)
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            found = glossary.get(" ".join(words[at : at + size]))
            if found:
                terms.extend(found)
                at += size
                break
        else:
            at += 1
    return list(dict.fromkeys(terms))


def amount_in_english(value: float, unit: str) -> str:
    """A figure in English: (1630000, "元") → "1.63 million yuan"; "" for units without English."""
    name = _UNITS.get(unit)
    if name is None:
        return _number_in_english(value) if value >= 10_000 else ""
    if name == "%":
        return ""
    return f"{_number_in_english(value)} {name}"


def _number_in_english(value: float) -> str:
    """1630000 → "1.63 million"; below a million with thousands separators."""
    for power, name in ((1e9, "billion"), (1e6, "million")):
        if value >= power:
            return f"{value / power:.6g} {name}"
    return f"{value:,.10g}"
