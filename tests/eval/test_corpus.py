"""A sample of articles depends on their ids alone."""

import gzip
import json
import os
from pathlib import Path

import pytest

from eval.corpus import KEPT, Corpus, beir_lines, open_corpus, sample
from eval.errors import SystemFailed


def _news(folder: Path, count: int = 40) -> list[Path]:
    paths = [folder / "a.jsonl.gz", folder / "b.jsonl"]
    lines = [json.dumps({"_id": f"n{i}", "text": f"第{i}篇"}) + "\n" for i in range(count)]
    with gzip.open(paths[0], "wt", encoding="utf-8") as stream:
        stream.writelines(lines[: count // 2])
    paths[1].write_text("".join(lines[count // 2 :]), encoding="utf-8")
    return paths


def test_packed_and_plain_lines_are_read(tmp_path: Path) -> None:
    found = [line["_id"] for path in _news(tmp_path) for line in beir_lines(path)]
    assert found == [f"n{i}" for i in range(40)]


def test_a_sample_keeps_what_is_named_and_the_files_order(tmp_path: Path) -> None:
    paths = _news(tmp_path)
    taken = [line["_id"] for line in sample(paths, 10, ["n39", "n3"])]
    assert len(taken) == 10
    assert {"n3", "n39"} <= set(taken)
    assert taken == sorted(taken, key=lambda name: int(name[1:]))
    smaller = {line["_id"] for line in sample(paths, 5, ["n39", "n3"])}
    assert smaller <= set(taken)
    assert len(sample(paths, 1, ["n1", "n2"])) == 2


def test_the_hash_sees_data_and_choice(tmp_path: Path) -> None:
    paths = tuple(_news(tmp_path))
    hashes = {
        Corpus((), paths, None).sha256(),
        Corpus((), paths, 10).sha256(),
        Corpus((), paths, 10, ("n1",)).sha256(),
        Corpus(paths, ()).sha256(),
    }
    assert len(hashes) >= 3
    assert Corpus((), paths, None, ("n1",)).sha256() == Corpus((), paths, None).sha256()


def test_an_index_is_built_once_and_old_ones_are_forgotten(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    corpus = Corpus(tuple(_news(tmp_path, 4)[1:]))
    for old in range(3):
        made = cache / f"{corpus.sha256()[:12]}-{old}" / "complete"
        made.parent.mkdir(parents=True)
        made.touch()
        os.utime(made, (old, old))
    with open_corpus(corpus, cache=cache) as index:
        assert index.snapshot().documents == 2
    kept = {path.parent.name.rpartition("-")[0] for path in cache.glob("*/complete")}
    assert len(list(cache.glob("*/complete"))) == KEPT
    assert len(kept) == 2
    stamps = {path: path.stat().st_mtime_ns for path in cache.glob("*/complete")}
    with open_corpus(corpus, cache=cache) as index:
        assert index.snapshot().documents == 2
    assert {path: path.stat().st_mtime_ns for path in cache.glob("*/complete")} == stamps


def test_an_index_that_lacks_articles_is_refused_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    lines = [{"_id": "a", "text": "有一篇完整的文章。"}, {"_id": "b", "text": ""}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    cache = tmp_path / "cache"
    with (
        pytest.raises(SystemFailed, match="1 of 2 articles were not indexed"),
        open_corpus(Corpus((path,)), cache=cache),
    ):
        pass
    assert list(cache.glob("*/complete")) == []
