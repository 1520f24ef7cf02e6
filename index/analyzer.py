"""Here is a text; give me its terms, the same for a document and for a question."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import opencc
import rjieba

from index.errors import TermsError
from index.numerals import numerals, ungroup

# Raise when the same text gives other terms, so that indexes made before are rebuilt.
ANALYZER_VERSION = 1

TERMS = Path(__file__).with_name("terms.txt")
PLACES = Path(__file__).with_name("places.tsv")
_MOST_EXPANSIONS = 1 << 18  # words remembered with their terms; about 40 MB
_LONGEST_WORD = 32
_MOST_WEIGHT = 10**8  # the word model counts 6 * 10^7 words; more would break words around it

# jieba is quadratic in a run without punctuation: such runs are cut here.
_LONG_RUN = re.compile(r"(\w{1000})(?=\w)")
# A text of these characters alone has the same words before and after NFKC, which is slow.
_PLAIN = "\\x00-\\x7e\u4e00-\u9fff，。、：；！？（）《》“”‘’【】—·\u3000"
_NOT_PLAIN = re.compile(f"[^{_PLAIN}]")
_ASCII_RUN = re.compile(r"[a-z0-9][a-z0-9+#&._%-]*")
# What jieba cuts together with Han characters. subtle: a mark stays in its place, because jieba
# cuts characters that stand alone (可达) otherwise than beside a number (可达600毫米).
_JIEBA_ASCII = re.compile(r"[a-z0-9+#&._%-]+")
_PLACE_OF_ASCII = "_"
_ACCENTED = re.compile("[\u00c0-\u024f]")
_SPELLED_APART = re.compile(r"[a-z]+(?:[ '’-][a-z]+)+")
_LATIN_WORD = re.compile("[a-z]+")
_MOST_SYLLABLES = 5  # 呼和浩特 has four, 克孜勒苏 and 巴音郭楞 four; one to spare
# Latin spellings found in questions and English text → the pinyin of places.tsv.
_CONVENTIONAL = {
    "lvliang": "luliang", "harbin": "haerbin", "hohhot": "huhehaote", "urumqi": "wulumuqi",
    "lhasa": "lasa", "tibet": "xizang", "kashgar": "kashi", "hotan": "hetian",
    "macau": "aomen", "macao": "aomen", "hongkong": "xianggang", "innermongolia": "neimenggu",
    "hulunbuir": "hulunbeier", "ordos": "eerduosi", "qiqihar": "qiqihaer", "turpan": "tulufan",
}  # fmt: skip
# Characters that Simplified changes in some words only (藉口, 瞭解, 答覆, 甦醒; not 慰藉, 覆盖):
# found by converting every word of CC-CEDICT.
_BY_WORD = "藉瞭覆甦"
# The parts of an ASCII run between its marks, and the letters and digits of a part.
_PART = re.compile(r"\d+(?:\.\d+)*%?|[a-z]+")
_SEPARATED = re.compile(r"[^\W_]+(?:\.\d+)*%?")
_EDGE = "._-&"


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place's full name, its short name and the pinyin of that (株洲市, 株洲, zhuzhou)."""

    name: str
    short: str
    pinyin: str


