"""Here are articles and tuning questions; give me the weights that say which figure is meant.

`python -m eval.train_owned` learns from questions made of the news (`eval.cloze`), DRCD's and
CMRC's tuning questions and the project's own: given the right sentence, which of its figures is
the answer? A linear model over `rag.owned.claims`, such that the right figure comes first
(softmax over the figures of a sentence, Adam over the whole set, no chance in it).
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from eval.cloze import clozes
from eval.corpus import beir_lines
from eval.dataset import DATA_ROOT, Dataset, entries, file_sha256, find_entry, open_dataset
from eval.interval import bootstrap_mean
from eval.question import Question
from eval.text import letters
from index.analyzer import Analyzer
from index.clean import clean
from index.document import Article, Document
from index.gazetteer import Gazetteer
from index.quantity import Quantity, quantities
from index.read import read_path
from index.sentences import sentences
from index.workers import open_tools
from rag.owned import NAMES, WEIGHTS, asked_of, claims
from rag.query import understand

CLOZE = "cloze"
# Data set, split and the weight of one of its questions beside one made of the news.
SETS: tuple[tuple[str, str | None, float], ...] = (
    ("train/drcd_dev", None, 6.0),
    ("train/cmrc_trial", None, 6.0),
    ("union", "tune", 5.0),
)
FOLDS = 5
STEPS = 300
RATE = 0.1
PENALTY = 2e-4
# A feature that hardly varies is not scaled up to one that does: few sentences would decide.
RARE = 0.05


@dataclass(frozen=True, slots=True)
class Choice:
    """A question and the figures of its sentence: `found` has shape (figures, `NAMES`).

    `right` is the number of the figure meant; `cluster` is the article, which training and testing
    never share.
    """

    data: str
    cluster: str
    question: str
    text: str
    found: NDArray[np.float64]
    right: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Tools:
    """What reads articles and questions."""

    analyzer: Analyzer
    gazetteer: Gazetteer

    def claims(self, question: str, text: str) -> NDArray[np.float64] | None:
        """What speaks for each figure of a text; None where the question asks for none."""
        query = understand(question, question, self.analyzer, self.gazetteer)
        if not query.ask.wants_quantity:
            return None
        return claims(text, quantities(text), query, asked_of(query))


def of_news(paths: Sequence[Path], count: int, tools: Tools) -> Iterator[Choice]:
    """Choices made of `count` news articles, those with the lowest hashes of their ids."""
    lines = [line for path in paths for line in beir_lines(path)]
    ordered = sorted(lines, key=lambda line: hashlib.sha256(str(line["_id"]).encode()).digest())
    for line in ordered[:count]:
        name = str(line["_id"])
        for cloze in clozes(name, str(line["text"])):
            found = tools.claims(cloze.question, cloze.text)
            if found is not None:
                yield Choice(CLOZE, name, cloze.question, cloze.text, found, cloze.right)


def of_questions(
    dataset: Dataset, documents: dict[str, Document], weight: float, tools: Tools
) -> Iterator[Choice]:
    """A choice for each question whose answer is one of several figures of a sentence."""
    for question in dataset.questions:
        single = question.kind != "comparison" and not question.history
        if not (single and question.answerable and question.answers):
            continue
        placed = _placed(question, documents)
        if placed is not None:
            text, right, cluster = placed
            found = tools.claims(question.text, text)
            if found is not None:
                yield Choice(dataset.name, cluster, question.text, text, found, right, weight)


def _placed(question: Question, documents: dict[str, Document]) -> tuple[str, int, str] | None:
    """The sentence that has a question's answer among its figures, which figure, which article.

    Of several sentences the one that has most of the question's characters.
    """
    found = []
    for gold in question.gold:
        document = documents.get(gold.source or gold.document_id or "")
        if document is None or gold.claim != 1:
            continue
        for start, end in sentences(document.text):
            text = document.text[start:end]
            figures = quantities(text)
            right = [at for at, figure in enumerate(figures) if _answers(question, figure)]
            if len(figures) > 1 and len(right) == 1:
                shared = sum(character in text for character in set(question.text))
                found.append((shared, -start, text, right[0], document.document_id))
    if not found:
        return None
    _, _, text, at, cluster = max(found)
    return text, at, cluster


def _answers(question: Question, figure: Quantity) -> bool:
    """Whether a figure is an accepted answer, with or without its unit."""
    said = letters(figure.text)
    forms = [letters(form) for form in (*question.answers, *question.accept_answers)]
    return any(form in {said, said.removesuffix(letters(figure.unit))} for form in forms)


def fit(choices: Sequence[Choice]) -> NDArray[np.float64]:
    """The weights learned; the same choices always give the same."""
    rows = np.concatenate([one.found for one in choices])
    counts = np.array([len(one.found) for one in choices])
    starts = np.cumsum(counts) - counts
    each = np.repeat([one.weight for one in choices], counts)
    each /= sum(one.weight for one in choices)
    wanted = np.zeros(len(rows))
    wanted[starts + np.array([one.right for one in choices])] = 1.0
    spread = np.maximum(rows.std(axis=0), RARE)
    rows = rows / spread
    weights, first, second = (np.zeros(len(NAMES)) for _ in range(3))
    for step in range(1, STEPS + 1):
        scores = rows @ weights
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), counts))
        given = powers / np.repeat(np.add.reduceat(powers, starts), counts)
        slope = ((given - wanted) * each) @ rows + 2 * PENALTY * weights
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        rate = RATE * (1 - step / (STEPS + 1))
        weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return np.asarray(weights / spread)


def is_right(one: Choice, weights: NDArray[np.float64]) -> float:
    """1.0 where the figure that comes first is the one meant."""
    return float(int(np.argmax(one.found @ weights)) == one.right)


def held_out(choices: Sequence[Choice]) -> list[float]:
    """`is_right` of each choice, by weights that never saw its article."""
    folds = [hashlib.sha256(one.cluster.encode()).digest()[0] % FOLDS for one in choices]
    values = [0.0] * len(choices)
    for fold in sorted(set(folds)):
        rest = [one for one, other in zip(choices, folds, strict=True) if other != fold]
        if not rest:
            continue
        weights = fit(rest)
        for at, one in enumerate(choices):
            if folds[at] == fold:
                values[at] = is_right(one, weights)
    return values


def write_weights(weights: NDArray[np.float64], learned_from: Sequence[str], path: Path) -> None:
    """Nothing; the file has features, weights (four digits) and the hashes of the data."""
    found = {
        "features": list(NAMES),
        "learned_from": list(learned_from),
        "weights": [float(f"{value:.4g}") for value in weights],
    }
    lines = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in found.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def documents_of(paths: Sequence[Path], tools: Tools) -> dict[str, Document]:
    """The articles of files, cleaned, by their ids and, of files with one article, their names."""
    found = {}
    for path in paths:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            for article in read_path(file):
                if isinstance(article, Article):
                    document = clean(article, tools.gazetteer)
                    found[document.document_id] = found[document.source] = document
    return found


def gather(data_root: Path, news: int) -> tuple[list[Choice], list[str]]:
    """All choices, and a line of name and hash for each thing they were made of."""
    opened = open_tools()
    tools = Tools(opened.analyzer, opened.gazetteer)
    known = entries(data_root)
    paths = sorted((data_root / "news").glob("*.jsonl.gz"))
    choices = list(of_news(paths, news, tools))
    hashes = [f"news sha256 {file_sha256(paths)}"]
    for name, split, weight in SETS:
        dataset = open_dataset(find_entry(name, known), use="tune", split=split)
        hashes.append(f"{dataset.name} sha256 {dataset.sha256}")
        documents = documents_of(dataset.corpus, tools)
        if name == "union":
            wanted = {gold.document_id for question in dataset.questions for gold in question.gold}
            documents |= _news_of(paths, wanted, tools)
        choices += of_questions(dataset, documents, weight, tools)
    return choices, hashes


def _news_of(paths: Sequence[Path], wanted: set[str | None], tools: Tools) -> dict[str, Document]:
    """The news articles of the ids wanted, cleaned."""
    found = {}
    for path in paths:
        for article in read_path(path):
            if isinstance(article, Article) and article.document_id in wanted:
                document = clean(article, tools.gazetteer)
                found[document.document_id] = document
    return found


def train(
    data_root: Annotated[Path, typer.Option(help="Folder with news/ and train/.")] = DATA_ROOT,
    news: Annotated[int, typer.Option(help="News articles questions are made of.")] = 9_000,
    out: Annotated[Path, typer.Option(help="The file of weights to write.")] = WEIGHTS,
) -> None:
    """Learn which figure of a sentence is meant, and say how good it is on articles held out."""
    choices, hashes = gather(data_root, news)
    values = held_out(choices)
    for data in dict.fromkeys(one.data for one in choices):
        own = [at for at, one in enumerate(choices) if one.data == data]
        mean = bootstrap_mean([values[at] for at in own], [choices[at].cluster for at in own])
        typer.echo(
            f"{data}: {len(own)} questions, the right figure first, held out: {mean.mean:.3f} "
            f"[{mean.low:.3f}, {mean.high:.3f}]"
        )
    write_weights(fit(choices), hashes, out)
    typer.echo(f"wrote {out}")


if __name__ == "__main__":
    typer.run(train)
