"""Show that the store keeps documents whole or not at all, and refuses what is not its own."""

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lookup
from index.align import Aligned, Edit
from index.document import Document, Dropped, Heading
from index.entry import Entry, Tools, prepare
from index.errors import DamagedStore, ForeignFormat, StoreError
from index.figure_table import Wanted
from index.filters import Filters, Scope, scope
from index.record import to_document, to_row
from index.store import FILE, Store
from tests.fakes import BigramAnalyzer, FewPlaces, HashEncoder, document

NOW = "2026-01-02T03:04:05Z"
TEXT = "一。" * 300


def made(folder: Path) -> tuple[Store, int]:
    """A new store and the key of its encoder."""
    Store.create(folder)
    store = Store(folder / FILE)
    return store, store.add_encoder("hash", 32)


def entries(*documents: Document) -> list[Entry]:
    return prepare(documents, Tools(BigramAnalyzer(), HashEncoder(), FewPlaces()))


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def same(one: Document, other: Document) -> bool:
    plain = replace(one, alignment=other.alignment) == other
    return plain and one.alignment.to_bytes() == other.alignment.to_bytes()


FULL = Document(
    document_id="a",
    source="甲.txt",
    title="题",
    text=TEXT,
    alignment=Aligned.identity("x" + TEXT).apply([Edit(0, 1, "", "x")]).alignment,
    source_text="x" + TEXT,
    digest="d",
    date="2021-03",
    date_inferred=True,
    region="乙州市",
    region_code="9101",
    publisher="报",
    author="人",
    url="http://example.org/",
    headings=(Heading(0, 2), Heading(4, 6)),
    dropped=(Dropped(0, 1, "x"),),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=400), st.text(st.characters(), max_size=400))
