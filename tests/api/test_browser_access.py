"""Signing in and out in a real browser."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.api.browsing import QUESTION, SCREENSHOTS, ask, assert_accessible, watched
from tests.api.running import serving, unionqa


def test_sign_in_ask_sign_out(browser: Browser, tmp_path: Path) -> None:
    data = tmp_path / "data"
    key = unionqa("keys", "make", "张三", DATA=data).stdout.strip()
    with serving(data) as server, watched(browser, server.url, errors=True) as page:
        page.goto(f"{server.url}/articles")
        assert page.url == f"{server.url}/signin?next=/articles"
        page.get_by_label("访问密钥").fill("uq-wrong")
        page.keyboard.press("Enter")
        page.locator("#said", has_text="密钥不对").wait_for()
        page.screenshot(path=SCREENSHOTS / "signin.png")
        assert_accessible(page)
        page.get_by_label("访问密钥").fill(key)
        page.keyboard.press("Enter")
        page.locator(".document").first.wait_for()
        assert page.url == f"{server.url}/articles"
        # a reader: nothing to change here, and no page of what was asked
        assert page.locator("#adding").is_hidden()
        assert page.locator(".document button").count() == 0
        assert page.locator("#to-asked").is_hidden()
        page.goto(server.url)
        assert "163万元" in ask(page, QUESTION).inner_text()
        assert page.evaluate("document.cookie") == ""
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url(f"{server.url}/signin")
        page.goto(server.url)
        assert page.url == f"{server.url}/signin?next=/"


def test_signing_in_never_leads_to_another_site(browser: Browser, tmp_path: Path) -> None:
    data = tmp_path / "data"
    key = unionqa("keys", "make", "张三", DATA=data).stdout.strip()
    with serving(data) as server, watched(browser, server.url) as page:
        page.goto(f"{server.url}/signin?next=//evil.example/x")
        page.get_by_label("访问密钥").fill(key)
        page.keyboard.press("Enter")
        page.locator("#question").wait_for()
        assert page.url == f"{server.url}/"
