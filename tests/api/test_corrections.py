"""An upload can be looked at before, corrected after, and a delete undone."""

from collections.abc import Iterator

import httpx
import pytest

from api.removed import KEEP_S, MOST, Removed
from tests.api.running import Json
from tests.fakes import document

TEXT = "鹤岗市总工会工作简报\n\n2021年，鹤岗市总工会建成读书角8个，覆盖职工3200人。\n" * 2
ASKED = {"question": "鹤岗建成多少个读书角?"}


@pytest.fixture
def added(client: httpx.Client) -> Iterator[Json]:
    stored = client.post("/v1/documents", files={"file": ("correct.txt", TEXT)}).json()
    yield stored
    client.delete(f"/v1/documents/{stored['document_id']}")


def test_a_preview_keeps_nothing(client: httpx.Client) -> None:
    before = client.get("/readyz").json()
    shown = client.post("/v1/documents/preview", files={"file": ("new.txt", TEXT)}).json()
    assert "读书角8个" in shown["text"]
    assert shown["source_text"] == TEXT
    assert shown["dropped"]  # the repeated paragraph
    assert not shown["replaces"]
    for span in shown["dropped"]:
        assert set(span) == {"source_start", "source_end", "reason"}
    assert client.get("/readyz").json() == before
    assert client.get(f"/v1/documents/{shown['document_id']}").status_code == 404


def test_a_preview_knows_what_it_would_replace(client: httpx.Client, added: Json) -> None:
    files = {"file": ("correct.txt", TEXT)}
    shown = client.post("/v1/documents/preview", files=files, data={"title": "简报"}).json()
    assert shown["replaces"]
    assert (shown["document_id"], shown["title"]) == (added["document_id"], "简报")


def test_a_refused_preview_says_why(client: httpx.Client) -> None:
    response = client.post("/v1/documents/preview", files={"file": ("a.exe", b"MZ")})
    assert response.status_code == 415
    assert ".docx" in response.json()["error"]["message"]


def test_a_correction_is_what_answers_use(client: httpx.Client, added: Json) -> None:
    path = f"/v1/documents/{added['document_id']}"
    assert client.post("/v1/ask", json=ASKED).json()["status"] == "answered"
    corrected = client.patch(
        path, json={"title": "读书角", "date": "2022-03-01", "region": "七台河"}
    ).json()
    assert (corrected["title"], corrected["date"]) == ("读书角", "2022-03-01")
    assert (corrected["region"], corrected["date_inferred"]) == ("七台河市", False)
    assert client.get("/v1/documents", params={"region": "七台河"}).json()["documents"]
    dated = client.get("/v1/documents", params={"date_from": "2022-03", "date_to": "2022-03"})
    assert [found["title"] for found in dated.json()["documents"]] == ["读书角"]
    emptied = client.patch(path, json={"date": None, "region": None}).json()
    assert (emptied["date"], emptied["region"], emptied["title"]) == (None, None, "读书角")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": None}, "title"),
        ({"title": ""}, "title"),
        ({"date": "昨天"}, "date"),
        ({"x": 1}, "x"),
    ],
)
def test_a_wrong_correction_is_refused(
    client: httpx.Client, added: Json, change: dict[str, object], field: str
) -> None:
    response = client.patch(f"/v1/documents/{added['document_id']}", json=change)
    assert response.status_code == 422
    assert response.json()["error"]["field"] == field
    assert client.patch("/v1/documents/none", json={"title": "x"}).status_code == 404


def test_a_delete_can_be_undone_once(client: httpx.Client) -> None:
    stored = client.post("/v1/documents", files={"file": ("undo.txt", TEXT)}).json()
    path = f"/v1/documents/{stored['document_id']}"
    full = client.get(path).json()
    assert client.delete(path).status_code == 204
    assert client.post("/v1/ask", json=ASKED).json()["status"] == "not_found"
    assert client.post(f"{path}/restore").status_code == 201
    again = client.get(path).json()
    assert {**again, "added_at": "", "updated_at": ""} == {**full, "added_at": "", "updated_at": ""}
    assert client.post("/v1/ask", json=ASKED).json()["status"] == "answered"
    assert client.post(f"{path}/restore").status_code == 404
    client.delete(path)


def test_a_replacement_can_be_undone_once_and_is_listed(client: httpx.Client) -> None:
    stored = client.post("/v1/documents", files={"file": ("over.txt", TEXT)}).json()
    path = f"/v1/documents/{stored['document_id']}"
    client.post("/v1/documents", files={"file": ("over.txt", TEXT)})  # changes nothing
    assert client.post(f"{path}/restore").status_code == 404
    client.post("/v1/documents", files={"file": ("over.txt", TEXT.replace("8个", "9个"))})
    listed = client.get("/v1/removed").json()["documents"]
    assert listed[0] == {
        "document_id": stored["document_id"],
        "title": stored["title"],
        "replaced": True,
    }
    assert client.post(f"{path}/restore").status_code == 201
    assert "8个" in client.get(path).json()["text"]
    assert stored["document_id"] not in client.get("/v1/removed").text
    client.delete(path)
    assert client.get("/v1/removed").json()["documents"][0]["replaced"] is False


def test_who_must_not_replace_is_refused(client: httpx.Client) -> None:
    files = {"file": ("fresh.txt", TEXT)}
    fresh = {"If-None-Match": "*"}
    stored = client.post("/v1/documents", files=files, headers=fresh)
    assert stored.status_code == 201
    other = {"file": ("fresh.txt", TEXT.replace("8个", "9个"))}
    refused = client.post("/v1/documents", files=other, headers=fresh)
    assert refused.status_code == 412
    assert (refused.json()["error"]["code"], refused.json()["error"]["field"]) == (
        "exists",
        "source",
    )
    path = f"/v1/documents/{stored.json()['document_id']}"
    assert "8个" in client.get(path).json()["text"]
    client.delete(path)


def test_only_the_last_and_the_lately_deleted_are_kept() -> None:
    clock = [0.0]
    removed = Removed(lambda: clock[0])
    for number in range(MOST + 1):
        removed.put(document(str(number), "文"))
    assert [one.document_id for one in removed.listed()][:2] == [str(MOST), str(MOST - 1)]
    assert removed.take("0") is None
    assert removed.take("1") is not None
    assert removed.take("1") is None
    clock[0] += KEEP_S + 1
    assert removed.take("2") is None
    assert removed.listed() == []
