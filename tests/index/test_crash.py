"""Show that nothing acknowledged is lost, and nothing is half there, after any kill -9.

A child process adds, replaces and deletes documents and writes each answer it got to a log that
it syncs. It is killed at a random moment, 100 times in all. What its log says must be in the
index afterwards; the one operation under way may be there or not, but whole.
"""

import json
import os
import random
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import pytest

from index.document import Document
from tests.fakes import document
from tests.index.test_index import check, open_index

ROUNDS = 5
KILLS = 20
LONGEST_S = 0.25
"""A child lives up to this long: the first tenth of it is spent opening the folder."""


def text(number: int, version: int) -> str:
    """A short text with a word of its own, as `check` of test_index wants it."""
    return f"第{number}篇 mark{number}v{version} 工会职工之家,慰问职工{10 + version % 7}人。"


def churn(folder: Path, log: Path, seed: int) -> None:
    """Change the index until killed; say "ready", then log each operation before and after."""
    chance = random.Random(seed)
    index = open_index(folder)
    with log.open("a", encoding="utf-8") as file:

        def say(**line: object) -> None:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

        say(ready=True)
        for step in range(100_000):
            many = chance.sample(range(12), chance.choice([1, 1, 1, 3]))
            version = None if chance.random() < 0.3 else seed * 1000 + step
            say(begin=many, version=version)
            if version is None:
                for number in many[:1]:
                    index.delete(f"d{number}")
            else:
                index.add_many(document(f"d{number}", text(number, version)) for number in many)
            say(end=True)


@dataclass
class Acknowledged:
    """What a log says: the version of each document, and the operation under way at its end."""

    versions: dict[int, int] = field(default_factory=dict)
    under_way: tuple[list[int], int | None] | None = None

    def read(self, log: Path) -> None:
        """Take in a log, whose last line may be torn."""
        for line in log.read_text(encoding="utf-8").splitlines():
            try:
                said = json.loads(line)
            except ValueError:
                break
            if "begin" in said:
                self.under_way = (said["begin"], said["version"])
            elif "end" in said and self.under_way is not None:
                self.apply()

    def apply(self) -> None:
        """Count the operation under way as done."""
        assert self.under_way is not None
        many, version = self.under_way
        self.under_way = None
        if version is None:
            self.versions.pop(many[0], None)
        else:
            self.versions |= dict.fromkeys(many, version)


def kill_once(folder: Path, log: Path, seed: int) -> None:
    """Run a child and kill it at a random moment, perhaps while it opens the folder."""
    # forkserver: a fresh interpreter that has imported everything costs 10 ms, not a second
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    child = context.Process(target=churn, args=(folder, log, seed))
    child.start()
    time.sleep(random.Random(seed).uniform(0, LONGEST_S))
    assert child.is_alive(), "the child died before it was killed"
    child.kill()
    child.join()
    child.close()


def documents(versions: dict[int, int]) -> dict[str, Document]:
    """What an index with these versions holds."""
    return {
        f"d{number}": document(f"d{number}", text(number, version))
        for number, version in versions.items()
    }


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path, round_number: int) -> None:
    folder = tmp_path / "data"
    held = Acknowledged()
    operations = 0
    for number in range(KILLS):
        log = tmp_path / f"log{number}"
        log.touch()
        kill_once(folder, log, round_number * KILLS + number)
        held.read(log)
        operations += log.read_text(encoding="utf-8").count("end")
        index = open_index(folder)
        listed, _ = index.snapshot().list_documents(100)
        texts = {one.document.document_id: one.document.text for one in listed}
        if held.under_way is not None and texts != texts_of(held.versions):
            held.apply()
        held.under_way = None
        assert texts == texts_of(held.versions)
        check(index, documents(held.versions))
        index.close()
    assert operations, "no child lived long enough to do anything"


def texts_of(versions: dict[int, int]) -> dict[str, str]:
    """The texts of an index with these versions."""
    return {name: one.text for name, one in documents(versions).items()}
