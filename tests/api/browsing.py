"""Here is a page in a real browser; ask on it, see what is in view, and what went wrong on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
QUESTION = "双鸭山金秋助学筹了多少钱?"
REFUSED = "株洲金秋助学筹了多少钱?"
COMPARED = "白城和株洲各建了多少个户外劳动者服务站?"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
FINISH = "document.getAnimations().forEach(one => one.finish())"


@contextmanager
def watched(
    browser: Browser, url: str, *, width: int = 1280, dark: bool = False, errors: bool = False
) -> Iterator[Page]:
    """A page of its own browser profile; fails where it asked another host or logged an error.

    `errors`: requests that the service refuses are expected.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 800 if width > 500 else 740},
        color_scheme="dark" if dark else "light",
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    page = context.new_page()
    wrong: list[str] = []

    def logged(kind: str, text: str) -> None:
        if kind == "error" and not (errors and "Failed to load resource" in text):
            wrong.append(text)

    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: logged(said.type, said.text))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.on("request", lambda request: _check_host(request.url, url, wrong))
    yield page
    context.close()
    assert wrong == []


def _check_host(url: str, own: str, wrong: list[str]) -> None:
    if urlsplit(url).netloc != urlsplit(own).netloc and not url.startswith("blob:"):
        wrong.append(f"asked {url}")


def send(page: Page, question: str) -> None:
    """Type a question and press Enter, once the page listens."""
    page.locator("#send:enabled").wait_for()
    page.fill("#question", question)
    page.keyboard.press("Enter")


def ask(page: Page, question: str) -> Locator:
    """The element of the answer to a question typed on the page."""
    send(page, question)
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
    """The text marked in the article."""
    page.locator("mark").first.wait_for()
    return "".join(page.locator("mark").all_text_contents())


def assert_flashes(page: Page) -> None:
    """The mark flashes; it does so no longer, as a screenshot should show it."""
    mark = page.locator("mark").first
    assert mark.evaluate("one => getComputedStyle(one).animationName") == "flash"
    page.evaluate(FINISH)


def copied(page: Page) -> str:
    """What is on the clipboard."""
    text = page.evaluate("navigator.clipboard.readText()")
    assert isinstance(text, str)
    return text


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing, of whatever weight."""
    found = Axe().run(page).response["violations"]
    faults = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]
    assert faults == []


def assert_fits(page: Page, width: int = 360) -> None:
    """Nothing stands out of the page's width."""
    assert page.evaluate("document.documentElement.scrollWidth") == width
