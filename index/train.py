"""Here are question sets, a dictionary and news; give me the shipped static encoder.

    python -m index.train --train FOLDER --news FOLDER --out index/model

`--train` holds drcd_dev, cmrc_trial, cedict.u8.gz and tatoeba_cmn.tsv.gz; terms.txt and places.tsv
join them. Prints a hash of every file read, the loss, and MRR@10 on held-out pairs before and
after. The same data, seed, library versions and thread count give the same model.
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import opencc
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from index.analyzer import PLACES, TERMS, PlaceName, read_place_names, read_terms
from index.train_pairs import (
    Pairs,
    clozes,
    read_dictionary,
    read_news,
    read_questions,
    read_sentences,
    read_titles,
    translated,
)
from index.train_vocabulary import choose, count_words, fold, make_tokenizer

# Sizes are set by the repository, which keeps every version: about 5 MB together.
TOKENS = 22_000
DIMENSION = 192
BATCH = 512
STEPS = 1000  # 3000 lose 0.9 points on held-out DRCD and 1.8 on CMRC: the table learns by heart
SCALE = 20.0  # of cosines in the loss; the usual choice of sentence-transformers
RATE = 0.02
TRANSLATIONS = 1.5  # weight of a token's translations beside its own row
PLACE = 3.0  # weight of a place's pinyin among its translations: it is the surest of them
HELD_OUT = 1000  # titles and sentence pairs kept for tuning


@dataclass(frozen=True, slots=True)
class Ids:
    """Token ids of many texts: text i is flat[offsets[i]:offsets[i + 1]]."""

    flat: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def pick(self, rows: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and bag offsets of some texts, as EmbeddingBag takes them."""
        parts = [self.flat[self.offsets[row] : self.offsets[row + 1]] for row in rows]
        lengths = np.array([0, *(len(part) for part in parts)])
        return torch.from_numpy(np.concatenate(parts)), torch.from_numpy(lengths.cumsum()[:-1])


