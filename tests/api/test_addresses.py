"""An article's address opens it, whatever its id holds."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from api.addresses import escaped, page_path
from tests.api.wecom.fake import fake_wecom
from tests.api.wecom.rig import serving
from tests.fakes import document

IDS = (
    "a/b c", "a/b c/source", "/", "//a/", "p?c=1#z", "百分%41", "%2F", "a%2Fb", "x)y](z", "a\\b",
    'x"></a><a href="javascript:alert(1)', "y) [点这里](javascript:alert(1)", "a&b=c;d", "é", "😀",
    "https://news.example.org/a.html?id=7", "a+b", "'", "...", "restore",
)  # fmt: skip


@given(st.text(st.sampled_from("/\\\"'()[]<>&?#%2Ff:. 工😀\u2028"), min_size=1))
def test_an_id_stays_within_its_segment(document_id: str) -> None:
    safe = set("%_.-~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert set(escaped(document_id)) <= safe
    assert page_path(document_id, 3, 7) == f"/documents/{escaped(document_id)}#c3-7"


def test_every_route_finds_every_id(tmp_path: Path) -> None:
    with fake_wecom() as fake, serving(tmp_path / "data", fake) as service:
        opened, http = service.resources.index, service.http
        opened.add_many(document(one, f"原文：{one}", title=one) for one in IDS)
        for one in IDS:
            path = f"/v1/documents/{escaped(one)}"
            assert http.get(path).json()["document_id"] == one
            assert http.get(f"{path}/source").text == f"原文：{one}"
            assert http.get(f"/documents/{escaped(one)}").status_code == 200
            assert http.head(f"/documents/{escaped(one)}").status_code == 200
        for one in IDS:
            assert http.delete(f"/v1/documents/{escaped(one)}").status_code == 204, one
            assert http.post(f"/v1/documents/{escaped(one)}/restore").status_code == 201, one
        # an escaped slash stands in a value, and parts no segments
        assert http.get("/v1%2Fdocuments").status_code == 404
        assert http.get("/v1/documents/none/source").status_code == 404
