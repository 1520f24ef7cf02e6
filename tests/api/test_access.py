"""Who may do what: every route by every credential, and what a wrong key or a forged page gets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from api.access import PER_S, TRIES, Attempts, Caller, right_needed
from tests.api.running import Json, Running, serving, unionqa

QUESTION = {"question": "双鸭山金秋助学筹了多少钱?"}
# The right that each route needs; a route that is not here fails the test below.
RIGHTS = {
    "GET /": "reader", "GET /documents/{document_id}": "reader", "GET /articles": "reader",
    "GET /asked": "reader", "GET /signin": "public", "GET /healthz": "public",
    "GET /readyz": "public", "GET /metrics": "reader",
    "GET /openapi.json": "reader", "GET /v1/examples": "reader",
    "POST /v1/ask": "reader", "POST /v1/search": "reader", "POST /v1/feedback": "reader",
    "DELETE /v1/feedback/{answer_id}": "reader",
    "GET /v1/documents": "reader", "GET /v1/documents/{document_id}": "reader",
    "GET /v1/documents/{document_id}/source": "reader", "POST /v1/documents": "editor",
    "DELETE /v1/documents/{document_id}": "editor", "PATCH /v1/documents/{document_id}": "editor",
    "POST /v1/documents/preview": "editor", "POST /v1/documents/{document_id}/restore": "editor",
    "GET /v1/conversations": "reader", "GET /v1/conversations/{conversation_id}": "reader",
    "PATCH /v1/conversations/{conversation_id}": "reader",
    "DELETE /v1/conversations/{conversation_id}": "reader",
    "GET /v1/asked": "editor", "GET /v1/asked.csv": "editor", "GET /v1/removed": "editor",
    "GET /v1/figures": "reader",
    "POST /v1/chat/completions": "reader", "GET /v1/models": "reader",
    "GET /v1/models/{model_id}": "reader",
    "GET /v1/session": "public", "POST /v1/session": "public", "DELETE /v1/session": "public",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keyed:
    """A server that asks for keys, and keys to it."""

    server: Running
    reader: str
    editor: str
    revoked: str

    def client(self, key: str | None = None) -> httpx.Client:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.server.url, headers=headers, trust_env=False, timeout=30)


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    data = tmp_path_factory.mktemp("keyed") / "data"
    with serving(data) as server:
        with server.client() as client:
            assert client.get("/readyz").status_code == 200  # open, until there is a key
        made = [
            unionqa("keys", "make", name, "--role", role, DATA=data).stdout.strip()
            for name, role in (("甲", "reader"), ("乙", "editor"), ("丙", "editor"))
        ]
        lines = unionqa("keys", "list", DATA=data).stdout.splitlines()
        assert [line.split()[-1] for line in lines] == ["甲", "乙", "丙"]
        assert unionqa("keys", "revoke", lines[2].split()[0], DATA=data).returncode == 0
        yield Keyed(server, *made)


def test_a_probe_without_a_key_learns_whether_it_is_ready_and_no_more(keyed: Keyed) -> None:
    with keyed.client() as probe, keyed.client(keyed.reader) as reader:
        told = probe.get("/readyz")
        assert (told.status_code, set(told.json())) == (200, {"status", "checks"})
        assert reader.get("/readyz").json()["documents"] == 5


@pytest.fixture(scope="module")
def routes(keyed: Keyed) -> list[tuple[str, str]]:
    with keyed.client(keyed.editor) as client:
        paths: Json = client.get("/openapi.json").json()["paths"]
    listed = [(m.upper(), path) for path, methods in paths.items() for m in methods]
    return [(m, path) for m, path in listed if m != "HEAD"] + [("GET", "/openapi.json")]


def test_every_route_has_a_right(routes: list[tuple[str, str]]) -> None:
    assert {f"{method} {path}" for method, path in routes} == set(RIGHTS)
    for method, path in routes:
        assert right_needed(method, path) == RIGHTS[f"{method} {path}"], (method, path)


def test_a_route_nobody_thought_of_is_closed() -> None:
    assert right_needed("POST", "/v1/new") == "editor"
    assert right_needed("GET", "/v1/new") == "reader"
    assert right_needed("POST", "/v1/asking") == "editor"
    assert right_needed("POST", "/v1/session/") == "editor"


def test_the_matrix_holds_over_http(keyed: Keyed, routes: list[tuple[str, str]]) -> None:
    shown = {None: "", keyed.revoked: "", "uq-wrong": "", keyed.reader: "reader"}
    for key, role in shown.items():
        with keyed.client(key) as client:
            for method, path in routes:
                needed = RIGHTS[f"{method} {path}"]
                status = client.request(method, re.sub(r"\{\w+\}", "none", path)).status_code
                page = path in {"/", "/articles", "/asked"} or path.startswith("/documents")
                if needed == "public" or needed == role:
                    assert status not in {303, 401, 403}, (role, method, path)
                elif role:
                    assert status == 403, (role, method, path)
                elif page and key is None:
                    assert status == 303
                else:
                    assert status in {401, 429, 303}, (key, method, path)


def test_a_key_opens_what_its_role_may(keyed: Keyed) -> None:
    with keyed.client(keyed.reader) as reader, keyed.client(keyed.editor) as editor:
        assert reader.post("/v1/ask", json=QUESTION).status_code == 200
        files = {"file": ("k.txt", "鹤岗市总工会建成读书角8个。\n" * 3)}
        assert reader.post("/v1/documents", files=files).status_code == 403
        added = editor.post("/v1/documents", files=files)
        assert added.status_code == 201
        path = f"/v1/documents/{added.json()['document_id']}"
        assert reader.delete(path).status_code == 403
        assert editor.delete(path).status_code == 204


def test_a_conversation_is_its_owners_alone(keyed: Keyed) -> None:
    with keyed.client(keyed.reader) as one, keyed.client(keyed.editor) as other:
        answer = one.post("/v1/ask", json=QUESTION).json()
        path = f"/v1/conversations/{answer['conversation_id']}"
        follow = {**QUESTION, "conversation_id": answer["conversation_id"]}
        vote = {"answer_id": answer["answer_id"], "vote": "up"}
        for response in (
            other.get(path),
            other.delete(path),
            other.patch(path, json={"title": "我的"}),
            other.post("/v1/ask", json=follow),
            other.post("/v1/feedback", json=vote),
        ):
            assert response.status_code == 404
        listed = other.get("/v1/conversations").json()["conversations"]
        assert answer["conversation_id"] not in [found["conversation_id"] for found in listed]
        assert one.post("/v1/feedback", json=vote).status_code == 200
        assert one.get(path).status_code == 200


def test_signing_in_gives_a_session_that_only_its_page_may_use(keyed: Keyed) -> None:
    own = {"origin": keyed.server.url}
    with keyed.client() as client:
        assert client.get("/v1/session").json() == {
            "keys_needed": True, "name": None, "role": None
        }  # fmt: skip
        signed = client.post("/v1/session", json={"key": f" {keyed.editor} "}, headers=own)
        assert signed.json() == {"keys_needed": True, "name": "乙", "role": "editor"}
        cookie = signed.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert keyed.editor not in cookie
        assert client.get("/v1/documents").status_code == 200
        assert client.post("/v1/ask", json=QUESTION).status_code == 403  # names no origin
        foreign = {"origin": "https://evil.example"}
        assert client.post("/v1/ask", json=QUESTION, headers=foreign).status_code == 403
        assert client.post("/v1/ask", json=QUESTION, headers=own).status_code == 200
        kept = client.cookies["unionqa_session"]
        assert client.delete("/v1/session", headers=own).status_code == 204
        again = {"cookie": f"unionqa_session={kept}"}
        assert client.get("/v1/documents", headers=again).status_code == 401


def test_revoking_ends_sessions_at_once(keyed: Keyed) -> None:
    made = unionqa("keys", "make", "丁", DATA=keyed.server.data).stdout.strip()
    own = {"origin": keyed.server.url}
    with keyed.client() as client:
        assert client.post("/v1/session", json={"key": made}, headers=own).status_code == 200
        assert client.get("/v1/documents").status_code == 200
        key_id = made.split("-")[1]
        assert unionqa("keys", "revoke", key_id, DATA=keyed.server.data).returncode == 0
        assert client.get("/v1/documents").status_code == 401
    assert unionqa("keys", "revoke", key_id, DATA=keyed.server.data).returncode == 1


def test_no_file_holds_a_key(keyed: Keyed) -> None:
    for path in keyed.server.data.iterdir():
        if path.is_file():
            data = path.read_bytes()
            for key in (keyed.reader, keyed.editor, keyed.revoked):
                assert key.encode() not in data
                assert key.split("-", 2)[2].encode() not in data


def test_wrong_keys_are_slowed_down_by_address() -> None:
    clock = [0.0]
    attempts = Attempts(lambda: clock[0])
    statuses = [attempts.wrong("a").status_code for _ in range(TRIES + 2)]
    assert statuses == [401] * TRIES + [429] * 2
    assert attempts.wrong("b").status_code == 401
    clock[0] += PER_S
    assert attempts.wrong("a").status_code == 401


def test_a_forwarded_address_is_not_believed(keyed: Keyed) -> None:
    with keyed.client() as client:
        statuses = {
            client.post(
                "/v1/session", json={"key": "x"}, headers={"x-forwarded-for": f"10.0.0.{number}"}
            ).status_code
            for number in range(TRIES + 2)
        }
    assert 429 in statuses


def test_nobodys_conversation_is_open_only_without_keys() -> None:
    assert Caller("browser:x", "editor").owns("")
    assert not Caller("browser:x", "editor").owns("browser:y")
    assert not Caller("key:1", "reader", keyed=True).owns("")
    assert not Caller("", "reader").owns(None)
