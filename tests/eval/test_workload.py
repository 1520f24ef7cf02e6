"""The articles of a benchmark are as many as asked, and every question's answer is known."""

import gzip
import json
from pathlib import Path

from eval.corpus import beir_lines
from eval.dataset import SEEDS
from eval.workload import Sought, generated, made_documents, questions, seed_lines, shuffled
from index.chunk import chunk
from index.clean import clean
from index.document import Article
from index.gazetteer import Gazetteer
from index.read import read_bytes, read_path

GAZETTEER = Gazetteer.open()
SEED_PASSAGES = sum(
    len(chunk(clean(article, GAZETTEER)))
    for path in sorted(SEEDS.glob("*.txt"))
    for article in read_path(path)
    if isinstance(article, Article)
)


def news(root: Path) -> None:
    """Six articles in a packed file below `root`, as the data folder has them."""
    lines = [
        {"_id": f"n{i}", "text": f"第{i}篇。今年{i}月本地公园一共种下了{i + 100}棵银杏树。完。"}
        for i in range(6)
    ]
    (root / "news").mkdir()
    with gzip.open(root / "news" / "news-00.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in lines)


def test_questions_are_sentences_of_their_articles(tmp_path: Path) -> None:
    news(tmp_path)
    sought = questions([tmp_path / "news" / "news-00.jsonl.gz"], 4)
    assert len(sought) == 4
    for one in sought:
        number = int(one.document_id[1:])
        assert one.text == f"今年{number}月本地公园一共种下了{number + 100}棵银杏树。"


def test_copies_make_up_what_is_missing_and_are_never_asked_about(tmp_path: Path) -> None:
    news(tmp_path)
    seeds, part = generated(tmp_path, SEED_PASSAGES + 14, tmp_path)
    ids = [line["_id"] for line in beir_lines(part)]
    assert seeds == SEEDS
    assert ids == [*(f"n{i}" for i in range(6)), *(f"n{i}~1" for i in range(6)), "n0~2", "n1~2"]
    assert {one.document_id for one in questions([part], 100)} == {f"n{i}" for i in range(6)}
    _, part = generated(tmp_path, 3, tmp_path)
    assert part.read_text() == ""


def test_without_news_the_seeds_are_copied_and_asked_about(tmp_path: Path) -> None:
    seeds, part = generated(tmp_path, 2 * SEED_PASSAGES, tmp_path)
    lines = list(beir_lines(part))
    originals = {line["_id"] for line in seed_lines()}
    assert len(originals) == 5
    assert {line["_id"].partition("~")[0] for line in lines} == originals
    asked = questions([seeds, part], 60)
    assert len(asked) == 60
    assert len({one.text for one in asked}) > 50
    assert {one.document_id for one in asked} == originals
    documents = [
        clean(read_bytes(f"{i}.txt", line["text"].encode()), GAZETTEER)
        for i, line in enumerate(lines)
    ]
    made = sum(len(chunk(document)) for document in documents)
    assert 0.8 < made / SEED_PASSAGES < 1.25


def test_a_copy_has_the_same_clauses_in_an_order_of_its_own() -> None:
    line = {"_id": "a", "text": "".join(f"第{i}句，" for i in range(9)) + "完。\n没有句号"}
    copy = shuffled(line, 1)
    assert copy == shuffled(line, 1) != shuffled(line, 2)
    assert sorted(copy["text"]) == sorted(line["text"])
    assert copy["text"] != line["text"]
    assert all(f"第{i}句，" in copy["text"] for i in range(9))


def test_an_article_is_found_in_itself_and_in_its_copy() -> None:
    sought = Sought("?", "n1")
    assert sought.is_in(["n2", "n1"])
    assert sought.is_in(["n1~3"])
    assert not sought.is_in(["n10", "n2~1"])


def test_made_documents_can_be_told_apart() -> None:
    first, second = made_documents(2)
    assert first.document_id != second.document_id
    assert "测量1号" in second.text
