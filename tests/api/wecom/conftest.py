"""Here is a test of WeCom; give it a fake one, and a service that talks to it.

Folders are in memory where the machine offers that: the inbox is synchronised for every message,
and no test cuts the power.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.api.wecom.fake import FakeWecom, fake_wecom
from tests.api.wecom.rig import Service, serving

MEMORY = Path("/dev/shm")


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is removed afterwards."""
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    with TemporaryDirectory(prefix="unionqa-", dir=MEMORY if in_memory else None) as name:
        yield Path(name)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder for one test."""
    with folder() as given:
        yield given


@pytest.fixture(scope="module")
def standing() -> Iterator[tuple[Service, FakeWecom]]:
    """One service and its WeCom for all tests of a file: starting one takes longer than asking."""
    with folder() as given, fake_wecom() as fake, serving(given / "data", fake) as one:
        yield one, fake


@pytest.fixture
def fake(standing: tuple[Service, FakeWecom]) -> FakeWecom:
    """A WeCom that nobody has called yet; some tests have a service of their own call it."""
    service, fake = standing
    service.forget()
    fake.forget()
    return fake


@pytest.fixture
def service(standing: tuple[Service, FakeWecom], fake: FakeWecom) -> Service:
    """A service that nobody has asked yet, though it may hold a token."""
    assert fake is standing[1]
    return standing[0]


@pytest.fixture
def shared(service: Service) -> Iterator[Service]:
    """The service; whatever is done to it here, nobody is to be answered."""
    yield service
    assert not service.told.asked
