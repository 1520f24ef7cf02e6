"""What was acknowledged is answered once, whatever happens to the file or to the process."""

import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from api.sqlite import connect
from api.wecom import desk, words
from api.wecom.tables import FILE, prepare
from tests.api.running import ROOT
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import Service, eventually, inbox_of, quiet_for


def test_what_is_acknowledged_is_on_the_disk(tmp_path: Path) -> None:
    with closing(connect(tmp_path / FILE, prepare)) as inbox:
        assert inbox.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        full = 2
        assert inbox.execute("PRAGMA synchronous").fetchone() == (full,)


@item(29)
def test_a_message_that_cannot_be_written_yet_is_acknowledged_and_kept_later(
    service: Service,
    fake: FakeWecom,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with closing(inbox_of(service.resources.settings.data)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert service.app("问").status_code == 200
        assert "could not be kept yet" in caplog.text
        other.execute("ROLLBACK")
    eventually(lambda: fake.sends, 2 * desk.SWEEP_S + 5)
    quiet_for(lambda: len(fake.sends) == 1)
    assert "问" not in "".join(r.getMessage() for r in caplog.records if r.levelno >= logging.INFO)


DEATHS = 30
MESSAGES = 60


@item(24)
def test_thirty_workers_killed_between_any_two_statements_lose_and_double_nothing(
    tmp_path: Path, fake: FakeWecom
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.api.wecom.mortal", str(folder), fake.url]
    subprocess.run([*command, str(DEATHS), str(MESSAGES)], cwd=ROOT, check=True, timeout=240)
    # a text whose reply a worker did not live to see goes out again, and WeCom drops the second
    said = [(one.json["touser"], one.text) for one in fake.delivered]
    assert sorted(user for user, _ in said) == sorted(f"user{n}" for n in range(MESSAGES))
    for user, text in said:
        # a question over which three workers died is given up, and says so
        assert text in (f"答：{user.replace('user', '问题')}", words.FAILED)
    assert len(fake.sends) <= MESSAGES + 6 * DEATHS
    with closing(sqlite3.connect(folder / "state.sqlite")) as state:
        turns = state.execute("SELECT COUNT(*), COUNT(DISTINCT answer_id) FROM turns").fetchone()
    assert turns[0] == turns[1] <= MESSAGES
