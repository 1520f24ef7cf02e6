"""Show me that training pairs are cut from the files as said, and that none is held out twice."""

import gzip
import json
import random
from pathlib import Path

import pytest

from index.train_pairs import (
    WordByWord,
    clozes,
    paragraphs,
    read_news,
    read_parallel,
    read_questions,
    read_sentences,
    read_titles,
    translated,
)

BODY = "".join(f"第{n}句话说的是工会今年的第{n}项工作。" for n in range(30))


def write_gzip(path: Path, lines: list[str]) -> Path:
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def test_every_question_is_either_trained_on_or_held_out(tmp_path: Path) -> None:
    corpus = [{"_id": f"p{n}", "text": f"passage {n}"} for n in range(11)]
    queries: list[dict[str, str | None]] = [
        {"_id": f"q{n}", "text": f"question {n}"} for n in range(10)
    ]
    queries.append({"_id": "q10", "text": None})
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "qrels.tsv").write_text("\n".join(f"q{n}\tp{n}\t1" for n in range(11)))
    kept, passages = read_questions(tmp_path, held_out=True)
    assert (kept, passages) == (["question 0", "question 5"], ["passage 0", "passage 5"])
    trained, others = read_questions(tmp_path, held_out=False)
    assert len(trained) == 8
    assert not set(others) & set(passages)


def test_news_lose_their_date_line_and_titles_are_taken_where_marked(tmp_path: Path) -> None:
    texts = [
        f"2023-08-01，正文：原标题：工会为户外劳动者送清凉 {BODY}",
        f"2023-08-01，正文：{BODY}",
    ]
    write_gzip(tmp_path / "news-00.jsonl.gz", [json.dumps({"text": text}) for text in texts])
    assert read_news(tmp_path)[1] == BODY
    assert read_titles(tmp_path) == (["工会为户外劳动者送清凉"], [BODY[:400]])


def test_sentence_pairs_are_read_in_order(tmp_path: Path) -> None:
    path = write_gzip(tmp_path / "pairs.gz", ["Hi.\t嗨。", "Run.\t跑。"])
    assert read_sentences(path) == (["Hi.", "Run."], ["嗨。", "跑。"])


def test_a_cloze_is_a_sentence_and_the_window_around_it() -> None:
    pairs = list(clozes([BODY] * 200, random.Random(1)))
    assert len(pairs) == 200
    assert all(sentence in BODY for sentence, _ in pairs)
    inside = sum(sentence in window for sentence, window in pairs)
    assert 5 <= inside <= 40
    assert list(clozes(["太短。"], random.Random(1))) == []
    assert list(clozes([BODY] * 200, random.Random(1))) == pairs


def test_a_text_is_translated_word_by_word_in_either_script() -> None:
    glosses = {"工会": (["union"], [1.0]), "帮助": (["help", "aid"], [1.0, 0.0])}
    into = WordByWord(glosses, {"unions": "union"}, random.Random(1))
    pairs = list(translated([("工會幫助職工", "窗")] * 60, into))
    words = {word for text, _ in pairs for word in text.split()}
    assert {"union", "unions", "help", "the", "what"} <= words
    assert not {"aid", "职工"} & words
    assert all(window == "窗" for _, window in pairs)
    assert list(translated([("龘龘", "窗")], into)) == []


def test_an_unknown_name_is_translated_in_parts() -> None:
    glosses = {"特": (["te"], [1.0]), "斯": (["si"], [1.0]), "拉": (["la"], [1.0])}
    into = WordByWord(glosses, {}, random.Random(3))
    assert into.translate("特斯") == ""


def test_parallel_files_must_be_of_one_length(tmp_path: Path) -> None:
    one, other = tmp_path / "en", tmp_path / "zh"
    one.write_text("# sent_id = 1\n# text = Hi.\n1\tHi\n\n# text = Run.\n", "utf-8")
    other.write_text("# text = 嗨。\n# text = 跑。\n", "utf-8")
    assert read_parallel(one, other) == (["Hi.", "Run."], ["嗨。", "跑。"])
    other.write_text("# text = 嗨。\n", "utf-8")
    with pytest.raises(ValueError, match="has 2 sentences"):
        read_parallel(one, other)


def test_a_cut_of_nine_words_belongs_to_a_paragraph_of_five_sentences() -> None:
    english = [" ".join(f"w{n}x{k}" for k in range(15)) for n in range(7)]
    chinese = [f"句{n}。" for n in range(7)]
    left, right = paragraphs(english, chinese, random.Random(1))
    assert [len(text.split()) for text in left] == [9] * 7
    assert all(cut in whole for cut, whole in zip(left, english, strict=True))
    assert right == ["句0。句1。句2。句3。句4。"] * 5 + ["句5。句6。"] * 2
