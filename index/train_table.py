"""Here are tokens and dictionaries; give me a table whose rows are mixed of what they share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.analyzer import PlaceName
from index.train_lexicon import Link

TRANSLATIONS = 1.5  # weight of a token's translations beside its own row
CHARACTERS = 1.0  # weight of a word's characters
STEM = 1.0  # weight of an inflected form's stem, with all that the stem is mixed of
PLACE = 3.0  # weight of a place's pinyin among its translations: it is the surest of them
MEANINGS = 10  # translations of a token, the likeliest ones
FREQUENT = 0.3  # a translation weighs as its count to this power: common senses before rare ones

Mixture = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The vocabulary in the order of its ids, with the tokenizer made of it."""

    counted: list[tuple[str, int]]
    tokenizer: Tokenizer

    def ids(self) -> dict[str, int]:
        """Id of each token."""
        return {token: n for n, (token, _) in enumerate(self.counted)}


@dataclass(frozen=True, slots=True)
class Mixtures:
    """For each token what its row is mixed of: token i of columns[offsets[i]:offsets[i + 1]]."""

    columns: torch.Tensor
    weights: torch.Tensor
    offsets: torch.Tensor

    def pick(self, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Columns, weights and bag offsets of some tokens, as embedding_bag takes them."""
        starts = self.offsets[tokens]
        lengths = self.offsets[tokens + 1] - starts
        bags = lengths.cumsum(0) - lengths
        within = torch.arange(int(lengths.sum()), device=tokens.device)
        where = within + torch.repeat_interleave(starts - bags, lengths)
        return self.columns[where], self.weights[where], bags


class Table(torch.nn.Module):
    """Token rows: row = exp(w) × the weighted sum of the own rows its mixture names."""

    columns: torch.Tensor
    weights: torch.Tensor
    offsets: torch.Tensor

    def __init__(self, rarity: NDArray[np.float32], mixtures: Mixtures, dimension: int) -> None:
        super().__init__()
        self.register_buffer("columns", mixtures.columns)
        self.register_buffer("weights", mixtures.weights)
        self.register_buffer("offsets", mixtures.offsets)
        self.own = torch.nn.Parameter(torch.randn(len(rarity), dimension) / dimension**0.5)
        self.log_weight = torch.nn.Parameter(torch.from_numpy(rarity).log())

    def rows(self, tokens: torch.Tensor) -> torch.Tensor:
        """Rows of some tokens, shape (len(tokens), dimension)."""
        mixed_of = Mixtures(self.columns, self.weights, self.offsets)
        columns, weights, bags = mixed_of.pick(tokens)
        mixed = torch.nn.functional.embedding_bag(
            columns, self.own, bags, mode="sum", per_sample_weights=weights
        )
        return self.log_weight[tokens].exp()[:, None] * mixed

    def all_rows(self) -> NDArray[np.float32]:
        """The flat table, shape (tokens, dimension)."""
        with torch.no_grad():
            tokens = torch.arange(len(self.log_weight), device=self.own.device)
            flat: NDArray[np.float32] = self.rows(tokens).cpu().numpy()
        return flat


def compress(
    rows: NDArray[np.float32], sample: NDArray[np.float32], dimension: int
) -> NDArray[np.float32]:
    """`rows` in the `dimension` directions that keep most of the products within `sample`.

    `sample`, shape (n, old dimension), holds unit rows of texts; the directions are the first
    right singular vectors, the best for the purpose (Eckart and Young, 1936). On held-out pairs
    this loses a third of what leaving out dimensions loses.
    """
    values, vectors = np.linalg.eigh(sample.T.astype(np.float64) @ sample)
    directions = vectors[:, np.argsort(-values)[:dimension]]
    return np.asarray(rows @ directions, dtype=np.float32)


def rarity(counted: Sequence[tuple[str, int]]) -> NDArray[np.float32]:
    """A weight of each token by its count, about inverse document frequency, mean 1."""
    counts = np.array([count for _, count in counted], dtype=np.float64)
    weight = np.log1p(counts.sum() / 50 / counts)
    return np.asarray(weight / weight.mean(), dtype=np.float32)


def random_rows(counted: Sequence[tuple[str, int]], dimension: int) -> NDArray[np.float32]:
    """The control: independent random rows times rarity."""
    rows = np.random.default_rng(7).standard_normal((len(counted), dimension)).astype(np.float32)
    rows[0] = 0
    return rows * rarity(counted)[:, None]


def mixtures(
    tokens: Tokens, links: Iterable[Link], stems: Mapping[str, str], places: Sequence[PlaceName]
) -> Mixtures:
    """What each token's row is mixed of: itself, its characters, its translations, its stem."""
    ids = tokens.ids()
    translations = _translations(tokens, links, places)
    found: list[Mixture] = [
        _mixture(token, row, ids, translations.get(row, {}))
        for row, (token, _) in enumerate(tokens.counted)
    ]
    found[0] = {}  # the unknown token has no row
    for form, stem in stems.items():
        if form in ids and stem in ids:
            mixed = dict(found[ids[form]])
            for column, weight in _mixture(
                stem, ids[stem], ids, translations.get(ids[stem], {})
            ).items():
                mixed[column] = mixed.get(column, 0.0) + STEM * weight
            found[ids[form]] = mixed
    lengths = [0, *(len(one) for one in found)]
    return Mixtures(
        torch.tensor([column for one in found for column in one]),
        torch.tensor([weight for one in found for weight in one.values()]),
        torch.tensor(lengths).cumsum(0),
    )


def _mixture(token: str, row: int, ids: Mapping[str, int], meanings: Mixture) -> dict[int, float]:
    """A token's own row, the mean of its characters' and the mean of its translations'."""
    mixed: defaultdict[int, float] = defaultdict(float, {row: 1.0})
    known = [ids[c] for c in token if c in ids and len(token) > 1 and not token.isascii()]
    for column in known:
        mixed[column] += CHARACTERS / len(known)
    likeliest = sorted(meanings.items(), key=lambda item: (-item[1], item[0]))[:MEANINGS]
    total = sum(weight for _, weight in likeliest)
    for column, weight in likeliest:
        mixed[column] += TRANSLATIONS * weight / total
    return mixed


def _translations(
    tokens: Tokens, links: Iterable[Link], places: Sequence[PlaceName]
) -> dict[int, dict[int, float]]:
    """For each token the tokens that translate it, with weights; places and their pinyin too."""
    ids = tokens.ids()
    found: defaultdict[int, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))

    def tie(one: int, other: int, weight: float) -> None:
        """Count two tokens as translations of each other."""
        found[one][other] += weight * tokens.counted[other][1] ** FREQUENT
        found[other][one] += weight * tokens.counted[one][1] ** FREQUENT

    some = list(links)
    parts = tokens.tokenizer.encode_batch_fast(
        [link.chinese for link in some], add_special_tokens=False
    )
    for link, encoding in zip(some, parts, strict=True):
        words = [ids[word] for word in link.english.split() if word in ids]
        size = len(link.english.split()) * len(encoding.ids)
        for word in words:
            for part in encoding.ids:
                if part:
                    tie(word, part, link.weight / size**1.5)
    for place in places:
        for name in (place.short, place.name):
            if name in ids and place.pinyin in ids:
                tie(ids[name], ids[place.pinyin], PLACE)
    return {row: dict(meanings) for row, meanings in found.items()}
