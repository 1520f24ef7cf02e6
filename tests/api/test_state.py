"""Turns and votes are kept whole, in order, and forgotten for good."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.sqlite import StateError
from api.state import FILE, State, StoredTurn, Vote

SECRET = "公积金八百四十二元"


def turn(name: str) -> StoredTurn:
    return StoredTurn(
        name, f"问{name}", f"全问{name}", SECRET, f'{{"a": "{SECRET}"}}', "2026-01-01"
    )


def test_what_was_kept_is_there_when_opened_again(tmp_path: Path) -> None:
    state = State.open(tmp_path)
    state.add_turn("c", turn("1"), ["d1"])
    state.add_turn("c", turn("2"), ["d2", "d2"])
    state.add_turn("other", turn("3"))
    assert state.vote("2", Vote("down", "不对"), "2026-01-02")
    state.close()
    reopened = State.open(tmp_path)
    kept = reopened.conversation("c")
    assert kept
    assert [one.answer_id for one in kept.turns] == ["1", "2"]
    assert [one.vote for one in kept.turns] == [None, Vote("down", "不对")]
    assert kept.created_at == "2026-01-01"
    reopened.close()


def test_a_deleted_document_leaves_no_trace_in_answers(tmp_path: Path) -> None:
    state = State.open(tmp_path)
    state.add_turn("c", turn("1"), ["d1"])
    state.add_turn("c", StoredTurn("2", "b", "b", "别的", "{}", "2026-01-01"), ["d2"])
    state.forget_document("d1")
    kept = state.conversation("c")
    assert kept
    assert [(one.answer, one.answer_text) for one in kept.turns] == [(None, ""), ("{}", "别的")]
    for path in tmp_path.iterdir():  # the file and its write-ahead log, while it is open
        assert SECRET.encode() not in path.read_bytes()
    state.close()


def test_deleting_a_conversation_deletes_its_votes(tmp_path: Path) -> None:
    state = State.open(tmp_path)
    state.add_turn("c", turn("1"), ["d1"])
    state.vote("1", Vote("up", None), "2026-01-02")
    assert state.delete_conversation("c")
    assert not state.delete_conversation("c")
    assert not state.vote("1", Vote("up", None), "2026-01-02")
    state.close()
    with sqlite3.connect(tmp_path / FILE) as reading:
        for table in ("turns", "cited", "feedback"):
            assert reading.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    reading.close()


def test_a_failed_turn_leaves_nothing_half_done(tmp_path: Path) -> None:
    state = State.open(tmp_path)
    state.add_turn("c", turn("1"))
    with pytest.raises(StateError, match="UNIQUE"):
        state.add_turn("new", turn("1"))
    assert state.conversation("new") is None
    state.add_turn("new", turn("2"))
    state.close()


def test_many_threads_and_servers_write_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:  # all of them find no file and make one
        states = list(pool.map(lambda _: State.open(tmp_path), range(6)))

    def write(number: int) -> None:
        for one in range(25):
            states[number].add_turn(f"c{number}", turn(f"{number}-{one}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(6):
        kept = states[0].conversation(f"c{number}")
        assert kept
        assert [one.answer_id for one in kept.turns] == [f"{number}-{one}" for one in range(25)]
    for state in states:
        state.close()


@pytest.mark.parametrize("data", [b"no database" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(StateError, match=FILE):
        State.open(tmp_path)
    assert (tmp_path / FILE).read_bytes() == data


def test_another_version_is_refused(tmp_path: Path) -> None:
    State.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("PRAGMA user_version = 9")
    other.close()
    with pytest.raises(StateError, match="expected"):
        State.open(tmp_path)
