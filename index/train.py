"""Here are question sets, dictionaries and news; give me the shipped static encoder.

    python -m index.train --train FOLDER --words FOLDER --news FOLDER --out index/model

index/model/README.md says what the folders hold and where it comes from. Prints a hash of every
file read, the loss, and MRR@10 on held-out pairs before and after. The same data, seed, library
versions, device and thread count give the same model.
"""

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import opencc
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.analyzer import TERMS, read_place_names, read_terms
from index.errors import ForbiddenData
from index.train_data import Data, check_files, read_data
from index.train_pairs import Pairs
from index.train_save import save
from index.train_table import Table, Tokens, compress, mixtures, random_rows, rarity
from index.train_vocabulary import (
    choose,
    count_english,
    count_words,
    fixed_tokens,
    fold,
    make_tokenizer,
    name_pieces,
)

TOKENS = 62_000
TRAINED = 512  # dimensions while training
DIMENSION = 384  # dimensions kept
BATCH = 1024
STEPS = 700
SCALE = 20.0  # of cosines in the loss; the usual choice of sentence-transformers
RATE = 0.02
PAIRS_SEED = 7  # the pairs are the same for every --seed, which is for first rows and batches
PIECES = 3000  # letter groups for names that no dictionary has
SAMPLE = 2000  # texts of each side of each source that the kept dimensions are found with
NEWS_COUNTED = 4  # every fourth article is enough to count words in


