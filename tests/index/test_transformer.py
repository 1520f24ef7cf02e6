"""Show me that any sentence-transformers model is used as it was trained to be, tiny or large."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizer

from index.document import Document
from index.encoder import open_encoder
from index.errors import EncoderError
from index.index import Index
from index.transformer import Options, prompts
from tests.fakes import BigramAnalyzer, FewPlaces
from tests.index.test_index import article, open_index

LONGEST = 48


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real transformer of random weights: two layers of 32, a few hundred kilobytes."""
    folder = tmp_path_factory.mktemp("tiny")
    characters = sorted(set("工会资助困难职工子女上大学金秋助送温暖暑期清凉0123456789万元户名"))
    letters = list("abcdefghijklmnopqrstuvwxyz:")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters, *letters]
    words += [f"##{letter}" for letter in letters]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=LONGEST,
    )
    BertModel(config).save_pretrained(folder)
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    body = Transformer(str(folder))
    model = SentenceTransformer(
        modules=[body, Pooling(32)],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    )
    model.save(str(folder / "saved"))
    return folder / "saved"


def test_questions_and_passages_get_the_models_own_prompts(tiny: Path) -> None:
    ours = open_encoder(Options(str(tiny), device="cpu"))
    stock = SentenceTransformer(str(tiny), device="cpu")
    for encode, prompt in ((ours.encode_queries, "query: "), (ours.encode_passages, "passage: ")):
        rows = encode(["金秋助学", "送温暖"])
        plain = stock.encode(
            [prompt + "金秋助学", prompt + "送温暖"], prompt="", normalize_embeddings=True
        )
        np.testing.assert_allclose(rows, plain, atol=1e-5)
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_prompts_given_come_before_the_models_and_the_models_before_its_familys() -> None:
    own = {"query": "q ", "passage": "p "}
    assert prompts(Options("intfloat/multilingual-e5-small"), {}) == ("query: ", "passage: ")
    assert prompts(Options("intfloat/multilingual-e5-small"), own) == ("q ", "p ")
    assert prompts(Options("e5-x", query_prompt="", passage_prompt="z"), own) == ("", "z")
    assert prompts(Options("BAAI/bge-m3"), {}) == ("", "")
    assert prompts(Options("BAAI/bge-large-zh-v1.5"), {})[0].startswith("为这个句子")
    assert prompts(Options("somebody/else"), {"query": "", "document": ""}) == ("", "")


def test_a_longer_text_is_cut_where_asked(tiny: Path) -> None:
    short = open_encoder(Options(str(tiny), passage_prompt="", max_tokens=6, device="cpu"))
    whole = open_encoder(Options(str(tiny), passage_prompt="", device="cpu"))
    one, other = "工会资助困难职工", "工会资助送温暖金秋"
    cut = short.encode_passages([one, other])
    np.testing.assert_allclose(cut[0], cut[1], atol=1e-5)  # alike in the first four characters
    long = whole.encode_passages([one, other])
    assert np.abs(long[0] - long[1]).max() > 1e-3
    assert short.fingerprint != whole.fingerprint
    with pytest.raises(EncoderError, match=f"reads {LONGEST} tokens at most; 999"):
        open_encoder(Options(str(tiny), max_tokens=999, device="cpu"))


def test_the_batch_changes_nothing_and_no_texts_give_no_rows(tiny: Path) -> None:
    texts = ["工会", "金秋助学", "送温暖 163 万元", ""] * 3
    one = open_encoder(Options(str(tiny), batch=1, device="cpu"))
    many = open_encoder(Options(str(tiny), batch=64, device="cpu"))
    np.testing.assert_allclose(one.encode_passages(texts), many.encode_passages(texts), atol=1e-5)
    assert one.fingerprint == many.fingerprint
    assert one.encode_queries([]).shape == (0, 32)


def test_a_device_that_is_not_there_is_refused(tiny: Path) -> None:
    with pytest.raises(EncoderError, match="a device that is there"):
        open_encoder(Options(str(tiny), device="nonsense"))


def test_the_old_index_serves_while_another_encoder_rebuilds_the_vectors(
    tiny: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    serving = open_index(folder)
    articles: dict[str, Document] = {f"d{number}": article(number) for number in range(5)}
    serving.add_many(articles.values())
    encoder = open_encoder(Options(str(tiny), device="cpu"))
    told: list[tuple[str, int]] = []
    found: list[int] = []

    def report(what: str, done: int, total: int) -> None:
        told.append((what, total))
        snapshot = serving.snapshot()
        row = serving.encoder.encode_queries([articles["d1"].text])[0]
        found.append(len(snapshot.dense(row, 3)))

    changed = Index.open(
        folder, analyzer=BigramAnalyzer(), encoder=encoder, gazetteer=FewPlaces(), report=report
    )
    assert told == [("vectors", 5)]  # BM25 stays as it is
    assert found == [3]
    assert changed.snapshot().encoder.dimension == 32
    assert len(changed.snapshot().dense(encoder.encode_queries(["工会"])[0], 3)) == 3
    assert serving.snapshot().encoder.fingerprint != encoder.fingerprint
    changed.close()
    serving.close()
