"""A form says each thing once and in UTF-8, and ends; any other is refused, and nothing changes."""

from collections.abc import Iterator

import httpx
import pytest

from tests.api.test_errors import assert_refused

TEXT = "石嘴山市总工会建成暖心驿站57个。".encode() * 5
FILE = b'name="file"; filename="yizhan.txt"', TEXT
Part = tuple[bytes, bytes]


def form(*parts: Part, end: bytes = b"--x--\r\n") -> bytes:
    pieces = (
        b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (head, body)
        for head, body in parts
    )
    return b"".join(pieces) + end


def field(name: str, value: bytes) -> Part:
    return f'name="{name}"'.encode(), value


def file(name: bytes) -> Part:
    return b'name="file"; filename="%s"' % name, TEXT


@pytest.fixture(params=["/v1/documents", "/v1/documents/preview"], ids=["add", "preview"])
def route(request: pytest.FixtureRequest, client: httpx.Client) -> Iterator[str]:
    before = client.get("/readyz").json()
    yield str(request.param)
    assert client.get("/readyz").json() == before


def send(client: httpx.Client, route: str, body: bytes) -> httpx.Response:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    return client.post(route, content=body, headers=headers)


@pytest.mark.parametrize("name", ["title", "date", "region", "source", "url"])
def test_a_field_in_another_encoding_is_refused_by_its_name(
    client: httpx.Client, route: str, name: str
) -> None:
    response = send(client, route, form(FILE, field(name, "石嘴山市".encode("gb18030"))))
    assert response.status_code == 422
    assert assert_refused(response)["field"] == name


@pytest.mark.parametrize("name", ["title", "file", "nosuch"])
def test_a_field_given_twice_is_refused_by_its_name(
    client: httpx.Client, route: str, name: str
) -> None:
    twice = (FILE, FILE) if name == "file" else (FILE, *[field(name, b"a")] * 2)
    response = send(client, route, form(*twice))
    assert response.status_code == 422
    assert assert_refused(response)["field"] == name


@pytest.mark.parametrize(
    "parts",
    [
        (file(b"\xff\xfe.txt"),), (file(b"a\x00.txt"),), (file(b"a\n.txt"),),
        (file(b"a\x1b[31m.txt"),), (file(b"a" * 5_000 + b".txt"),), (file(b".."),),
        (FILE, (b'name="\xff"', b"a")), (FILE, field("url", b"http://a b/")),
        (FILE, field("url", b"http://a:99999999/")), (FILE, field("url", b"javascript:a")),
        (FILE, field("date", "２０２１".encode())), (FILE, field("source", b"a\x00b")),
        (FILE, field("region", b"\x1b[31m")), ((b'name="file"; filename="a.txt"', b""),),
        (FILE, (b'name="title"; filename="a.txt"', b"a")), (field("file", b"a"),),
    ],
)  # fmt: skip
def test_what_a_form_may_not_say(client: httpx.Client, route: str, parts: tuple[Part]) -> None:
    assert_refused(send(client, route, form(*parts)))


@pytest.mark.parametrize("kept", [len(form(FILE, end=b"")), -3, -30, -60, 100])
def test_a_form_that_breaks_off_is_refused(client: httpx.Client, route: str, kept: int) -> None:
    assert_refused(send(client, route, form(FILE, field("title", b"a title"))[:kept]))


def test_a_path_before_a_file_name_is_dropped(client: httpx.Client) -> None:
    response = send(client, "/v1/documents/preview", form(file(b"../../etc/yizhan.txt")))
    assert response.json()["source"] == "yizhan.txt"


def test_a_wide_space_in_a_title_is_text(client: httpx.Client) -> None:
    title = "关于表彰的通知　第一号"
    response = send(client, "/v1/documents/preview", form(FILE, field("title", title.encode())))
    assert response.json()["title"] == title


def test_a_place_that_no_list_has_is_kept_and_found_by_its_name(client: httpx.Client) -> None:
    """A development zone or a branch of trade is no city; the caller knows it, and may filter."""
    place = "火星工业园"
    made = send(client, "/v1/documents", form(FILE, field("region", place.encode()))).json()
    try:
        assert made["region"] == place
        listed = client.get("/v1/documents", params={"region": place}).json()["documents"]
        assert [one["document_id"] for one in listed] == [made["document_id"]]
        question = {"question": "株洲建成暖心驿站多少个?"}
        assert client.post("/v1/ask", json=question).json()["status"] == "not_found"
    finally:
        client.delete(f"/v1/documents/{made['document_id']}")
