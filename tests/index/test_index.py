"""Show that an index holds exactly what was added and not deleted, however it got there."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from index.chunk import chunk
from index.document import Document
from index.entry import passage
from index.errors import FolderBusy, ForeignFormat, StoreError
from index.hit import Hit
from index.index import Filters, Index
from index.lock import FolderLock
from index.store import FILE
from index.windows import pairs
from tests.fakes import BigramAnalyzer, FewPlaces, HashEncoder, document

Open = Callable[[], Index]


def open_index(folder: Path, analyzer: str = "bigram", encoder: str = "hash") -> Index:
    return Index.open(
        folder,
        analyzer=BigramAnalyzer(analyzer),
        encoder=HashEncoder(encoder),
        gazetteer=FewPlaces(),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    opened = open_index(folder)
    yield opened
    opened.close()


def article(number: int, version: int = 0) -> Document:
    """A document with a word of its own, at least two chunks, and words that all share."""
    text = f"第{number}篇 mark{number}v{version} 工会户外劳动者服务站。" + "职工之家建设情况。" * 60
    return document(f"d{number}", text, title=f"题{number}", date="2021", region_code="9101")


def rankings(index: Index) -> list[list[Hit]]:
    snapshot = index.snapshot()
    texts = ["工会服务站", "职工之家", "mark3v0", "mark7v1 情况", "第5篇"]
    rows = index.encoder.encode_queries(texts)
    lexical = [snapshot.bm25(index.analyzer.terms(text), 20) for text in texts]
    lexical += [snapshot.windows(pairs(text), 20) for text in texts]
    return lexical + [snapshot.dense(row, 20) for row in rows]


def check(index: Index, expected: dict[str, Document]) -> None:
    """BM25, vectors and store hold exactly `expected`."""
    snapshot = index.snapshot()
    assert index.is_current()
    chunks = {one.chunk_id: one for held in expected.values() for one in chunk(held)}
    assert snapshot.documents == len(expected)
    assert snapshot.chunks == len(chunks)
    everything = index.analyzer.terms("工会职工")
    assert {hit.chunk_id for hit in snapshot.bm25(everything, 10_000)} == set(chunks)
    said = pairs(" ".join(one.text.lower() for one in chunks.values()))
    assert {hit.chunk_id for hit in snapshot.windows(said, 10_000)} == set(chunks)
    row = index.encoder.encode_queries(["x"])[0]
    assert {hit.chunk_id for hit in snapshot.dense(row, 10_000)} == set(chunks)
    assert snapshot.get_chunks(list(chunks)) == chunks
    figures = {
        (name, one)
        for name, held in expected.items()
        for one in index.tools.figures.read(held, chunk(held))
    }
    kept, _ = snapshot.figures(10_000)
    assert {(one.document_id, one.figure) for one in kept} == figures
    assert len(kept) == len(figures) == snapshot.figure_count()
    listed, _ = snapshot.list_documents(100)
    assert {one.document.document_id: one.document.text for one in listed} == {
        name: held.text for name, held in expected.items()
    }
    for held in expected.values():
        first = chunk(held)[0]
        word = held.text.split()[1]
        assert [hit.chunk_id for hit in snapshot.bm25([word], 5)] == [first.chunk_id]
        near = index.encoder.encode_queries([passage(held, first)])[0]
        assert snapshot.dense(near, 1)[0].chunk_id == first.chunk_id


def test_what_is_added_is_found_at_once_and_what_is_deleted_is_not(index: Index) -> None:
    stored = index.add(article(1))
    assert (stored.document.document_id, stored.chunks) == ("d1", len(chunk(article(1))))
    assert stored.added_at == stored.updated_at
    index.add(article(2))
    check(index, {"d1": article(1), "d2": article(2)})
    assert index.delete("d1")
    assert not index.delete("d1")
    check(index, {"d2": article(2)})


def test_a_document_replaces_itself_and_the_same_changes_nothing(index: Index) -> None:
    first = index.add(article(1))
    generation = index.snapshot().generation
    assert index.add(article(1)).updated_at == first.updated_at
    assert index.snapshot().generation == generation
    second = index.add(article(1, version=1))
    assert second.added_at == first.added_at
    check(index, {"d1": article(1, version=1)})


def test_the_same_document_twice_in_one_write_is_the_later_one(index: Index) -> None:
    assert index.add_many([article(1), article(2), article(1, version=1)]) == 3
    check(index, {"d1": article(1, version=1), "d2": article(2)})


def test_saved_and_reopened_it_ranks_the_same(folder: Path) -> None:
    index = open_index(folder)
    index.add_many(article(number) for number in range(12))
    index.add(article(7, version=1))
    index.delete("d4")
    before = rankings(index)
    index.close()
    again = open_index(folder)
    assert rankings(again) == before
    again.close()


def test_filters_limit_both_retrievers(index: Index) -> None:
    index.add(document("a", "工会甲。", region="乙州市", region_code="9101", date="2018-02-03"))
    index.add(document("b", "工会乙。", region="丙山市", region_code="9102"))
    index.add(document("c", "工会丙。", date="2021"))
    snapshot = index.snapshot()
    row = index.encoder.encode_queries(["工会"])[0]
    for filters, expected in [
        (Filters(regions=("甲江",)), {"a", "b"}),
        (Filters(regions=("丙山",)), {"b"}),
        (Filters(date_from="2020"), {"c"}),
        (Filters(sources=("a.txt", "c.txt"), date_to="2019"), {"a"}),
        (Filters(codes=("9102",), date_to="2019"), set()),
    ]:
        for hits in (snapshot.bm25(["工会"], 9, filters), snapshot.dense(row, 9, filters)):
            found = snapshot.get_chunks([hit.chunk_id for hit in hits]).values()
            assert {one.document_id for one in found} == expected, filters
    listed, _ = snapshot.list_documents(10, region="甲江省")
    assert {one.document.document_id for one in listed} == {"a", "b"}


def test_a_list_is_limited_by_date_and_says_what_it_covers(index: Index) -> None:
    assert index.snapshot().coverage() == ([], None)
    index.add(document("a", "工会甲。", region="丙山市", region_code="9102", date="2018-02-03"))
    index.add(document("b", "工会乙。", region="乙州市", region_code="9101", date="2020-05"))
    index.add(document("c", "工会丙。", region="丙山市", region_code="9102"))
    index.add(document("d", "工会丁。", date="2021", date_inferred=True))
    snapshot = index.snapshot()
    assert snapshot.coverage() == (["丙山市", "乙州市"], "2020-05")
    assert snapshot.coverage(1) == (["丙山市"], "2020-05")
    limits = Filters(date_from="2019", date_to="2020")
    listed, _ = snapshot.list_documents(10, filters=limits)
    assert [one.document.document_id for one in listed] == ["b"]


def test_a_hit_whose_document_went_drops_out_of_an_older_snapshot(index: Index) -> None:
    index.add_many([article(1), article(2)])
    before = index.snapshot()
    index.delete("d1")
    found = before.get_chunks([hit.chunk_id for hit in before.bm25(["工会"], 9)])
    assert {one.document_id for one in found.values()} == {"d2"}
    assert before.get_documents(["d1", "d2"]).keys() == {"d2"}
    assert before.get_stored("d1") is None


def test_documents_come_from_the_cache_until_they_change(index: Index) -> None:
    index.add(article(1))
    first = index.snapshot().get_documents(["d1"])["d1"]
    assert index.snapshot().get_documents(["d1"])["d1"] is first
    index.add(article(1, version=1))
    assert index.snapshot().get_documents(["d1"])["d1"].text == article(1, version=1).text


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_folder_of_another_version_is_refused_and_stays_as_it_is(folder: Path) -> None:
    index = open_index(folder)
    index.add(article(1))
    index.close()
    connection = sqlite3.connect(folder / FILE)
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    before = hashes(folder)
    with pytest.raises(ForeignFormat, match="use the program that made it, or another folder"):
        open_index(folder)
    assert hashes(folder) == before


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match=r"data folder .*data cannot be used"):
        open_index(tmp_path / "data")


def test_a_second_writer_is_told_who_writes_and_reading_goes_on(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add(article(1))
    other = open_index(folder)
    with index.writing():
        with monkeypatch.context() as patched:
            patched.setattr(FolderLock.acquire, "__defaults__", (0.1,))
            with pytest.raises(FolderBusy, match="being written by process"):
                other.add(article(2))
        check(other, {"d1": article(1)})
    other.add(article(2))
    check(index, {"d1": article(1), "d2": article(2)})
    other.close()


def test_two_open_indexes_of_one_folder_follow_each_other(index: Index, folder: Path) -> None:
    other = open_index(folder)
    expected: dict[str, Document] = {}
    for number in range(6):
        writer = (index, other)[number % 2]
        writer.add(article(number))
        expected[f"d{number}"] = article(number)
        check(index, expected)
        check(other, expected)
    other.delete("d0")
    del expected["d0"]
    check(index, expected)
    other.close()


WRITE = """
import sys
from pathlib import Path
from tests.index.test_index import article, open_index
index = open_index(Path(sys.argv[1]))
for number in range(20):
    index.add(article(number))