class Analyzer:
    """Words in jieba's search mode with a union dictionary, and other spellings beside them.

    Beside a word stand: the parts of an ASCII run (qq.com, qq, com), the one spelling of a number
    (61.19万: 611900), the pinyin of a place (株洲: zhuzhou), shorter union terms inside a longer
    one (工资集体协商: 集体协商). Only punctuation and space are left out.
    """

    def __init__(self, words: dict[str, int | None], places: Sequence[PlaceName]) -> None:
        self._opencc = opencc.OpenCC("t2s")
        self._traditional = _traditional_characters(self._opencc)
        fold = self._opencc.convert
        words = {fold(word): weight for word, weight in words.items()}
        # subtle: places too, because 乾安 becomes 干安 in every text
        places = [PlaceName(fold(p.name), fold(p.short), p.pinyin) for p in places]
        names = [name for place in places for name in (place.name, place.short)]
        self.dictionary = dict.fromkeys(names) | words
        self.words = tuple(words)
        self._spellings = {place.pinyin for place in places} | set(_CONVENTIONAL)
        self._jieba = rjieba.Jieba()
        for word, weight in self.dictionary.items():
            self._jieba.add_word(word, weight, None)
        self._expand = _Expansions(_terms_within(words), places)
        self._mixed = [word for word in words if _ASCII_RUN.search(word) and not word.isascii()]
        self.fingerprint = _fingerprint(self.dictionary, places)

    @staticmethod
    def open(extra_terms: Path | None = None) -> "Analyzer":
        """The analyzer with the shipped dictionary and, where given, a user's own terms.

        Raises TermsError, naming file and line, where a list cannot be read.
        """
        words = read_terms(TERMS)
        if extra_terms is not None:
            words |= read_terms(extra_terms)
        return Analyzer(words, read_place_names())

    def normalise(self, text: str) -> str:
        """`text` as it is cut: as after NFKC, lower case, Simplified, numbers without commas."""
        try:
            text.encode()
        except UnicodeEncodeError:  # a lone surrogate, which no index can hold
            text = text.encode(errors="replace").decode()
        if _NOT_PLAIN.search(text):
            text = unicodedata.normalize("NFKC", text)
            text = _ACCENTED.sub(_without_accent, text)
        text = text.lower().replace("，", ",")
        if not self._traditional.isdisjoint(text):
            text = self._opencc.convert(text)
        if len(text) > 1000:
            text = _LONG_RUN.sub(r"\1\n", text)
        return ungroup(text)

    def terms(self, text: str) -> list[str]:
        """The terms of `text`: words in order, then ASCII runs, numbers and added spellings."""
        text = self.normalise(text)
        expand = self._expand.__getitem__
        terms = list(chain.from_iterable(map(expand, self.cut(text))))
        runs = _ASCII_RUN.findall(text)
        if runs:
            terms += chain.from_iterable(map(expand, runs))
            terms += (term for term in self._mixed if term in text)
        terms += numerals(text)
        for match in _SPELLED_APART.findall(text):
            terms += self._joined(_LATIN_WORD.findall(match))
        return terms

    def cut(self, text: str) -> list[str]:
        """The words of a normalised text in jieba's search mode, `_` for every ASCII run."""
        words: list[str] = self._jieba.cut_for_search(_JIEBA_ASCII.sub(_PLACE_OF_ASCII, text))
        return words

    def _joined(self, words: list[str]) -> Iterable[str]:
        """Places that neighbouring Latin words spell together: zhu zhou → zhuzhou."""
        for start in range(len(words)):
            for end in range(start + 2, min(start + _MOST_SYLLABLES, len(words)) + 1):
                name = "".join(words[start:end])
                if name in self._spellings:
                    yield _CONVENTIONAL.get(name, name)


class _Expansions(dict[str, tuple[str, ...]]):
    """The terms of a word, worked out once: words repeat, and a lookup is fast."""

    def __init__(self, within: dict[str, tuple[str, ...]], places: Sequence[PlaceName]) -> None:
        self._within = within
        self._places = {name: place for place in places for name in (place.name, place.short)}

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= _MOST_EXPANSIONS:
            self.clear()
        terms = tuple(dict.fromkeys(_latin_terms(word) if word.isascii() else self._terms(word)))
        self[word] = terms
        return terms

    def _terms(self, word: str) -> Iterable[str]:
        """A word, union terms inside it, and for a place its short name and pinyin."""
        if not any(c.isalnum() for c in word):
            return
        yield word
        yield from self._within.get(word, ())
        place = self._places.get(word)
        # subtle: search mode gives short names of up to three characters as words of their own
        if place is not None and (word == place.short or len(place.short) > 3):
            yield place.short
            yield place.pinyin