def main() -> None:
    """Train and write the model folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--news", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    _print_hashes(options.train, options.news)
    torch.manual_seed(options.seed)
    torch.set_num_threads(2)
    chance = random.Random(options.seed)
    converter = opencc.OpenCC("t2s")
    glosses = read_dictionary(options.train / "cedict.u8.gz")
    bodies = read_news(options.news)
    places = read_place_names()
    training, tuning = _pairs(options.train, options.news, bodies, glosses, chance)
    texts = [text for pairs in training for text in (*pairs.left, *pairs.right)]
    counts = count_words(fold(text, converter) for text in (*texts, *bodies[::3]))
    tokens = choose(counts, places, read_terms(TERMS), TOKENS)
    tokenizer = make_tokenizer(tokens, converter)
    _report("random table", _random_table(tokens), tokenizer, tuning)
    table = Table(tokens, features(tokens, glosses, places))
    _train(
        table,
        [(pairs, _ids(tokenizer, pairs.left), _ids(tokenizer, pairs.right)) for pairs in training],
        options.steps,
        options.seed,
    )
    rows = table.rows().detach().numpy()
    save(options.out, tokenizer, rows)
    _report("trained", rows, tokenizer, tuning)


class Table(torch.nn.Module):
    """Token rows made of own, character and translation rows: rows = exp(w) * (F @ E)."""

    def __init__(self, tokens: list[tuple[str, int]], features: torch.Tensor) -> None:
        super().__init__()
        self.features = features
        self.own = torch.nn.Parameter(torch.randn(len(tokens), DIMENSION) / DIMENSION**0.5)
        self.log_weight = torch.nn.Parameter(torch.from_numpy(_rarity(tokens)).log())

    def rows(self) -> torch.Tensor:
        """The flat table, shape (tokens, dimension)."""
        mixed: torch.Tensor = torch.sparse.mm(self.features, self.own)
        return self.log_weight.exp()[:, None] * mixed


def _rarity(tokens: list[tuple[str, int]]) -> NDArray[np.float32]:
    """A weight of each token by its count, about inverse document frequency, mean 1."""
    counts = np.array([count for _, count in tokens], dtype=np.float64)
    weight = np.log1p(counts.sum() / 50 / counts)
    return np.asarray(weight / weight.mean(), dtype=np.float32)


def _random_table(tokens: list[tuple[str, int]]) -> NDArray[np.float32]:
    """The control: independent random rows times rarity."""
    rows = np.random.default_rng(7).standard_normal((len(tokens), DIMENSION)).astype(np.float32)
    rows[0] = 0
    rows *= _rarity(tokens)[:, None]
    return rows


def features(
    tokens: list[tuple[str, int]], glosses: dict[str, list[str]], places: Sequence[PlaceName]
) -> torch.Tensor:
    """F, sparse (tokens, tokens): 1 for itself, 1 over its characters, 1.5 over translations."""
    ids = {token: n for n, (token, _) in enumerate(tokens)}
    translations = _translations(ids, glosses, places)
    entries: defaultdict[tuple[int, int], float] = defaultdict(float)
    for token, row in ids.items():
        entries[row, row] += 1.0
        known = [ids[c] for c in token if c in ids and len(token) > 1 and not token.isascii()]
        for column in known:
            entries[row, column] += 1 / len(known)
        meanings = translations[row]
        for column, weight in meanings.items():
            entries[row, column] += TRANSLATIONS * weight / sum(meanings.values())
    del entries[0, 0]  # the unknown token has no row
    where = torch.tensor(sorted(entries)).T
    values = torch.tensor([entries[key] for key in sorted(entries)])
    shape = (len(ids), len(ids))
    return torch.sparse_coo_tensor(where, values, shape, check_invariants=True).coalesce()


def _translations(
    ids: dict[str, int], glosses: dict[str, list[str]], places: Sequence[PlaceName]
) -> Mapping[int, Mapping[int, float]]:
    """For each token the tokens that translate it, with weights; places and their pinyin too."""
    found: dict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))

    def tie(one: str, other: str, weight: float) -> None:
        """Count two tokens as translations of each other."""
        if one in ids and other in ids:
            found[ids[one]][ids[other]] += weight
            found[ids[other]][ids[one]] += weight

    for word, meanings in glosses.items():
        for meaning in meanings:
            parts = meaning.split()
            for part in parts:
                tie(word, part, 1 / len(parts) / len(meanings))
    for place in places:
        tie(place.short, place.pinyin, PLACE)
        tie(place.name, place.pinyin, PLACE)
    return found


def _pairs(
    train: Path, news: Path, bodies: list[str], glosses: dict[str, list[str]], chance: random.Random
) -> tuple[list[Pairs], list[Pairs]]:
    """Pairs to train on, and held-out pairs to tune on."""
    english, chinese = read_sentences(train / "tatoeba_cmn.tsv.gz")
    order = list(range(len(english)))
    chance.shuffle(order)
    english, chinese = [english[i] for i in order], [chinese[i] for i in order]
    titles, texts = read_titles(news)
    drcd, cmrc = train / "drcd_dev", train / "cmrc_trial"
    cloze = list(clozes(bodies, chance)) + list(clozes(bodies, chance))
    switched = list(translated(cloze[::2], glosses, chance))
    entries = [(word, "; ".join(meanings)) for word, meanings in glosses.items()]
    training = [
        Pairs("drcd", 1.5, *read_questions(drcd, held_out=False)),
        Pairs("cmrc", 0.5, *read_questions(cmrc, held_out=False)),
        Pairs("titles", 2.0, titles[HELD_OUT:], texts[HELD_OUT:]),
        Pairs("tatoeba", 1.5, english[HELD_OUT:], chinese[HELD_OUT:]),
        Pairs("cloze", 3.0, *_unzip(cloze)),
        Pairs("switched", 2.0, *_unzip(switched)),
        Pairs("dictionary", 1.0, *_unzip(entries)),
    ]
    tuning = [
        Pairs("drcd", 0, *read_questions(drcd, held_out=True)),
        Pairs("cmrc", 0, *read_questions(cmrc, held_out=True)),
        Pairs("titles", 0, titles[:HELD_OUT], texts[:HELD_OUT]),
        Pairs("tatoeba en-zh", 0, english[:HELD_OUT], chinese[:HELD_OUT]),
    ]
    return training, tuning


def _unzip(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Left and right texts."""
    return [left for left, _ in pairs], [right for _, right in pairs]


