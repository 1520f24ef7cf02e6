"""The doctor names each thing it looked at, and what is wrong with it."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from api.doctor import Finding, findings, language_model
from api.resources import Resources, open_index
from api.settings import Settings, read_settings
from tests.api.running import Json, unionqa

KEY = "sk-not-to-be-shown"


@contextmanager
def _model(status: int, body: bytes) -> Iterator[tuple[str, list[str | None]]]:
    """A language model's address, and the keys it was shown."""
    shown: list[str | None] = []

    class Listing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.append(self.headers["authorization"])
            self.send_response(status if self.path == "/v1/models" else 404)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1", shown
    server.shutdown()
    server.server_close()


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


@pytest.mark.parametrize(
    ("status", "body", "mark", "expected"),
    [
        (200, b'{"data": [{"id": "qwen"}, {"id": "other"}]}', "ok", "qwen on"),
        (200, b'{"data": [{"id": "other"}]}', "BAD", "has no model 'qwen'; it has other"),
        (200, b'{"data": []}', "BAD", "it has none"),
        (200, b"<html>", "warn", "does not list models"),
        (200, b"[]", "warn", "does not list models"),
        (401, b"{}", "BAD", "refuses the key (401)"),
        (404, b"{}", "warn", "answers 404"),
    ],
)
def test_a_language_model_is_asked_for_its_name(
    status: int, body: bytes, mark: str, expected: str
) -> None:
    with _model(status, body) as (url, shown):
        given = {"llm_url": url, "llm_model": "qwen", "llm_key": KEY}
        finding = language_model(Settings.model_validate(given))
    assert finding.mark == mark
    assert expected in finding.found
    assert KEY not in finding.found
    assert shown == [f"Bearer {KEY}"]


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
