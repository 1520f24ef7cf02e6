"""A transaction happens whole or not at all, and a foreign file is left as it was."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from api.sqlite import OpenFile, StateError, connect, make_tables

KIND = (0x55514100, 3)
SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE things (name TEXT PRIMARY KEY);
PRAGMA application_id = {KIND[0]};
PRAGMA user_version = {KIND[1]};
COMMIT;
"""
PREPARE = partial(make_tables, schema=SCHEMA, kind=KIND)


def names(file: OpenFile) -> list[str]:
    with file.reading() as connection:
        return [name for (name,) in connection.execute("SELECT name FROM things ORDER BY name")]


def add_and_fail(file: OpenFile, name: str) -> None:
    """Fail after a row was written: a name that is there already fails in SQLite itself."""
    with file.writing() as connection:
        connection.execute("INSERT INTO things VALUES ('c')")
        connection.execute("INSERT INTO things VALUES (?)", (name,))
        raise ZeroDivisionError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "things.sqlite"


def test_a_transaction_that_fails_leaves_nothing(path: Path) -> None:
    file = OpenFile(connect(path, PREPARE), path.name)
    with file.writing() as connection:
        connection.execute("INSERT INTO things VALUES ('a')")
    for name, error in (("b", ZeroDivisionError), ("a", StateError)):
        with pytest.raises(error):
            add_and_fail(file, name)
    assert names(file) == ["a"]
    file.close()
    again = OpenFile(connect(path, PREPARE), path.name)
    assert names(again) == ["a"]
    again.close()


def test_a_file_of_another_kind_is_refused_and_left(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 9")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StateError, match="expected 0x55514100/3; nothing was changed"):
        connect(path, PREPARE)
    assert path.read_bytes() == before
    path.write_bytes(b"no database at all" * 50)
    with pytest.raises(StateError, match="cannot be used"):
        connect(path, PREPARE)