@dataclass(frozen=True, slots=True)
class Ids:
    """Token ids of many texts: text i is flat[offsets[i]:offsets[i + 1]]."""

    flat: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def pick(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids and bag offsets of some texts, as EmbeddingBag takes them."""
        parts = [self.flat[self.offsets[row] : self.offsets[row + 1]] for row in rows]
        lengths = np.array([0, *(len(part) for part in parts)])
        return np.concatenate(parts), lengths.cumsum()[:-1]


@dataclass(frozen=True, slots=True)
class Source:
    """Pairs with their texts as token ids."""

    pairs: Pairs
    left: Ids
    right: Ids


def main() -> None:
    """Train and write the model folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name in ("train", "words", "news", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--glossary", type=Path, default=Path("rag/glossary.tsv"))
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--dimension", type=int, default=DIMENSION)
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    try:
        for line in check_files(options.train, options.words, options.news, options.glossary):
            print(line)  # noqa: T201
    except ForbiddenData as exc:
        raise SystemExit(f"error: {exc}") from exc
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    data = read_data(
        options.train, options.words, options.news, options.glossary, random.Random(PAIRS_SEED)
    )
    tokens = vocabulary(data, options.tokens)
    _report("random table", random_rows(tokens.counted, options.dimension), tokens, data.tuning)
    table = Table(
        rarity(tokens.counted),
        mixtures(tokens, data.links, data.stems, read_place_names()),
        TRAINED,
    )
    _report("untrained mixtures", table.all_rows(), tokens, data.tuning)
    table.to("cuda" if torch.cuda.is_available() else "cpu")
    sources = [
        Source(pairs, _ids(tokens.tokenizer, pairs.left), _ids(tokens.tokenizer, pairs.right))
        for pairs in data.training
    ]
    train(table, sources, options.steps, options.rate, options.seed)
    rows = table.all_rows()
    _report(f"trained, {TRAINED} dimensions", rows, tokens, data.tuning)
    sample = _embed(rows, tokens.tokenizer, _sample(data)).numpy()
    rows = compress(rows, sample, options.dimension)
    save(options.out, tokens.tokenizer, rows)
    _report("trained", rows, tokens, data.tuning)


def _sample(data: Data) -> list[str]:
    """Some texts of every kind that is trained on."""
    return [
        text for pairs in data.training for text in (*pairs.left[:SAMPLE], *pairs.right[:SAMPLE])
    ]


def vocabulary(data: Data, size: int) -> Tokens:
    """The tokens chosen from all training texts and dictionaries, and their tokenizer."""
    converter = opencc.OpenCC("t2s")
    texts = (*data.chinese, *data.bodies[::NEWS_COUNTED], *(link.chinese for link in data.links))
    counts = count_words(fold(text, converter) for text in texts)
    english = count_english(data.counts, data.english, data.links)
    names = (link.english for link in data.names)
    fixed = fixed_tokens(counts, read_place_names(), read_terms(TERMS), name_pieces(names, PIECES))
    counted = choose(fixed, counts, english, size)
    return Tokens(counted, make_tokenizer(counted, converter))


def _ids(tokenizer: Tokenizer, texts: list[str]) -> Ids:
    """Token ids of `texts`."""
    found = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    lengths = np.array([0, *(len(encoding.ids) for encoding in found)])
    flat = np.fromiter((token for encoding in found for token in encoding.ids), dtype=np.int64)
    return Ids(flat, lengths.cumsum())


def train(table: Table, sources: list[Source], steps: int, rate: float, seed: int) -> None:
    """Symmetric InfoNCE with in-batch negatives; every batch comes from one source."""
    generator = np.random.default_rng(seed)
    shares = np.array([source.pairs.weight for source in sources])
    optimiser = torch.optim.Adam(table.parameters(), lr=rate, betas=(0.9, 0.99), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.1)
    started, losses = time.monotonic(), []
    for step in range(steps):
        source = sources[generator.choice(len(sources), p=shares / shares.sum())]
        size = min(BATCH, len(source.pairs.left))
        chosen = generator.choice(len(source.pairs.left), size, replace=False)
        loss = _loss(table, source, chosen)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if (step + 1) % 100 == 0:
            seconds = time.monotonic() - started
            print(f"step {step + 1} loss {np.mean(losses[-100:]):.3f} {seconds:.0f} s", flush=True)  # noqa: T201


def _loss(table: Table, source: Source, chosen: NDArray[np.int64]) -> torch.Tensor:
    """The loss of one batch; only the rows of tokens that occur in it are mixed."""
    device = table.own.device
    (left, one), (right, two) = source.left.pick(chosen), source.right.pick(chosen)
    tokens, local = np.unique(np.concatenate([left, right]), return_inverse=True)
    rows = table.rows(torch.from_numpy(tokens).to(device))
    bags = [
        _bags(rows, torch.from_numpy(part).to(device), torch.from_numpy(offsets).to(device))
        for part, offsets in ((local[: len(left)], one), (local[len(left) :], two))
    ]
    scores = SCALE * bags[0] @ bags[1].T
    same = torch.arange(len(chosen), device=device)
    loss = torch.nn.functional.cross_entropy(scores, same)
    return (loss + torch.nn.functional.cross_entropy(scores.T, same)) / 2


def _embed(rows: NDArray[np.float32], tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """Unit rows of `texts`."""
    ids = _ids(tokenizer, texts)
    flat, offsets = torch.from_numpy(ids.flat), torch.from_numpy(ids.offsets[:-1])
    return _bags(torch.from_numpy(rows), flat, offsets)


def _bags(table: torch.Tensor, flat: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
    """Unit means of table rows, one for each bag."""
    means = torch.nn.functional.embedding_bag(flat, table, offsets)
    return torch.nn.functional.normalize(means)


def _report(name: str, rows: NDArray[np.float32], tokens: Tokens, tuning: list[Pairs]) -> None:
    """Print MRR@10 of each tuning set; passages shared by questions count once."""
    for pairs in tuning:
        passages = list(dict.fromkeys(pairs.right))
        gold = torch.tensor([passages.index(text) for text in pairs.right])
        queries = _embed(rows, tokens.tokenizer, pairs.left)
        scores = queries @ _embed(rows, tokens.tokenizer, passages).T
        ranks = (scores > scores.gather(1, gold[:, None])).sum(1) + 1
        mrr = torch.where(ranks <= 10, 1 / ranks, 0.0).mean().item()
        print(f"{name}: {pairs.name} MRR@10 {mrr:.3f} ({len(gold)}/{len(passages)})", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
