"""What a reader sees when something goes wrong: in their words, with what to do, and accessible."""

import json
import select
import socket
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route

from tests.api.browsing import (
    COMPARED,
    QUESTION,
    REFUSED,
    SCREENSHOTS,
    ask,
    assert_accessible,
    assert_fits,
    send,
    watched,
)
from tests.api.running import Json, Running


def refusal(status: int, code: str, **headers: str) -> Json:
    """What a route is fulfilled with: the contract's error object."""
    body = {"error": {"code": code, "message": "in English", "field": None}}
    return {"status": status, "json": body, "headers": headers}


STATE_GONE = json.dumps(refusal(503, "state_unavailable")["json"])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal(503, "overloaded"), "问的人太多"),
        (refusal(503, "index_unavailable"), "暂时答不了"),
        (refusal(429, "too_many_requests", **{"Retry-After": "7"}), "7 秒后"),
        (refusal(422, "too_long"), "太长"),
        (refusal(500, "internal_error"), "服务出错（500）"),
        ({"body": "event: delta\ndata: {\"text\": \"1\"}\n\n"}, "中断"),
        ({"body": f"event: error\ndata: {STATE_GONE}\n\n"}, "暂时答不了"),
    ],
)  # fmt: skip
def test_a_question_that_fails_says_why_and_can_be_asked_again(
    browser: Browser, server: Running, answer: Json, words: str
) -> None:
    with watched(browser, server.url, errors=True) as page:
        page.goto(server.url)
        page.route("**/v1/ask", lambda route: route.fulfill(**answer), times=1)
        send(page, QUESTION)
        problem = page.locator(".reply .problem")
        problem.wait_for()
        assert words in problem.inner_text()
        assert "English" not in page.locator("#turns").inner_text()
        page.get_by_role("button", name="再问一次").click()
        page.locator(".answer .short", has_text="163万元").wait_for()
        assert page.locator(".turn").count() == 1


def passed_on(client: socket.socket, url: str) -> None:
    """Pass a connection on to the server, and cut it in the middle of a streamed answer."""
    address = urlsplit(url)
    with client, socket.create_connection((address.hostname, address.port)) as server:
        while True:
            for ready in select.select([client, server], [], [])[0]:
                data = ready.recv(1 << 16)
                whole, delta, _ = data.partition(b"event: delta")
                (server if ready is client else client).sendall(whole + delta)
                if delta or not data:
                    return


