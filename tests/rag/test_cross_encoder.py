"""A cross-encoder scores pairs as sentence-transformers does, or says in time that it cannot."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.index import Snapshot
from rag.ask import RetrievalSettings, ask
from rag.breaker import FAILURES, OK
from rag.cross_encoder import BATCH, CrossEncoderReranker
from rag.errors import RerankerError
from rag.rerank import UNAVAILABLE

QUESTION = "双鸭山金秋助学筹了多少钱"
TEXTS = [f"去年,工会筹措助学资金{n}万元" for n in range(2 * BATCH + 3)]
LONG_S = 60.0


def save_cross_encoder(folder: Path, labels: int = 1) -> str:
    """A tiny BERT with random weights, saved as any CrossEncoder is."""
    import torch  # noqa: PLC0415 - only these tests need it
    import transformers  # noqa: PLC0415 - the same

    torch.manual_seed(7)
    folder.mkdir()
    characters = sorted({*"".join(TEXTS), *QUESTION})
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    sizes: dict[str, Any] = {
        "vocab_size": len(words), "hidden_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2, "intermediate_size": 16, "num_labels": labels,
        "initializer_range": 1.0,
    }  # fmt: skip
    bert: Any = transformers
    bert.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    bert.BertForSequenceClassification(bert.BertConfig(**sizes)).save_pretrained(folder)
    return str(folder)


@contextmanager
def opened(name: str, timeout_s: float = LONG_S) -> Iterator[CrossEncoderReranker]:
    reranker = CrossEncoderReranker(name, timeout_s)
    try:
        yield reranker
    finally:
        reranker.close()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save_cross_encoder(tmp_path_factory.mktemp("models") / "tiny")


def test_scores_are_those_of_the_model(model: str) -> None:
    from sentence_transformers import CrossEncoder  # noqa: PLC0415 - only these tests need it

    with opened(model) as reranker:
        scores = reranker.score(QUESTION, TEXTS)
    stock = CrossEncoder(model).predict([(QUESTION, text) for text in TEXTS])
    assert len(set(scores)) > 1
    assert np.allclose(scores, stock, atol=1e-5)


def test_it_orders_what_is_read(model: str, seeds: Snapshot) -> None:
    with opened(model) as reranker:
        answer = ask(QUESTION, seeds, settings=RetrievalSettings(reranker=reranker))
    assert answer.degraded == ()
    assert "163万元" in answer.text


def test_what_is_missing_or_has_no_single_score_is_told(tmp_path: Path) -> None:
    two = save_cross_encoder(tmp_path / "two", labels=2)
    for name, reason in ((str(tmp_path / "none"), "none: failed"), (two, r"expected a CrossEnc")):
        with opened(name) as reranker, pytest.raises(RerankerError, match=reason):
            reranker.score(QUESTION, TEXTS)


def test_too_late_leaves_the_answer_as_it_is(model: str, seeds: Snapshot) -> None:
    plain = ask(QUESTION, seeds)
    with opened(model, timeout_s=1e-9) as reranker:
        answer = ask(QUESTION, seeds, settings=RetrievalSettings(reranker=reranker))
        assert answer.degraded == (UNAVAILABLE,)
        assert (answer.text, answer.citations) == (plain.text, plain.citations)
        reranker.wait()
        with pytest.raises(RerankerError, match="took more than 1e-09 s"):
            reranker.score(QUESTION, TEXTS)


def test_closed_is_unavailable_too(model: str) -> None:
    with opened(model) as reranker:
        reranker.wait()
    with pytest.raises(RerankerError, match="closed"):
        reranker.score(QUESTION, TEXTS)


def test_its_state_is_told_truly(model: str, tmp_path: Path) -> None:
    with opened(model, timeout_s=1e-9) as reranker:
        assert reranker.state in {"is loading", OK}
        with pytest.raises(RerankerError):
            reranker.score(QUESTION, TEXTS)
        reranker.wait()
        # who came while it loaded says nothing of it
        while reranker.state != OK:
            pass
        for _ in range(FAILURES):
            with pytest.raises(RerankerError, match="took more"):
                reranker.score(QUESTION, TEXTS)
        assert f"failed {FAILURES} times in a row, left alone for" in reranker.state
        with pytest.raises(RerankerError, match="left alone"):
            reranker.score(QUESTION, TEXTS)
    with opened(model) as reranker:
        reranker.score(QUESTION, TEXTS)
        assert reranker.state == OK
    with opened(str(tmp_path / "none")) as reranker:
        reranker.wait()
        assert reranker.state.startswith("is missing: ")
        assert "\n" not in reranker.state
