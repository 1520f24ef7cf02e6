"""Data sets say what they are for, and our own holds to its promises."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from eval.dataset import (
    UNION,
    Entry,
    entries,
    file_sha256,
    find_entry,
    open_dataset,
    require_use,
    size,
)
from eval.errors import BadDataset, MissingDataset, UnknownDataset, UseForbidden
from eval.formats import paragraph_id, read_union, squad_corpus
from eval.question import KINDS

NOWHERE = Path("/nonexistent")
UNIONS = read_union([UNION])


def test_our_own_set_is_large_and_even() -> None:
    seeds = [q for q in UNIONS if q.needs == "seeds"]
    assert len(UNIONS) >= 200
    assert len(seeds) >= 120
    counts = Counter(q.kind for q in seeds)
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 12


def test_the_split_is_by_the_hash_of_the_id() -> None:
    for question in UNIONS:
        third = int(hashlib.sha256(question.id.encode()).hexdigest(), 16) % 3
        assert question.split == ("test" if third == 0 else "tune"), question.id


def test_no_article_text_is_committed_beside_short_answers() -> None:
    # the longest printed answer is a clause, never a sentence with its subject
    assert max(len(answer) for q in UNIONS for answer in q.answers) <= 40


def test_each_question_says_how_it_was_checked() -> None:
    assert all(q.checked for q in UNIONS)


@pytest.mark.parametrize("name", ["test/xquad_zh", "test/cmrc_dev", "news_qa"])
@pytest.mark.parametrize("use", ["train", "tune"])
def test_a_test_set_cannot_be_trained_or_tuned_on(name: str, use: str) -> None:
    with pytest.raises(UseForbidden, match="may be used for test"):
        open_dataset(find_entry(name, entries(NOWHERE)), use=use)


def test_a_training_set_cannot_be_tested_on() -> None:
    with pytest.raises(UseForbidden, match=r"may be used for train, tune, not to test"):
        require_use(find_entry("drcd_dev", entries(NOWHERE)), "test")


def test_our_own_set_is_tuned_on_by_its_tuning_part_only() -> None:
    union = find_entry("union", entries(NOWHERE))
    tuned = open_dataset(union, use="tune", split="tune")
    assert {q.split for q in tuned.questions} == {"tune"}
    for split in ("test", None):
        with pytest.raises(UseForbidden):
            open_dataset(union, use="tune", split=split)
    assert len(open_dataset(union, use="test").questions) == len(UNIONS)
    with pytest.raises(UseForbidden, match="is no use"):
        require_use(union, "publish")


def test_what_is_not_there_is_named() -> None:
    known = entries(NOWHERE)
    with pytest.raises(UnknownDataset, match=r"there are: union"):
        find_entry("squad", known)
    with pytest.raises(MissingDataset, match="--data-root"):
        open_dataset(find_entry("xquad_zh", known), use="test")
    assert not find_entry("xquad_zh", known).present


def _union(tmp_path: Path, **change: object) -> Entry:
    line = json.loads(UNION.read_text(encoding="utf-8").split("\n")[0]) | change
    path = tmp_path / "union.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    uses = {"tune": ("tune",), "test": ("test",)}
    return Entry("union", "ours", read_union, (path,), (path,), uses)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "riddle"}, "kind 'riddle' is none of"),
        ({"status": "maybe"}, "status 'maybe'"),
        ({"split": "dev"}, "split 'dev'"),
        ({"match": "some"}, "match 'some'"),
        ({"answers": []}, "answerable without an answer"),
        ({"gold": []}, "answerable without a gold span"),
        ({"question": " "}, "question is empty"),
        ({"colour": 1}, "unknown fields colour"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(BadDataset, match=rf"union.jsonl, line 1: .*{message}"):
        open_dataset(_union(tmp_path, **change), use="test")


def test_the_same_id_twice_is_named(tmp_path: Path) -> None:
    entry = _union(tmp_path)
    entry.files[0].write_text(entry.files[0].read_text() * 2)
    with pytest.raises(BadDataset, match=r"line 2: id .* was on an earlier line"):
        open_dataset(entry, use="test")


def test_beir_and_news_and_squad(tmp_path: Path) -> None:
    folder = tmp_path / "test" / "xquad_zh"
    folder.mkdir(parents=True)
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "text": "有41家"}\n')
    (folder / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "几家?", "answers": ["41家"]}\n'
        '{"_id": "q2", "text": null}\n{"_id": "q3", "text": "How many?"}\n'
    )
    (folder / "qrels.tsv").write_text("q1\td1\t1\nq1\td9\t0\nq2\td1\t1\nq3\td1\t1\nq3\td2\t1\n")
    first, second = open_dataset(
        find_entry("xquad_zh", entries(tmp_path)), use="test"
    ).questions  # fmt: skip
    assert (first.answers, [g.document_id for g in first.gold]) == (("41家",), ["d1"])
    assert (second.language, [g.claim for g in second.gold]) == ("en", [1, 2])
    english = tmp_path / "test" / "xquad_en"
    english.mkdir()
    (english / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "How many?", "answers": ["41"]}\n'
        '{"_id": "q9", "text": "Who?", "answers": ["Li"]}\n'
    )
    (crossed,) = open_dataset(find_entry("xquad_en_zh", entries(tmp_path)), use="test").questions
    assert (crossed.text, crossed.answers, crossed.kind) == ("How many?", ("41家",), "crosslingual")
    assert [gold.document_id for gold in crossed.gold] == ["d1"]
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "news-00.jsonl.gz").write_bytes(b"")
    (tmp_path / "test" / "news_qa.jsonl").write_text(
        '{"_id": "n", "text": "谁?", "answers": ["李"], "gold": ["a", "b"]}\n'
    )
    (news,) = open_dataset(find_entry("news_qa", entries(tmp_path)), use="test").questions
    assert [gold.claim for gold in news.gold] == [1, 1]


def test_squad(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    qas = [
        {"id": 1, "question": "几家?", "answers": [{"text": "41家"}, {"text": "41家"}]},
        {"id": 2, "question": "谁?", "answers": []},
    ]
    paragraph = {"context": "有41家", "qas": qas}
    path.write_text(json.dumps({"data": [{"paragraphs": [paragraph, paragraph]}]}))
    entry = find_entry("mine", entries(NOWHERE, [path]))
    asked, unanswerable, *_ = open_dataset(entry, use="test").questions
    assert asked.answers == ("41家",)
    assert asked.gold[0].document_id == paragraph_id("有41家")
    assert not unanswerable.answerable
    assert list(squad_corpus(path)) == [{"_id": paragraph_id("有41家"), "text": "有41家"}]
    path.write_text('{"data": [{}]}')
    with pytest.raises(BadDataset, match="is not SQuAD JSON"):
        open_dataset(entry, use="test")


def test_hash_and_size_see_every_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("22")
    before = file_sha256([tmp_path])
    assert size([tmp_path]) == 3
    (tmp_path / "b").write_text("23")
    assert file_sha256([tmp_path]) != before
