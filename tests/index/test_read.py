"""Show that every file becomes an Article or one clear line, and that names stay names."""

import gzip
import html
import json
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Article
from index.errors import (
    BadLine,
    DamagedFile,
    ReadError,
    TooLarge,
    UnknownEncoding,
    UnsupportedFile,
)
from index.read import (
    MAX_FILE_BYTES,
    MAX_TEXT_BYTES,
    clean_name,
    iter_paths,
    name_apart,
    read_bytes,
    read_path,
    read_regular,
)
from tests.index.files import docx_of, pdf_of

TEXT = "甲市总工会助学\r\n\r\n去年，全市各级工会组织筹措助学资金一百二十万元。\r\n"


def read(path: Path) -> list[Article | ReadError]:
    return list(read_path(path))


def only_error(path: Path) -> ReadError:
    (error,) = read(path)
    assert isinstance(error, ReadError)
    assert "\n" not in str(error)
    return error


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-le"])
@pytest.mark.parametrize("name", ["a.txt", "b.MD"])
def test_text_is_its_own_source_in_any_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(TEXT.encode(encoding))
    (article,) = read(path)
    assert isinstance(article, Article)
    assert article.source == name
    assert article.source_text == article.body.text == TEXT
    assert article.body.alignment.source_span(0, len(TEXT)) == (0, len(TEXT))
    assert article.digest == read_bytes("other.txt", TEXT.encode(encoding)).digest


def test_a_page_keeps_its_html_and_says_where_its_text_stands(tmp_path: Path) -> None:
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        "<title>助学</title></head><body><h1>助学</h1><p>去年&nbsp;全市各级工会筹措资金"
        "<b>一百二十万元</b>，资助困难职工子女入学&mdash;&mdash;又一年。</p></body></html>"
    )
    path = tmp_path / "a.htm"
    path.write_bytes(page.encode("gb18030"))
    (article,) = read(path)
    assert isinstance(article, Article)
    assert article.source_text == page
    start = article.body.text.index("筹措资金一百二十万元")
    span = article.body.alignment.source_span(start, start + 10)
    assert page[slice(*span)] == "筹措资金<b>一百二十万元"
    for place, char in enumerate(article.body.text):
        first, last = article.body.alignment.source_span(place, place + 1)
        assert char.isspace() or html.unescape(page[first:last]) == char


def test_pdf_and_docx_are_their_extracted_text() -> None:
    for name, data in (("a.pdf", pdf_of([["一句话。"]])), ("b.docx", docx_of("一句话。"))):
        article = read_bytes(name, data)
        assert article.source_text == article.body.text == "一句话。"


