"""Documents over HTTP: added, found, replaced, deleted, and never lost or half there."""

import io
import zipfile

import httpx
import pytest

from index.lock import FolderLock
from tests.api.running import SEEDS, Json, Running

DOCUMENT = {
    "document_id", "title", "date", "date_inferred", "region", "source", "publisher", "author",
    "url", "characters", "chunks", "added_at", "updated_at",
}  # fmt: skip
# A place and a programme of no seed.
ARTICLE = """石嘴山市总工会开展“暖心驿站”建设

2022-05-18 来源:宁夏工人报

    2022年以来,石嘴山市总工会建成暖心驿站{count}个,覆盖职工2.3万人。
    市总工会还组织志愿者为环卫工人送去饮用水和药品。
"""
QUESTION = "石嘴山建成多少个暖心驿站?"


def upload(client: httpx.Client, name: str, data: bytes, **fields: str) -> httpx.Response:
    return client.post("/v1/documents", files={"file": (name, data)}, data=fields)


def answer_to(client: httpx.Client, question: str = QUESTION) -> Json:
    return client.post("/v1/ask", json={"question": question}).json()


def test_an_article_lives_and_dies(client: httpx.Client) -> None:
    created = upload(client, "shizuishan.txt", ARTICLE.format(count=57).encode())
    assert created.status_code == 201, created.text
    document = created.json()
    assert set(document) == DOCUMENT
    assert document["source"] == "shizuishan.txt"
    assert (document["region"], document["date"]) == ("石嘴山市", "2022-05-18")
    path = f"/v1/documents/{document['document_id']}"

    answer = answer_to(client)
    assert [short["text"] for short in answer["short_answers"]] == ["57个"]

    same = upload(client, "shizuishan.txt", ARTICLE.format(count=57).encode())
    assert (same.status_code, same.json()) == (200, document)

    replaced = upload(client, "shizuishan.txt", ARTICLE.format(count=64).encode())
    assert replaced.status_code == 200
    assert replaced.json()["document_id"] == document["document_id"]
    assert replaced.json()["added_at"] == document["added_at"]
    assert [short["text"] for short in answer_to(client)["short_answers"]] == ["64个"]

    before = answer_to(client)
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404
    for gone in (path, f"{path}/source"):
        assert client.get(gone).json()["error"]["code"] == "not_found"
    after = answer_to(client)
    assert after["status"] == "not_found"
    assert "64" not in after["answer"]
    assert not any(one["source"] == "shizuishan.txt" for one in after["citations"])
    hits = client.post("/v1/search", json={"query": "暖心驿站"}).json()["hits"]
    assert not any("暖心驿站" in hit["text"] for hit in hits)
    kept = client.get(f"/v1/conversations/{before['conversation_id']}")
    assert "64" not in kept.text.replace(before["answer_id"], "").replace(
        before["conversation_id"], ""
    )
    assert kept.json()["turns"][0]["answer"] is None


def test_what_the_caller_states_goes_before_what_the_file_says(client: httpx.Client) -> None:
    given = {
        "title": "驿站的故事",
        "date": "2022-06",
        "region": "银川市",
        "source": "报社/第三版",
        "url": "https://example.org/a",
    }
    document = upload(client, "a.md", ARTICLE.format(count=5).encode(), **given).json()
    assert {name: document[name] for name in given} == given
    full = client.get(f"/v1/documents/{document['document_id']}").json()
    assert {name: full[name] for name in given} == given
    client.delete(f"/v1/documents/{document['document_id']}")


def test_a_document_in_full(client: httpx.Client) -> None:
    for listed in client.get("/v1/documents").json()["documents"]:
        full = client.get(f"/v1/documents/{listed['document_id']}").json()
        assert set(full) == DOCUMENT | {"text"}
        assert {**full, "chunks": len(full["chunks"])} == {**listed, "text": full["text"]}
        assert full["characters"] == len(full["text"])
        for chunk in full["chunks"]:
            assert set(chunk) == {"chunk_id", "start", "end", "text", "heading"}
            assert full["text"][chunk["start"] : chunk["end"]] == chunk["text"]


