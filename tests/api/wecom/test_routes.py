"""An AI bot's stream shows the whole text so far, ends in time, and what it lacks comes late."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from api.examples import Examples
from api.wecom import words
from api.wecom.fit import BOT_BYTES
from index.index import Index
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import (
    BOT_KEYS,
    Json,
    Service,
    Told,
    bot_text,
    eventually,
    quiet_for,
    refresh,
    serving,
)


def shown(reply: Json) -> tuple[bool, str]:
    """Whether a stream ended, and what it shows."""
    assert reply["msgtype"] == "stream"
    return reply["stream"]["finish"], reply["stream"]["content"]


def finished(service: Service, stream: str, **who: str) -> str:
    """What a stream shows in the end."""
    eventually(lambda: shown(service.bot(refresh(stream, **who)))[0])
    return shown(service.bot(refresh(stream, **who)))[1]


@item(53, 55, 56)
def test_a_stream_begins_at_once_and_ends_with_the_answer(service: Service) -> None:
    service.told.go.clear()
    first = service.bot(bot_text("@RobotA 株洲", chat="G1"))
    identity = first["stream"]["id"]
    assert shown(first) == (False, "")
    assert len(identity) == 32
    for _ in range(5):
        assert shown(service.bot(refresh(identity, chat="G1"))) == (False, "")
    service.told.go.set()
    assert finished(service, identity, chat="G1") == "答：株洲"
    for _ in range(3):
        assert shown(service.bot(refresh(identity, chat="G1"))) == (True, "答：株洲")
    assert service.told.questions == ["株洲"]


@item(54, 57)
def test_streams_differ_and_a_repeated_question_has_one(service: Service) -> None:
    message = bot_text("一")

    def ask(_: int) -> str:
        return str(service.bot(message)["stream"]["id"])

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == 1
    others = {service.bot(bot_text("一"))["stream"]["id"] for _ in range(5)}
    assert len(others) == 5
    eventually(lambda: len(service.told.asked) == 6)
    stream = service.bot(message)["stream"]["id"]
    again = refresh(stream)
    refreshes = [*(refresh(stream) for _ in range(10)), again, again]
    assert {service.bot(one)["stream"]["id"] for one in refreshes} == {stream}
    assert len(service.told.asked) == 6


@item(72)
def test_a_person_with_three_questions_holds_nobody_up(service: Service) -> None:
    service.told.text = lambda question: f"<think>想</think>{question}"
    service.told.go.clear()
    streams = [service.bot(bot_text(f"问{number}"))["stream"]["id"] for number in range(3)]
    other = service.bot(bot_text("别人的", "lisi"))["stream"]["id"]
    # hers is taken up while his first is still being answered
    eventually(lambda: {"问0", "别人的"} <= set(service.told.questions))
    service.told.go.set()
    for number, stream in enumerate(streams):
        assert finished(service, stream) == f"＜think>想＜/think>问{number}"
    assert "<think" not in finished(service, other, user="lisi")


@item(70)
def test_an_id_that_cannot_be_resolved_gives_no_more_rights_than_any_other(
    service: Service, fake: FakeWecom
) -> None:
    # an id says only whose conversation and whose stream it is: here, nobody else's
    whose = "/cgi-bin/batch/openuserid_to_userid"
    fake.next[whose] = [{"errcode": 40058}]
    stream = service.bot(bot_text("问", "woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA"))["stream"]["id"]
    assert shown(service.bot(refresh(stream))) == (True, words.NO_STREAM)
    content = finished(service, stream, user="woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA")
    assert content == "答：问"
    assert len(fake.of(whose)) == 1


@item(61, 73)
def test_a_redirect_is_not_followed(tmp_path: Path, fake: FakeWecom) -> None:
    fake.status, fake.headers = 302, {"location": f"{fake.url}/elsewhere"}
    with serving(tmp_path / "data", fake, wecom_stream_deadline_s=0.1) as service:
        service.bot(bot_text("问", response_url=f"{fake.url}/cgi-bin/aibot/response"))
        eventually(lambda: fake.lates)
        quiet_for(lambda: len(fake.lates) == 1 and not fake.of("/elsewhere"))


@item(56, 58)
def test_nobody_else_sees_a_stream(service: Service) -> None:
    identity = service.bot(bot_text("一", chat="G1"))["stream"]["id"]
    finished(service, identity, chat="G1")
    for other in (refresh(identity, "lisi", "G1"), refresh(identity, chat="G2"),
                  refresh(identity), refresh("0" * 32)):  # fmt: skip
        assert shown(service.bot(other)) == (True, words.NO_STREAM)


@item(60)
def test_a_stream_ends_before_its_time_and_the_answer_is_posted_once(
    tmp_path: Path, fake: FakeWecom
) -> None:
    with serving(tmp_path / "data", fake, wecom_stream_deadline_s=0.3) as service:
        service.told.go.clear()
        url = f"{fake.url}/cgi-bin/aibot/response?response_code=code-secret"
        reply = service.bot(bot_text("慢", response_url=url))
        assert finished(service, reply["stream"]["id"]) == words.LATE
        service.told.go.set()
        eventually(lambda: fake.lates)
        quiet_for(lambda: len(fake.lates) == 1)
        assert fake.lates[0].json == {"msgtype": "markdown", "markdown": {"content": "答：慢"}}
        assert finished(service, reply["stream"]["id"]) == words.LATE


def test_an_answer_that_nobody_fetched_is_posted(tmp_path: Path, fake: FakeWecom) -> None:
    with serving(tmp_path / "data", fake, wecom_stream_deadline_s=0.3) as service:
        service.bot(bot_text("问", response_url=f"{fake.url}/cgi-bin/aibot/response"))
        eventually(lambda: fake.lates)
        quiet_for(lambda: len(fake.lates) == 1)


@item(61)
def test_a_late_answer_is_posted_once_even_where_it_fails(tmp_path: Path, fake: FakeWecom) -> None:
    def silent() -> Json:
        time.sleep(0.5)
        return {}

    fake.next["/cgi-bin/aibot/response"] = [{"errcode": 40058}, b"", b"no JSON", silent]
    limits: dict[str, Any] = {"wecom_stream_deadline_s": 0.1, "wecom_timeout_s": 0.2}
    with serving(tmp_path / "data", fake, **limits) as service:
        for number in range(4):
            url = f"{fake.url}/cgi-bin/aibot/response"
            service.bot(bot_text("问", f"user{number}", response_url=url))
        eventually(lambda: len(fake.lates) == 4)
        quiet_for(lambda: len(fake.lates) == 4, 1)


@item(60)
def test_a_late_answer_is_not_posted_after_its_hour(tmp_path: Path, fake: FakeWecom) -> None:
    limits: dict[str, Any] = {"wecom_stream_deadline_s": 0.1, "wecom_response_url_s": 0.3}
    with serving(tmp_path / "data", fake, **limits) as service:
        service.told.go.clear()
        url = f"{fake.url}/cgi-bin/aibot/response"
        finished(service, service.bot(bot_text("慢", response_url=url))["stream"]["id"])
        quiet_for(lambda: not fake.lates)
        service.told.go.set()
        quiet_for(lambda: not fake.lates, 0.8)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:22/", "http://169.254.169.254/", "file:///etc/passwd", "http://[::1"]
)
@item(61, 73)
def test_an_address_that_is_not_on_the_list_is_not_called(
    tmp_path: Path, fake: FakeWecom, url: str
) -> None:
    url = url.replace("http://127.0.0.1:22", fake.url)
    limits: dict[str, Any] = {"wecom_stream_deadline_s": 0.1, "wecom_allowed_hosts": ""}
    with serving(tmp_path / "data", fake, **limits) as service:
        service.bot(bot_text("问", response_url=url, image={"url": f"{fake.url}/picture"}))
        eventually(lambda: service.told.asked)
        ours = {"/cgi-bin/gettoken", "/cgi-bin/batch/openuserid_to_userid"}
        quiet_for(lambda: {one.path for one in fake.received} <= ours)


@pytest.mark.parametrize(
    ("text", "whole"),
    [("a" * BOT_BYTES, True), ("a" * (BOT_BYTES + 1), False), ("工" * 6826, True),
     ("工" * 6827, False), ("会。" * 17_000, False)],
    ids=["20480", "20481", "6826", "6827", "100 kB"],
)  # fmt: skip
@item(59)
def test_a_long_answer_is_announced_and_its_rest_posted(
    service: Service, fake: FakeWecom, text: str, whole: bool
) -> None:
    service.told.text = lambda _: text
    url = f"{fake.url}/cgi-bin/aibot/response"
    content = finished(service, service.bot(bot_text("长", response_url=url))["stream"]["id"])
    assert len(content.encode()) <= BOT_BYTES
    if whole:
        assert content == text
        quiet_for(lambda: not fake.lates)
        return
    assert content.endswith(words.REST)
    eventually(lambda: fake.lates)
    assert len(fake.lates[0].text.encode()) <= BOT_BYTES
    begun = content.removesuffix(words.REST)
    assert text.startswith(begun)
    assert text[len(begun) :].startswith(fake.lates[0].text.split("\n")[0])


@item(59)
def test_what_has_no_address_for_its_rest_is_cut_and_says_so(
    service: Service, fake: FakeWecom
) -> None:
    service.told.text = lambda _: "会。" * 17_000
    stream = service.bot(bot_text("长"))["stream"]["id"]
    content = finished(service, stream)
    assert len(content.encode()) <= BOT_BYTES
    assert content.endswith("以下省略）")
    assert shown(service.bot(refresh(stream))) == (True, content)
    assert not fake.lates


@item(55)
def test_who_waits_is_told_so_in_the_same_words_until_the_answer(
    service: Service, fake: FakeWecom
) -> None:
    service.told.go.clear()
    for number in range(20):
        service.app("问", user=f"user{number}")
    eventually(lambda: len(service.told.asked) == 4)
    stream = service.bot(bot_text("排队"))["stream"]["id"]
    waits = (False, words.please_wait(20))
    assert shown(service.bot(refresh(stream))) == waits
    service.told.go.set()
    said = [waits]
    while not said[-1][0]:
        said.append(shown(service.bot(refresh(stream))))
    assert set(said) == {waits, (True, "答：排队")}
    assert fake.url


@item(62)
def test_a_failing_answerer_ends_the_stream(service: Service) -> None:
    service.told.fails = True
    assert finished(service, service.bot(bot_text("问"))["stream"]["id"]) == words.FAILED


@item(63)
def test_a_stream_outlives_its_worker(tmp_path: Path, fake: FakeWecom) -> None:
    told = Told()
    told.go.clear()
    folder = tmp_path / "data"
    with serving(folder, fake, told) as one, serving(folder, fake, told) as other:
        identity = one.bot(bot_text("问"))["stream"]["id"]
        assert shown(other.bot(refresh(identity))) == (False, "")
        told.go.set()
        assert finished(other, identity) == "答：问"
    with serving(folder, fake) as again:
        assert shown(again.bot(refresh(identity))) == (True, "答：问")


def event(kind: str, **fields: Json) -> Json:
    body = bot_text("", msgtype="event", event={"eventtype": kind, kind: fields})
    del body["text"], body["chattype"]
    return body


@item(64)
def test_who_enters_is_greeted(service: Service) -> None:
    reply = service.bot(event("enter_chat"))
    assert reply["msgtype"] == "text"
    assert "工会问答" in reply["text"]["content"]


class Slow(Examples):
    """Examples that are found once they may be."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def of(self, _: Index) -> list[str]:
        self.go.wait()
        return ["一？", "二？", "三？", "四？"]


