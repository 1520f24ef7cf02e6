"""Show that BM25 ranks like rank_bm25, keeps its filters, and is never read when damaged."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.bm25_agreement import LuceneBM25, rounded_length, tantivy_ranks
from index.bm25 import BM25, CONTEXT_BOOST, Posting, is_whole
from index.errors import ForeignFormat
from index.filters import Filters, Scope, scope
from index.manifest import Manifest, write_manifest
from tests.fakes import FewPlaces

WORDS = [f"词{number}" for number in range(300)]
WEIGHTS = [1 / (rank + 1) for rank in range(300)]


def made(folder: Path, postings: Iterable[Posting], generation: int = 1) -> BM25:
    folder.mkdir(exist_ok=True)
    fresh = BM25.create(folder / "bm25", "store", "analyzer")
    fresh.add(postings)
    fresh.commit(generation)
    return fresh.move_into_place(folder / "bm25")


def posting(key: int, terms: str, context: str = "", **fields: object) -> Posting:
    given: dict[str, object] = {
        "source": "s",
        "region": None,
        "region_code": None,
        "date": None,
    }
    return Posting(key, key, terms, context, **(given | fields))  # type: ignore[arg-type]


def release(bm25: BM25) -> None:
    writer = bm25.detach()
    if writer is not None:
        writer.wait_merging_threads()


def found(
    bm25: BM25, terms: Sequence[str], filters: Filters | None = None, k: int = 10
) -> set[int]:
    limits = scope(filters, FewPlaces()) if filters else Scope()
    return {key for key, _ in bm25.searcher().search(terms, k, limits)}


@pytest.mark.parametrize(
    ("length", "kept"), [(0, 0), (40, 40), (41, 40), (57, 56), (59, 56), (100, 96), (199, 184)]
)
def test_lengths_are_rounded_as_in_tantivys_table(length: int, kept: int) -> None:
    assert rounded_length(length) == kept


@pytest.mark.parametrize("seed", range(4))
def test_the_ranking_is_rank_bm25s(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    corpus = [chance.choices(WORDS, WEIGHTS, k=chance.randrange(1, 180)) for _ in range(300)]
    queries = [chance.choices(WORDS, WEIGHTS, k=chance.randrange(1, 12)) for _ in range(60)]
    reference = LuceneBM25(corpus)
    ranked = tantivy_ranks([" ".join(terms) for terms in corpus], queries, tmp_path)
    for terms, ranking in zip(queries, ranked, strict=True):
        scores = reference.get_scores(terms)
        best = [score for score in sorted(scores, reverse=True)[:10] if score > 0]
        # the same scores in the same places; only passages with equal scores may change them
        assert [score for _, score in ranking] == pytest.approx(best, rel=1e-5)
        assert [scores[key] for key, _ in ranking] == pytest.approx(best, rel=1e-5)


def test_the_context_counts_by_its_boost(tmp_path: Path) -> None:
    texts = ["甲 乙", "丙 丁", "丙 戊"]
    in_text = made(tmp_path / "a", [posting(n, text) for n, text in enumerate(texts)])
    contexts = [posting(n, "己", text) for n, text in enumerate(texts)]
    in_context = made(tmp_path / "b", contexts)
    ((key, score),) = in_text.searcher().search(["甲"], 5, Scope())
    ((beside, half),) = in_context.searcher().search(["甲"], 5, Scope())
    assert key == beside == 0
    assert half == pytest.approx(score * CONTEXT_BOOST, rel=1e-6)


def test_ties_at_the_cut_all_come(tmp_path: Path) -> None:
    bm25 = made(tmp_path, [posting(n, "同 文") for n in range(200)])
    assert len(bm25.searcher().search(["同"], 3, Scope())) == 200


def test_nothing_asked_nothing_found(tmp_path: Path) -> None:
    bm25 = made(tmp_path, [posting(1, "甲")])
    assert bm25.searcher().search([], 5, Scope()) == []
    assert bm25.searcher().search(["甲"], 0, Scope()) == []
    assert bm25.searcher().search(["无"], 5, Scope()) == []


def test_deleted_documents_are_gone_at_the_commit(tmp_path: Path) -> None:
    bm25 = made(tmp_path, [posting(n, f"同 独{n}") for n in range(20)])
    before = bm25.searcher()
    bm25.delete(range(1, 20))
    bm25.add([posting(30, "同 新")])
    assert found(bm25, ["同"], k=50) == set(range(20))
    bm25.commit(2)
    assert found(bm25, ["同"], k=50) == {0, 30}
    assert len(before.search(["同"], 50, Scope())) == 20
    release(bm25)
    again = BM25.open(tmp_path / "bm25", "store", "analyzer")
    assert again is not None
    assert (again.generation, again.searcher().count) == (2, 2)


def test_a_second_reader_sees_a_commit_after_reload(tmp_path: Path) -> None:
    writer = made(tmp_path, [posting(1, "甲")])
    reader = BM25.open(tmp_path / "bm25", "store", "analyzer")
    assert reader is not None
    writer.add([posting(2, "甲")])
    writer.commit(2)
    assert found(reader, ["甲"]) == {1}
    reader.reload()
    assert found(reader, ["甲"]) == {1, 2}
    assert reader.generation == 2
    release(writer)


def test_filters_hold_inside_the_query(tmp_path: Path) -> None:
    places = [
        ("乙州市", "9101", (20180203, 20180203)),
        ("东阳区", "910101", (20210101, 20211231)),
        ("丙山市", "9102", None),
        ("无名镇", None, (20200301, 20200331)),
        (None, None, (20191231, 20191231)),
    ]
    bm25 = made(
        tmp_path,
        [
            posting(n, "工会", region=region, region_code=code, date=date, source=f"{n}.txt")
            for n, (region, code, date) in enumerate(places)
        ],
    )
    for filters, expected in [
        (Filters(regions=("甲江",)), {0, 1, 2}),
        (Filters(regions=("乙州市",)), {0, 1}),
        (Filters(regions=("无名",)), {3}),
        (Filters(codes=("9101",)), {0, 1}),
        (Filters(codes=("91",), sources=("1.txt", "2.txt")), {1, 2}),
        (Filters(date_from="2020"), {1, 3}),
        (Filters(date_to="2019"), {0, 4}),
        (Filters(date_from="2020-03-31", date_to="2020-12"), {3}),
        (Filters(date_from="2021-06-15", date_to="2021-06-15"), {1}),
        (Filters(regions=("不在",)), set()),
    ]:
        assert found(bm25, ["工会"], filters) == expected, filters


def test_a_filter_adds_nothing_to_the_score(tmp_path: Path) -> None:
    bm25 = made(tmp_path, [posting(n, f"工会 {n}", region_code="9101") for n in range(5)])
    free = bm25.searcher().search(["工会"], 5, Scope())
    limited = bm25.searcher().search(["工会"], 5, scope(Filters(codes=("91",)), FewPlaces()))
    assert limited == free


@pytest.mark.parametrize("seed", range(25))
def test_damage_is_seen_before_anything_is_read(tmp_path: Path, seed: int) -> None:
    made(tmp_path, [posting(n, f"工会 独{n}", "甲") for n in range(30)])
    assert is_whole(tmp_path / "bm25")
    chance = random.Random(seed)
    sealed = {".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term"}
    files = sorted(p for p in (tmp_path / "bm25").iterdir() if p.suffix in sealed)
    file = chance.choice(files)
    data = bytearray(file.read_bytes())
    if seed % 3 == 0:
        del data[chance.randrange(len(data)) :]
    else:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.unlink()  # this process has the old file mapped
    file.write_bytes(data)
    assert BM25.open(tmp_path / "bm25", "store", "analyzer") is None


def test_another_store_or_analyzer_is_not_ours(tmp_path: Path) -> None:
    made(tmp_path, [posting(1, "甲")])
    assert BM25.open(tmp_path / "bm25", "other", "analyzer") is None
    assert BM25.open(tmp_path / "bm25", "store", "other") is None
    assert BM25.open(tmp_path / "none", "store", "analyzer") is None
    assert BM25.open(tmp_path / "bm25", "store", "analyzer") is not None


def test_a_writer_never_writes_into_an_index_that_was_replaced(tmp_path: Path) -> None:
    bm25 = made(tmp_path, [posting(1, "甲")])
    write_manifest(tmp_path / "bm25", Manifest("store", 1, "made by another version"))
    with pytest.raises(ForeignFormat, match="restart this process"):
        bm25.add([posting(2, "乙")])


def test_files_of_a_killed_commit_are_no_obstacle(tmp_path: Path) -> None:
    """A kill after the files are written and before meta.json is: the same names come again."""
    bm25 = made(tmp_path, [posting(n, f"同 独{n}") for n in range(20)])
    folder = tmp_path / "bm25"
    meta = (folder / "meta.json").read_bytes()
    bm25.delete([3])
    bm25.commit(2)
    release(bm25)
    assert list(folder.glob("*.del"))
    (folder / "meta.json").write_bytes(meta)
    again = BM25.open(folder, "store", "analyzer")
    assert again is not None
    again.delete([3])
    again.commit(2)
    assert found(again, ["同"], k=50) == set(range(20)) - {3}
    release(again)


def test_a_chunk_in_parts_scores_as_its_best_part_and_counts_once(tmp_path: Path) -> None:
    parts = [("甲 乙", True), ("甲 丙 丁 戊 己", False), ("丙", False)]
    postings = [replace(posting(1, terms), first=first) for terms, first in parts]
    postings += [posting(2, "甲 庚 辛"), *(posting(9, "壬") for _ in range(40))]
    searcher = made(tmp_path, postings).searcher()
    assert searcher.count == 42
    best = searcher.search(["甲"], 5, Scope())
    assert [key for key, _ in best] == [1, 2]
    assert best[0][1] > best[1][1]
    # forty equal parts of one chunk do not keep the second chunk out
    found_keys = {key for key, _ in searcher.search(["壬", "庚"], 2, Scope())}
    assert found_keys == {2, 9}


def test_of_a_group_only_the_best_term_counts(tmp_path: Path) -> None:
    postings = [posting(0, "甲 乙"), posting(1, "甲 丙"), posting(2, "丁 戊"), posting(3, "己 庚")]
    searcher = made(tmp_path, postings).searcher()
    alone = dict(searcher.search(["乙"], 5, Scope()))
    both = dict(searcher.search([], 5, Scope(), [{"甲": 0.5, "乙": 1.0}]))
    assert both[0] == pytest.approx(alone[0])
    assert both[1] == pytest.approx(0.5 * dict(searcher.search(["甲"], 5, Scope()))[1])
    assert set(both) == {0, 1}
    assert searcher.search([], 5, Scope(), [{}]) == []
