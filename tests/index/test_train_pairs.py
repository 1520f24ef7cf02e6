"""Show me that training pairs are cut from the files as said, and that none is held out twice."""

import gzip
import json
import random
from pathlib import Path

from index.train_pairs import (
    clozes,
    read_dictionary,
    read_news,
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


def test_the_dictionary_gives_short_glosses_without_asides(tmp_path: Path) -> None:
    lines = [
        "# comment",
        "工會 工会 [gong1 hui4] /labor union/trade union (organization)/CL:個|个[ge4]/",
        "李 李 [Li3] /surname Li/",
        "幫助 帮助 [bang1 zhu4] /to help/",
    ]
    path = write_gzip(tmp_path / "cedict.gz", lines)
    assert read_dictionary(path) == {"工会": ["labor union", "trade union"], "帮助": ["help"]}


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


def test_a_sentence_is_translated_word_by_word() -> None:
    glosses = {"工会": ["union"], "帮助": ["help"], "职工": ["worker"]}
    pairs = list(translated([("工会帮助职工", "窗")] * 50, glosses, random.Random(1)))
    words = {word for text, _ in pairs for word in text.split()}
    assert words == {"union", "help", "worker"}
    assert ("union help worker", "窗") in pairs
    assert list(translated([("龘龘", "窗")], glosses, random.Random(1))) == []