@item(10, 64)
def test_a_callback_does_not_wait_for_examples(tmp_path: Path, fake: FakeWecom) -> None:
    slow = Slow()
    with serving(tmp_path / "data", fake, examples=slow) as service:
        assert "？" not in service.bot(event("enter_chat"))["text"]["content"]
        service.app("帮助")
        slow.go.set()

        def greeting() -> str:
            return str(service.bot(event("enter_chat"))["text"]["content"])

        eventually(lambda: "一？" in greeting())
        assert [line for line in greeting().split("\n") if line.startswith("·")] == [
            "· 一？",
            "· 二？",
            "· 三？",
        ]


@item(65)
def test_a_vote_is_kept_once_and_taken_back(service: Service) -> None:
    identity = service.bot(bot_text("一"))["stream"]["id"]
    finished(service, identity)
    conversation = "SELECT conversation_id FROM turns WHERE answer_id = ?"
    with service.resources.state.reading() as connection:
        found = connection.execute(conversation, (identity,)).fetchone()

    def vote() -> Any:  # noqa: ANN401
        kept = service.resources.state.conversation(found[0])
        assert kept
        return kept.turns[0].vote

    down = event("feedback_event", id=identity, type=2, content="少了一半",
                 inaccurate_reason_list=[2, 9, "x"])  # fmt: skip
    for _ in range(2):
        assert service.bot(down) is None
    assert (vote().vote, vote().comment) == ("down", "内容不完整；少了一半")
    assert service.bot(event("feedback_event", id=identity, type=1)) is None
    assert vote().vote == "up"
    assert service.bot(down) is None  # WeCom delivers the first one again
    assert vote().vote == "up"
    assert service.bot(event("feedback_event", id=identity, type=3)) is None
    assert vote() is None
    assert service.bot(event("template_card_event", task_id="1")) is None
    assert service.bot(event("another")) is None


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"msgtype": "voice", "voice": {"content": "语音"}}, "语音"),
        (
            {
                "msgtype": "mixed",
                "mixed": {
                    "msg_item": [
                        {"msgtype": "text", "text": {"content": "@RobotA 先"}},
                        {"msgtype": "image", "image": {"url": "http://127.0.0.1:1/"}},
                        {"msgtype": "text", "text": {"content": "后"}},
                    ]
                },
            },
            "先\n后",
        ),
        ({"quote": {"msgtype": "text", "text": {"content": "引"}}}, "问\n引"),
        ({"quote": {"msgtype": "text", "text": {"content": "引" * 6000}}}, "问\n" + "引" * 1998),
        (
            {
                "msgtype": "image",
                "image": {"url": "http://127.0.0.1:1/"},
                "quote": {"msgtype": "voice", "voice": {"content": "引"}},
            },
            "引",
        ),
        (
            {
                "text": {"content": "@RobotA 新对话"},
                "quote": {"msgtype": "text", "text": {"content": "引"}},
            },
            words.AFRESH,
        ),
        ({"msgtype": "image", "image": {"url": "http://127.0.0.1:1/"}}, words.NOT_TEXT),
        ({"msgtype": "file", "file": {"url": "http://127.0.0.1:1/"}}, words.NOT_TEXT),
        ({"msgtype": "unheard of"}, words.NOT_TEXT),
        ({"text": {"content": "@RobotA"}}, words.NOTHING),
        ({"text": {"content": "长" * 2001}}, words.TOO_LONG),
    ],
)
@item(66)
def test_what_is_asked_is_understood(service: Service, changes: Json, asked: str) -> None:
    reply = service.bot(bot_text("问") | changes)
    content = finished(service, reply["stream"]["id"])
    if asked in (words.NOT_TEXT, words.NOTHING, words.TOO_LONG, words.AFRESH):
        assert content == asked
        assert not service.told.asked
    else:
        assert service.told.questions == [asked]


@pytest.mark.parametrize(
    "changes",
    [{"aibotid": "ANOTHER"}, {"msgid": None}, {"msgid": ""}, {"from": {}}, {"from": "x"},
     {"text": [], "msgtype": 1}, {"event": 1, "msgtype": "event"}],
)  # fmt: skip
@item(69)
def test_what_is_not_for_the_bot_is_left(service: Service, changes: Json) -> None:
    response = service.post("/wecom/bot", BOT_KEYS, _json(bot_text("问") | changes))
    assert response.status_code == 200
    quiet_for(lambda: not service.told.asked, 0.2)


def _json(body: Json) -> str:
    return json.dumps(body)
