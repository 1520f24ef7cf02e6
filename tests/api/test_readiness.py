"""What keeps questions from being answered is named, check by check."""

import re
import shutil
from pathlib import Path

import httpx

from api.readiness import checks, disk_reason
from api.resources import Resources
from rag.breaker import FAILURES
from tests.api.running import serving
from tests.api.scripted import failing, scripted

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
    assert (body["on"], body["parts"]) == ([], {})


def test_a_model_that_fails_or_is_missing_is_not_on_and_in_nobodys_way(tmp_path: Path) -> None:
    missing = tmp_path / "none"
    with (
        scripted(failing(500)) as model,
        serving(tmp_path / "data", LLM_URL=model.url, LLM_MODEL="qwen", RERANKER=missing) as server,
        server.client() as client,
    ):
        told = [server.process.stdout.readline().strip() for _ in range(2) if server.process.stdout]
        assert told[0] == f"language model: qwen on {model.url}"
        assert told[1].startswith(f"reranker: {missing}, ")
        before = client.get("/readyz").json()
        assert "llm" in before["on"]
        assert before["parts"]["llm"] == "not asked yet"
        asked = {"question": "双鸭山金秋助学筹了多少钱", "mode": "generative"}
        for _ in range(FAILURES):
            answer = client.post("/v1/ask", json=asked).json()
            assert "163万元" in answer["answer"]
        assert set(answer["degraded"]) == {"reranker_unavailable", "llm_unavailable"}
        after = client.get("/readyz")
        assert (after.status_code, after.json()["on"]) == (200, [])
        parts = after.json()["parts"]
        assert parts["reranker"].startswith("is missing: ")
        assert re.fullmatch(
            rf"failed {FAILURES} times in a row, left alone for \d+ s: .* answers 500", parts["llm"]
        )
