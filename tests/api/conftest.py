"""Here is a test that needs the service; give it a running one with the seeds, and a client."""

import os
import shutil
from collections.abc import Iterator

import httpx
import pytest

from tests.api.running import Running, serving

# Under CI the browser test is collected in any case, and fails where there is no Chromium.
collect_ignore = [] if os.environ.get("CI") or shutil.which("chromium") else ["test_browser.py"]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server started on an empty folder, as `make serve` in a fresh clone."""
    with serving(tmp_path_factory.mktemp("served") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def client(server: Running) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened
