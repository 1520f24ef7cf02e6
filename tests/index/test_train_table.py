"""Show me that a row is mixed as written, and that fewer dimensions keep what matters."""

import numpy as np
import opencc
import torch

from index.analyzer import PlaceName
from index.train_lexicon import Link
from index.train_table import (
    CHARACTERS,
    STEM,
    TRANSLATIONS,
    Mixtures,
    Table,
    Tokens,
    compress,
    mixtures,
    random_rows,
    rarity,
)
from index.train_vocabulary import UNKNOWN, make_tokenizer

COUNTED = [
    (UNKNOWN, 1),
    ("工", 9),
    ("会", 9),
    ("工会", 99),
    ("union", 9),
    ("unions", 9),
    ("株洲", 9),
    ("zhuzhou", 9),
]
TOKENS = Tokens(COUNTED, make_tokenizer(COUNTED, opencc.OpenCC("t2s")))
PLACES = [PlaceName("株洲市", "株洲", "zhuzhou")]


def dense(found: Mixtures) -> torch.Tensor:
    """The mixtures as a matrix, shape (tokens, tokens)."""
    every = torch.arange(len(COUNTED))
    columns, weights, bags = found.pick(every)
    matrix = torch.zeros(len(COUNTED), len(COUNTED))
    ends = [*bags.tolist()[1:], len(columns)]
    for row, (start, end) in enumerate(zip(bags.tolist(), ends, strict=True)):
        matrix[row, columns[start:end]] = weights[start:end]
    return matrix


def test_a_row_is_mixed_of_itself_its_characters_its_translations_and_its_stem() -> None:
    by_hand = torch.eye(8)
    by_hand[0, 0] = 0
    by_hand[3, 1] = by_hand[3, 2] = CHARACTERS / 2
    by_hand[3, 4] = by_hand[4, 3] = by_hand[6, 7] = by_hand[7, 6] = TRANSLATIONS
    by_hand[5, 4], by_hand[5, 3] = STEM, STEM * TRANSLATIONS
    found = mixtures(TOKENS, [Link("union", "工会", 1.0)], {"unions": "union"}, PLACES)
    torch.testing.assert_close(dense(found), by_hand)


def test_of_two_translations_the_frequent_one_weighs_more() -> None:
    links = [Link("union", "工会", 0.5), Link("union", "株洲", 0.5)]
    row = dense(mixtures(TOKENS, links, {}, []))[4]
    assert row[3] > row[6] > 0
    torch.testing.assert_close(row[3] + row[6], torch.tensor(TRANSLATIONS))


def test_the_rows_of_some_tokens_are_those_of_the_whole_table() -> None:
    torch.manual_seed(1)
    found = mixtures(TOKENS, [Link("union", "工会", 1.0)], {"unions": "union"}, PLACES)
    table = Table(rarity(COUNTED), found, 4)
    whole = table.log_weight.exp()[:, None] * (dense(found) @ table.own)
    torch.testing.assert_close(torch.from_numpy(table.all_rows()), whole.detach())
    torch.testing.assert_close(table.rows(torch.tensor([5, 3])), whole[[5, 3]])


def test_rare_tokens_weigh_more_and_the_mean_is_one() -> None:
    weights = rarity([("a", 1), ("b", 50), ("c", 50)])
    assert weights[0] > weights[1] == weights[2]
    np.testing.assert_allclose(weights.mean(), 1, rtol=1e-6)
    assert not random_rows(COUNTED, 4)[0].any()


def test_the_kept_directions_are_those_the_texts_lie_in() -> None:
    rng = np.random.default_rng(1)
    plane = np.linalg.qr(rng.standard_normal((6, 2)))[0]
    sample = (rng.standard_normal((50, 2)) @ plane.T).astype(np.float32)
    rows = compress(sample, sample, 2)
    np.testing.assert_allclose(rows @ rows.T, sample @ sample.T, atol=1e-5)
