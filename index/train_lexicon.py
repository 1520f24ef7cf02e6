"""Here are dictionaries; give me English phrases with their Chinese, and how sure each pair is."""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import opencc

_ENTRY = re.compile(r"^\S+ (\S+) \[([^\]]*)\] /(.*)/$")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\|")
_EMPTY_GLOSS = re.compile(
    r"variant of|see also|^see |abbr\. |classifier|old form|^CL:|erhua|surname|Taiwan pr|loanword"
    r"|also (written|pr\.|called|known|transliterated|translated)|same as|used in|radical"
)
_WIKTIONARY = re.compile(r"^([^{]+?) \{[^}]*\} (?:\(.*?\) )?:: (.+)$")
_SYNSET = re.compile(r"^(\d{8}-[a-z]):")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z]+")
_LONGEST_PHRASE = 4
_NAME_LEAST = 2  # letters
FUNCTION_WORDS = {
    *("a", "an", "and", "as", "at", "be", "by", "for", "from", "in", "into", "of", "on", "one"),
    *("or", "sb", "sth", "the", "to", "up", "with", "one's", "etc", "oneself", "is", "are", "s"),
    *("that", "it", "not", "used", "esp", "who", "which", "its", "his"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """An English phrase (lower case, without function words) that means a Chinese one.

    `weight`, in (0, 1], is 1 for the only meaning and less for one of many.
    """

    english: str
    chinese: str
    weight: float


@dataclass(frozen=True, slots=True)
class Synset:
    """A meaning: its English names, its Chinese names and its English definition."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]
    definition: str


def read_cedict(path: Path) -> list[Link]:
    """The short glosses of each Simplified word; the weight is shared by a word's glosses."""
    glosses: defaultdict[str, list[str]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            match = _ENTRY.match(line.strip())
            if match:
                glosses[match[1]] += filter(None, map(_gloss, match[3].split("/")))
    return [
        Link(gloss, word, 1 / len(found))
        for word, found in glosses.items()
        for gloss in dict.fromkeys(found)
    ]


def _gloss(text: str) -> str:
    """A gloss as a phrase; empty where it only points elsewhere or is a long explanation."""
    if _EMPTY_GLOSS.search(text):
        return ""
    return phrase(_ASIDE.sub(" ", text))


def phrase(text: str) -> str:
    """`text` in lower case without function words; empty where it is longer than four words."""
    words = [word for word in _WORD.findall(text.lower()) if word not in FUNCTION_WORDS]
    return " ".join(words) if len(words) <= _LONGEST_PHRASE else ""


def read_wiktionary(path: Path) -> list[Link]:
    """The translations of each English headword, in both scripts as they stand."""
    links = []
    for line in path.read_text("utf-8").splitlines():
        match = _WIKTIONARY.match(line)
        if not match:
            continue
        english = phrase(match[1])
        found = [_HAN.findall(part) for part in re.sub(r"/[^/]*/", "", match[2]).split(",")]
        chinese = ["".join(part) for part in found if part]
        if english:
            links += [Link(english, word, 1 / len(chinese)) for word in chinese]
    return links


def read_names(paths: Iterable[Path]) -> list[Link]:
    """Names of people with their characters; the weight grows with how many bear them."""
    links = []
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            english, chinese, count = line.split("\t")
            if len(english) >= _NAME_LEAST and _WORD.fullmatch(english):
                links.append(Link(english, chinese.replace(" ", ""), 1 - 1 / (1 + int(count))))
    return links


def read_synsets(wordnet: Path, identifiers: Path, chinese: Path) -> list[Synset]:
    """The meanings of WordNet that have a definition, with Chinese names where there are any.

    `wordnet` is the folder of the Open English WordNet's YAML files, `identifiers` the map from
    interlingual identifiers to the older numbers that `chinese` (the Chinese Open Wordnet) uses.
    """
    rows = (line.split("\t") for line in identifiers.read_text("utf-8").splitlines())
    numbers = {row[0]: row[1].replace("-s", "-a") for row in rows}
    names: defaultdict[str, list[str]] = defaultdict(list)
    for line in chinese.read_text("utf-8").splitlines():
        row = line.split("\t")
        if len(row) == 3 and row[1] == "cmn:lemma":
            names[row[0].replace("-s", "-a")].append("".join(_HAN.findall(row[2])))
    synsets = []
    for path in sorted(wordnet.glob("*.*.yaml")):  # the rest, entries-*.yaml, are words
        for lines in _blocks(path.read_text("utf-8").splitlines()):
            number, members, definition = _synset(lines)
            words = tuple(filter(None, names[numbers.get(number, "")]))
            synsets.append(Synset(tuple(members), words, definition))
    return synsets


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """The lines of each synset."""
    block: list[str] = []
    for line in lines:
        if _SYNSET.match(line):
            if block:
                yield block
            block = []
        block.append(line)
    if block:
        yield block


def _synset(lines: list[str]) -> tuple[str, list[str], str]:
    """Interlingual identifier, members and definition of a block of WordNet's YAML.

    Only the few forms that occur there are read: a key, and its list with or without quotes.
    """
    number, members, definition, key = "", [], "", ""
    for line in lines[1:]:
        text = line.strip()
        if line.startswith("  ") and not line.startswith(("  -", "   ")):
            key, _, value = text.partition(":")
            number = value.strip() if key == "ili" else number
        elif key == "members":
            members.append(phrase(text.lstrip("- ").strip("'")))
        elif key == "definition":
            definition += " " + text.lstrip("- ")
    return number, [member for member in members if member], definition.strip(" '\"")


def synonyms(synsets: Iterable[Synset]) -> list[Link]:
    """Each English name of a meaning with each Chinese one; the weight is shared by the latter."""
    links = []
    for one in synsets:
        for english in one.english:
            for chinese in one.chinese:
                plain = chinese.rstrip("的地") or chinese
                links.append(Link(english, plain, 1 / len(one.chinese) / len(one.english)))
    return links


def read_glossary(path: Path) -> list[Link]:
    """The entries of a glossary: English, a tab, Chinese terms; `#` starts a comment."""
    rows = (
        line.split("\t")
        for line in path.read_text("utf-8").splitlines()
        if "\t" in line and not line.startswith("#")
    )
    return [
        Link(phrase(row[0]), term, 1.0) for row in rows for term in row[1].split() if phrase(row[0])
    ]


def read_frequencies(path: Path) -> Counter[str]:
    """How often each English word occurs in a large corpus: a word, a tab, a count a line."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return Counter({word: int(count) for word, count in rows})


def in_one_script(links: Iterable[Link]) -> list[Link]:
    """The same links with their Chinese in Simplified characters."""
    converter = opencc.OpenCC("t2s")
    return [Link(one.english, converter.convert(one.chinese), one.weight) for one in links]


def by_chinese(links: Iterable[Link]) -> Mapping[str, tuple[list[str], list[float]]]:
    """For each Chinese word its English phrases and their weights, those said twice added up."""
    found: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for link in links:
        found[link.chinese][link.english] += link.weight
    return {word: (list(some), list(some.values())) for word, some in found.items()}
