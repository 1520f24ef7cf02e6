"""What keeps questions from being answered is named, check by check."""

import shutil

import httpx

from api.readiness import checks, disk_reason
from api.resources import Resources

NAMES = ["index", "conversations", "data folder", "disk"]


def test_all_is_well_with_a_fresh_folder(opened: Resources) -> None:
    assert checks(opened) == dict.fromkeys(NAMES, "")


def test_conversations_that_cannot_be_read_are_named(opened: Resources) -> None:
    opened.state.close()
    found = checks(opened)
    assert "state.sqlite" in found.pop("conversations")
    assert not any(found.values())


def test_a_folder_that_went_away_is_named(opened: Resources) -> None:
    folder = opened.settings.data
    aside = folder.rename(folder.with_name(f"{folder.name}-aside"))
    found = checks(opened)
    aside.rename(folder)
    assert "cannot be written to" in found["data folder"]
    assert found["disk"]
    assert all("\n" not in reason for reason in found.values())


def test_a_full_disk_is_named(opened: Resources) -> None:
    free = shutil.disk_usage(opened.settings.data).free
    assert disk_reason(opened.settings.data, free // 2) == ""
    assert "MB are free" in disk_reason(opened.settings.data, 2 * free)


def test_a_server_says_each_check_is_ok(client: httpx.Client) -> None:
    body = client.get("/readyz").json()
    assert body["status"] == "ready"
    assert body["checks"] == dict.fromkeys(NAMES, "ok")
