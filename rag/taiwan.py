"""Here is a text in Traditional characters; give me it in the words that the mainland uses."""

from functools import lru_cache

import opencc


def in_mainland_words(text: str) -> str:
    """The text in Simplified and the mainland's words (軟體 → 软件, 網路 → 网络).

    "" where those are its own words, and for a text without a Traditional character.
    """
    characters, words = _converters()
    plain = characters.convert(text)
    if plain == text:
        return ""
    said = words.convert(text)
    return "" if said == plain else said


@lru_cache(maxsize=1)
def _converters() -> tuple[opencc.OpenCC, opencc.OpenCC]:
    """OpenCC's Traditional to Simplified: by characters, and from Taiwan's words."""
    return opencc.OpenCC("t2s"), opencc.OpenCC("tw2sp")