def test_the_list_goes_on_where_it_stopped(client: httpx.Client) -> None:
    whole = client.get("/v1/documents", params={"limit": 100}).json()
    assert whole["next_cursor"] is None
    assert {SEEDS / one["source"] for one in whole["documents"]} >= set(SEEDS.glob("*.txt"))
    paged: list[Json] = []
    cursor = None
    for _ in range(10):
        asked = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/v1/documents", params=asked).json()
        assert set(page) == {"documents", "next_cursor"}
        paged += page["documents"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert paged == whole["documents"]


@pytest.mark.parametrize("region", ["株洲", "株洲市", "湖南"])
def test_the_list_of_a_place(client: httpx.Client, region: str) -> None:
    found = client.get("/v1/documents", params={"region": region}).json()["documents"]
    assert [one["region"] for one in found] == ["株洲市"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=-1", "cursor"),
        ("page=2", "page"),
        ("region=", "region"),
    ],
)
def test_a_wrong_query_is_named(client: httpx.Client, query: str, field: str) -> None:
    response = client.get(f"/v1/documents?{query}")
    assert response.status_code == 422
    assert response.json()["error"]["field"] == field


def test_the_source_is_an_attachment_and_never_a_page(client: httpx.Client) -> None:
    page = "<html><body><article><p>" + ARTICLE.format(count=9) + "</p></article></body></html>"
    document = upload(client, "页面.html", page.encode()).json()
    response = client.get(f"/v1/documents/{document['document_id']}/source")
    assert response.text == page
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["x-content-type-options"] == "nosniff"
    client.delete(f"/v1/documents/{document['document_id']}")


@pytest.mark.parametrize(
    ("name", "data", "fields", "status", "field"),
    [
        ("a.exe", b"MZ", {}, 415, "file"),
        ("a", b"text", {}, 415, "file"),
        ("a.jsonl", b"{}", {}, 415, "file"),
        ("a.pdf", b"no pdf", {}, 422, "file"),
        ("a.docx", b"no docx", {}, 422, "file"),
        ("a.txt", b"", {}, 422, "file"),
        ("a.txt", b" \n\n ", {}, 422, "file"),
        ("a.txt", b"\xff\xfe\x00\xd8\x81\x30\x89", {}, 422, "file"),
        ("a.txt", "字".encode() * 2_000_000, {}, 413, "file"),
        ("a.txt", b"text", {"colour": "red"}, 422, "colour"),
        ("a.txt", b"text", {"date": "2021-02-30"}, 422, "date"),
        ("a.txt", b"text", {"url": "javascript:alert(1)"}, 422, "url"),
        ("a.txt", b"text", {"title": "x" * 201}, 422, "title"),
        ("a.txt", b"text", {"source": "a\nb"}, 422, "source"),
    ],
)
def test_a_wrong_upload_changes_nothing(
    client: httpx.Client, name: str, data: bytes, fields: dict[str, str], status: int, field: str
) -> None:
    before = client.get("/readyz").json()["generation"]
    response = upload(client, name, data, **fields)
    assert response.status_code == status, response.text
    assert response.json()["error"]["field"] == field
    assert client.get("/readyz").json()["generation"] == before


def test_a_zip_bomb_is_refused(client: httpx.Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 150_000_000)
    response = upload(client, "bomb.docx", packed.getvalue())
    assert response.status_code in {413, 422}
    assert response.json()["error"]["field"] == "file"


def test_a_file_over_20_mb_is_refused(client: httpx.Client) -> None:
    response = upload(client, "large.pdf", b"%PDF-1.4" + b"\0" * 20_100_000)
    assert response.status_code == 413


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "..\\..\\a.txt", "a\0b.txt", "．．／c.txt"]
)
def test_a_name_is_never_a_path(client: httpx.Client, name: str) -> None:
    response = upload(client, name, ARTICLE.format(count=3).encode())
    assert response.status_code in {200, 201, 422}
    if response.is_success:
        source = response.json()["source"]
        assert not set(source) & set("/\\\0／")
        client.delete(f"/v1/documents/{response.json()['document_id']}")


def test_while_another_process_writes_uploads_wait_and_questions_do_not(
    client: httpx.Client, server: Running
) -> None:
    lock = FolderLock(server.data / "lock")
    lock.acquire()
    try:
        assert client.post("/v1/ask", json={"question": "株洲服务站"}).status_code == 200
        response = upload(client, "busy.txt", ARTICLE.format(count=5).encode())
    finally:
        lock.release()
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) >= 1
    assert response.json()["error"]["code"] == "folder_busy"


def test_a_form_of_unknown_size_is_cut_at_the_limit(client: httpx.Client) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    response = client.post(
        "/v1/documents",
        content=iter([head, *[b"a" * 1_000_000] * 22, b"\r\n--x--\r\n"]),
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert response.status_code == 413
