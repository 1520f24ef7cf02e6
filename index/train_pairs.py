"""Here are the training files; give me pairs of texts that should lie near each other."""

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import rjieba

Fold = Callable[[str], str]

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]?")
_TITLE = re.compile(r"原标题[：:](.{8,50}?)[\s\u3000]+(.{200,})", re.DOTALL)
_BODY = re.compile(r"正文[：:]\s*(?:原标题[：:])?")
_ENTRY = re.compile(r"^\S+ (\S+) \[([^\]]*)\] /(.*)/$")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\|")
_EMPTY_GLOSS = re.compile(r"variant of|see also|^see |abbr\. for|surname|classifier|old form|^CL:")
_GLOSS_STOP = {
    *("a", "an", "and", "as", "at", "be", "by", "for", "from", "in", "into", "of", "on", "one"),
    *("or", "sb", "sth", "the", "to", "up", "with"),
}
_LONGEST_GLOSS = 3
_WINDOW = (60, 260)  # characters of a passage; about 30 to 130 tokens
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


def read_dictionary(path: Path) -> dict[str, list[str]]:
    """Short English glosses of each Simplified word of CC-CEDICT."""
    glosses: dict[str, list[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            match = _ENTRY.match(line.strip())
            if not match:
                continue
            for gloss in match[3].split("/"):
                if _EMPTY_GLOSS.search(gloss):
                    continue
                words = _ASIDE.sub(" ", gloss).lower().split()
                words = [word.strip(".,;!?\"'") for word in words]
                words = [word for word in words if word.isascii() and word not in _GLOSS_STOP]
                if words and len(words) <= _LONGEST_GLOSS:
                    glosses.setdefault(match[1], []).append(" ".join(words))
    return glosses


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


def translated(
    pairs: list[tuple[str, str]], glosses: dict[str, list[str]], chance: random.Random
) -> Iterator[tuple[str, str]]:
    """The same pairs with the sentence translated word by word, three words in four at most."""
    jieba = rjieba.Jieba()
    for sentence, window in pairs:
        words = jieba.cut(sentence)
        keep = chance.random() * 0.25
        english = [
            chance.choice(glosses[word]) if word in glosses and chance.random() > keep else ""
            for word in words
            if len(word) > 1
        ]
        text = " ".join(filter(None, english))
        if text:
            yield text, window
