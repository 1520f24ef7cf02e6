"""What was acknowledged is answered once, whatever happens to the file or to the process."""

import logging
from contextlib import closing

import pytest

from api.wecom import desk
from tests.api.wecom.checklist import item
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import Service, eventually, inbox_of, quiet_for


@item(29)
def test_a_message_that_cannot_be_written_yet_is_acknowledged_and_kept_later(
    service: Service,
    fake: FakeWecom,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with closing(inbox_of(service.resources.settings.data)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert service.app("问").status_code == 200
        assert "could not be kept yet" in caplog.text
        other.execute("ROLLBACK")
    eventually(lambda: fake.sends, 2 * desk.SWEEP_S + 5)
    quiet_for(lambda: len(fake.sends) == 1)
    assert "问" not in "".join(r.getMessage() for r in caplog.records if r.levelno >= logging.INFO)
