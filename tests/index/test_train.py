"""Show me that training brings texts that belong together nearer, the same way each time."""

import numpy as np
import opencc
import torch

from index.train import Ids, Source, train
from index.train_pairs import Pairs
from index.train_table import Table, Tokens, mixtures, rarity
from index.train_vocabulary import UNKNOWN, make_tokenizer

COUNTED = [(UNKNOWN, 1), ("工会", 9), ("union", 9), ("株洲", 9), ("zhuzhou", 9)]
TOKENS = Tokens(COUNTED, make_tokenizer(COUNTED, opencc.OpenCC("t2s")))
SOURCE = Source(
    Pairs("made", 1.0, ["union", "zhuzhou"], ["工会", "株洲"]),
    Ids(np.array([2, 4]), np.array([0, 1, 2])),
    Ids(np.array([1, 3]), np.array([0, 1, 2])),
)


def trained(seed: int) -> torch.Tensor:
    """Unit rows of a small table after 60 steps."""
    torch.manual_seed(seed)
    table = Table(rarity(COUNTED), mixtures(TOKENS, [], {}, []), 8)
    train(table, [SOURCE], 60, 0.05, seed)
    return torch.nn.functional.normalize(torch.from_numpy(table.all_rows()))


def test_texts_are_picked_by_row() -> None:
    ids = Ids(np.array([1, 2, 3, 4, 5]), np.array([0, 2, 2, 5]))
    flat, offsets = ids.pick(np.array([2, 0]))
    assert flat.tolist() == [3, 4, 5, 1, 2]
    assert offsets.tolist() == [0, 3]


def test_what_belongs_together_comes_together() -> None:
    cosines = (rows := trained(1)) @ rows.T
    assert cosines[2, 1] > cosines[2, 3] + 0.2
    assert cosines[4, 3] > cosines[4, 1] + 0.2


def test_the_same_seed_gives_the_same_rows() -> None:
    torch.testing.assert_close(trained(5), trained(5), rtol=0, atol=0)
    assert not torch.equal(trained(5), trained(6))