def _ids(tokenizer: Tokenizer, texts: list[str]) -> Ids:
    """Token ids of `texts`."""
    found = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    lengths = np.array([0, *(len(encoding.ids) for encoding in found)])
    flat = np.fromiter((token for encoding in found for token in encoding.ids), dtype=np.int64)
    return Ids(flat, lengths.cumsum())


def _train(table: Table, sources: list[tuple[Pairs, Ids, Ids]], steps: int, seed: int) -> None:
    """Symmetric InfoNCE with in-batch negatives; every batch comes from one source."""
    generator = np.random.default_rng(seed)
    shares = np.array([pairs.weight for pairs, _, _ in sources])
    optimiser = torch.optim.Adam(table.parameters(), lr=RATE, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.1)
    started, losses = time.monotonic(), []
    for step in range(steps):
        pairs, left, right = sources[generator.choice(len(sources), p=shares / shares.sum())]
        rows = generator.choice(len(pairs.left), min(BATCH, len(pairs.left)), replace=False)
        flat = table.rows()
        one, two = _bags(flat, *left.pick(rows)), _bags(flat, *right.pick(rows))
        scores = SCALE * one @ two.T
        same = torch.arange(len(rows))
        loss = torch.nn.functional.cross_entropy(scores, same)
        loss = (loss + torch.nn.functional.cross_entropy(scores.T, same)) / 2
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if (step + 1) % 100 == 0:
            seconds = time.monotonic() - started
            print(f"step {step + 1} loss {np.mean(losses[-100:]):.3f} {seconds:.0f} s", flush=True)  # noqa: T201


def _embed(rows: NDArray[np.float32], tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """Unit rows of `texts`."""
    ids = _ids(tokenizer, texts)
    flat, offsets = torch.from_numpy(ids.flat), torch.from_numpy(ids.offsets[:-1])
    return _bags(torch.from_numpy(rows), flat, offsets)


def _bags(table: torch.Tensor, flat: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
    """Unit means of table rows, one for each bag."""
    means = torch.nn.functional.embedding_bag(flat, table, offsets)
    return torch.nn.functional.normalize(means)


def _report(
    name: str, rows: NDArray[np.float32], tokenizer: Tokenizer, tuning: list[Pairs]
) -> None:
    """Print MRR@10 of each tuning set; passages shared by questions count once."""
    for pairs in tuning:
        passages = list(dict.fromkeys(pairs.right))
        gold = torch.tensor([passages.index(text) for text in pairs.right])
        scores = _embed(rows, tokenizer, pairs.left) @ _embed(rows, tokenizer, passages).T
        ranks = (scores > scores.gather(1, gold[:, None])).sum(1) + 1
        mrr = torch.where(ranks <= 10, 1 / ranks, 0.0).mean().item()
        print(f"{name}: {pairs.name} MRR@10 {mrr:.3f} ({len(gold)}/{len(passages)})", flush=True)  # noqa: T201


def save(out: Path, tokenizer: Tokenizer, rows: NDArray[np.float32]) -> None:
    """Write the folder that stock SentenceTransformer loads: int8 rows and a scale for each."""
    scales = np.abs(rows).max(axis=1) / 127
    quantised = np.rint(rows / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    out.mkdir(parents=True, exist_ok=True)
    save_file(
        {"embeddings": quantised, "weights": scales.astype(np.float32)}, out / "model.safetensors"
    )
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    package = "sentence_transformers.models"
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": f"{package}.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{package}.Normalize"},
    ]
    config: dict[str, object] = {
        "prompts": {},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    for name, content in (("modules", modules), ("config_sentence_transformers", config)):
        (out / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _print_hashes(*folders: Path) -> None:
    """Print the start of the SHA-256 of every file below `folders`, and of our own lists."""
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in (*files, TERMS, PLACES):
        print(sha256(path.read_bytes()).hexdigest()[:16], path.name)  # noqa: T201


if __name__ == "__main__":
    main()
