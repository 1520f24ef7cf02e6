"""Conversations in a real browser: the way back, what arrives late, and what must not be lost."""

from playwright.sync_api import Browser, Page, Route

from tests.api.browsing import QUESTION, REFUSED, ask, marked, send, watched
from tests.api.running import Running

APART = "双鸭山和白城金秋助学各多少钱?"
"""One city says what was raised, the other what was given out."""


def headings(page: Page) -> list[str]:
    return page.locator(".turn h2").all_inner_texts()


def test_back_leads_to_the_conversation_after_a_reload_and_in_the_other_language(
    page: Page, server: Running
) -> None:
    page.goto(server.url)
    answer = ask(page, QUESTION)
    home = page.url
    answer.get_by_role("button", name="出处 1").click()
    marked(page)
    page.reload()
    page.locator("#article h1").wait_for()
    page.go_back()
    page.locator(".turn .short", has_text="163万元").wait_for()
    assert page.url == home
    page.get_by_role("button", name="出处 1").click()
    marked(page)
    page.get_by_role("button", name="English").click()
    page.get_by_placeholder("Ask a question").wait_for()
    page.locator(".turn .short", has_text="163万元").wait_for()
    assert page.url == home


def test_what_arrives_late_is_not_shown_and_a_question_waits_for_its_conversation(
    page: Page, server: Running
) -> None:
    page.goto(server.url)
    ask(page, QUESTION)
    first = page.url
    page.get_by_role("button", name="新对话").click()
    ask(page, REFUSED)
    second = page.url
    page.get_by_role("button", name="新对话").click()
    held: list[Route] = []
    page.route(f"**/v1/conversations/{first.split('c=')[1]}", lambda route: held.append(route))
    page.locator(".talk a", has_text=QUESTION).first.click()
    page.locator(".talk a", has_text=REFUSED).first.click()
    page.locator(".turn .head").wait_for()
    held.pop().continue_()
    page.wait_for_load_state("networkidle")
    assert (page.url, headings(page)) == (second, [REFUSED])
    page.get_by_role("button", name="新对话").click()
    page.locator(".talk a", has_text=QUESTION).first.click()
    send(page, "那白城呢?")
    page.wait_for_load_state("networkidle")
    held.pop().continue_()
    page.locator(".turn .text", has_text="白城市金秋助学").wait_for()
    assert (page.url, headings(page)) == (first, [QUESTION, "那白城呢?"])


def test_a_conversation_deleted_elsewhere_is_not_asked_again(
    browser: Browser, server: Running
) -> None:
    with watched(browser, server.url, errors=True) as page:
        page.goto(server.url)
        ask(page, QUESTION)
        gone = page.url.split("c=")[1]
        page.evaluate("id => fetch(`/v1/conversations/${id}`, { method: 'DELETE' })", gone)
        send(page, REFUSED)
        page.locator(".problem", has_text="没有找到").wait_for()
        page.get_by_role("button", name="再问一次").click()
        page.locator(".turn .head").wait_for()
        page.wait_for_url("**/?c=*")
        assert gone not in page.url


def test_a_question_survives_a_reload_and_half_a_word_is_not_sent(
    page: Page, server: Running
) -> None:
    page.goto(server.url)
    page.locator("#send:enabled").wait_for()
    page.route("**/v1/ask", lambda route: None)  # an answer that never comes
    page.fill("#question", "双鸭山jinqiu")
    half = "new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true })"
    page.evaluate(f"document.getElementById('question').dispatchEvent({half})")
    assert page.input_value("#question") == "双鸭山jinqiu"
    send(page, QUESTION)
    page.locator("#stop").focus()
    page.keyboard.press("Enter")
    page.locator(".problem", has_text="已停止").wait_for()
    assert page.evaluate("document.activeElement.id") == "question"
    send(page, QUESTION)
    page.locator("#stop").wait_for()
    page.reload()
    page.locator("#send:enabled").wait_for()
    assert page.input_value("#question") == QUESTION


def test_no_chart_sets_figures_side_by_side_that_cannot_be_compared(
    page: Page, server: Running
) -> None:
    page.goto(server.url)
    answer = ask(page, APART)
    assert "不能直接比较" in answer.locator(".text").inner_text()
    assert answer.locator("tbody tr").count() == 2
    assert answer.locator("svg").count() == 0
