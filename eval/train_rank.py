"""Here are tuning questions; give me the weights by which candidates are ranked.

`python -m eval.train_rank` learns from DRCD's and CMRC's tuning questions and the project's own,
over an index of their articles and a sample of the news. A linear model over `rag.signs`: one
row of weights for all questions, and a smaller one on top for each kind, such that what answers
comes first (listwise softmax, loss −log Σ p(right), Adam over the whole set, no chance in it).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from eval.corpus import CACHE, Corpus, open_corpus
from eval.dataset import DATA_ROOT, SEEDS, Dataset, entries, find_entry, open_dataset
from eval.interval import bootstrap_mean
from eval.rank_groups import Group, groups_of
from rag.rank import WEIGHTS, Ranking, read_ranking
from rag.signs import NAMES

# Data set, split and the weight of one of its questions.
SETS: tuple[tuple[str, str | None, float], ...] = (
    ("train/drcd_dev", None, 1.0),
    ("train/cmrc_trial", None, 1.0),
    ("union", "tune", 5.0),
)
FOLDS = 5
STEPS = 120
RATE = 0.08
# Penalties on the squares of the weights for all questions, and of those for one kind.
ON_ALL, ON_KIND = 1e-4, 2e-3
# A kind with fewer questions takes the weights for all.
LEAST = 20


@dataclass(frozen=True, slots=True)
class Batch:
    """All candidates of many questions in one array, scaled; those of one kind stand together."""

    rows: NDArray[np.float32]
    right: NDArray[np.bool_]
    starts: NDArray[np.intp]
    counts: NDArray[np.intp]
    weights: NDArray[np.float32]
    kinds: dict[str, slice]
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]

    @staticmethod
    def of(groups: Sequence[Group]) -> "Batch":
        """The groups as arrays; features have mean 0 and spread 1."""
        ordered = sorted(groups, key=lambda group: group.kind)
        rows = np.concatenate([group.features for group in ordered])
        counts = np.array([len(group.right) for group in ordered])
        ends = np.cumsum(counts)
        starts = ends - counts
        mean, spread = rows.mean(axis=0), rows.std(axis=0) + np.float32(1e-6)
        total = sum(group.weight for group in ordered)
        each = np.array([group.weight / total for group in ordered], dtype=np.float32)
        kinds: dict[str, slice] = {}
        for group, start, end in zip(ordered, starts.tolist(), ends.tolist(), strict=True):
            kinds[group.kind] = slice(kinds.get(group.kind, slice(start, end)).start, end)
        right = np.concatenate([group.right for group in ordered])
        return Batch((rows - mean) / spread, right, starts, counts, each, kinds, mean, spread)


def fit(groups: Sequence[Group]) -> Ranking:
    """The ranking learned from groups; the same groups always give the same."""
    batch = Batch.of(groups)
    numbers = {kind: sum(group.kind == kind for group in groups) for kind in batch.kinds}
    own = [kind for kind in batch.kinds if numbers[kind] >= LEAST]
    weights = np.zeros((1 + len(own), len(NAMES)), dtype=np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        slope = _slope(batch, weights, own)
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        rate = RATE * (1 - step / (STEPS + 1))
        weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    plain = weights / batch.spread
    return Ranking(
        plain[0].astype(np.float64),
        {kind: (plain[0] + plain[at]).astype(np.float64) for at, kind in enumerate(own, 1)},
    )


def _slope(batch: Batch, weights: NDArray[np.float32], own: Sequence[str]) -> NDArray[np.float32]:
    """The slope of the loss and its penalties at `weights`, of the same shape."""
    place = {kind: at for at, kind in enumerate(own, 1)}
    scores = np.empty(len(batch.rows), dtype=np.float32)
    for kind, part in batch.kinds.items():
        used = weights[0] + (weights[place[kind]] if kind in place else 0)
        scores[part] = batch.rows[part] @ used
    given = _softmax(scores, batch)
    wanted = _softmax(np.where(batch.right, scores, np.float32(-1e4)), batch)
    pull = (given - wanted) * np.repeat(batch.weights, batch.counts)
    slope = np.zeros_like(weights)
    for kind, part in batch.kinds.items():
        of_kind = pull[part] @ batch.rows[part]
        slope[0] += of_kind
        if kind in place:
            slope[place[kind]] += of_kind
    slope[0] += 2 * ON_ALL * weights[0]
    slope[1:] += 2 * ON_KIND * weights[1:]
    return slope


def _softmax(scores: NDArray[np.float32], batch: Batch) -> NDArray[np.float32]:
    """exp(score) over its sum within each question."""
    highest = np.repeat(np.maximum.reduceat(scores, batch.starts), batch.counts)
    powers = np.exp(scores - highest)
    total = np.add.reduceat(powers, batch.starts)
    return np.asarray(powers / np.repeat(total, batch.counts), dtype=np.float32)


def first_holds(group: Group, ranking: Ranking) -> float:
    """1.0 where the answer stands in the sentence that a ranking puts first."""
    weights = ranking.by_kind.get(group.kind, ranking.any_kind)
    return float(group.holding[int(np.argmax(group.features @ weights))])


def held_out(groups: Sequence[Group]) -> list[float]:
    """`first_holds` of each group, by a ranking that never saw its article."""
    folds = [hashlib.sha256(group.cluster.encode()).digest()[0] % FOLDS for group in groups]
    values = [0.0] * len(groups)
    for fold in range(FOLDS):
        if fold not in folds or all(other == fold for other in folds):
            continue
        ranking = fit([g for g, other in zip(groups, folds, strict=True) if other != fold])
        for at, group in enumerate(groups):
            if folds[at] == fold:
                values[at] = first_holds(group, ranking)
    return values


def write_ranking(ranking: Ranking, learned_from: Sequence[str], path: Path) -> None:
    """Nothing; the file has features, weights (four digits) and the hashes of the data."""
    rows = {kind: _rounded(row) for kind, row in sorted(ranking.by_kind.items())}
    found = {
        "features": list(NAMES),
        "learned_from": list(learned_from),
        "any": _rounded(ranking.any_kind),
        "kinds": rows,
    }
    lines = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in found.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _rounded(row: NDArray[np.float64]) -> list[float]:
    return [float(f"{value:.4g}") for value in row]


def train(
    data_root: Annotated[Path, typer.Option(help="Folder with news/ and train/.")] = DATA_ROOT,
    news: Annotated[int, typer.Option(help="News articles indexed beside.")] = 6_000,
    out: Annotated[Path, typer.Option(help="The file of weights to write.")] = WEIGHTS,
    cache: Annotated[Path, typer.Option(help="Where the index is kept.")] = CACHE,
) -> None:
    """Learn the weights of the ranking and say how good it is on articles held out."""
    known = entries(data_root)
    sets = [
        (open_dataset(find_entry(name, known), use="tune", split=split), weight)
        for name, split, weight in SETS
    ]
    hashes = [f"{dataset.name} sha256 {dataset.sha256}" for dataset, _ in sets]
    for line in hashes:
        typer.echo(line)
    with open_corpus(
        corpus_of([dataset for dataset, _ in sets], data_root, news), cache=cache
    ) as ix:
        groups = [
            group
            for dataset, weight in sets
            for group in groups_of(dataset.name, dataset.questions, ix.snapshot(), weight)
        ]
    before, after = read_ranking(), held_out(groups)
    for dataset, _ in sets:
        own = [at for at, group in enumerate(groups) if group.data == dataset.name]
        clusters = [groups[at].cluster for at in own]
        now = bootstrap_mean([first_holds(groups[at], before) for at in own], clusters)
        then = bootstrap_mean([after[at] for at in own], clusters)
        typer.echo(
            f"{dataset.name}: {len(own)} questions, answer in the first sentence: file "
            f"{now.mean:.3f} [{now.low:.3f}, {now.high:.3f}], held out {then.mean:.3f} "
            f"[{then.low:.3f}, {then.high:.3f}]"
        )
    write_ranking(fit(groups), hashes, out)
    typer.echo(f"wrote {out}")


def corpus_of(datasets: Sequence[Dataset], data_root: Path, news: int) -> Corpus:
    """The articles of the data sets, and a sample of the news with those of our own questions."""
    keep = tuple(
        dict.fromkeys(
            gold.document_id
            for dataset in datasets
            if dataset.name == "union"
            for question in dataset.questions
            for gold in question.gold
            if gold.document_id
        )
    )
    paths = [path for dataset in datasets for path in dataset.corpus]
    found = tuple(sorted((data_root / "news").glob("*.jsonl.gz")))
    return Corpus(tuple(dict.fromkeys((SEEDS, *paths))), found, news, keep)


if __name__ == "__main__":
    typer.run(train)