def test_a_row_is_its_document_whatever_the_text(text: str, source: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    one = replace(FULL, text=text, source_text=source, title=text[:9])
    assert same(to_document(to_row(one)), one)


def test_a_source_with_lone_surrogates_comes_back() -> None:
    one = replace(FULL, source_text="前\ud800后")
    assert to_document(to_row(one)).source_text == "前\ud800后"


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    (entry,) = entries(FULL)
    store.write([entry], encoder, NOW)
    stored = lookup.get_stored(store, ["a", "absent"])
    assert list(stored) == ["a"]
    assert same(stored["a"].document, FULL)
    assert (stored["a"].chunks, stored["a"].added_at, stored["a"].updated_at) == (
        len(entry.chunks),
        NOW,
        NOW,
    )
    names = [one.chunk_id for one in entry.chunks]
    assert lookup.get_chunks(store, [*names, "absent"]) == dict(
        zip(names, entry.chunks, strict=True)
    )
    keys, rows = lookup.rows(store, encoder, [range(1, 1 + len(names))], 32)
    assert keys.tolist() == list(range(1, 1 + len(names)))
    assert np.array_equal(rows, entry.rows)


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    store.write(entries(FULL), encoder, NOW)
    before = store.state()
    assert store.write(entries(FULL), encoder, "2027-01-01T00:00:00Z") == [(None, None)]
    assert store.state() == before
    assert lookup.get_stored(store, ["a"])["a"].updated_at == NOW


@pytest.mark.parametrize(
    "change",
    [
        {"text": "二。" * 300},
        {"title": "别题"},
        {"date": "2021-04"},
        {"region": None},
        {"date_inferred": False},
        {"source_text": "y" + TEXT},
        {"dropped": ()},
        {"headings": ()},
        {"url": None},
    ],
)
def test_any_other_state_replaces_under_new_keys(tmp_path: Path, change: dict[str, object]) -> None:
    store, encoder = made(tmp_path)
    ((_, first),) = store.write(entries(FULL), encoder, NOW)
    later = "2027-01-01T00:00:00Z"
    changed = replace(FULL, **change)  # type: ignore[arg-type]
    ((gone, second),) = store.write(entries(changed), encoder, later)
    assert gone == first
    assert first is not None
    assert second is not None
    assert second.document > first.document
    assert second.chunks.start >= first.chunks.stop
    stored = lookup.get_stored(store, ["a"])["a"]
    assert same(stored.document, changed)
    assert (stored.added_at, stored.updated_at) == (NOW, later)
    assert store.state().documents == 1
    assert store.state().chunks == len(second.chunks)


def test_keys_are_never_used_again(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    ((_, first),) = store.write(entries(FULL), encoder, NOW)
    assert store.remove("a") == first
    assert store.remove("a") is None
    store.close()
    ((_, second),) = Store(tmp_path / FILE).write(entries(FULL), encoder, NOW)
    assert first is not None
    assert second is not None
    assert second.chunks.start == first.chunks.stop
    assert second.document > first.document


def test_changes_are_what_went_and_came_since(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    ((_, a), (_, b)) = store.write(
        entries(document("a", "甲。"), document("b", "乙。")), encoder, NOW
    )
    middle = store.state().generation
    ((old, c),) = store.write(entries(document("a", "丙。")), encoder, NOW)
    store.remove("b")
    assert old == a
    changes = lookup.changes(store, middle)
    assert changes.generation == store.state().generation == middle + 2
    assert set(changes.removed) == {a, b}
    assert changes.added == (c,)
    everything = lookup.changes(store, 0)
    assert everything.added == (c,)
    assert lookup.changes(store, changes.generation).added == ()


def test_a_failing_write_leaves_nothing_of_the_batch(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    good, bad = entries(document("a", "甲。"), document("b", "乙。"))
    bad = replace(bad, chunks=good.chunks)  # chunk ids are unique
    before = store.state()
    with pytest.raises(DamagedStore, match="UNIQUE"):
        store.write([good, bad], encoder, NOW)
    assert store.state() == before
    assert lookup.get_stored(store, ["a", "b"]) == {}
    store.write([good], encoder, NOW)
    assert store.state().documents == 1


def test_the_list_goes_through_every_document_once_newest_first(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    store.write(entries(*(document(f"d{n}", f"第{n}篇。") for n in range(7))), encoder, NOW)
    store.write(entries(document("d2", "改过。")), encoder, NOW)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page, cursor = lookup.list_stored(store, 3, cursor, Scope())
        seen += [one.document.document_id for one in page]
        if cursor is None:
            break
    assert seen == ["d2", "d6", "d5", "d4", "d3", "d1", "d0"]
    with pytest.raises(ValueError, match="cursor 'x'"):
        lookup.list_stored(store, 3, "x", Scope())


def test_allowed_is_the_chunks_of_documents_in_scope(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    documents = [
        document("a", TEXT, region_code="9101", region="乙州市", date="2021"),
        document("b", "短。", region_code="9102"),
        document("c", TEXT, region_code="910101", date="2020-05-01"),
    ]
    moves = store.write(entries(*documents), encoder, NOW)
    a, b, c = (new.chunks for _, new in moves if new)

    def keys(scope: Scope) -> set[int]:
        return set(np.flatnonzero(lookup.allowed(store, scope)).tolist())

    assert keys(Scope(placed=True, codes=("9101",))) == {*a, *c}
    assert keys(Scope(placed=True, names=("乙州市",))) == {*a}
    assert keys(Scope(last_day=20201231)) == {*c}
    assert keys(Scope(sources=("b.txt",))) == {*b}
    assert keys(Scope(placed=True)) == set()
    assert keys(Scope()) == {*a, *b, *c}


def test_another_format_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    store.write(entries(FULL), encoder, NOW)
    store.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = hashes(tmp_path)
    with pytest.raises(ForeignFormat, match=r"\.99.* reads"):
        Store.exists(tmp_path)
    assert hashes(tmp_path) == before


def test_what_is_no_store_is_damaged(tmp_path: Path) -> None:
    assert not Store.exists(tmp_path)
    (tmp_path / FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(DamagedStore, match="not an SQLite file"):
        Store.exists(tmp_path)


def test_damage_inside_is_found_by_the_check(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    store.write(entries(*(document(f"d{n}", TEXT) for n in range(20))), encoder, NOW)
    store.check()
    store.close()
    data = bytearray((tmp_path / FILE).read_bytes())
    data[4096 * 3 : 4096 * 12] = b"\xff" * (4096 * 9)
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(StoreError, match=r"unionqa\.sqlite"):
        Store(tmp_path / FILE).check()


FIGURED = replace(FULL, text="去年,全市筹集资金163万元。又发放70万元。" + TEXT)


def figures_of(store: Store) -> list[tuple[str, str]]:
    """What stands in the table, by document and as printed."""
    kept, following = lookup.find_figures(store, Wanted(), 10_000)
    assert following is None
    return [(one.document_id, one.text) for one in kept]


def test_figures_come_and_go_with_their_document(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    (entry,) = entries(FIGURED)
    assert len(entry.figures.found) == 2
    store.write([entry], encoder, NOW)
    kept, _ = lookup.find_figures(store, Wanted(), 10)
    assert [one.figure for one in kept] == list(entry.figures.found)
    assert [one.text for one in kept] == ["163万元", "70万元"]
    store.write([entry], encoder, NOW)
    assert len(figures_of(store)) == 2
    store.write(entries(replace(FIGURED, text="筹集9万元。" + TEXT)), encoder, NOW)
    assert figures_of(store) == [("a", "9万元")]
    store.write(entries(replace(FIGURED, document_id="b")), encoder, NOW)
    assert figures_of(store) == [("b", "163万元"), ("b", "70万元"), ("a", "9万元")]
    store.remove("a")
    assert figures_of(store) == [("b", "163万元"), ("b", "70万元")]
    store.remove("b")
    assert figures_of(store) == []


def test_pages_of_figures_are_the_whole_list(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    for name in "abc":
        store.write(entries(replace(FIGURED, document_id=name)), encoder, NOW)
    whole, _ = lookup.find_figures(store, Wanted(), 100)
    paged = []
    cursor: str | None = None
    while True:
        some, cursor = lookup.find_figures(store, Wanted(), 4, cursor)
        paged += some
        if cursor is None:
            break
    assert paged == whole
    assert lookup.figure_count(store) == len(whole) == 6


@pytest.mark.parametrize("cursor", ["x", "1", "1:y", ":", "1:2:3", f"{10**30}:1", "1:١"])
def test_a_made_up_cursor_is_refused(tmp_path: Path, cursor: str) -> None:
    store, _ = made(tmp_path)
    with pytest.raises(ValueError, match="cursor"):
        lookup.find_figures(store, Wanted(), 4, cursor)


def test_figures_are_found_by_place_programme_and_verb(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    text = "去年,全市筹集资金163万元。“暖冬行动”活动发放70万元。" + TEXT
    store.write(entries(replace(FULL, text=text)), encoder, NOW)
    found = {
        wanted: [one.text for one in lookup.find_figures(store, wanted, 9)[0]]
        for wanted in (
            Wanted(place=scope(Filters(("甲江",)), FewPlaces())),
            Wanted(place=scope(Filters(("乙州",)), FewPlaces())),
            Wanted(place=scope(Filters(("丙山市",)), FewPlaces())),
            Wanted(place=scope(Filters(("无名镇",)), FewPlaces())),
            Wanted(programme="暖冬"),
            Wanted(programme="%"),
            Wanted(predicate="raise"),
            Wanted(document_id="a", predicate="give"),
            Wanted(document_id="b"),
        )
    }
    both = ["163万元", "70万元"]
    assert list(found.values()) == [both, both, [], [], ["70万元"], [], ["163万元"], ["70万元"], []]


def of_format_1(folder: Path) -> None:
    """Make a store what it was before there were figures."""
    connection = sqlite3.connect(folder / FILE)
    connection.executescript(
        "DROP TRIGGER figures_go; DROP INDEX documents_figures; DROP TABLE figures;"
        "ALTER TABLE documents DROP COLUMN figures; PRAGMA user_version = 1;"
    )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def test_a_store_of_format_1_gets_its_place_for_figures_once(tmp_path: Path) -> None:
    store, encoder = made(tmp_path)
    store.write(entries(FIGURED), encoder, NOW)
    store.close()
    of_format_1(tmp_path)
    assert Store.exists(tmp_path)
    store = Store(tmp_path / FILE)
    assert not store.has_figures()
    store.upgrade()
    store.upgrade()
    assert store.has_figures()
    assert same(lookup.get_stored(store, ["a"])["a"].document, FIGURED)
    assert figures_of(store) == []
    assert len(lookup.without_figures(store, 1, 10)) == 1
    store.write(entries(replace(FIGURED, title="新")), encoder, NOW)
    assert figures_of(store) == [("a", "163万元"), ("a", "70万元")]