for number in range(0, 20, 2):
    index.delete(f"d{number}")
index.close()
"""


def test_searching_while_another_process_writes(index: Index, folder: Path) -> None:
    command = [sys.executable, "-c", WRITE, str(folder)]
    with subprocess.Popen(command) as writer:
        while writer.poll() is None:
            snapshot = index.snapshot()
            hits = snapshot.bm25(["工会"], 50)
            assert len(hits) == len({hit.chunk_id for hit in hits})
            row = index.encoder.encode_queries(["工会"])[0]
            for hit in snapshot.dense(row, 5):
                assert hit.chunk_id
            time.sleep(0.01)
        assert writer.returncode == 0
    check(index, {f"d{number}": article(number) for number in range(1, 20, 2)})


def test_searching_while_a_thread_writes(index: Index) -> None:
    index.add_many(article(number) for number in range(100, 110))
    stop = threading.Event()
    failures: list[object] = []

    def search() -> None:
        row = index.encoder.encode_queries([passage(article(103), chunk(article(103))[0])])[0]
        while not stop.is_set():
            snapshot = index.snapshot()
            lexical, dense = snapshot.bm25(["mark103v0"], 5), snapshot.dense(row, 1)
            found = snapshot.get_chunks([hit.chunk_id for hit in lexical + dense])
            if {one.document_id for one in found.values()} != {"d103"}:
                failures.append((lexical, dense))

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(12):
        index.add(article(number))
        index.add(article(number, version=1))
        if number % 3 == 0:
            index.delete(f"d{number}")
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    kept = {f"d{n}": article(n, version=1) for n in range(12) if n % 3}
    check(index, kept | {f"d{n}": article(n) for n in range(100, 110)})


class Model(RuleBasedStateMachine):
    """An index beside a dict: after any steps they hold the same."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.index = open_index(self.folder)
        self.expected: dict[str, Document] = {}

    @rule(numbers=st.lists(st.integers(0, 5), min_size=1, max_size=3), version=st.integers(0, 2))
    def add(self, numbers: list[int], version: int) -> None:
        documents = [article(number, version) for number in numbers]
        self.index.add_many(documents)
        self.expected |= {one.document_id: one for one in documents}

    @rule(number=st.integers(0, 5))
    def delete(self, number: int) -> None:
        existed = self.expected.pop(f"d{number}", None) is not None
        assert self.index.delete(f"d{number}") == existed

    @rule()
    def reopen(self) -> None:
        self.index.close()
        self.index = open_index(self.folder)

    @precondition(lambda self: self.expected)
    @rule()
    def lose_the_saved_rows(self) -> None:
        self.index.close()
        shutil.rmtree(self.folder / "vectors")
        self.index = open_index(self.folder)

    @invariant()
    def both_hold_the_same(self) -> None:
        check(self.index, self.expected)

    def teardown(self) -> None:
        self.index.close()
        shutil.rmtree(self.folder)


TestModel = Model.TestCase
TestModel.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, derandomize=True
)
