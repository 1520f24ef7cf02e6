"""Here is a running server, or nothing; tell me how heavy and how fast its pages are.

    python -m tests.api.measure_page [--url URL]

Figures are printed beside what issue and README promise; nothing is asserted, since machines
differ. Without an address a server is started on the five seeds.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import typer
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.api.browsing import ARGUMENTS, QUESTION, ask
from tests.api.running import Json, serving

TIMES = 7
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
TOKEN = """
async question => {
  const begun = performance.now();
  const response = await fetch("/v1/ask", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question, stream: true }),
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ; ) {
    const { value, done } = await reader.read();
    text += value ?? "";
    if (done || text.includes("event: delta")) return performance.now() - begun;
  }
}
"""
SCROLL = """
async selector => {
  const place = document.querySelector(selector);
  const high = place.scrollHeight;
  let [worst, last] = [0, performance.now()];
  for (let step = 0; step <= 60; step += 1) {
    place.scrollTop = (high * step) / 60;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
  }
  return worst;
}
"""
"""The longest frame while scrolling from top to bottom in 60 steps, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure, the middle of `TIMES` where it is a time, beside what is promised."""

    what: str
    value: float
    unit: str
    promised: str = ""

    def row(self) -> str:
        return f"| {self.what} | {self.value:,.0f} {self.unit} | {self.promised} |"


def weight(browser: Browser, url: str) -> float:
    """Bytes of everything that the chat page fetches, as sent, in kB."""
    page = browser.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
    page.goto(url, wait_until="networkidle")
    page.close()
    return sum(sizes) / 1000


def paint(browser: Browser, url: str) -> float:
    """Milliseconds to the first painted words, nothing cached."""
    page = browser.new_page()
    page.goto(url)
    page.wait_for_selector("#coverage")
    page.wait_for_timeout(100)
    taken = float(page.evaluate(PAINT))
    page.close()
    return taken


def middle(measure: Callable[[], float]) -> float:
    """The median of `TIMES` tries."""
    return median(measure() for _ in range(TIMES))


def timed(page: Page, url: str, shown: str) -> float:
    """Milliseconds until an element is there."""
    page.goto(url)
    page.locator(shown).first.wait_for()
    return float(page.evaluate("performance.now()"))


def long_conversation(page: Page, url: str, turns: int = 200) -> Iterator[Measured]:
    """How long a conversation of so many turns takes to show, and its longest frame."""
    page.goto(url)
    ask(page, QUESTION)
    name = page.url.split("c=")[1]
    kept = page.evaluate(f"fetch('/v1/conversations/{name}').then(response => response.json())")
    (turn,) = kept["turns"]
    kept["turns"] = [{**turn, "answer_id": f"turn{at}"} for at in range(turns)]
    page.route("**/v1/conversations/*", lambda route: route.fulfill(json=kept))
    taken = timed(page, f"{url}/?c={name}", f"#a-turn{turns - 1}")
    yield Measured(f"{turns} turns shown", taken, "ms")
    yield Measured("longest frame while scrolling them", page.evaluate(SCROLL, "html"), "ms")


def long_article(page: Page, url: str, characters: int = 500_000) -> Iterator[Measured]:
    """The same of a very long article."""
    page.goto(url)
    line = "市总工会走访慰问困难职工,发放慰问金。" * 8
    text = "\n".join(f"第{at}段,{line}" for at in range(characters // len(line)))
    article: Json = page.evaluate("fetch('/v1/documents').then(response => response.json())")
    article = {**article["documents"][0], "text": text, "chunks": []}

    def answer(route: Route) -> None:
        route.fulfill(json=article)

    page.route("**/v1/documents/*", answer)
    half = len(text) // 2
    address = f"{url}/documents/{article['document_id']}#c{half}-{half + 40}"
    yield Measured(f"article of {len(text):,} characters shown", timed(page, address, "mark"), "ms")
    yield Measured("longest frame while scrolling it", page.evaluate(SCROLL, "html"), "ms")


def long_list(page: Page, url: str) -> Iterator[Measured]:
    """The list of articles: its first page, and 20 pages more."""
    documents = page.request.get(f"{url}/v1/examples").json()["documents"]
    taken = timed(page, f"{url}/articles", ".document:nth-child(5)")
    yield Measured(f"list of {documents:,} articles, first page", taken, "ms")
    begun = float(page.evaluate("performance.now()"))
    pages = 0
    while pages < 20 and page.locator("#more").is_visible():
        count = page.locator(".document").count()
        page.locator("#more").click()
        page.locator(".document").nth(count).wait_for()
        pages += 1
    if pages:
        each = (float(page.evaluate("performance.now()")) - begun) / pages
        yield Measured(f"each of {pages} pages more", each, "ms")


def measured(browser: Browser, url: str) -> Iterator[Measured]:
    """Every figure of the pages of a server."""
    yield Measured("chat page, all files", weight(browser, url), "kB", "under 300 kB")
    yield Measured("first paint", middle(lambda: paint(browser, url)), "ms", "under 500 ms")
    page = browser.new_page()
    page.goto(url)
    first = middle(lambda: float(page.evaluate(TOKEN, QUESTION)))
    yield Measured("first streamed words", first, "ms", "under 150 ms")
    page.close()
    for figures in (long_conversation, long_article, long_list):
        page = browser.new_context().new_page()
        yield from figures(page, url)
        page.context.close()


def main(url: str = typer.Option("", help="A running server; one is started otherwise.")) -> None:
    """Print a table in Markdown."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise typer.BadParameter("needs Chromium: apt install chromium")
    with ExitStack() as opened:
        if not url:
            folder = opened.enter_context(tempfile.TemporaryDirectory())
            url = opened.enter_context(serving(Path(folder) / "data")).url
        playwright = opened.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        typer.echo("| | measured | promised |\n|---|---:|---|")
        for one in measured(browser, url):
            typer.echo(one.row())
        browser.close()


if __name__ == "__main__":
    typer.run(main)
