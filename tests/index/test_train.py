"""Show me that the table is mixed as written and that what is saved is what was trained."""

from pathlib import Path

import numpy as np
import opencc
import torch

from index.analyzer import PlaceName
from index.encoder import StaticEncoder
from index.train import DIMENSION, TRANSLATIONS, Ids, Table, features, save
from index.train_vocabulary import UNKNOWN, make_tokenizer

TOKENS = [
    (UNKNOWN, 1),
    ("工", 9),
    ("会", 9),
    ("工会", 9),
    ("union", 9),
    ("株洲", 9),
    ("zhuzhou", 9),
]
GLOSSES = {"工会": ["union"]}
PLACES = [PlaceName("株洲市", "株洲", "zhuzhou")]


def test_a_row_is_mixed_of_itself_its_characters_and_its_translations() -> None:
    mixed = features(TOKENS, GLOSSES, PLACES).to_dense()
    by_hand = torch.zeros(7, 7)
    by_hand[1, 1] = by_hand[2, 2] = by_hand[3, 3] = by_hand[4, 4] = by_hand[5, 5] = by_hand[
        6, 6
    ] = 1
    by_hand[3, 1] = by_hand[3, 2] = 0.5
    by_hand[3, 4] = by_hand[4, 3] = by_hand[5, 6] = by_hand[6, 5] = TRANSLATIONS
    torch.testing.assert_close(mixed, by_hand)


def test_equally_frequent_tokens_weigh_the_same_and_rare_ones_more() -> None:
    table = Table([(UNKNOWN, 1), ("工", 50), ("会", 50)], torch.eye(3))
    weights = table.log_weight.exp()
    assert weights[1] == weights[2] < weights[0]
    torch.testing.assert_close(table.rows(), weights[:, None] * table.own)


def test_texts_are_picked_by_row() -> None:
    ids = Ids(np.array([1, 2, 3, 4, 5]), np.array([0, 2, 2, 5]))
    flat, offsets = ids.pick(np.array([2, 0]))
    assert flat.tolist() == [3, 4, 5, 1, 2]
    assert offsets.tolist() == [0, 3]


def test_a_saved_table_opens_with_rows_within_half_a_step_of_int8(tmp_path: Path) -> None:
    rows = np.random.default_rng(1).standard_normal((7, DIMENSION)).astype(np.float32)
    rows[0] = 0
    save(tmp_path, make_tokenizer(TOKENS, opencc.OpenCC("t2s")), rows)
    row = StaticEncoder.open(tmp_path).encode_passages(["Zhuzhou"])[0]
    unit = rows[6] / np.linalg.norm(rows[6])
    half_step = np.abs(unit).max() / 254
    assert np.abs(row - unit).max() <= half_step * 1.02
