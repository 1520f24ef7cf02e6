"""Here is an encoder; give me how well it ranks without any other retriever, and how fast it is."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from eval.dataset import DATA_ROOT, entries, find_entry, open_dataset
from eval.errors import MissingDataset
from eval.interval import Interval, bootstrap_mean
from index.encoder import Encoder, open_encoder
from index.sentences import sentences
from index.train_data import held_out

WINDOW = 80  # characters: whole sentences that follow each other
CUT = 10
_TESTS = ("test/xquad_zh", "test/xquad_en_zh", "test/cmrc_dev")
_NTREX = (("en", "cn"), ("tw", "cn"))
_TIMED = 2_000


@dataclass(frozen=True, slots=True)
class Ranking:
    """Questions over passages; gold[i] is the place of question i's passage."""

    name: str
    questions: list[str]
    passages: list[str]
    gold: list[int]


@dataclass(frozen=True, slots=True)
class Alone:
    """MRR@10 of one set, with one row a passage and with the best of a passage's windows."""

    ranking: Ranking
    whole: Interval
    windows: Interval


def tuning_rankings(root: Path) -> list[Ranking]:
    """The pairs that training holds out; MissingDataset where a file is not on this machine."""
    try:
        found = held_out(root / "train", root / "news")
    except FileNotFoundError as exc:
        raise MissingDataset(f"{exc.filename} is not there; give --data-root") from exc
    return [_joined(one.name, one.left, one.right) for one in found]


def test_rankings(root: Path) -> Iterator[Ranking]:
    """The test sets: questions over paragraphs, and sentences over their translations."""
    known = entries(root)
    for name in _TESTS:
        dataset = open_dataset(find_entry(name, known), use="test")
        lines = dataset.corpus[0].read_text("utf-8").splitlines()
        texts = {row["_id"]: row["text"] for row in map(json.loads, lines)}
        place = {key: n for n, key in enumerate(texts)}
        golds = [place[str(question.gold[0].document_id)] for question in dataset.questions]
        asked = [question.text for question in dataset.questions]
        yield Ranking(name.removeprefix("test/"), asked, list(texts.values()), golds)
    for source, target in _NTREX:
        left, right = (
            (root / "test" / "ntrex" / f"{language}.txt").read_text("utf-8").splitlines()
            for language in (source, target)
        )
        yield Ranking(f"ntrex {source} to {target}", left, right, list(range(len(right))))


def _joined(name: str, left: Sequence[str], right: Sequence[str]) -> Ranking:
    """Pairs as a ranking; a passage that several questions share is there once."""
    place = {text: n for n, text in enumerate(dict.fromkeys(right))}
    return Ranking(name, list(left), list(place), [place[text] for text in right])


def alone(encoder: Encoder, ranking: Ranking) -> Alone:
    """How the encoder ranks a set; questions of one passage are one cluster of the interval."""
    asked = encoder.encode_queries(ranking.questions)
    rows = encoder.encode_passages(ranking.passages)
    cut = [windows(text) for text in ranking.passages]
    parts = encoder.encode_passages([window for some in cut for window in some])
    starts = np.cumsum([0, *(len(some) for some in cut)])[:-1]
    best = np.maximum.reduceat(asked @ parts.T, starts, axis=1)
    return Alone(ranking, _mrr(asked @ rows.T, ranking.gold), _mrr(best, ranking.gold))


def windows(text: str) -> list[str]:
    """From each sentence on, as many whole sentences as fit into 80 characters; never none."""
    spans = sentences(text)
    found = []
    for n, (start, end) in enumerate(spans):
        fitting = [stop for _, stop in spans[n:] if stop - start <= WINDOW]
        found.append(text[start : max([end, *fitting])])
    return found or [text]


def _mrr(scores: NDArray[np.float32], gold: Sequence[int]) -> Interval:
    """MRR@10; a passage that scores as much as the gold one counts as before it."""
    own = scores[np.arange(len(gold)), gold]
    ranks = (scores >= own[:, None]).sum(axis=1)
    values = np.where(ranks <= CUT, 1 / ranks, 0.0)
    return bootstrap_mean(values.tolist(), [str(one) for one in gold])


def speed(open_it: Callable[[], Encoder], passages: Sequence[str]) -> str:
    """One line: seconds to open, passages a second, milliseconds a question."""
    started = time.perf_counter()
    encoder = open_it()
    opened = time.perf_counter() - started
    timed = [passages[n % len(passages)] for n in range(_TIMED)]
    started = time.perf_counter()
    encoder.encode_passages(timed)
    rate = len(timed) / (time.perf_counter() - started)
    took = []
    for text in timed[:200]:
        started = time.perf_counter()
        encoder.encode_queries([text[:40]])
        took.append(time.perf_counter() - started)
    length = sum(map(len, timed)) / len(timed)
    return (
        f"{encoder.name}, {encoder.dimension} dimensions: opens in {opened:.2f} s; {rate:,.0f} "
        f"passages of {length:.0f} characters a second; {1000 * float(np.median(took)):.2f} ms a "
        "question"
    )


def as_markdown(found: Sequence[Alone]) -> str:
    """A table of both ways of each set, with intervals."""
    lines = ["| set (questions / passages) | whole passages | best window |", "|---|---|---|"]
    for one in found:
        size = f"{len(one.ranking.questions):,} / {len(one.ranking.passages):,}"
        cells = (f"{i.mean:.3f} [{i.low:.3f}, {i.high:.3f}]" for i in (one.whole, one.windows))
        lines.append(f"| {one.ranking.name} ({size}) | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def measure_alone(
    name: Annotated[
        str | None, typer.Option("--encoder", help="Model or folder; without it the shipped one.")
    ] = None,
    test: Annotated[bool, typer.Option("--test", help="The test sets instead.")] = False,
    data_root: Annotated[Path, typer.Option(help="Folder with news/, train/, test/.")] = DATA_ROOT,
) -> None:
    """How the encoder ranks by itself, on held-out pairs or on the test sets, and how fast."""
    rankings = list(test_rankings(data_root) if test else tuning_rankings(data_root))
    encoder = open_encoder(name)
    typer.echo(as_markdown([alone(encoder, ranking) for ranking in rankings]), nl=False)
    typer.echo(speed(partial(open_encoder, name), rankings[0].passages))
