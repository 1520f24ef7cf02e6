"""The command line: the same objects as HTTP, and one line for whatever goes wrong."""

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from index.lock import FolderLock
from tests.api.running import ROOT, SEEDS, Done, Running, environment, unionqa

QUESTION = "双鸭山金秋助学筹了多少钱?"


def assert_one_line(done: Done, code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("unionqa: ")
    for word in words:
        assert word in done.stderr


def test_ask_prints_what_http_answers(server: Running, client: httpx.Client) -> None:
    done = unionqa("ask", QUESTION, "--json", DATA=server.data)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    for own in ("conversation_id", "answer_id", "timings_ms"):
        answer.pop(own)
        said.pop(own)
    assert said == answer


def test_ask_prints_for_a_person(server: Running) -> None:
    done = unionqa("ask", QUESTION, DATA=server.data)
    assert "163万元" in done.stdout
    assert "000_0152ab743622947b.txt" in done.stdout


def test_search_prints_what_http_finds(server: Running, client: httpx.Client) -> None:
    done = unionqa("search", "户外劳动者服务站", "--json", DATA=server.data)
    said = json.loads(done.stdout)["hits"]
    assert said == client.post("/v1/search", json={"query": "户外劳动者服务站"}).json()["hits"]
    assert "服务站" in unionqa("search", "户外劳动者服务站", DATA=server.data).stdout


def test_index_skips_what_it_has_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    first = unionqa("index", str(SEEDS), str(tmp_path / "picture.png"), DATA=tmp_path / "data")
    assert first.returncode == 0, first.stderr
    assert "5 articles new or changed, 0 unchanged, 1 not indexed" in first.stdout
    assert "picture.png" in first.stderr
    second = unionqa("index", str(SEEDS), DATA=tmp_path / "data")
    assert "0 articles new or changed, 5 unchanged, 0 not indexed" in second.stdout


def test_ctrl_c_keeps_what_was_committed(tmp_path: Path) -> None:
    lines = (
        json.dumps({"_id": str(n), "title": f"第{n}期", "text": f"某市总工会慰问职工{n}人。" * 20})
        for n in range(20_000)
    )
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("\n".join(lines), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "index", str(corpus)],
        cwd=ROOT,
        env=environment(DATA=tmp_path / "data"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    store = tmp_path / "data" / "unionqa.sqlite"
    committed = 0
    while not committed and process.poll() is None:
        if store.exists():
            with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as reading:
                committed = reading.execute("SELECT documents FROM state").fetchone()[0]
            reading.close()
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.startswith("interrupted: what was finished is kept: ")
    assert committed > 0


@pytest.mark.parametrize("words", [("ask", " "), ("ask", "问" * 2001), ("search", "")])
def test_an_empty_or_long_question_is_one_line(tmp_path: Path, words: tuple[str, str]) -> None:
    assert_one_line(unionqa(*words, DATA=tmp_path), 2, "expected 1 to 2000")


@pytest.mark.parametrize("words", [("ask", "你好"), ("search", "你好"), ("keys", "list")])
@pytest.mark.parametrize("made", [True, False])
def test_asking_a_folder_without_an_index_says_so_and_makes_nothing(
    tmp_path: Path, words: tuple[str, ...], *, made: bool
) -> None:
    data = tmp_path / "data"
    if made:
        data.mkdir()
    done = unionqa(*words, DATA=data)
    assert_one_line(done, 1 if words[0] == "keys" else 2, str(data), "unionqa ")
    assert [path.name for path in tmp_path.rglob("*")] == ["data"] * made


@pytest.mark.parametrize(
    "words",
    [("ask",), ("search",), ("keys", "make"), ("push", "--webhook", "00000000-0000")],
    ids=lambda words: words[0],
)
def test_bytes_that_are_not_utf8_are_one_line_and_make_nothing(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert_one_line(unionqa(*words, "\udcff\udcfe", DATA=tmp_path), 2, "not UTF-8")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for words in (("ask", "你好"), ("index", str(SEEDS)), ("keys", "make", "张三")):
        assert_one_line(unionqa(*words, DATA=tmp_path / "file"), 1, str(tmp_path / "file"))


def test_a_folder_of_no_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = unionqa("index", str(tmp_path / "empty"), DATA=tmp_path / "data")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"no file in {tmp_path / 'empty'}" in done.stderr


def test_a_missing_file_is_one_line_and_makes_no_folder(tmp_path: Path) -> None:
    done = unionqa("index", str(tmp_path / "none.txt"), DATA=tmp_path / "data")
    assert_one_line(done, 1, "none.txt", "no such file")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("words", [("ask", "你好"), ("index", str(SEEDS)), ("serve",)])
def test_a_folder_of_another_version_is_left_alone(tmp_path: Path, words: tuple[str]) -> None:
    with sqlite3.connect(tmp_path / "unionqa.sqlite") as other:
        other.execute("PRAGMA user_version = 9")
        other.execute("CREATE TABLE something (value)")
    other.close()
    before = (tmp_path / "unionqa.sqlite").read_bytes()
    assert_one_line(unionqa(*words, DATA=tmp_path, PORT=0), 1, "unionqa.sqlite", "format")
    assert [path.name for path in tmp_path.iterdir()] == ["unionqa.sqlite"]
    assert (tmp_path / "unionqa.sqlite").read_bytes() == before


def test_a_folder_being_written_is_one_line(tmp_path: Path) -> None:
    assert unionqa("index", str(SEEDS), DATA=tmp_path).returncode == 0
    lock = FolderLock(tmp_path / "lock")
    lock.acquire()
    try:
        done = unionqa("index", str(SEEDS), DATA=tmp_path)
    finally:
        lock.release()
    assert_one_line(done, 1, "being written by process")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", ("UNIONQA_PORT", "'eighty'", "integer")),
        ("PORT", "70000", ("UNIONQA_PORT", "65535")),
        ("HOST", "0.0.0.0", ("UNIONQA_HOST", "unionqa keys make")),
        ("TERMS", "/nowhere/terms.txt", ("/nowhere/terms.txt",)),
    ],
)
def test_a_wrong_setting_is_one_line(
    tmp_path: Path, name: str, value: str, words: tuple[str, ...]
) -> None:
    done = unionqa("serve", **{"DATA": tmp_path / "data", "PORT": 0, name: value})
    assert_one_line(done, 1 if name == "TERMS" else 2, *words)


def test_doctor_finds_a_good_installation_good(server: Running) -> None:
    done = unionqa("doctor", DATA=server.data, PORT=server.port)
    assert done.returncode == 0, done.stdout
    assert "BAD" not in done.stdout
    assert f"unionqa answers on {server.url}" in done.stdout


def test_doctor_names_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "unionqa.sqlite").write_bytes(b"not a database, whatever its name says" * 10)
    done = unionqa("doctor", DATA=tmp_path)
    assert done.returncode == 1
    assert "BAD  data folder" in done.stdout


def test_doctor_tries_the_terms_before_there_is_an_index(tmp_path: Path) -> None:
    done = unionqa("doctor", DATA=tmp_path / "data", TERMS="/nowhere/terms.txt")
    assert done.returncode == 1
    assert "BAD  encoder and terms: /nowhere/terms.txt" in done.stdout


def test_doctor_shows_what_cleaning_did(tmp_path: Path) -> None:
    done = unionqa("doctor", str(SEEDS / "004_795627d32e611dda.txt"), DATA=tmp_path / "data")
    assert done.returncode == 0
    for shown in ("菏泽市", "習(xí)近平", "习近平", "left out"):
        assert shown in done.stdout
    assert not (tmp_path / "data").exists()


def test_a_misspelt_setting_is_mentioned(server: Running) -> None:
    done = unionqa("ask", QUESTION, DATA=server.data, PROT=80)
    assert done.returncode == 0
    assert "UNIONQA_PROT is no setting" in done.stderr
