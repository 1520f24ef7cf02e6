"""Show that a corpus streams: good lines are articles, bad ones are named, memory stays small."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.beir import MAX_LINE_BYTES, PROBE_LINES, iso_date, read_corpus
from index.document import Article
from index.errors import BadLine, DamagedFile, ReadError, UnsupportedFile

GOOD = json.dumps({"_id": "n0", "title": "标题", "text": "正文。"}, ensure_ascii=False).encode()


def read(path: Path, *lines: bytes) -> list[Article | ReadError]:
    path.write_bytes(b"\n".join(lines))
    return list(read_corpus(path, path.name))


def line(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def test_a_line_is_an_article_with_its_fields(tmp_path: Path) -> None:
    given = line(
        _id="a/1",
        title="金秋助学",
        text="第一段\n第二段",
        date="2020年11月2日",
        region="白城市",
        source="白城日报",
        url="https://example.org/1",
        metadata={"unknown": 1},
    )
    (article,) = read(tmp_path / "corpus.jsonl", given)
    assert isinstance(article, Article)
    assert (article.document_id, article.title, article.date) == ("a/1", "金秋助学", "2020-11-02")
    assert (article.region, article.source) == ("白城市", "白城日报")
    assert article.url == "https://example.org/1"
    assert article.body.text == article.source_text == "第一段\n第二段"
    assert article.body.alignment.source_span(2, 5) == (2, 5)


def test_source_defaults_to_the_file_and_the_digest_to_the_line(tmp_path: Path) -> None:
    first, second, third = (
        read(tmp_path / "c.jsonl", GOOD),
        read(tmp_path / "c.jsonl", b"", GOOD + b"\r", b"  "),
        read(tmp_path / "c.jsonl", line(_id="n0", text="别的。")),
    )
    assert isinstance(first[0], Article)
    assert first[0].source == "c.jsonl"
    assert [type(result) for result in second + third] == [Article, Article]
    assert isinstance(second[0], Article)
    assert isinstance(third[0], Article)
    assert second[0].digest == first[0].digest
    assert third[0].digest != first[0].digest


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"{not json", "is not JSON"),
        (b"[1, 2]", "is JSON of type list"),
        (b'{"_id": "x"}', 'has no "text"'),
        (b'{"text": "x"}', 'has no "_id"'),
        (b'{"_id": 7, "text": "x"}', '"_id" is of type int'),
        (b'{"_id": "x", "text": ["x"]}', '"text" is of type list'),
        (b'{"_id": " ", "text": "x"}', "blank"),
        (b'{"_id": "a\\u0000", "text": "x"}', "control characters"),
        (line(_id="x" * 300, text="x"), "longer than 256"),
        (b'{"_id": "x", "text": "x", "score": NaN}', "NaN"),
        (b'{"_id": "x", "text": "\\ud800"}', "lone surrogate"),
        (b'{"_id": "x", "text": "\xff"}', "is not UTF-8"),
        (b'{"_id": "x", "text": "x", "date": "2021-02-30"}', '"date" is "2021-02-30"'),
        (b'{"_id": "x", "text": "x", "url": "javascript:alert(1)"}', '"url" is'),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"n": ' + b"9" * 5_000 + b"}", "line 2"),
        (GOOD, "earlier line"),
        (line(_id="x", text="长" * (MAX_LINE_BYTES // 3 + 1)), "longer than 8 MB"),
    ],
)
def test_a_bad_line_is_named_and_the_others_go_on(tmp_path: Path, bad: bytes, said: str) -> None:
    results = read(tmp_path / "c.jsonl", GOOD, bad, line(_id="n2", text="二"))
    assert [type(result) for result in results] == [Article, BadLine, Article]
    message = str(results[1])
    assert message.startswith("c.jsonl, line 2: ")
    assert said in message
    assert "\n" not in message
    assert len(message) < 300


def test_bad_lines_before_the_first_good_one_are_kept_in_order(tmp_path: Path) -> None:
    results = read(tmp_path / "c.jsonl", b"x", b"y", GOOD, b"z")
    assert [type(result) for result in results] == [BadLine, BadLine, Article, BadLine]
    assert [str(results[i]).split(":")[0][-1] for i in (0, 1, 3)] == ["1", "2", "4"]


def test_a_file_without_documents_is_refused_once(tmp_path: Path) -> None:
    manifest = line(name="a.txt", sha256="…", size=3)
    for lines in ([manifest], [manifest] * (PROBE_LINES * 3), [b""]):
        (refusal,) = read(tmp_path / "MANIFEST.jsonl", *lines)
        assert isinstance(refusal, UnsupportedFile)
        assert str(refusal).startswith("MANIFEST.jsonl: ")


def test_a_file_is_given_up_after_its_first_lines(tmp_path: Path) -> None:
    bad = [b"no"] * (PROBE_LINES - 1)
    assert len(read(tmp_path / "c.jsonl", *bad, GOOD)) == PROBE_LINES
    (refusal,) = read(tmp_path / "c.jsonl", *bad, b"no", GOOD)
    assert isinstance(refusal, UnsupportedFile)


def test_gzip_is_read_and_its_damage_named(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    packed = gzip.compress(b"\n".join(line(_id=f"{i}", text=f"{i}文" * 9) for i in range(5_000)))
    path.write_bytes(packed)
    assert len(list(read_corpus(path, path.name))) == 5_000
    path.write_bytes(packed[: len(packed) // 2])
    results = list(read_corpus(path, path.name))
    assert isinstance(results[-1], DamagedFile)
    assert all(isinstance(result, Article) for result in results[:-1])


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    (article,) = read(tmp_path / "c.jsonl", b"\xef\xbb\xbf" + GOOD)
    assert isinstance(article, Article)


def test_fifty_thousand_lines_need_the_memory_of_their_ids(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as out:
        for i in range(50_000):
            out.write(
                line(_id=f"n{i}", text=f"第{i}篇" + "工会组织走访慰问困难职工。" * 40) + b"\n"
            )

    tracemalloc.start()
    count = sum(isinstance(result, Article) for result in read_corpus(path, path.name))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 50_000
    # 76 MB of lines; 50,000 hashes take 5 MB.
    assert peak < 12_000_000


def test_reading_is_lazy(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(GOOD + b"\nx")
    results: Iterator[Article | ReadError] = read_corpus(path, path.name)
    assert isinstance(next(results), Article)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021", "2021"),
        ("2021年", "2021"),
        ("2021-3", "2021-03"),
        ("2021年3月", "2021-03"),
        ("2020/11/2", "2020-11-02"),
        ("2020-11-02T08:00:00+08:00", "2020-11-02"),
        (" 2020.11.02 08:00 ", "2020-11-02"),
    ],
)
def test_dates_keep_the_precision_they_came_with(text: str, date: str) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize("text", ["", "21-3-1", "2021-13", "2021-00-01", "昨天", "2021-3-1-5"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected YYYY"):
        iso_date(text)
