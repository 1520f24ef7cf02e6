"""Signing in and out in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.api.browsing import (
    QUESTION,
    REFUSED,
    SCREENSHOTS,
    ask,
    assert_accessible,
    marked,
    send,
    watched,
)
from tests.api.running import Running, serving, unionqa

Keyed = tuple[Running, str]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    """A server that asks for a key, and a reader's key."""
    data = tmp_path_factory.mktemp("keyed") / "data"
    key = unionqa("keys", "make", "张三", DATA=data).stdout.strip()
    with serving(data) as server:
        yield server, key


def test_sign_in_ask_sign_out(browser: Browser, keyed: Keyed) -> None:
    server, key = keyed
    with watched(browser, server.url, errors=True) as page:
        page.goto(f"{server.url}/articles")
        assert page.url == f"{server.url}/signin?next=/articles"
        page.get_by_label("访问密钥").fill("uq-wrong")
        page.locator("#enter:enabled").click()
        page.locator("#said", has_text="密钥不对").wait_for()
        page.screenshot(path=SCREENSHOTS / "signin.png")
        assert_accessible(page)
        page.get_by_label("访问密钥").fill(key)
        page.locator("#enter:enabled").click()
        page.locator(".document").first.wait_for()
        assert page.url == f"{server.url}/articles"
        # a reader: nothing to change here, and no page of what was asked
        assert page.locator("#adding").is_hidden()
        assert page.locator(".document button").count() == 0
        assert page.locator("#to-asked").is_hidden()
        page.goto(f"{server.url}/asked")
        page.locator(".problem", has_text="需要编辑权限的密钥").wait_for()
        assert page.get_by_text("导出 CSV").is_hidden()
        assert_accessible(page)
        page.goto(server.url)
        assert "163万元" in ask(page, QUESTION).inner_text()
        assert page.evaluate("document.cookie") == ""
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url(f"{server.url}/signin")
        page.goto(server.url)
        assert page.url == f"{server.url}/signin?next=/"


def test_signing_in_never_leads_to_another_site(browser: Browser, keyed: Keyed) -> None:
    server, key = keyed
    with watched(browser, server.url) as page:
        page.goto(f"{server.url}/signin?next=//evil.example/x")
        page.get_by_label("访问密钥").fill(key)
        page.locator("#enter:enabled").click()
        page.locator("#question").wait_for()
        assert page.url == f"{server.url}/"


def test_a_session_that_ended_loses_neither_the_question_nor_the_mark(
    browser: Browser, keyed: Keyed
) -> None:
    server, key = keyed
    with watched(browser, server.url, errors=True) as page:

        def sign_in() -> None:
            page.get_by_label("访问密钥").fill(key)
            page.locator("#enter:enabled").click()

        page.goto(server.url)
        sign_in()
        ask(page, QUESTION).locator(".cite").first.click()
        quote = marked(page)
        shared = page.url
        page.keyboard.press("Escape")
        page.locator("#source").wait_for(state="hidden")
        conversation = page.url
        page.context.clear_cookies()  # as when the session has run out
        send(page, REFUSED)
        sign_in()
        page.locator(".answer .short", has_text="163万元").wait_for()
        assert page.url == conversation
        assert page.input_value("#question") == REFUSED
        page.context.clear_cookies()
        page.goto("about:blank")
        page.goto(shared)
        sign_in()
        assert marked(page) == quote
        assert page.url == shared
