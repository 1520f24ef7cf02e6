"""Here is a number of articles; give me so many, and questions whose answer is known."""

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.corpus import beir_lines
from eval.dataset import SEEDS
from index.clean import clean
from index.document import Document
from index.gazetteer import Gazetteer
from index.read import read_bytes
from index.sentences import sentences

# Characters of a sentence that can be asked.
SENTENCE = (14, 40)
# Stands between an article's id and the number of its copy.
COPY = "~"
_CLAUSE = re.compile(r"[^，。；！？\n]*[，。；！？\n]|[^，。；！？\n]+")


@dataclass(frozen=True, slots=True)
class Sought:
    """A question whose answer is known: the article its sentence came from."""

    text: str
    document_id: str

    def is_in(self, document_ids: Sequence[str]) -> bool:
        """Whether the article is among these; a copy of it has the same clauses and counts."""
        return any(found.partition(COPY)[0] == self.document_id for found in document_ids)


def news_corpus(folder: Path, articles: int, data_root: Path) -> list[Path]:
    """The seeds, and a file of `articles` news articles where any are asked.

    Where there are fewer, copies with their clauses in another order make up the rest: as many
    terms and as long as real ones, but what they say is nonsense.
    """
    if not articles:
        return [SEEDS]
    part = folder / "news.jsonl"
    news = sorted((data_root / "news").glob("*.jsonl.gz"))
    with part.open("w", encoding="utf-8") as stream:
        for number, line in enumerate(_endless(news), 1):
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            if number == articles:
                break
    return [SEEDS, part]


def _endless(news: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """The lines of the files, then shuffled copies of them for ever."""
    copy = 0
    while news:
        for path in news:
            for line in beir_lines(path):
                yield shuffled(line, copy) if copy else line
        copy += 1


def shuffled(line: dict[str, Any], copy: int) -> dict[str, Any]:
    """A copy of an article with its clauses in another order, always the same for the same copy."""
    name = f"{line['_id']}{COPY}{copy}"
    clauses = _CLAUSE.findall(line["text"])
    random.Random(name).shuffle(clauses)
    return {**line, "_id": name, "text": "".join(clauses)}


def questions(paths: Sequence[Path], count: int) -> list[Sought]:
    """`count` sentences of the articles with the lowest hashes, one an article, in that order."""
    articles = [line for path in paths for line in beir_lines(path) if COPY not in line["_id"]]
    articles.sort(key=lambda line: hashlib.sha256(str(line["_id"]).encode()).digest())
    found: list[Sought] = []
    for line in articles:
        if len(found) == count:
            break
        text = line["text"]
        fit = [text[a:b] for a, b in sentences(text) if SENTENCE[0] <= b - a <= SENTENCE[1]]
        if fit:
            found.append(Sought(fit[len(fit) // 2], line["_id"]))
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
