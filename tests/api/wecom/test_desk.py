"""A question to the app is acknowledged at once and answered once, whatever happens between."""

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random

import httpx
import pytest

from api.wecom import words
from tests.api.running import ROOT
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom, Reply
from tests.api.wecom.rig import (
    AGENT,
    APP_KEYS,
    BOT_KEYS,
    CORP,
    Service,
    Told,
    app_xml,
    bot_text,
    event_xml,
    eventually,
    opened,
    quiet_for,
    refresh,
    sealed,
    serving,
)


@item(19, 34, 46, 51)
def test_a_question_is_acknowledged_at_once_and_answered_later(
    service: Service, fake: FakeWecom
) -> None:
    service.told.go.clear()
    response = service.app("株洲筹了多少钱")
    assert (response.status_code, response.content) == (200, b"")
    quiet_for(lambda: not fake.sends)
    service.told.go.set()
    eventually(lambda: fake.sends)
    quiet_for(lambda: len(fake.sends) == 1)
    body = fake.sends[0].json
    assert (body["touser"], body["agentid"], body["msgtype"]) == ("zhangsan", AGENT, "text")
    assert body["text"]["content"] == "答：株洲筹了多少钱"
    assert (body["enable_id_trans"], body["enable_duplicate_check"]) == (0, 1)
    assert b"\\u" not in fake.sends[0].body
    assert fake.sends[0].content_type == "application/json"


@item(20, 21)
def test_the_same_delivery_again_is_absorbed(service: Service, fake: FakeWecom) -> None:
    query, body = sealed("/wecom/app", APP_KEYS, app_xml("一"))

    def deliver(_: int) -> int:
        return service.http.post("/wecom/app", params=query, content=body).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(deliver, range(4))) == [200] * 4
    for _ in range(3):
        assert service.app("一", number=99).status_code == 200
    eventually(lambda: len(fake.sends) == 2)
    quiet_for(lambda: len(fake.sends) == 2)
    assert service.told.questions == ["一", "一"]


@item(22, 32)
def test_message_ids_differ_in_their_last_digit(service: Service, fake: FakeWecom) -> None:
    for number in (18446744073709551615, 18446744073709551614, 7459035031717794886):
        service.app("同样的问题", number=number)
    eventually(lambda: len(fake.sends) == 3)


@item(23)
def test_duplicates_are_absorbed_by_the_other_worker_and_after_a_restart(
    tmp_path: Path, fake: FakeWecom
) -> None:
    told = Told()
    message = app_xml("一", number=5)
    with (
        serving(tmp_path / "data", fake, told) as one,
        serving(tmp_path / "data", fake, told) as other,
    ):
        for worker in (one, other, one, other):
            assert worker.post("/wecom/app", APP_KEYS, message).status_code == 200
        eventually(lambda: fake.sends)
    with serving(tmp_path / "data", fake, told) as again:
        again.post("/wecom/app", APP_KEYS, message)
        quiet_for(lambda: len(fake.sends) == 1)
    assert told.questions == ["一"]


