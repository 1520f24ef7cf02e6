"""Here is a test of WeCom; give it a fake one, and a service that talks to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.wecom.fake import FakeWecom, fake_wecom
from tests.api.wecom.rig import Service, serving


@pytest.fixture
def fake() -> Iterator[FakeWecom]:
    with fake_wecom() as running:
        yield running


@pytest.fixture
def service(tmp_path: Path, fake: FakeWecom) -> Iterator[Service]:
    with serving(tmp_path / "data", fake) as running:
        yield running
