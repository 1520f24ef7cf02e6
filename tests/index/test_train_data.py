"""Show me that training never sees a test set, nor what it holds out."""

import gzip
import json
from hashlib import sha256
from pathlib import Path

import pytest

from index import train_data
from index.errors import ForbiddenData
from index.train_data import HELD_OUT, check_files, held_out

SENTENCES = [(f"sentence {n}", f"句子{n}") for n in range(HELD_OUT + 20)]
BODY = "".join(f"第{n}句话说的是工会今年的第{n}项工作。" for n in range(30))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of training files as `held_out` reads it."""
    for name in ("drcd_dev", "cmrc_trial"):
        (tmp_path / name).mkdir()
        for file, letter in (("corpus", "p"), ("queries", "q")):
            lines = [json.dumps({"_id": f"{letter}{n}", "text": f"{letter} {n}"}) for n in range(9)]
            (tmp_path / name / f"{file}.jsonl").write_text("\n".join(lines), "utf-8")
        pairs = "\n".join(f"q{n}\tp{n}\t1" for n in range(9))
        (tmp_path / name / "qrels.tsv").write_text(pairs, "utf-8")
    pairs = "\n".join("\t".join(pair) for pair in SENTENCES)
    (tmp_path / "tatoeba_cmn.tsv.gz").write_bytes(gzip.compress(pairs.encode()))
    news = tmp_path / "news"
    news.mkdir()
    lines = [
        json.dumps({"text": f"正文：原标题：关于第{n}号工作的一个通知 {BODY}"}) for n in range(9)
    ]
    (news / "news-00.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    return tmp_path


def test_every_file_is_named_with_its_hash(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    assert next(check_files(tmp_path)) == f"{sha256(b'text').hexdigest()[:16]} a.txt"


def test_a_test_set_is_refused_whatever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "harmless.txt").write_bytes(b"a test set")
    monkeypatch.setitem(train_data.TEST_SETS, sha256(b"a test set").hexdigest()[:16], "made up")
    with pytest.raises(ForbiddenData, match=r"harmless\.txt is a file of made up"):
        list(check_files(tmp_path))


def test_what_is_held_out_is_always_the_same(folder: Path) -> None:
    drcd, _, titles, tatoeba = held_out(folder, folder / "news")
    assert drcd.left == ["q 0", "q 5"]
    assert len(titles.left) == 9
    assert len(tatoeba.left) == HELD_OUT
    assert set(zip(tatoeba.left, tatoeba.right, strict=True)) < set(SENTENCES)
    assert held_out(folder, folder / "news")[3] == tatoeba
    assert tatoeba.left != [english for english, _ in SENTENCES[:HELD_OUT]]