def _latin_terms(run: str) -> Iterable[str]:
    """An ASCII run whole and in parts: qq.com → qq.com, qq, com; 5g → 5g; 3% → 3%, 3."""
    run = run.strip(_EDGE)
    parts = _SEPARATED.findall(run)
    if not parts:
        return
    if len(run) <= _LONGEST_WORD:
        yield run
    for part in parts:
        yield part
        pieces = _PART.findall(part)
        if len(pieces) > 1:
            yield from (piece for piece in pieces if len(piece) > 1)
        elif part[-1] == "%":
            yield part[:-1]
        elif part in _CONVENTIONAL:
            yield _CONVENTIONAL[part]
        elif part[0] == "0" and part.isdigit():
            yield part.lstrip("0") or "0"


def read_place_names() -> list[PlaceName]:
    """The places of China with their short names and pinyin, from places.tsv."""
    lines = PLACES.read_text(encoding="utf-8").splitlines()
    fields = (line.split("\t") for line in lines if not line.startswith("#"))
    return [PlaceName(name, short, pinyin) for _, name, short, pinyin, *_ in fields]


def read_terms(path: Path) -> dict[str, int | None]:
    """Terms of a list with their weights (None: just enough to stay whole).

    One term a line, an optional whole number ≥ 1 after it, `#` starts a comment. Raises
    TermsError with file and line for anything else.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as exc:
        raise TermsError(
            f"{path}: cannot be read ({exc.strerror}); expected a list of terms"
        ) from exc
    except UnicodeDecodeError as exc:
        raise TermsError(f"{path}: byte {exc.start} is not UTF-8; save it as UTF-8") from exc
    words: dict[str, int | None] = {}
    for number, line in enumerate(lines, 1):
        fields = line.split("#", 1)[0].split()
        if fields:
            term, weight = _read_term(fields, f"{path}, line {number}")
            words[term] = weight
    return words


def _read_term(fields: list[str], where: str) -> tuple[str, int | None]:
    """A term and its weight from the words of one line; `where` names the line in errors."""
    if len(fields) > 2:
        raise TermsError(f"{where}: found {len(fields)} words; expected a term and a weight")
    if len(fields) == 2 and not (fields[1].isdecimal() and 0 < int(fields[1]) <= _MOST_WEIGHT):
        raise TermsError(f"{where}: weight {fields[1]!r}; expected 1 to {_MOST_WEIGHT}")
    term = unicodedata.normalize("NFKC", fields[0]).lower()
    if not 1 < len(term) <= _LONGEST_WORD or not any(c.isalnum() for c in term):
        raise TermsError(f"{where}: {fields[0]!r}; expected 2 to {_LONGEST_WORD} letters")
    return term, int(fields[1]) if len(fields) == 2 else None


def _terms_within(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each term the shorter terms inside it that search mode leaves out (four or more)."""
    known = set(words)
    within = {}
    for word in known:
        pieces = (word[i : i + n] for n in range(4, len(word)) for i in range(len(word) - n + 1))
        found = tuple(piece for piece in pieces if piece in known)
        if found:
            within[word] = found
    return within


def _traditional_characters(converter: opencc.OpenCC) -> frozenset[str]:
    """Every character that Simplified writes differently, always or in some words."""
    characters = [
        chr(c) for block in (range(0x3400, 0xA000), range(0x20000, 0x2A6E0)) for c in block
    ]
    converted = converter.convert("\n".join(characters)).split("\n")
    changed = (c for c, new in zip(characters, converted, strict=True) if c != new)
    return frozenset(changed) | frozenset(_BY_WORD)


def _without_accent(match: re.Match[str]) -> str:
    """A Latin letter without its mark (ü → u)."""
    return unicodedata.normalize("NFD", match[0])[0]


def _fingerprint(dictionary: dict[str, int | None], places: Sequence[PlaceName]) -> str:
    """Hex digest of all that decides the terms: version, dictionaries, libraries, Unicode."""
    digest = blake2b(digest_size=16)
    libraries = [unicodedata.unidata_version, version("rjieba"), version("opencc")]
    parts = [str(ANALYZER_VERSION), *libraries]
    parts += [f"{word} {weight}" for word, weight in dictionary.items()]
    parts += [f"{place.name} {place.short} {place.pinyin}" for place in places]
    digest.update("\n".join(parts).encode())
    return digest.hexdigest()
