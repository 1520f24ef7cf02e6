"""Here is a test of WeCom; give it a fake one, and a service that talks to it."""

from collections.abc import Iterator

import pytest

from tests.api.wecom.fake import FakeWecom, fake_wecom
from tests.api.wecom.rig import Service, serving


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, FakeWecom]]:
    """One service and its WeCom for all tests of a file: starting one takes longer than asking."""
    with fake_wecom() as fake, serving(tmp_path_factory.mktemp("standing") / "data", fake) as one:
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
