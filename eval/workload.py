"""Here is a number of passages; give me articles for so many, and questions with known answers."""

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from eval.corpus import beir_lines, sample
from eval.dataset import SEEDS
from index.chunk import chunk
from index.clean import clean
from index.document import Document
from index.gazetteer import Gazetteer
from index.read import read_bytes
from index.sentences import sentences

# Characters of a sentence that can be asked.
SENTENCE = (14, 40)
# Stands between an article's id and the number of its copy.
COPY = "~"
# Articles by which it is judged how many passages a text gives.
SAMPLE = 1_000
# Sentences asked of one article at most.
MOST_AN_ARTICLE = 50
_CLAUSE = re.compile(r"[^，。；！？\n]*[，。；！？\n]|[^，。；！？\n]+")


@dataclass(frozen=True, slots=True)
class Sought:
    """A question whose answer is known: the article its sentence came from."""

    text: str
    document_id: str

    def is_in(self, document_ids: Sequence[str]) -> bool:
        """Whether the article is among these; a copy of it has the same clauses and counts."""
        return any(found.partition(COPY)[0] == self.document_id for found in document_ids)


def generated(folder: Path, passages: int, data_root: Path) -> list[Path]:
    """The seeds, and a file of articles beside them, about `passages` passages in all.

    News articles come first, in their order. Where there are fewer, copies with their clauses in
    another order make up the rest: as many terms and as long as real ones, but what they say is
    nonsense. Without news the copies are the seeds'. Memory does not grow with `passages`.
    """
    news = sorted((data_root / "news").glob("*.jsonl.gz"))
    missing = float(passages - _passages(seed_lines()))
    each = _characters_a_passage(news)
    part = folder / "articles.jsonl"
    with part.open("w", encoding="utf-8") as stream:
        for line in _endless(news):
            if missing < 0.5:
                break
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            missing -= max(1.0, len(line["text"]) / each)
    return [SEEDS, part]


def seed_lines() -> list[dict[str, Any]]:
    """The seeds, cleaned, as lines of a BEIR corpus, under the ids they have in an index."""
    gazetteer = Gazetteer.open()
    documents = [
        clean(read_bytes(path.name, path.read_bytes()), gazetteer)
        for path in sorted(SEEDS.glob("*.txt"))
    ]
    return [{"_id": document.document_id, "text": document.text} for document in documents]


def _passages(lines: Sequence[dict[str, Any]]) -> int:
    """How many passages an index makes of articles."""
    gazetteer = Gazetteer.open()
    articles = [read_bytes(f"{line['_id']}.txt", line["text"].encode()) for line in lines]
    return sum(len(chunk(clean(article, gazetteer))) for article in articles)


def _characters_a_passage(news: Sequence[Path]) -> float:
    """Characters of text that give one passage, by the articles with the lowest hashes."""
    lines = sample(news, SAMPLE, ()) if news else seed_lines()
    return sum(len(line["text"]) for line in lines) / _passages(lines)


def _endless(news: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """The lines of the files, then shuffled copies of them for ever; without files the seeds'."""
    if news:
        yield from _lines(news)
    seeds = seed_lines()
    for copy in count(1):
        for line in _lines(news) if news else seeds:
            yield shuffled(line, copy)


def _lines(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        yield from seed_lines() if path == SEEDS else beir_lines(path)


def shuffled(line: dict[str, Any], copy: int) -> dict[str, Any]:
    """A copy of an article with its clauses in another order, always the same for the same copy."""
    name = f"{line['_id']}{COPY}{copy}"
    clauses = _CLAUSE.findall(line["text"])
    random.Random(name).shuffle(clauses)
    return {**line, "_id": name, "text": "".join(clauses)}


def questions(paths: Sequence[Path], number: int) -> list[Sought]:
    """`number` sentences of the articles with the lowest hashes, in that order.

    One an article, and more of each only where there are fewer articles.
    """
    articles = [line for line in _lines(paths) if COPY not in line["_id"]]
    articles.sort(key=lambda line: hashlib.sha256(str(line["_id"]).encode()).digest())
    found: list[Sought] = []
    for turn in range(MOST_AN_ARTICLE):
        for line in articles:
            if len(found) == number:
                return found
            text = line["text"]
            fit = [text[a:b] for a, b in sentences(text) if SENTENCE[0] <= b - a <= SENTENCE[1]]
            if turn < len(fit):
                found.append(Sought(fit[(len(fit) // 2 + turn) % len(fit)], line["_id"]))
    return found


def made_texts(count: int) -> list[str]:
    """Texts with one sentence that stands in no other, to be added while it is timed."""
    return [
        f"测量文章之{number}\n\n本次测量的编号是测量{number}号。" + "这是一句普通的话。" * 30
        for number in range(count)
    ]


def made_documents(count: int) -> list[Document]:
    """The same as documents."""
    gazetteer = Gazetteer.open()
    return [
        clean(read_bytes(f"bench-{number}.txt", text.encode()), gazetteer)
        for number, text in enumerate(made_texts(count))
    ]
