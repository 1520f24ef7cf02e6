"""Show that BM25 and vectors come back from the store, whatever happened to them."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from index.entry import Tools, prepare
from index.index import Index
from index.store import FILE, Store
from index.vectors import FORMAT
from tests.fakes import BigramAnalyzer, FewPlaces, HashEncoder, document
from tests.index.test_index import article, check, open_index, rankings
from tests.index.test_store import of_format_1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def damage_vectors(folder: Path) -> None:
    (file,) = (folder / "vectors").glob("rows-*")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def damage_bm25(folder: Path) -> None:
    flip_a_bit(folder / "bm25")


def damage_windows(folder: Path) -> None:
    flip_a_bit(folder / "windows")


def flip_a_bit(folder: Path) -> None:
    file = next(folder.glob("*.idx"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.unlink()
    file.write_bytes(data)


def lose_all(folder: Path) -> None:
    shutil.rmtree(folder / "bm25")
    shutil.rmtree(folder / "windows")
    shutil.rmtree(folder / "vectors")


def break_meta(folder: Path) -> None:
    (folder / "bm25" / "meta.json").unlink()


def break_manifest(folder: Path) -> None:
    (folder / "bm25" / "manifest.json").write_text("{", encoding="utf-8")
    (folder / "vectors" / "manifest.json").write_text("[]", encoding="utf-8")


@pytest.mark.parametrize(
    "damage",
    [damage_vectors, damage_bm25, damage_windows, lose_all, break_meta, break_manifest],
)
def test_damage_to_a_derived_index_is_repaired_from_the_store(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    index = open_index(folder)
    index.add_many(article(number) for number in range(8))
    before = rankings(index)
    index.close()
    damage(folder)
    again = open_index(folder)
    assert rankings(again) == before
    check(again, {f"d{number}": article(number) for number in range(8)})
    again.close()


def test_an_older_copy_of_the_store_is_the_truth(folder: Path, tmp_path: Path) -> None:
    index = open_index(folder)
    index.add(article(1))
    index.close()
    shutil.copy(folder / FILE, tmp_path / "copy")
    index = open_index(folder)
    index.add(article(2))
    index.close()
    shutil.copy(tmp_path / "copy", folder / FILE)
    again = open_index(folder)
    check(again, {"d1": article(1)})
    again.close()


def test_another_analyzer_or_encoder_means_a_rebuild(folder: Path) -> None:
    index = open_index(folder)
    expected = {f"d{number}": article(number) for number in range(6)}
    index.add_many(expected.values())
    before = rankings(index)
    index.close()
    told: list[str] = []
    changed = Index.open(
        folder,
        analyzer=BigramAnalyzer("other"),
        encoder=HashEncoder("other"),
        gazetteer=FewPlaces(),
        report=lambda what, done, total: told.append(what),
    )
    check(changed, expected)
    assert {"bm25", "vectors"} <= set(told)
    changed.add(article(9))
    changed.close()
    back = open_index(folder)
    check(back, expected | {"d9": article(9)})
    back.delete("d9")
    assert len(rankings(back)) == len(before)
    back.close()


def test_a_commit_that_only_the_store_has_is_taken_up(folder: Path) -> None:
    """A crash right after the store's commit: the document exists, so it must be found."""
    index = open_index(folder)
    index.add(article(1))
    index.close()
    store = Store(folder / FILE)
    encoder = store.encoder(f"{FORMAT}:hash:32", 32)
    assert encoder is not None
    tools = Tools(BigramAnalyzer(), HashEncoder(), FewPlaces())
    entries = prepare([article(1, version=1), article(2)], tools)
    serving = open_index(folder)
    store.write(entries, encoder, "2026-01-01T00:00:00Z")
    store.close()
    check(serving, {"d1": article(1, version=1), "d2": article(2)})
    serving.close()
    again = open_index(folder)
    check(again, {"d1": article(1, version=1), "d2": article(2)})
    again.close()


def test_a_commit_that_the_manifest_does_not_know_is_not_taken_twice(folder: Path) -> None:
    """A crash right after BM25's commit: its manifest is one generation behind."""
    index = open_index(folder)
    index.add_many([article(1), article(2), article(3)])
    manifest = (folder / "bm25" / "manifest.json").read_bytes()
    index.add(article(2, version=1))
    index.close()
    (folder / "bm25" / "manifest.json").write_bytes(manifest)
    told: list[tuple[str, int, int]] = []
    again = Index.open(
        folder,
        analyzer=BigramAnalyzer(),
        encoder=HashEncoder(),
        gazetteer=FewPlaces(),
        report=lambda what, done, total: told.append((what, done, total)),
    )
    assert told == [("bm25", 0, 1)]  # caught up by one document, not rebuilt
    check(again, {"d1": article(1), "d2": article(2, version=1), "d3": article(3)})
    again.close()


def test_a_folder_from_before_there_were_figures_gets_them_when_opened(folder: Path) -> None:
    index = open_index(folder)
    text = "第{}篇 mark{}v0 工会职工 筹集资金{}万元。"
    expected = {f"d{n}": document(f"d{n}", text.format(n, n, n + 5)) for n in range(3)}
    index.add_many(expected.values())
    before = index.snapshot().figures(10)
    assert [one.text for one in before[0]] == ["7万元", "6万元", "5万元"]
    index.close()
    of_format_1(folder)
    told: list[str] = []
    again = Index.open(
        folder,
        analyzer=BigramAnalyzer(),
        encoder=HashEncoder(),
        gazetteer=FewPlaces(),
        report=lambda what, done, total: told.append(what),
    )
    assert told == ["figures"]
    assert again.snapshot().figures(10) == before
    check(again, expected)
    again.close()
    open_index(folder).close()


def test_figures_of_other_rules_are_found_anew(folder: Path) -> None:
    index = open_index(folder)
    index.add(document("d1", "第1篇 mark1v0 工会职工 筹集资金9万元。"))
    before = index.snapshot().figures(10)
    index.close()
    connection = sqlite3.connect(folder / FILE)
    connection.execute("UPDATE figures SET predicate = 'other'")
    connection.execute("UPDATE documents SET figures = figures - 1")
    connection.commit()
    connection.close()
    again = open_index(folder)
    assert again.snapshot().figures(10) == before
    again.close()