def test_a_server_that_stops_while_it_answers(browser: Browser, server: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"

        def let_in() -> None:
            with suppress(OSError):
                while True:
                    given = (door.accept()[0], server.url)
                    threading.Thread(target=passed_on, args=given, daemon=True).start()

        threading.Thread(target=let_in, daemon=True).start()
        with watched(browser, url, errors=True) as page:
            page.goto(url)
            send(page, QUESTION)
            page.locator(".problem", has_text="中断").wait_for()
            page.context.set_offline(True)
            page.get_by_role("button", name="再问一次").click()
            page.locator(".problem", has_text="连不上服务").wait_for()
            page.screenshot(path=SCREENSHOTS / "offline.png")
        door.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("dark", [False, True])
def test_every_state_is_accessible(browser: Browser, server: Running, dark: bool) -> None:
    with watched(browser, server.url, dark=dark, errors=True) as page:
        page.goto(server.url)
        page.locator("#examples button").first.wait_for()
        assert_accessible(page)
        for question in (QUESTION, COMPARED, REFUSED):
            ask(page, question)
        page.route("**/v1/ask", lambda route: route.fulfill(**refusal(503, "overloaded")), times=1)
        send(page, "再问")
        page.locator(".reply .problem").wait_for()
        page.locator(".down").last.click()
        page.locator(".comment textarea").last.wait_for()
        page.get_by_role("button", name="改名").first.click()
        page.locator(".cite").last.hover()
        page.get_by_role("tooltip").wait_for()
        assert_accessible(page)
        page.locator(".cite").last.click()
        page.get_by_role("button", name="看原文").click()
        page.locator(".published mark").first.wait_for()
        assert_accessible(page)
        page.goto(f"{server.url}/documents/none")
        page.locator(".problem").wait_for()
        assert_accessible(page)


REFUSED_FILES = {
    "empty.txt": b"",
    "blank.txt": b" \n ",
    "photo.exe": b"MZ",
    "damaged.pdf": b"%PDF-1.4 x",
    "old.docx": b"\xd0\xcf\x11\xe0",
    "bytes.txt": b"\x89PNG\r\n\x1a\n\x00\x00",
    "script.html": b"<html><script>1</script></html>",
    "large.txt": b"x" * 11_000_000,
    "larger.pdf": b"x" * 21_000_000,
}


def test_a_refused_file_is_explained_in_chinese(
    browser: Browser, server: Running, tmp_path: Path
) -> None:
    for name, data in REFUSED_FILES.items():
        (tmp_path / name).write_bytes(data)
    with watched(browser, server.url, width=360, errors=True) as page:
        page.goto(f"{server.url}/articles")
        page.locator("#adding").wait_for()
        page.set_input_files("#files", [tmp_path / name for name in REFUSED_FILES])
        problems = page.locator("#waiting .problem")
        problems.nth(len(REFUSED_FILES) - 1).wait_for()
        said = problems.all_inner_texts()
        assert len(set(said)) == len(said)
        assert page.locator("#waiting small").count() == 0
        assert_fits(page)
        page.screenshot(path=SCREENSHOTS / "refused-files.png", full_page=True)


def test_what_was_filled_in_stays_and_what_was_discarded_is_not_saved(
    browser: Browser, server: Running
) -> None:
    def text(name: str) -> FilePayload:
        body = f"{name}市总工会简报\n\n2021年建成读书角8个，覆盖职工3200人。\n"
        return FilePayload(name=f"{name}.txt", mimeType="", buffer=body.encode())

    with watched(browser, server.url, errors=True) as page:
        page.goto(f"{server.url}/articles")
        page.locator("#adding").wait_for()
        page.set_input_files("#files", [text("鹤岗"), text("七台河")])
        page.locator("#waiting .facts-form").nth(1).wait_for()
        page.get_by_role("button", name="放弃：七台河.txt").click()
        form = page.locator("#waiting .facts-form")
        form.get_by_label("标题").fill("读书角")
        form.get_by_label("日期").fill("2021-99")
        page.get_by_role("button", name="全部保存").click()
        page.locator("#waiting .problem", has_text="日期不对").wait_for()
        assert form.get_by_label("标题").input_value() == "读书角"
        form.get_by_label("日期").fill("2021-09")
        page.get_by_role("button", name="全部保存").click()
        page.locator("#waiting .state", has_text="已保存").wait_for()
        assert page.locator(".document", has_text="七台河").count() == 0
        page.locator("#save-all").wait_for(state="hidden")
        assert page.evaluate("document.activeElement.id") == "choose"
        row = page.locator(".document", has_text="读书角")
        row.get_by_role("button", name="删除").click()
        page.get_by_text("已删除“读书角”").wait_for()


def test_conversations_beyond_the_first_page(page: Page, server: Running) -> None:
    at = "2026-01-01T00:00:00Z"

    def listed(route: Route) -> None:
        start = 100 if "cursor=7" in route.request.url else 0
        found = [
            {"conversation_id": f"c{n}", "title": f"第{n}个", "created_at": at,
             "updated_at": at, "turns": 1}
            for n in range(start, start + 100)
        ]  # fmt: skip
        route.fulfill(json={"conversations": found, "next_cursor": None if start else "7"})

    page.route("**/v1/conversations?*", listed)
    page.goto(server.url)
    page.locator(".talk").nth(99).wait_for()
    page.get_by_role("button", name="更多").click()
    page.locator(".talk", has_text="第199个").wait_for()
    assert page.locator(".talk").count() == 200
    assert page.evaluate("document.activeElement.textContent") == "第100个"
    assert page.get_by_role("button", name="更多").count() == 0
