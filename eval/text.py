"""Here are two texts from different hands; give me the form in which they may be compared."""

import functools
import re
import unicodedata

import opencc

_PINYIN = re.compile(r"(?<=[\u3400-\u9fff])\([a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)")
_SPACE = re.compile(r"\s+")
_MARKER = re.compile(r"\[\d+\]")


@functools.cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """`text` as NFKC, Simplified, lower case, without white space, or pinyin after characters."""
    plain = _simplifier().convert(unicodedata.normalize("NFKC", text)).lower()
    return _SPACE.sub("", _PINYIN.sub("", plain))


def letters(text: str) -> str:
    """`fold(text)` with letters, digits, % and decimal points only; what EM and F1 compare."""
    folded = fold(text)
    return "".join(
        c
        for i, c in enumerate(folded)
        if c.isalnum() or c == "%" or (c == "." and folded[i + 1 : i + 2].isdigit())
    )


def without_markers(text: str) -> str:
    """An answer's text without its citation markers such as [1]."""
    return _MARKER.sub("", text)


def holds(text: str, wanted: str) -> bool:
    """Whether `text` holds `wanted`, compared by letters; a number is never found inside another.

    41家 is not in 141家, and 1.5万 is not in 11.5万.
    """
    haystack, needle = letters(text), letters(wanted)
    if not needle:
        return False
    before = r"(?<![\d.])" if needle[0].isdigit() else ""
    after = r"(?!\.?\d)" if needle[-1].isdigit() else ""
    return re.search(before + re.escape(needle) + after, haystack) is not None
