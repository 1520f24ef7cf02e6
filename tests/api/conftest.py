"""Here is a test that needs the service; give it a running one with the seeds, and a client."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from api.examples import Examples
from api.resources import Resources, open_index
from api.settings import Settings
from api.state import State
from tests.api.browsing import ARGUMENTS, SCREENSHOTS, watched
from tests.api.running import Running, serving

# Under CI the browser test is collected in any case, and fails where there is no Chromium.
collect_ignore_glob = (
    [] if os.environ.get("CI") or shutil.which("chromium") else ["test_browser*.py"]
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server started on an empty folder, as `make serve` in a fresh clone."""
    with serving(tmp_path_factory.mktemp("served") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def client(server: Running) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Resources]:
    """An empty index and state, open in this process."""
    settings = Settings(data=tmp_path)
    index = open_index(settings)
    state = State.open(tmp_path)
    yield Resources(index, state, settings, Examples())
    state.close()
    index.close()


# Not for the session: while it is open, Playwright's loop is in the way of asyncio.run.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium")
    assert chromium, "the browser tests need Chromium: apt install chromium"
    SCREENSHOTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, server: Running) -> Iterator[Page]:
    """A page that asks no other host and logs no error."""
    with watched(browser, server.url) as opened:
        yield opened
