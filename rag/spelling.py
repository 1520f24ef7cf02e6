"""Here is a question with a slip of the keyboard; give me the union terms it meant, spelt right."""

from functools import lru_cache

from pypinyin import lazy_pinyin

from index.analyzer import Analyzer

# Terms of two characters share their sound with too many ordinary words.
SHORTEST = 3


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
