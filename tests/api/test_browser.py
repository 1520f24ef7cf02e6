"""The page in a real browser: ask, see the answer, open a citation at its sentence.

Collected where Chromium is installed; under CI its absence fails (see conftest).
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.api.running import Running

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
QUESTION = "双鸭山金秋助学筹了多少钱?"
REFUSED = "株洲金秋助学筹了多少钱?"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PAYLOAD = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "the browser test needs Chromium: apt install chromium"
    SCREENSHOTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, server: Running) -> Iterator[Page]:
    """A page that asks no other host and logs no error."""
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("request", lambda request: _check_host(request.url, server.url, wrong))
    yield opened
    opened.close()
    assert wrong == []


def _check_host(url: str, own: str, wrong: list[str]) -> None:
    if urlsplit(url).netloc != urlsplit(own).netloc:
        wrong.append(f"asked {url}")


def ask(page: Page, question: str) -> Locator:
    """The element of the answer to a question typed on the page."""
    page.fill("#question", question)
    page.keyboard.press("Enter")
    turn = page.locator(".turn").filter(has=page.get_by_role("heading", name=question))
    answer = turn.locator(".answer").last
    answer.wait_for()
    return answer


def in_view(page: Page, element: Locator) -> bool:
    """Whether an element is seen, and not at the edge of its surroundings."""
    box = element.bounding_box()
    size = page.viewport_size
    assert box
    assert size
    middle = box["y"] + box["height"] / 2
    return 0.15 * size["height"] < middle < 0.85 * size["height"]


def marked(page: Page) -> str:
    page.locator("mark").first.wait_for()
    return "".join(page.locator("mark").all_text_contents())


def test_ask_and_open_the_citation(page: Page, server: Running, client: httpx.Client) -> None:
    page.goto(server.url)
    page.locator("#examples button").first.wait_for()
    page.screenshot(path=SCREENSHOTS / "empty.png")
    answer = ask(page, QUESTION)
    assert answer.locator(".short").inner_text() == "163万元"
    page.screenshot(path=SCREENSHOTS / "answer.png")
    citation = client.post("/v1/ask", json={"question": QUESTION}).json()["citations"][0]
    answer.get_by_role("button", name="出处 1").click()
    assert marked(page) == citation["quote"]
    page.wait_for_timeout(1300)  # the flash, for the screenshot
    assert in_view(page, page.locator("mark").first)
    assert page.url == server.url + citation["url"]
    page.screenshot(path=SCREENSHOTS / "source.png")
    page.keyboard.press("Escape")
    page.locator("#source").wait_for(state="hidden")
    assert page.url == server.url + "/"


def test_a_shared_link_opens_at_the_sentence(page: Page, server: Running) -> None:
    page.goto(server.url)
    ask(page, QUESTION).get_by_role("button", name="出处 1").click()
    quote = marked(page)
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)
    assert marked(page) == quote
    assert in_view(page, page.locator("mark").first)
    page.screenshot(path=SCREENSHOTS / "document.png")
    page.locator("a", has_text="下载原文").wait_for()


def test_a_refusal_looks_like_one(page: Page, server: Running) -> None:
    page.goto(server.url)
    answer = ask(page, REFUSED)
    assert answer.locator(".head").inner_text() == "文章里没有"
    assert answer.locator(".short").count() == 0
    assert "163" not in answer.locator(".text").inner_text()
    assert "其他地区" in answer.locator(".related").inner_text()
    page.screenshot(path=SCREENSHOTS / "refusal.png")


def test_several_places_are_a_table(page: Page, server: Running) -> None:
    page.goto(server.url)
    answer = ask(page, "白城和株洲各建了多少个户外劳动者服务站?")
    assert answer.locator("tbody tr").count() == 2
    assert "79个" in answer.locator("tbody").inner_text()
    page.screenshot(path=SCREENSHOTS / "table.png")


def test_a_phone_shows_everything_in_its_width(browser: Browser, server: Running) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
    page.goto(server.url)
    for question in (QUESTION, REFUSED, "白城和株洲各建了多少个户外劳动者服务站?"):
        answer = ask(page, question)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.wait_for_timeout(50)
    page.screenshot(path=SCREENSHOTS / "phone.png")
    answer.get_by_role("button", name="出处 1").first.click()
    marked(page)
    page.wait_for_timeout(1300)  # the flash, for the screenshot
    assert in_view(page, page.locator("mark").first)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.screenshot(path=SCREENSHOTS / "phone-source.png")
    page.get_by_role("button", name="关闭").click()
    page.locator("#source").wait_for(state="hidden")
    page.close()


def test_an_example_can_be_asked_by_keyboard_alone(page: Page, server: Running) -> None:
    page.goto(server.url)
    example = page.locator("#examples button").first
    example.focus()
    page.keyboard.press("Enter")
    cite = page.locator(".answer .cite").first
    cite.wait_for()
    cite.focus()
    page.keyboard.press("Enter")
    marked(page)
    assert page.evaluate("document.activeElement.id") == "source"
    page.keyboard.press("Escape")
    page.locator("#source").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className") == "cite"


def test_an_article_is_text_and_marks_count_characters(
    page: Page, server: Running, client: httpx.Client
) -> None:
    # 𠮷 and 😀 are two halves each in JavaScript, one character each in the service
    text = (
        f"绥化市总工会𠮷祥😀活动{PAYLOAD}\n\n市总工会慰问职工{PAYLOAD}一线。\n\n共发放77.5万元。\n"
    )
    document = client.post(
        "/v1/documents", files={"file": ("x.txt", text)}, data={"title": PAYLOAD}
    ).json()
    full = client.get(f"/v1/documents/{document['document_id']}").json()
    start = full["text"].index("77.5万元")
    page.goto(f"{server.url}/documents/{document['document_id']}#c{start}-{start + 6}")
    assert marked(page) == "77.5万元"
    assert PAYLOAD in page.locator("#article h2").inner_text()
    assert page.locator("#article img, #article script").count() == 0
    assert page.title() == f"{PAYLOAD} · 工会问答"
    client.delete(f"/v1/documents/{document['document_id']}")


def test_an_article_that_is_gone_says_so(browser: Browser, server: Running) -> None:
    page = browser.new_page()
    response = page.goto(f"{server.url}/documents/none")
    assert response
    assert response.status == 404
    page.locator(".problem").wait_for()
    assert "没有找到" in page.locator(".problem").inner_text()
    page.close()
