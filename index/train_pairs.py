"""Here are the training files; give me pairs of texts that should lie near each other."""

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import opencc
import rjieba

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]?")
_TITLE = re.compile(r"原标题[：:](.{8,50}?)[\s\u3000]+(.{200,})", re.DOTALL)
_BODY = re.compile(r"正文[：:]\s*(?:原标题[：:])?")
_QUESTION_WORDS = (
    *("what", "what is the", "which", "who", "when did", "where", "why", "how", "how many"),
    *("how much", "in what year", "what was", "what did", "name the", "what kind of", "whose"),
)
_LITTLE_WORDS = (
    *("the", "the", "the", "of", "of", "a", "an", "in", "to", "is", "was", "were", "did", "for"),
    *("and", "by", "on", "are", "has", "had", "be", "been", "with", "that", "from", "at", "as"),
)
_WINDOW = (60, 260)  # characters of a passage; about 30 to 130 tokens
_CUT = 9  # words of an English cut
_TOGETHER = 5  # sentences of a paragraph
_LEFT_OUT = 0.3  # the largest share of words left out of a translation
_LITTLE = 0.5  # how often a translation gets function words, and how often a question word
_INFLECTED = 0.25
_NAME = 4  # a word of so many characters that no dictionary knows is translated in parts
_HELD_OUT = 5  # one passage in five is kept for tuning


@dataclass(frozen=True, slots=True)
class Pairs:
    """Texts that belong together, left[i] with right[i]; `weight` is their share of the steps."""

    name: str
    weight: float
    left: list[str]
    right: list[str]


def read_news(folder: Path) -> list[str]:
    """The article bodies of every news-*.jsonl.gz, without date line, in file order."""
    bodies = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            bodies += [_BODY.split(json.loads(line)["text"], maxsplit=1)[-1] for line in lines]
    return bodies


def read_questions(folder: Path, held_out: bool) -> tuple[list[str], list[str]]:
    """Questions and their passages; every fifth passage is held out with all its questions."""
    passages = _by_id(folder / "corpus.jsonl")
    questions = _by_id(folder / "queries.jsonl")
    kept = {key for n, key in enumerate(passages) if (n % _HELD_OUT == 0) == held_out}
    rows = (line.split("\t") for line in (folder / "qrels.tsv").read_text("utf-8").splitlines())
    pairs = [
        (questions[row[0]], passages[row[1]])
        for row in rows
        if row[1] in kept and row[0] in questions
    ]
    return [question for question, _ in pairs], [passage for _, passage in pairs]


def _by_id(path: Path) -> dict[str, str]:
    """Text by id of a BEIR file; rows without a text (two of cmrc_trial) are left out."""
    lines = path.read_text("utf-8").splitlines()
    return {row["_id"]: row["text"] for row in map(json.loads, lines) if row["text"]}


def read_titles(folder: Path) -> tuple[list[str], list[str]]:
    """Titles and the bodies below them, where an article marks its title (原标题：)."""
    titles, bodies = [], []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                match = _TITLE.search(json.loads(line)["text"])
                if match:
                    titles.append(match[1])
                    bodies.append(match[2][:400])
    return titles, bodies


def read_sentences(path: Path) -> tuple[list[str], list[str]]:
    """English and Chinese sentences of the Tatoeba file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return [row[0] for row in rows], [row[1] for row in rows]


def read_parallel(english: Path, chinese: Path) -> tuple[list[str], list[str]]:
    """The sentences of two CoNLL-U files that are translations of each other, in file order."""
    mark = "# text = "
    both = []
    for path in (english, chinese):
        lines = path.read_text("utf-8").splitlines()
        both.append([line.removeprefix(mark) for line in lines if line.startswith(mark)])
    if len(both[0]) != len(both[1]):
        raise ValueError(f"{english} has {len(both[0])} sentences, {chinese} {len(both[1])}")
    return both[0], both[1]


def paragraphs(
    english: list[str], chinese: list[str], chance: random.Random
) -> tuple[list[str], list[str]]:
    """A cut of about nine words from each English sentence, and the Chinese paragraph it is in.

    Five sentences that follow each other are a paragraph: a stand-in for English questions.
    """
    left, right = [], []
    for n, sentence in enumerate(english):
        words = sentence.split()
        first = chance.randrange(max(1, len(words) - _CUT))
        left.append(" ".join(words[first : first + _CUT]))
        start = n // _TOGETHER * _TOGETHER
        right.append("".join(chinese[start : start + _TOGETHER]))
    return left, right


def clozes(bodies: list[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """For each body a sentence, and the window it was taken from (it stays in one time in ten)."""
    for body in bodies:
        sentences = [s.strip() for s in _SENTENCE.findall(body) if len(s.strip()) > 8]
        if len(sentences) < 4:
            continue
        length = chance.randint(*_WINDOW)
        first = chance.randrange(len(sentences) - 2)
        window: list[str] = []
        while first < len(sentences) and sum(map(len, window)) < length:
            window.append(sentences[first])
            first += 1
        place = chance.randrange(len(window))
        sentence = window[place][:90]
        if chance.random() > 0.1 and len(window) > 1:
            del window[place]
        yield sentence, "".join(window)[:400]


class WordByWord:
    """Chinese texts put into English word by word, with words as a question would have them."""

    def __init__(
        self,
        glosses: Mapping[str, tuple[list[str], list[float]]],
        stems: Mapping[str, str],
        chance: random.Random,
    ) -> None:
        self._glosses = glosses
        self._chance = chance
        self._jieba = rjieba.Jieba()
        self._converter = opencc.OpenCC("t2s")
        self._forms: defaultdict[str, list[str]] = defaultdict(list)
        for form, stem in stems.items():
            self._forms[stem].append(form)

    def translate(self, text: str) -> str:
        """`text` in English, some words left out; empty where no word is known."""
        chance, english = self._chance, []
        keep = chance.random() * _LEFT_OUT
        for word in self._jieba.cut(self._converter.convert(text)):
            parts = [word] if word in self._glosses else list(word)
            if len(word) == 1 or (len(parts) > 1 and len(word) < _NAME):
                continue
            for part in parts:
                if part in self._glosses and chance.random() >= keep:
                    english.append(self._inflected(chance.choices(*self._glosses[part])[0]))
        if not english:
            return ""
        if chance.random() < _LITTLE:
            little = chance.choices(_LITTLE_WORDS, k=len(english) // 2 + 1)
            english = [word for pair in zip_longest(english, little) for word in pair if word]
        if chance.random() < _LITTLE:
            english.insert(0, chance.choice(_QUESTION_WORDS))
        return " ".join(english)

    def _inflected(self, phrase: str) -> str:
        """`phrase`, its last word in another form one time in four."""
        *others, last = phrase.split()
        if last in self._forms and self._chance.random() < _INFLECTED:
            last = self._chance.choice(self._forms[last])
        return " ".join([*others, last])


def translated(pairs: Iterable[tuple[str, str]], into: WordByWord) -> Iterator[tuple[str, str]]:
    """The same pairs with the first text in English; those without a known word are left out."""
    for text, window in pairs:
        english = into.translate(text)
        if english:
            yield english, window
