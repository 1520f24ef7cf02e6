"""WeCom's numbers decide what is sent again and when; tokens are fetched once for all who wait."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.wecom.client import NOT_DELIVERED, Client, pause
from api.wecom.fit import APP_BYTES
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import (
    AES,
    SECRET,
    TOKEN,
    Service,
    bot_text,
    eventually,
    inbox_of,
    quiet_for,
    serving,
    settings,
)

SEND = "/cgi-bin/message/send"
TOKENS = "/cgi-bin/gettoken"


NUMBERED = "".join(f"第{number}句。" for number in range(900))
"""A text of which no part equals another: their order shows."""


def ask(service: Service, count: int) -> None:
    for number in range(count):
        service.app(f"问{number}", user=f"user{number}")


@item(35, 36)
def test_fifty_answers_at_once_need_one_token(tmp_path: Path, fake: FakeWecom) -> None:
    with serving(tmp_path / "data", fake) as service:
        service.told.go.clear()
        ask(service, 50)
        service.told.go.set()
        eventually(lambda: sum(one.text.startswith("答") for one in fake.sends) == 50)
    assert len(fake.fetches) == 1
    assert fake.fetches[0].query["corpsecret"] == [SECRET]


@item(36)
def test_each_of_two_workers_fetches_one_token(tmp_path: Path, fake: FakeWecom) -> None:
    folder = tmp_path / "data"
    with serving(folder, fake) as one, serving(folder, fake) as other:
        ask(one, 10)
        ask(other, 10)
        eventually(lambda: len(fake.sends) == 20)
    assert len(fake.fetches) <= 2


@item(52)
def test_two_secrets_never_share_a_token(tmp_path: Path, fake: FakeWecom) -> None:
    for secret in ("one", "other"):
        with closing(Client(settings(tmp_path, fake, wecom_secret=SecretStr(secret)))) as client:
            assert client.send_text("u", "答") == 0
    secrets = [one.query["corpsecret"] for one in fake.fetches]
    assert secrets == [["one"], ["other"]]
    first, second = (one.query["access_token"] for one in fake.sends)
    assert first != second


@item(45)
def test_a_broken_wecom_is_tried_three_times(service: Service, fake: FakeWecom) -> None:
    service.app("先取令牌")
    eventually(lambda: len(fake.sends) == 1)
    fake.status = 500
    service.app("问")
    eventually(lambda: len(fake.sends) == 4)
    quiet_for(lambda: len(fake.sends) == 4)
    fake.status = 200
    fake.hangs_up = 2
    service.app("又问")
    eventually(lambda: len(fake.sends) == 7)
    assert fake.sends[-1].text == "答：又问"


@item(40)
def test_a_token_that_ended_is_fetched_once_for_all(tmp_path: Path, fake: FakeWecom) -> None:
    fake.refused.add(f"token-{fake.tokens + 1}-secret")
    fake.delay_s = 0.2
    with closing(Client(settings(tmp_path, fake))) as client, ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda n: client.send_text(f"u{n}", "答"), range(20)))
    assert codes == [0] * 20
    assert len(fake.fetches) == 2
    assert len(fake.sends) <= 40


@pytest.mark.parametrize("code", [42001, 40014, 41001])
@item(38)
def test_a_refused_token_is_fetched_anew_and_the_answer_sent_again(
    service: Service, fake: FakeWecom, code: int
) -> None:
    fake.next[SEND] = [{"errcode": code}]
    service.app("问")
    eventually(lambda: len(fake.sends) == 2)
    quiet_for(lambda: len(fake.sends) == 2)
    first, second = (one.query["access_token"] for one in fake.sends)
    assert first != second == [f"token-{fake.tokens}-secret"]


@item(39)
def test_a_token_that_is_always_refused_is_not_asked_for_without_end(
    tmp_path: Path, fake: FakeWecom
) -> None:
    fake.next[SEND] = [{"errcode": 40014}] * 2
    with serving(tmp_path / "data", fake) as service:
        service.app("问")
        eventually(lambda: len(fake.sends) == 2)
        quiet_for(lambda: (len(fake.sends), len(fake.fetches)) == (2, 2))
        service.app("又问")
        eventually(lambda: len(fake.sends) == 3)


@item(37)
def test_a_short_token_is_fetched_once_for_its_time(tmp_path: Path, fake: FakeWecom) -> None:
    given = settings(tmp_path, fake)
    with closing(Client(given)) as client:
        fake.expires_in = 1
        for _ in range(10):
            assert client.send_text("u", "答") == 0
        assert len(fake.fetches) == 1
        time.sleep(1)
        assert client.send_text("u", "答") == 0
        assert len(fake.fetches) == 2
    for seconds in (0, -5):
        with closing(Client(given)) as client:
            fake.expires_in = seconds
            before = len(fake.fetches)
            assert [client.send_text("u", "答") for _ in range(5)] == [0] * 5
            assert len(fake.fetches) == before + 1


@item(70)
def test_a_person_who_is_resolved_has_the_members_conversation_and_nobody_else_has(
    service: Service, fake: FakeWecom
) -> None:
    whose = "/cgi-bin/batch/openuserid_to_userid"
    known = {"userid_list": [{"open_userid": "wo-known", "userid": "lisi"}]}
    unknown = {"userid_list": [], "invalid_open_userid_list": ["wo-other"]}
    fake.next[whose] = [{"errcode": -1}, unknown, known, unknown]

    def before(user: str, question: str) -> list[str]:
        """What was said before, as the answerer is told."""
        service.bot(bot_text(question, user, "G1"))
        eventually(lambda: question in service.told.questions)
        found = dict(service.told.asked)[question]
        return [turn.question for turn in found.turns]

    # while WeCom cannot say, the id is nobody's but its own
    assert before("wo-known", "一") == []
    time.sleep(service.resources.settings.wecom_backoff_s)
    assert before("lisi", "二") == []
    assert before("wo-known", "三") == ["二"]
    assert before("wo-other", "四") == []
    for question, earlier in (("五", ["二", "三"]), ("六", ["二", "三", "五"])):
        assert before("wo-known", question) == earlier
    assert before("wo-other", "七") == ["四"]
    lists = [one.json["open_userid_list"] for one in fake.of(whose)]
    assert lists == [["wo-known"], ["lisi"], ["wo-known"], ["wo-other"]]
    # another worker, or the next, does not ask again
    assert service.resources.settings.app_keys is not None
    with closing(inbox_of(service.resources.settings.data)) as inbox:
        marks = dict(inbox.execute("SELECT name, value FROM marks WHERE name LIKE 'member %'"))
    assert marks == {"member wo-known": "lisi"}


@pytest.mark.parametrize("code", [40001, 40013])
@item(41)
def test_wrong_keys_are_reported_and_not_tried_again_and_again(
    tmp_path: Path, fake: FakeWecom, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    fake.next[TOKENS] = [{"errcode": code}] * 100
    with serving(tmp_path / "data", fake, wecom_backoff_s=30) as service:
        ask(service, 20)
        eventually(lambda: fake.fetches)
        quiet_for(lambda: len(fake.fetches) == 1, 0.8)
    assert not fake.sends
    assert f"no access token, {code}" in caplog.text
    assert "UNIONQA_WECOM" in caplog.text


@pytest.mark.parametrize(
    ("replies", "sends"),
    [
        ([{"errcode": -1}] * 2, 3),
        ([{"errcode": -1}] * 9, 3),
        ([{"errcode": 45033}] * 2, 3),
        ([{"errcode": 45009}], 2),
        # each try with a token that had ended is one more with a new one
        ([{"errcode": 42001}] * 3, 4),
        ([{"errcode": 42001}] * 9, 6),
        ([b"no JSON", b""], 3),
        ([b"[]", b"null", b"1"], 3),
        *(([{"errcode": code}], 1) for code in (60020, 48002, 301002, 81013, 60111, 40033)),
        ([{"invaliduser": "zhangsan"}], 1),
        ([{"unlicenseduser": "zhangsan"}], 1),
    ],
)
@item(42, 43, 44, 45)
def test_a_number_says_how_often_an_answer_is_sent(
    service: Service,
    fake: FakeWecom,
    replies: list[object],
    sends: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.next[SEND] = list(replies)
    service.app("问")
    eventually(lambda: len(fake.sends) == sends)
    quiet_for(lambda: len(fake.sends) == sends, 0.3)
    if sends == 1:
        reply = replies[0]
        assert isinstance(reply, dict)
        eventually(lambda: f"not delivered, {reply.get('errcode', NOT_DELIVERED)}" in caplog.text)


@item(42)
def test_nobody_is_sent_anything_while_wecom_is_asked_too_often(
    tmp_path: Path, fake: FakeWecom, caplog: pytest.LogCaptureFixture
) -> None:
    fake.next[SEND] = [{"errcode": 45009}]
    with serving(tmp_path / "data", fake, wecom_backoff_s=1.5) as service:
        service.app("一", user="a")
        eventually(lambda: "45009" in caplog.text)
        service.app("二", user="b")
        quiet_for(lambda: len(fake.sends) == 1, 1)
        eventually(lambda: len(fake.sends) == 3)
        assert sorted(one.text for one in fake.sends[1:]) == ["答：一", "答：二"]


@item(45)
def test_a_timeout_is_followed_by_one_more_try(tmp_path: Path, fake: FakeWecom) -> None:
    with serving(tmp_path / "data", fake, wecom_timeout_s=0.2) as service:
        fake.next[TOKENS] = []
        service.app("先取令牌")
        eventually(lambda: len(fake.sends) == 1)
        fake.delay_s = 0.6
        service.app("问")
        eventually(lambda: len(fake.sends) == 3)
        quiet_for(lambda: len(fake.sends) == 3, 0.8)
        assert all(one.json["enable_duplicate_check"] == 1 for one in fake.sends)


@item(29)
def test_wecom_may_be_down_for_a_while(tmp_path: Path, fake: FakeWecom) -> None:
    away = fake.url.rsplit(":", 1)[0] + ":9"
    with serving(tmp_path / "data", fake, wecom_api_base=away) as service:
        assert service.app("问").status_code == 200
        eventually(lambda: service.told.asked)
    with serving(tmp_path / "data", fake) as service:
        eventually(lambda: fake.sends)
        assert fake.sends[0].text == "答：问"


@pytest.mark.parametrize(
    "text",
    ["a" * 2047, "a" * 2048, "a" * 2049, "工" * 682, "工" * 683, "😀" * 500, "x" * 10_000,
     "一句话。" * 700, NUMBERED],
    ids=["2047", "2048", "2049", "682", "683", "emoji", "line", "sentences", "numbered"],
)  # fmt: skip
@item(47)
def test_parts_fit_and_make_the_answer_again(service: Service, fake: FakeWecom, text: str) -> None:
    service.told.text = lambda _: text
    service.app("问")
    # equal parts too: WeCom would drop them as duplicates if it were asked to look
    eventually(lambda: "".join(one.text for one in fake.delivered) == text)
    assert all(0 < len(one.text.encode()) <= APP_BYTES for one in fake.sends)
    if "。" in text:
        assert all(one.text.endswith("。") for one in fake.sends)


@item(49)
def test_one_part_is_sent_after_the_other(service: Service, fake: FakeWecom) -> None:
    fake.delay_s = 0.3
    service.told.text = lambda _: "工" * 1500
    service.app("问")
    eventually(lambda: len(fake.sends) == 3)
    times = [one.at for one in fake.sends]
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(times))


@item(48)
def test_one_person_gets_no_more_than_wecom_delivers_in_a_minute(
    tmp_path: Path, fake: FakeWecom
) -> None:
    with serving(tmp_path / "data", fake, wecom_per_minute=3) as service:
        service.told.text = lambda _: "工" * 3400
        service.app("问", user="a")
        eventually(lambda: len(fake.sends) == 3)
        service.told.text = lambda _: "短"
        service.app("问", user="b")
        eventually(lambda: len(fake.sends) == 4)
        quiet_for(lambda: len(fake.sends) == 4)
        assert [one.json["touser"] for one in fake.sends] == ["a", "a", "a", "b"]


@item(48)
def test_what_waits_for_the_next_minute_comes_in_order(tmp_path: Path, fake: FakeWecom) -> None:
    with serving(tmp_path / "data", fake, wecom_per_minute=2) as service:
        service.told.text = lambda _: NUMBERED
        service.app("问")
        for count in (2, 4, 6):
            eventually(partial(lambda sent: len(fake.sends) == sent, count))
            quiet_for(lambda: len(fake.sends) in (2, 4, 6))
            assert NUMBERED.startswith("".join(one.text for one in fake.sends))
            with closing(inbox_of(tmp_path / "data")) as inbox:
                # a minute passes
                inbox.execute("UPDATE said SET at = at - 60")
                inbox.execute("UPDATE messages SET not_before = not_before - 60")
        eventually(lambda: "".join(one.text for one in fake.sends) == NUMBERED)


@item(48)
def test_a_very_long_answer_is_cut_and_says_so(tmp_path: Path, fake: FakeWecom) -> None:
    with serving(tmp_path / "data", fake) as service:
        service.told.text = lambda _: "工会。" * 12_000
        service.app("问")
        eventually(lambda: len(fake.sends) == 20)
        quiet_for(lambda: len(fake.sends) == 20)
        assert fake.sends[-1].text.endswith("以下省略）")


@item(93)
def test_no_secret_and_no_text_is_logged(
    tmp_path: Path, fake: FakeWecom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.next[SEND] = [{"errcode": -1}, {"errcode": 42001}, {"errcode": 60020}]
    with serving(tmp_path / "data", fake, wecom_stream_deadline_s=0.2) as service:
        ask(service, 4)
        url = f"{fake.url}/cgi-bin/aibot/response?response_code=code-secret"
        service.bot(bot_text("密谈", response_url=url))
        service.http.get("/wecom/app", params={"msg_signature": "a" * 40})
        eventually(lambda: fake.lates and len(fake.sends) >= 4)
    ours = "\n".join(
        record.getMessage()
        for record in caplog.records
        # the test's own client runs in this process
        if record.name.startswith(("unionqa", "uvicorn", "httpx", "httpcore", "asyncio"))
    )
    assert "60020" in ours
    for secret in (
        SECRET,
        TOKEN,
        AES,
        f"token-{fake.tokens}-secret",
        "code-secret",
        "密谈",
        "问0",
        "答：",
    ):
        assert secret not in ours


def test_an_attempt_has_its_pause_and_its_end() -> None:
    assert pause(60020, 1, 60) is None
    assert pause(45009, 1, 60) == 60
    assert pause(-1, 3, 60) is None
    assert 0.8 <= (pause(-1, 1, 60) or 0) <= 1.2
    assert 0.2 <= (pause(45033, 1, 60) or 0) <= 1.0
