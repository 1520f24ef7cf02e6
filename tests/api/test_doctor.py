"""The doctor names each thing it looked at, and what is wrong with it."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.doctor import Finding, findings, language_model
from api.resources import Resources, open_index
from api.settings import Settings, read_settings
from tests.api.running import Json, unionqa
from tests.api.scripted import Caller, Script, failing, hanging, saying, scripted, whole

KEY = "sk-not-to-be-shown"


@contextmanager
def _model(listed: tuple[int, bytes], says: Script) -> Iterator[tuple[str, list[str | None]]]:
    """A language model's address, and the keys it was shown, when listing and when asked."""
    shown: list[str | None] = []

    class Listing(Caller):
        def do_GET(self) -> None:
            shown.append(self.headers["authorization"])
            status, body = listed if self.path == "/v1/models" else (404, b"")
            self.begin(status, "application/json")
            self.raw(body)

    with scripted(says, Listing) as model:
        yield model.url, shown
        shown += [one.get("Authorization") for one in model.heard]


def _found(settings: Settings) -> dict[str, Finding]:
    return {finding.what: finding for finding in findings(settings)}


def test_a_good_installation_is_good_and_an_empty_one_too(opened: Resources) -> None:
    names = {
        "data folder", "disk", "saved index", "encoder", "index", "conversations", "keys",
        "model files", "port", "language model", "reranker", "WeCom", "traces",
    }  # fmt: skip
    found = _found(opened.settings.model_copy(update={"port": 0}))
    assert names <= set(found)
    assert [one for one in found.values() if one.mark == "BAD"] == []


def test_settings_are_shown_and_secrets_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "DATA": str(tmp_path / "data"), "PORT": "0", "LLM_URL": "http://127.0.0.1:9/v1",
        "LLM_MODEL": "none", "LLM_KEY": KEY, "PROT": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"UNIONQA_{name}", value)
    found = _found(read_settings())
    assert found["UNIONQA_DATA"].found == f"{tmp_path / 'data'} (environment)"
    assert found["UNIONQA_LLM_KEY"].found == "given, not shown (environment)"
    assert found["UNIONQA_PROT"].mark == "warn"
    assert found["language model"].mark == "BAD"
    assert "at their defaults" in found["other settings"].found
    assert not any(KEY in finding.found for finding in found.values())


def test_damaged_and_late_indexes_are_named_and_made_good(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", port=0)
    assert unionqa("index", "seeds", DATA=settings.data).returncode == 0
    assert _found(settings)["saved index"].mark == "ok"
    (rows,) = (settings.data / "vectors").glob("*.faiss")
    data = bytearray(rows.read_bytes())
    data[len(data) // 2] ^= 1
    rows.write_bytes(data)
    shutil.rmtree(settings.data / "windows")
    found = _found(settings)
    assert found["saved index"].mark == "warn"
    assert "vectors is damaged" in found["saved index"].found
    assert "windows is not there" in found["saved index"].found
    assert found["index"].mark == "ok"
    assert _found(settings)["saved index"].mark == "ok"


def test_a_store_that_is_not_whole_is_bad(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", port=0)
    open_index(settings).close()
    store = settings.data / "unionqa.sqlite"
    store.write_bytes(store.read_bytes()[:8192] + b"\xff" * 20_000)
    assert any(finding.mark == "BAD" for finding in findings(settings))


MINE = b'{"data": [{"id": "qwen"}, {"id": "other"}]}'


@pytest.mark.parametrize(
    ("listed", "says", "mark", "expected"),
    [
        ((200, MINE), saying("好"), "ok", r"qwen on \S+/v1 answers in \d"),
        # some servers list nothing, or other names, and answer all the same
        ((404, b"{}"), saying("好"), "ok", "answers in"),
        ((200, b'{"data": []}'), whole("好"), "ok", "answers in"),
        ((200, MINE), saying(""), "warn", "without a word"),
        ((200, MINE), failing(500), "BAD", r"qwen on .*answers 500$"),
        ((200, MINE), hanging, "BAD", "too slow$"),
        ((200, b'{"data": [{"id": "other"}]}'), failing(404), "BAD", "no such model but other$"),
        ((200, b'{"data": []}'), failing(404), "BAD", "no such model but none$"),
        ((401, b"{}"), failing(401), "BAD", r"refuses the key \(401\)$"),
        ((200, b"<html>"), failing(500), "BAD", "answers 500$"),
        ((200, b"[]"), failing(500), "BAD", "answers 500$"),
    ],
)
def test_a_language_model_is_asked_a_question(
    listed: tuple[int, bytes], says: Script, mark: str, expected: str
) -> None:
    with _model(listed, says) as (url, shown):
        given = {"llm_url": url, "llm_model": "qwen", "llm_key": KEY, "llm_timeout_s": 0.5}
        finding = language_model(Settings.model_validate(given))
    assert finding.mark == mark
    assert re.search(expected, finding.found)
    assert KEY not in finding.found
    assert set(shown) == {f"Bearer {KEY}"}


def test_a_reranker_that_is_not_there_is_bad(opened: Resources) -> None:
    name = str(opened.settings.data / "none")
    settings = opened.settings.model_copy(update={"reranker": name, "port": 0})
    found = _found(settings)["reranker"]
    assert found.mark == "BAD"
    assert name in found.found
    assert "\n" not in found.found


def test_an_open_door_without_keys_is_bad(opened: Resources) -> None:
    settings = opened.settings.model_copy(update={"host": "0.0.0.0", "port": 0})
    assert _found(settings)["keys"].mark == "BAD"


def test_programs_get_the_same_as_json(tmp_path: Path) -> None:
    done = unionqa("doctor", "--json", DATA=tmp_path / "data", PORT=0)
    told: Json = json.loads(done.stdout)
    assert done.returncode == 0
    assert told["good"] is True
    assert {"what": "port", "mark": "ok", "found": "0 is free"} in told["findings"]
    bad = unionqa("doctor", "--json", DATA=tmp_path / "data", TERMS="/nowhere/terms.txt")
    assert bad.returncode == 1
    assert json.loads(bad.stdout)["good"] is False


def test_a_wrong_setting_is_a_finding_for_programs_too(tmp_path: Path) -> None:
    done = unionqa("doctor", "--json", DATA=tmp_path / "data", PORT="many")
    assert done.returncode == 2
    told = json.loads(done.stdout)
    assert (told["good"], told["findings"][0]["mark"]) == (False, "BAD")
    assert "UNIONQA_PORT" in told["findings"][0]["found"]
