"""Show me that a row depends on its text alone, and that stock libraries give the same one."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from index.encoder import SHIPPED, StaticEncoder, open_encoder
from index.errors import EncoderError

ENCODER = open_encoder()
TEXTS = [
    "双鸭山市各级工会组织筹措助学资金163万元。",
    "",
    "How many service stations did Baicheng build?",
    "株洲市總工會建成戶外勞動者服務站",
    "，。！",
    "２０２１年 ＺＨＵＺＨＯＵ",
    "工" * 3000,
]


def test_rows_are_of_length_one_and_zero_where_nothing_is_known() -> None:
    rows = ENCODER.encode_passages(TEXTS)
    assert rows.shape == (len(TEXTS), ENCODER.dimension)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    np.testing.assert_allclose(lengths, [1, 0, 1, 1, 0, 1, 1], atol=1e-6)


def test_no_texts_give_no_rows() -> None:
    assert ENCODER.encode_queries([]).shape == (0, ENCODER.dimension)


def test_a_row_is_the_normalised_mean_of_its_token_rows() -> None:
    weights = load_file(SHIPPED / "model.safetensors")
    table = (
        weights["embeddings"].astype(np.float64) * weights["weights"].astype(np.float64)[:, None]
    )
    tokenizer = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    mean = table[tokenizer.encode(TEXTS[0], add_special_tokens=False).ids].mean(axis=0)
    row = ENCODER.encode_passages(TEXTS[:1])[0]
    np.testing.assert_allclose(row, mean / np.linalg.norm(mean), atol=1e-5)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.text(max_size=20), max_size=12))
def test_a_text_has_the_same_row_alone_and_among_others(texts: list[str]) -> None:
    together = ENCODER.encode_passages(texts)
    for row, text in zip(together, texts, strict=True):
        np.testing.assert_array_equal(row, ENCODER.encode_queries([text])[0])


def test_rows_keep_the_order_of_many_texts() -> None:
    texts = [f"第{n}户" if n % 7 else "" for n in range(1000)]
    rows = ENCODER.encode_passages(texts)
    for n in (0, 1, 255, 256, 257, 700, 999):
        np.testing.assert_array_equal(rows[n], ENCODER.encode_passages([texts[n]])[0])


def test_script_width_and_case_do_not_change_a_row() -> None:
    simplified, traditional = ENCODER.encode_passages(
        ["职工代表大会 ABC12", "職工代表大會 ａｂｃ１２"]
    )
    np.testing.assert_array_equal(simplified, traditional)


def test_a_question_in_english_is_nearest_to_the_passage_about_it() -> None:
    passages = [
        "株洲市总工会慰问困难职工，发放慰问金。",
        "双鸭山市开展金秋助学活动，资助困难学生上大学。",
        "台风给沿海地区带来强降雨，铁路部门停运列车。",
    ]
    questions = [
        "Zhuzhou workers in difficulty",
        "help poor students go to university in Shuangyashan",
        "typhoon, heavy rain and trains",
    ]
    scores = ENCODER.encode_queries(questions) @ ENCODER.encode_passages(passages).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]


def test_a_lone_surrogate_does_no_harm() -> None:
    assert np.linalg.norm(ENCODER.encode_queries(["工会\ud800"])) == pytest.approx(1)


def test_stock_sentence_transformers_gives_the_same_rows() -> None:
    stock = SentenceTransformer(str(SHIPPED), device="cpu")
    rows = stock.encode(TEXTS, show_progress_bar=False)
    np.testing.assert_allclose(rows, ENCODER.encode_passages(TEXTS), atol=1e-3)


def test_a_named_model_uses_its_own_prompts_and_gives_unit_rows(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "model")
    config = folder / "config_sentence_transformers.json"
    content = json.loads(config.read_text("utf-8"))
    content["prompts"] = {"query": "question ", "document": "article "}
    config.write_text(json.dumps(content), "utf-8")
    named = open_encoder(str(folder))
    assert named.dimension == ENCODER.dimension
    assert named.encode_queries([]).shape == (0, named.dimension)
    pairs = [(named.encode_queries, "question 工会"), (named.encode_passages, "article 工会")]
    for encode, text in pairs:
        np.testing.assert_allclose(encode(["工会"]), ENCODER.encode_passages([text]), atol=1e-5)
    assert named.fingerprint != open_encoder(str(SHIPPED)).fingerprint


def test_the_fingerprint_changes_with_the_weights(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "model")
    assert StaticEncoder.open(folder).fingerprint == ENCODER.fingerprint
    weights = load_file(folder / "model.safetensors")
    weights["embeddings"] = weights["embeddings"].copy()
    weights["embeddings"][5, 5] ^= 1
    save_file(weights, folder / "model.safetensors")
    assert StaticEncoder.open(folder).fingerprint != ENCODER.fingerprint


def test_a_plain_float_table_is_read_too(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "model")
    weights = load_file(SHIPPED / "model.safetensors")
    table = weights["embeddings"].astype(np.float32) * weights["weights"][:, None]
    save_file({"embedding.weight": table.astype(np.float16)}, folder / "model.safetensors")
    rows = StaticEncoder.open(folder).encode_passages(TEXTS)
    np.testing.assert_allclose(rows, ENCODER.encode_passages(TEXTS), atol=1e-3)


def test_a_missing_or_damaged_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be loaded as a static encoder"):
        StaticEncoder.open(tmp_path)
    folder = shutil.copytree(SHIPPED, tmp_path / "model")
    (folder / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(EncoderError, match="cannot be loaded as a static encoder"):
        StaticEncoder.open(folder)
    with pytest.raises(EncoderError, match="expected the name or the folder"):
        open_encoder(str(tmp_path / "none"))


def test_a_missing_model_is_told_by_the_error_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(EncoderError):
        open_encoder(str(tmp_path / "none"))
    assert not caplog.records


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "model")
    save_file({"embeddings": np.zeros((9, 4), np.float32)}, folder / "model.safetensors")
    with pytest.raises(EncoderError, match="9 rows for"):
        StaticEncoder.open(folder)
    save_file({"other": np.zeros((9, 4), np.float32)}, folder / "model.safetensors")
    with pytest.raises(EncoderError, match=r"found \['other'\]"):
        StaticEncoder.open(folder)


def test_the_shipped_encoder_needs_no_torch() -> None:
    code = (
        "import sys; from index.encoder import open_encoder;"
        "open_encoder().encode_queries(['工会']);"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert found.stdout.strip() == b"[]"


def test_the_shipped_folder_is_small_and_holds_no_code() -> None:
    files = [path for path in SHIPPED.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".json", ".safetensors", ".md"}
    assert sum(path.stat().st_size for path in files) <= 30_000_000