@item(24, 63)
def test_what_a_killed_worker_acknowledged_is_answered_by_the_next(
    tmp_path: Path, fake: FakeWecom
) -> None:
    folder = tmp_path / "data"
    command = [sys.executable, "-m", "tests.api.wecom.worker", str(folder), fake.url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        address = worker.stdout.readline().strip()
        with httpx.Client(base_url=address, trust_env=False) as http:
            for user in ("甲", "乙"):
                query, body = sealed("/wecom/app", APP_KEYS, app_xml(f"{user}的问题", user))
                assert http.post("/wecom/app", params=query, content=body).status_code == 200
            query, body = sealed("/wecom/bot", BOT_KEYS, json.dumps(bot_text("机器人的问题")))
            begun = opened(http.post("/wecom/bot", params=query, content=body))["stream"]
            assert (begun["finish"], begun["content"]) == (False, "")
        worker.kill()
    assert not fake.sends
    told = Told()
    told.go.clear()
    with serving(folder, fake, told) as service:
        # in the middle of the stream, and nobody has an answer yet
        again = service.bot(refresh(begun["id"]))["stream"]
        assert again == {"id": begun["id"], "finish": False, "content": ""}
        told.go.set()
        eventually(lambda: len(fake.sends) == 2)
        quiet_for(lambda: len(fake.sends) == 2)
        assert sorted(told.questions) == ["乙的问题", "机器人的问题", "甲的问题"]
        assert service.bot(refresh(begun["id"]))["stream"]["content"] == "答：机器人的问题"


@pytest.mark.parametrize("kind", ["image", "voice", "video", "location", "link"])
@item(27)
def test_what_is_no_text_gets_one_polite_reply(
    service: Service, fake: FakeWecom, kind: str
) -> None:
    for _ in range(2):
        service.post("/wecom/app", APP_KEYS, app_xml("", number=7, kind=kind))
    eventually(lambda: fake.sends)
    quiet_for(lambda: len(fake.sends) == 1)
    assert fake.sends[0].text == words.NOT_TEXT
    assert not service.told.asked


@pytest.mark.parametrize(
    "plain",
    [
        app_xml("问", kind="foo"),
        event_xml("bar"),
        event_xml("unsubscribe"),
        app_xml(""),
        app_xml("  \n "),
        app_xml("问").replace("<Content><![CDATA[问]]></Content>", ""),
        app_xml("问").replace(f"<AgentID>{AGENT}<", "<AgentID>1<"),
        app_xml("问").replace(f"<ToUserName><![CDATA[{CORP}", "<ToUserName><![CDATA[wx"),
        app_xml("问", user="@all"),
        app_xml("问", user="a|b"),
        app_xml("问", user=""),
    ],
)
@item(26, 31, 51)
def test_what_is_not_for_us_is_acknowledged_and_left(
    service: Service, fake: FakeWecom, plain: str
) -> None:
    assert service.post("/wecom/app", APP_KEYS, plain).status_code == 200
    quiet_for(lambda: not fake.sends, 0.2)
    assert not service.told.asked


@item(25)
def test_events_without_an_id_are_told_apart_by_what_they_say(
    service: Service, fake: FakeWecom
) -> None:
    for event in ("enter_agent", "subscribe", "subscribe", "enter_agent"):
        service.post("/wecom/app", APP_KEYS, event_xml(event))
    service.post("/wecom/app", APP_KEYS, event_xml("subscribe", user="lisi"))
    eventually(lambda: len(fake.sends) == 2)
    quiet_for(lambda: len(fake.sends) == 2)
    assert {one.json["touser"] for one in fake.sends} == {"zhangsan", "lisi"}
    assert "工会问答" in fake.sends[0].text


@pytest.mark.parametrize(
    "text",
    [
        "😀𠀀",
        "a]]>b",
        "&lt;&amp;",
        "“引号”'\"",
        "一\r\n二",
        "问" * 682,
        "问" * 682 + "ab",
        " 前后 ",
    ],
)
@item(33)
def test_a_question_reaches_the_answerer_unchanged(service: Service, text: str) -> None:
    service.app(text)
    eventually(lambda: service.told.asked)
    assert service.told.questions == [text]


@item(29)
def test_a_failing_answerer_is_admitted_and_logged_without_the_question(
    service: Service, fake: FakeWecom, caplog: pytest.LogCaptureFixture
) -> None:
    service.told.fails = True
    assert service.app("保密的问题").status_code == 200
    eventually(lambda: fake.sends)
    assert fake.sends[0].text == words.FAILED
    assert "RuntimeError" in caplog.text
    assert "保密的问题" not in caplog.text


@item(68)
def test_each_person_has_a_conversation_in_each_chat(service: Service, fake: FakeWecom) -> None:
    told = service.told

    def before() -> list[str]:
        return [turn.question for turn in told.asked[-1][1].turns]

    def has(asked: int) -> bool:
        return len(told.asked) == asked

    service.app("一")
    eventually(lambda: len(told.asked) == 1)
    service.app("二")
    eventually(lambda: len(told.asked) == 2)
    assert before() == ["一"]
    for user, chat in (("lisi", ""), ("zhangsan", "G1"), ("lisi", "G1"), ("zhangsan", "G2")):
        asked = len(told.asked)
        service.bot(bot_text(f"{user}{chat}", user, chat))
        eventually(partial(has, asked + 1))
        assert before() == []
    service.app("新对话")
    service.app("三")
    eventually(lambda: told.questions[-1] == "三")
    assert before() == []
    eventually(lambda: any(one.text == words.AFRESH for one in fake.sends))


@item(22)
def test_the_same_answer_arrives_as_often_as_it_is_asked_for(
    service: Service, fake: FakeWecom
) -> None:
    service.told.text = lambda _: "163万元"
    for text in ("帮助", "帮助", "一", "二", "帮助"):
        service.app(text)
    eventually(lambda: len(fake.sends) == 5)
    # WeCom has dropped none of them as a duplicate
    texts = [one.text for one in fake.delivered]
    assert texts[2:4] == ["163万元"] * 2
    assert len(set(texts)) == 2


def test_help_explains(service: Service, fake: FakeWecom) -> None:
    service.app("帮助")
    eventually(lambda: fake.sends)
    assert "新对话" in fake.sends[0].text
    assert not service.told.asked


def test_a_long_line_is_told_how_long_and_a_full_one_is_closed(
    tmp_path: Path, fake: FakeWecom
) -> None:
    with serving(tmp_path / "data", fake, wecom_queue=25, wecom_user_queue=2) as service:
        service.told.go.clear()
        for number in range(26):
            service.app("问", user=f"user{number}")
        service.app("问", user="user3")
        service.told.go.set()
        eventually(lambda: len(service.told.asked) == 25)
        eventually(lambda: len(fake.sends) == 25 + 5 + 2)
        said = [(one.json["touser"], one.text) for one in fake.sends]
    assert ("user24", words.please_wait(24)) in said
    assert ("user25", words.BUSY) in said


@item(99)
def test_bookkeeping_of_a_random_run(tmp_path: Path, fake: FakeWecom) -> None:
    random = Random(8)
    valid: list[str] = []
    failures: list[Reply] = [
        {"errcode": random.choice((-1, 42001))} if number % 10 == 9 else {} for number in range(900)
    ]
    fake.next["/cgi-bin/message/send"] = list(failures)
    told = Told()
    with (
        serving(tmp_path / "data", fake, told) as one,
        serving(tmp_path / "data", fake, told) as other,
    ):
        for number in range(500):
            worker = random.choice((one, other))
            question, user = f"问题{number}", f"user{number % 50}"
            draw = random.random()
            if draw < 0.1:
                worker.post("/wecom/app", APP_KEYS, event_xml("click", user, number))
                continue
            query, body = sealed("/wecom/app", APP_KEYS, app_xml(question, user))
            if draw < 0.2:
                forged = query | {"nonce": "another"}
                refused = worker.http.post("/wecom/app", params=forged, content=body)
                assert refused.status_code == 403
                continue
            valid.append(question)
            copies = random.randint(2, 4) if random.random() < 0.2 else 1
            for copy in range(copies):
                to = (one, other)[(number + copy) % 2]
                assert to.http.post("/wecom/app", params=query, content=body).status_code == 200
        delivered = "SELECT COUNT(*) FROM messages WHERE state != 'done'"
        with sqlite3.connect(tmp_path / "data" / "wecom.sqlite") as inbox:
            eventually(lambda: inbox.execute(delivered).fetchone() == (0,), 60)
        inbox.close()
    assert sorted(told.questions) == sorted(valid)
    assert sorted(one.text for one in fake.delivered) == sorted(f"答：{one}" for one in valid)
    # no send but those that WeCom had refused was made again
    given = len(failures) - len(fake.next["/cgi-bin/message/send"])
    assert len(fake.sends) == len(valid) + sum(map(bool, failures[:given]))
