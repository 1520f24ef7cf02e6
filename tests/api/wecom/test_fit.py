"""An answer fits a phone: figure first, one sentence, its source, and a link that opens it."""

import re
from pathlib import Path

import httpx
import pytest

from api.wecom.fit import APP_BYTES, fit, halves, neutral, parts
from api.wecom.link import page
from api.wecom.push import NotPushed, robot_key
from rag.answer import Answer, Citation, Related, ShortAnswer, Table, TableRow
from tests.api.running import serving as serving_seeds
from tests.api.running import unionqa
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import (
    AES,
    AGENT,
    APP_KEYS,
    CORP,
    SECRET,
    TOKEN,
    app_xml,
    eventually,
    sealed,
)
from tests.fakes import document

PUBLIC = "https://wenda.example.org"


def citation(number: int = 1, quote: str = "全市筹措助学资金163万元。") -> Citation:
    return Citation(
        number, "d", "c", "题目", "2018-02-03", False, "乙州市", "s.txt", quote, 0, 9, 0, 9
    )


def answer(**fields: object) -> Answer:
    values: dict[str, object] = {
        "status": "answered",
        "text": "乙州市：全市筹措助学资金163万元。[1]",
        "short_answers": (ShortAnswer("163万元", 1),),
        "citations": (citation(),),
        "related": (),
        "table": None,
        "question": "乙州筹了多少",
        "standalone_question": "乙州筹了多少",
    }
    return Answer(**(values | fields))  # type: ignore[arg-type]


def test_the_figure_comes_first_then_sentence_source_and_link() -> None:
    text = fit(answer(), lambda _: "https://a/b", markdown=False)
    assert text.split("\n") == [
        "163万元",
        "“全市筹措助学资金163万元。”",
        '《题目》 乙州市 · 2018-02-03 <a href="https://a/b">看原文</a>',
    ]
    marked = fit(answer(), lambda _: "https://a/b", markdown=True)
    assert marked.startswith("**163万元**\n> 全市筹措")
    assert marked.endswith("[看原文](https://a/b)")


def test_a_refusal_says_what_is_missing_before_what_is_near() -> None:
    refused = answer(
        status="not_found", text="文章没有说明。", short_answers=(),
        related=(Related("丙山市（其他地区）", 1),),
    )  # fmt: skip
    lines = fit(refused, lambda _: None, markdown=False).split("\n")
    assert lines[:3] == ["文章没有说明。", "相近的内容（不是答案）：", "· 丙山市（其他地区）"]
    assert lines[-1] == "《题目》 乙州市 · 2018-02-03"


@item(50)
def test_a_table_becomes_lines() -> None:
    table = Table(
        ("地区", "金额"), (TableRow("甲", ("1万元",), (1,)), TableRow("乙", ("未报道",), ()))
    )
    text = fit(answer(table=table), lambda _: None, markdown=False)
    assert "甲：1万元\n乙：未报道" in text
    assert "|" not in text


def test_a_long_sentence_is_shortened_around_its_figure() -> None:
    quote = "前" * 500 + "163万元" + "后" * 500
    text = fit(answer(citations=(citation(quote=quote),)), lambda _: None, markdown=False)
    assert "前163万元后" in text
    assert len(text) < 400


@pytest.mark.parametrize(
    "hostile",
    [
        '<a href="javascript:x">',
        "<@userid>",
        "</a>",
        "[x](javascript:y)",
        "<think>",
        "@all",
        "\x00",
    ],
)
@item(51, 98)
def test_nothing_of_an_article_is_markup(hostile: str) -> None:
    assert hostile not in neutral(f"前{hostile}后")


def test_a_cut_never_halves_a_character_or_a_link() -> None:
    link = '<a href="https://a/b?c=1&e=2&s=3">看原文</a>'
    text = "会。" * 330 + "工" * 10 + "\n" + link
    pieces = parts(text, APP_BYTES)
    assert pieces[-1].endswith(link)
    assert all(piece.count("<a ") == piece.count("</a>") for piece in pieces)
    assert halves("短") == ("短", "")


