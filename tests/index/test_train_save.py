"""Show me that what is saved is what was trained."""

from pathlib import Path

import numpy as np
import opencc

from index.encoder import StaticEncoder
from index.train_save import save
from index.train_vocabulary import UNKNOWN, make_tokenizer

TOKENS = [(UNKNOWN, 1), ("工", 9), ("工会", 9), ("zhuzhou", 9)]


def test_a_saved_table_opens_with_rows_within_half_a_step_of_int8(tmp_path: Path) -> None:
    rows = np.random.default_rng(1).standard_normal((4, 24)).astype(np.float32)
    rows[0] = 0
    save(tmp_path, make_tokenizer(TOKENS, opencc.OpenCC("t2s")), rows)
    row = StaticEncoder.open(tmp_path).encode_passages(["Zhuzhou"])[0]
    unit = rows[3] / np.linalg.norm(rows[3])
    half_step = np.abs(unit).max() / 254
    assert np.abs(row - unit).max() <= half_step * 1.02
    assert {path.name for path in tmp_path.iterdir()} == {
        "config_sentence_transformers.json",
        "model.safetensors",
        "modules.json",
        "tokenizer.json",
    }
