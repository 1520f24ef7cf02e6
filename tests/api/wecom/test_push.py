"""A group robot is asked no more than it takes, and no article is announced twice."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.wecom.client import Client
from api.wecom.inbox import Inbox
from api.wecom.push import NotPushed, push, push_digest
from index.document import Document
from index.index import Index
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import inbox_of, settings
from tests.fakes import BigramAnalyzer, FewPlaces, HashEncoder, document

HOOK = "/cgi-bin/webhook/send"


@pytest.fixture
def client(tmp_path: Path, fake: FakeWecom) -> Iterator[Client]:
    client = Client(settings(tmp_path, fake))
    yield client
    client.close()


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    inbox = Inbox.open(tmp_path)
    yield inbox
    inbox.close()


class Sleep:
    """Time that passes for the inbox in `folder` without being slept through."""

    def __init__(self, folder: Path) -> None:
        self.paused: list[float] = []
        self._folder = folder

    def __call__(self, seconds: float) -> None:
        self.paused.append(seconds)
        with closing(inbox_of(self._folder)) as inbox:
            inbox.execute("UPDATE said SET at = at - ?", (seconds,))


def said(fake: FakeWecom) -> list[str]:
    return [one.text for one in fake.of(HOOK)]


@item(96)
@pytest.mark.parametrize("text", ["a" * 2049, "工" * 683, "😀" * 1025, "一句话。" * 700])
def test_a_long_text_is_split_as_for_a_person(
    client: Client, inbox: Inbox, fake: FakeWecom, text: str
) -> None:
    push(text, "key-1", client, inbox)
    assert "".join(said(fake)) == text
    assert all(0 < len(one.encode()) <= 2048 for one in said(fake))


@item(96)
def test_no_more_than_twenty_go_out_in_a_minute_whoever_sends_them(
    tmp_path: Path, client: Client, inbox: Inbox, fake: FakeWecom
) -> None:
    sleep = Sleep(tmp_path)
    for count in (15, 30):
        push("工" * 682 * count, "key-1", client, inbox, sleep)
    push("别的机器人不必等", "key-2", client, inbox, sleep)
    assert len(said(fake)) == 46
    with closing(inbox_of(tmp_path)) as file:
        found = file.execute("SELECT receiver, at FROM said ORDER BY at").fetchall()
    times: dict[str, list[float]] = {}
    for robot, at in found:
        times.setdefault(robot, []).append(at)
    assert sorted(len(at) for at in times.values()) == [1, 45]
    for at in times.values():
        assert all(late - early >= 60 for early, late in zip(at, at[20:], strict=False))


@item(97)
def test_a_code_says_how_often_a_robot_is_asked(
    tmp_path: Path, client: Client, inbox: Inbox, fake: FakeWecom
) -> None:
    sleep = Sleep(tmp_path)
    fake.next[HOOK] = [{"errcode": 45009}]
    push("一", "key-1", client, inbox, sleep)
    assert (len(said(fake)), sleep.paused) == (2, [client.backoff_s])
    for code, tries in ((93000, 1), (-1, 3)):
        fake.forget()
        fake.next[HOOK] = [{"errcode": code}] * 9
        with pytest.raises(NotPushed, match=str(code)) as raised:
            push("一", "key-1", client, inbox, sleep)
        assert len(said(fake)) == tries
        assert "key-1" not in str(raised.value)


def opened(folder: Path, count: int) -> Index:
    """An index of so many articles with long titles."""
    index = Index.open(
        folder, analyzer=BigramAnalyzer(), encoder=HashEncoder(), gazetteer=FewPlaces()
    )
    index.add_many(titled(f"第{number}篇") for number in range(count))
    return index


def titled(title: str) -> Document:
    return document(title, "工会", title=title + "题" * 100)


def test_a_digest_that_broke_off_goes_on_where_it_was(tmp_path: Path, fake: FakeWecom) -> None:
    index, inbox, given = opened(tmp_path, 18), Inbox.open(tmp_path), settings(tmp_path, fake)
    fake.next[HOOK] = [{}, {"errcode": 93000}]
    with pytest.raises(NotPushed):
        push_digest(index.snapshot(), inbox, given, "key-1")
    assert len(said(fake)) == 2
    index.add(titled("新来的一篇"))
    sent = push_digest(index.snapshot(), inbox, given, "key-1")
    assert sent == len(said(fake)) - 2
    first, refused, *again = said(fake)
    assert again[0] == refused
    text = "\n".join([first, *again])
    assert all(text.count(f"第{number}篇") == 1 for number in range(18))
    assert text.count("新来的一篇") == 1
    assert push_digest(index.snapshot(), inbox, given, "key-1") == 0
    inbox.close()


def test_whoever_is_killed_while_sending_does_not_send_again(
    tmp_path: Path, fake: FakeWecom
) -> None:
    index, inbox, given = opened(tmp_path, 18), Inbox.open(tmp_path), settings(tmp_path, fake)
    noted: list[list[str]] = []

    def looked() -> dict[str, int]:
        # what a new process would find, while WeCom has the message and we have no reply yet
        with closing(inbox_of(tmp_path)) as file:
            (mark,) = file.execute("SELECT value FROM marks WHERE name = 'digest'").fetchone()
        noted.append(json.loads(mark)["left"])
        return {}

    fake.next[HOOK] = [looked] * 9
    count = push_digest(index.snapshot(), inbox, given, "key-1")
    assert len(noted) == count > 1
    for number, left in enumerate(noted):
        assert left == said(fake)[number + 1 :]
    inbox.close()