def test_a_marked_span_over_several_lines_is_marked_in_each() -> None:
    text = "一<\n\n二三\n四"
    marked = page(document("d", text, title="题目"), f"{text.index('三')}-{len(text)}")
    assert "<p>一&lt;</p>\n<p>二<mark id='mark'>三</mark></p>\n<p><mark>四</mark></p>" in marked
    plain = page(document("d", text, title="题目"), "0-0")
    assert "<p>一&lt;</p>\n<p>二三</p>\n<p>四</p>" in plain


@pytest.mark.parametrize(
    "text", ["abc-1", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-1"]
)
def test_a_robots_key_is_found(text: str) -> None:
    assert robot_key(text) == "abc-1"
    with pytest.raises(NotPushed, match="key="):
        robot_key("")


@item(51, 93, 97, 98)
def test_a_question_about_the_seeds_is_answered_with_a_link_that_opens_the_article(
    tmp_path: Path, fake: FakeWecom
) -> None:
    given = {
        "WECOM_API_BASE": fake.url, "WECOM_CORP_ID": CORP, "WECOM_AGENT_ID": AGENT,
        "WECOM_SECRET": SECRET, "WECOM_TOKEN": TOKEN, "WECOM_AES_KEY": AES, "PUBLIC_URL": PUBLIC,
    }  # fmt: skip
    log = tmp_path / "log"
    given["LOG_LEVEL"] = "debug"
    with serving_seeds(tmp_path / "data", log, **given) as server, server.client() as http:
        assert http.get("/readyz").json()["on"] == ["public_url", "wecom_app"]
        query, body = sealed("/wecom/app", APP_KEYS, app_xml("双鸭山金秋助学筹了多少钱"))
        public = {"host": "wenda.example.org"}
        response = http.post("/wecom/app", params=query, content=body, headers=public)
        assert (response.status_code, response.content) == (200, b"")
        eventually(lambda: fake.sends)
        text = fake.sends[0].text
        assert text.startswith("163万元\n“")
        found = re.search(rf'href="{PUBLIC}(/wecom/article/[^"#]+)#mark"', text)
        assert found
        page = http.get(found[1])
        assert page.status_code == 200
        assert re.search("<mark id='mark'>[^<]*163万元", page.text)
        _is_for_one_article_only(http, found[1])
        checked = unionqa("doctor", "wecom", DATA=server.data, PORT=server.port, **given)
        assert checked.returncode == 0, checked.stdout
        assert "answers as WeCom expects" in checked.stdout
        fake.next["/cgi-bin/agent/get"] = [{"errcode": 60020}]
        checked = unionqa("doctor", "wecom", DATA=server.data, PORT=server.port, **given)
        assert checked.returncode == 1
        assert "企业可信IP" in checked.stdout
        _pushes(fake, server.data, given)
        written = log.read_text(encoding="utf-8")
    # all that a server writes, at its most talkative
    assert '"/wecom/app"' in written
    signature, token = query["msg_signature"], fake.sends[0].query["access_token"][0]
    for secret in (SECRET, TOKEN, AES, signature, token, "key-1", "金秋助学", "163万元"):
        assert secret not in written


def _is_for_one_article_only(http: httpx.Client, address: str) -> None:
    for changed in (address[:-1] + "x", address.replace("e=1", "e=2"), address.split("?")[0],
                    re.sub("article/[0-9a-f]", "article/x", address)):  # fmt: skip
        assert http.get(changed).status_code == 403


def _pushes(fake: FakeWecom, data: Path, given: dict[str, object]) -> None:
    hook = "/cgi-bin/webhook/send"
    for count in (1, 0):
        said = unionqa("push", "--webhook", "key-1", "--digest", DATA=data, **given)
        assert said.stdout == f"{count} messages sent\n", said.stderr
    assert len(fake.of(hook)) == 1
    assert "新收录文章 5 篇" in fake.of(hook)[0].text
    assert fake.of(hook)[0].query == {"key": ["key-1"]}
    assert unionqa("push", "--webhook", "key-1", "工会 @all", DATA=data, **given).returncode == 0
    assert "@all" not in fake.of(hook)[1].text
    fake.next[hook] = [{"errcode": 93000}]
    said = unionqa("push", "--webhook", "key-1", "工会", DATA=data, **given)
    assert said.returncode == 1
    assert "93000" in said.stderr
    assert "key-1" not in said.stderr
