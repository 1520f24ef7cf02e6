"""Every control of every page is reached by Tab alone, in view, and none holds the focus."""

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from tests.api.browsing import (
    COMPARED,
    QUESTION,
    REFUSED,
    ask,
    assert_accessible,
    marked,
    watched,
)
from tests.api.running import Running

CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']"
MARK = """
() => {
  const now = document.activeElement;
  now.dataset.reached = "yes";
  const box = now.getBoundingClientRect();
  const [x, y] = [box.x + Math.min(box.width / 2, 40), box.y + Math.min(box.height / 2, 12)];
  const seen = document.elementFromPoint(x, y);
  const own = seen && (now.contains(seen) || seen.contains(now));
  return now === document.body || own ? null : now.outerHTML.slice(0, 120);
}
"""
MISSED = """
controls => [...document.querySelectorAll(controls)]
  .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled)
  .filter(one => !one.dataset.reached)
  .map(one => one.outerHTML.slice(0, 120))
"""

FORGET = "document.querySelectorAll('[data-reached]').forEach(one => delete one.dataset.reached)"


def assert_reached(page: Page) -> None:
    """Tab goes to every control that is shown, and what has the focus is not covered."""
    count = page.locator(CONTROLS).count()
    assert count > 3
    covered = []
    for _ in range(count + 3):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(MARK))
    assert page.evaluate(MISSED, CONTROLS) == []
    assert [one for one in covered if one] == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_chat_by_tab(browser: Browser, server: Running, width: int) -> None:
    with watched(browser, server.url, width=width) as page:
        page.goto(server.url)
        page.locator("#examples button").first.wait_for()
        assert_reached(page)
        for question in (QUESTION, COMPARED, REFUSED):
            ask(page, question)
        page.locator(".down").last.click()
        page.locator(".said", has_text="已记下").last.wait_for()
        assert_reached(page)
        page.locator(".cite").last.click()
        marked(page)
        if width == 1280:
            page.evaluate(FORGET)
            assert_reached(page)


@pytest.mark.parametrize("path", ["articles", "asked", "signin"])
def test_the_other_pages_by_tab(page: Page, server: Running, path: str) -> None:
    page.goto(f"{server.url}/{path}", wait_until="networkidle")
    if path == "articles":
        text = "鹤岗市总工会工作简报\n\n2021年建成读书角8个。\n".encode()
        page.set_input_files("#files", [FilePayload(name="a.txt", mimeType="", buffer=text)])
        page.get_by_role("button", name="预览").click()
        page.locator(".document").first.get_by_role("button", name="更正").click()
    assert_reached(page)


def test_a_quote_is_shown_at_its_number(page: Page, server: Running) -> None:
    page.goto(server.url)
    answer = ask(page, QUESTION)
    cite = answer.locator(".cite").first
    tip = page.get_by_role("tooltip")
    cite.hover()
    tip.wait_for()
    assert "163万元" in tip.inner_text()
    page.mouse.move(5, 5)
    tip.wait_for(state="hidden")
    answer.locator(".figure").focus()
    page.keyboard.press("Tab")
    tip.wait_for()
    assert cite.get_attribute("aria-describedby") == "tip"
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className") == "cite"


def focused(page: Page, selector: str) -> bool:
    """Whether the focus is in an element of this selector."""
    return bool(page.evaluate("one => document.activeElement.closest(one) !== null", selector))


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_on_a_phone_the_article_holds_the_focus_until_it_goes(
    browser: Browser, server: Running, key: str
) -> None:
    with watched(browser, server.url, width=360) as page:
        page.goto(server.url)
        ask(page, QUESTION).locator(".cite").focus()
        page.keyboard.press("Enter")
        marked(page)
        sheet = page.get_by_role("dialog", name="原文")
        assert sheet.get_attribute("aria-modal") == "true"
        assert focused(page, "#source")
        reached = set()
        for _ in range(12):
            page.keyboard.press(key)
            assert focused(page, "#source")
            reached.add(page.evaluate("document.activeElement.textContent"))
        assert {"单独打开", "关闭", "看原文", "复制引文", "下载原文"} <= reached
        # what lies behind can be neither reached nor read out
        behind = page.locator("main, #bar, #ask, #talks")
        assert behind.evaluate_all("all => all.map(one => one.inert)") == [True] * 4
        assert_accessible(page)
        page.keyboard.press("Escape")
        page.locator("#source").wait_for(state="hidden")
        assert page.evaluate("document.activeElement.className") == "cite"
        assert behind.evaluate_all("all => all.map(one => one.inert)") == [False] * 4


def test_a_touch_beside_it_puts_the_article_away(browser: Browser, server: Running) -> None:
    with watched(browser, server.url, width=360) as page:
        page.goto(server.url)
        ask(page, QUESTION).locator(".cite").click()
        marked(page)
        page.mouse.click(180, 60)
        page.locator("#source").wait_for(state="hidden")
        assert page.url.startswith(f"{server.url}/?c=")


def test_a_page_that_grows_wide_is_free_again(browser: Browser, server: Running) -> None:
    with watched(browser, server.url, width=360) as page:
        page.goto(server.url)
        ask(page, QUESTION).locator(".cite").click()
        marked(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.get_by_role("complementary", name="原文").wait_for()
        page.get_by_role("button", name="提问").click(trial=True)
        page.set_viewport_size({"width": 360, "height": 740})
        page.get_by_role("dialog", name="原文").wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="对话", exact=True).click()
        page.set_viewport_size({"width": 1280, "height": 800})
        page.get_by_role("button", name="提问").click(trial=True)


def test_on_a_phone_menu_and_conversations_go_with_escape(
    browser: Browser, server: Running
) -> None:
    with watched(browser, server.url, width=360) as page:
        page.goto(server.url)
        ask(page, QUESTION)
        for name, shown in (("菜单", "#nav.shown"), ("对话", "#talks.shown")):
            toggle = page.get_by_role("button", name=name, exact=True)
            toggle.focus()
            page.keyboard.press("Enter")
            page.locator(shown).wait_for()
            for _ in range(2):
                page.keyboard.press("Tab")
                assert not focused(page, "main, #ask")
            page.keyboard.press("Escape")
            page.locator(shown).wait_for(state="detached")
            assert page.evaluate("document.activeElement.textContent") == name


def test_naming_and_deleting_a_conversation_keeps_the_focus(page: Page, server: Running) -> None:
    page.goto(server.url)
    ask(page, QUESTION)
    page.get_by_role("button", name="改名").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("新名称").fill("键盘")
    page.keyboard.press("Enter")
    page.locator("a:focus", has_text="键盘").wait_for()
    page.get_by_role("button", name="新对话").click()
    page.get_by_role("button", name="删除：键盘").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator("#begin:focus").wait_for()
    page.locator(".talk").wait_for(state="detached")
