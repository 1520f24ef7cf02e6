"""A browser finds its own conversations again, names them, and sees nobody else's."""

import httpx

from tests.api.running import Running

QUESTION = "双鸭山金秋助学筹了多少钱?"


def test_a_browser_lists_names_and_forgets_its_own(server: Running) -> None:
    with server.client() as one, server.client() as other:
        for client in (one, other):
            cookie = client.get("/").headers["set-cookie"]
            assert "HttpOnly" in cookie
        assert "set-cookie" not in one.get("/").headers
        first = one.post("/v1/ask", json={"question": QUESTION}).json()["conversation_id"]
        second = one.post("/v1/ask", json={"question": "白城呢?"}).json()["conversation_id"]
        listed = one.get("/v1/conversations").json()
        assert [found["conversation_id"] for found in listed["conversations"]] == [second, first]
        assert [found["title"] for found in listed["conversations"]] == ["白城呢?", QUESTION]
        assert listed["next_cursor"] is None
        # asking goes on in the first: it moves to the top
        one.post("/v1/ask", json={"question": "那株洲呢?", "conversation_id": first})
        renamed = one.patch(f"/v1/conversations/{first}", json={"title": " 助学 "}).json()
        assert (renamed["title"], renamed["turns"]) == ("助学", 2)
        top = one.get("/v1/conversations", params={"limit": 1}).json()
        assert top["conversations"] == [renamed]
        rest = one.get("/v1/conversations", params={"cursor": top["next_cursor"]}).json()
        assert [found["conversation_id"] for found in rest["conversations"]] == [second]
        assert other.get("/v1/conversations").json()["conversations"] == []
        path = f"/v1/conversations/{first}"
        assert other.get(path).status_code == other.delete(path).status_code == 404
        assert other.patch(path, json={"title": "x"}).status_code == 404
        assert one.delete(path).status_code == 204
        assert len(one.get("/v1/conversations").json()["conversations"]) == 1


def test_a_name_has_1_to_200_characters(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    path = f"/v1/conversations/{answer['conversation_id']}"
    for title in ("", " ", "x" * 201):
        assert client.patch(path, json={"title": title}).status_code == 422
    assert client.get("/v1/conversations", params={"cursor": "x"}).status_code == 422