def test_a_corpus_gives_many_articles_and_its_bad_lines(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    lines = [json.dumps({"_id": f"n{i}", "text": "正文"}) for i in range(3)] + ["bad"]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert [type(result) for result in read(path)] == [Article] * 3 + [BadLine]


@pytest.mark.parametrize(
    ("name", "data", "kind", "said"),
    [
        ("a.xls", b"x", UnsupportedFile, "files of type .xls are not read, expected one of .txt"),
        ("noend", b"x", UnsupportedFile, "files without a type"),
        ("c.jsonl", b"{}", UnsupportedFile, "unionqa index c.jsonl"),
        ("a.txt", b"", DamagedFile, "is empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", UnknownEncoding, "holds a PNG"),
        ("a.html", b"\xff\xfe\x00\xd8", UnknownEncoding, "UTF-16"),
        ("a.txt", b"x" * (MAX_TEXT_BYTES + 1), TooLarge, "5.0 MB, the limit for .txt is 5 MB"),
        ("a.html", b"<p>" * 8_000_000, TooLarge, "24.0 MB, the limit for .html is 5 MB"),
        ("a.pdf", b"x" * (MAX_FILE_BYTES + 1), TooLarge, "the limit for .pdf is 20 MB"),
        ("a.html", b"<div>" * 10_000 + b"x", DamagedFile, "nested more than 200 deep"),
        ("a.html", b"<script>x</script>", DamagedFile, "shows no text"),
    ],
)
def test_what_is_no_article_is_refused_by_name(
    name: str, data: bytes, kind: type[ReadError], said: str
) -> None:
    with pytest.raises(kind) as refusal:
        read_bytes(f"../x/{name}", data)
    assert str(refusal.value).startswith(f"{name}: ")
    assert said in str(refusal.value)


def test_paths_that_cannot_be_read_give_one_line(tmp_path: Path) -> None:
    assert "no such file" in str(only_error(tmp_path / "missing.txt"))
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    assert "cannot be read: " in str(only_error(loop))
    assert "is a folder" in str(only_error(tmp_path))
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    assert "no regular file" in str(only_error(pipe))
    assert "cannot be read: " in str(only_error(tmp_path / ("长" * 200 + ".txt")))


def test_opening_a_pipe_never_waits(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    with pytest.raises(ReadError, match="no regular file"):
        read_regular(pipe, 10)
    file = tmp_path / "a.txt"
    file.write_bytes(b"12345678901")
    with pytest.raises(TooLarge):
        read_regular(file, 10)
    assert read_regular(file, 11) == b"12345678901"


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as out:
        out.truncate(10**12)
    assert isinstance(only_error(path), TooLarge)


def test_folders_are_walked_in_order_without_what_is_no_article(tmp_path: Path) -> None:
    kept = ["a/1.txt", "a/2.xls", "b.txt", "c/d/e.md"]
    for name in [*kept, ".git/x.txt", "a/.hidden.txt", "MANIFEST.jsonl", "c/queries.jsonl"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "c" / "loop").symlink_to(tmp_path)
    found = [str(path.relative_to(tmp_path)) for path in iter_paths([tmp_path])]
    assert found == ["a/1.txt", "a/2.xls", "b.txt", "c/d/e.md", "c/loop"]
    assert "is a folder" in str(only_error(tmp_path / "c" / "loop"))


def test_paths_named_are_kept_as_named(tmp_path: Path) -> None:
    named = [tmp_path / "MANIFEST.jsonl", tmp_path / "missing.txt"]
    assert list(iter_paths(named)) == named


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\a.txt", "a.txt"),
        ("a．．／b.txt", "b.txt"),
        ("．．／．．", "unnamed"),
        ("a.txt\x00.pdf", "a.txt.pdf"),
        ("x\u202etxt.exe\n", "xtxt.exe"),
        ("/", "unnamed"),
        ("", "unnamed"),
        ("工会 报告.docx", "工会 报告.docx"),
        ("\ud800a.txt", "?a.txt"),
        ("工会.txt".encode("gb18030").decode("utf-8", "surrogateescape"), "工会.txt"),
        ("e\u0301.txt", "é.txt"),
        ("长" * 300 + ".txt", "长" * 196 + ".txt"),
    ],
)
def test_a_name_is_its_last_part_cleaned(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from("./\\／．＼\x00\n ")), max_size=40)
)
def test_no_name_leaves_its_folder(name: str) -> None:
    clean = clean_name(name)
    assert clean
    assert not {unicodedata.category(char) for char in clean} & {"Cc", "Cf", "Cs"}
    assert not set(clean) & set("/\\／＼\x00\n")
    assert clean not in (".", "..")
    assert clean_name(clean) == clean


def test_a_name_has_its_folders_in_front_where_another_file_has_it(tmp_path: Path) -> None:
    taken = {"简报.txt": tmp_path / "2021" / "简报.txt"}
    assert name_apart(tmp_path / "2021" / "简报.txt", taken) == "简报.txt"
    assert name_apart(tmp_path / "2022" / "简报.txt", taken) == "2022-简报.txt"
    taken["2022-简报.txt"] = tmp_path / "市" / "2022" / "简报.txt"
    assert name_apart(tmp_path / "县" / "2022" / "简报.txt", taken) == "县-2022-简报.txt"
