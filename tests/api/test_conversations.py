"""Conversations and votes are kept, followed up and forgotten."""

import httpx
import pytest

QUESTION = "双鸭山金秋助学筹了多少钱?"


def test_a_conversation_remembers(client: httpx.Client) -> None:
    first = client.post("/v1/ask", json={"question": QUESTION}).json()
    conversation_id = first["conversation_id"]
    second = client.post(
        "/v1/ask", json={"question": "白城呢?", "conversation_id": conversation_id}
    ).json()
    assert second["conversation_id"] == conversation_id
    assert second["answer_id"] != first["answer_id"]
    kept = client.get(f"/v1/conversations/{conversation_id}").json()
    assert set(kept) == {"conversation_id", "created_at", "turns"}
    assert [turn["question"] for turn in kept["turns"]] == [QUESTION, "白城呢?"]
    assert [turn["answer"] for turn in kept["turns"]] == [first, second]
    for turn in kept["turns"]:
        assert set(turn) == {
            "answer_id", "asked_at", "question", "standalone_question", "answer", "feedback"
        }  # fmt: skip


def test_a_follow_up_leans_on_the_turn_before(client: httpx.Client) -> None:
    first = client.post("/v1/ask", json={"question": QUESTION}).json()
    second = client.post(
        "/v1/ask", json={"question": "那白城呢?", "conversation_id": first["conversation_id"]}
    ).json()
    assert second["question"] == "那白城呢?"
    assert "金秋助学" in second["standalone_question"]
    assert "白城" in second["standalone_question"]


def test_each_question_alone_begins_a_conversation(client: httpx.Client) -> None:
    ids = {
        client.post("/v1/ask", json={"question": QUESTION}).json()["conversation_id"]
        for _ in range(3)
    }
    assert len(ids) == 3


def test_an_unknown_conversation_is_not_begun_by_naming_it(client: httpx.Client) -> None:
    response = client.post("/v1/ask", json={"question": QUESTION, "conversation_id": "nobody"})
    assert response.status_code == 404
    assert response.json()["error"]["field"] == "conversation_id"
    assert client.get("/v1/conversations/nobody").status_code == 404


def test_a_deleted_conversation_is_gone_with_its_answers(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    path = f"/v1/conversations/{answer['conversation_id']}"
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404
    assert client.get(path).status_code == 404
    vote = {"answer_id": answer["answer_id"], "vote": "up"}
    assert client.post("/v1/feedback", json=vote).status_code == 404


def test_the_last_vote_counts(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    vote = {"answer_id": answer["answer_id"], "vote": "up"}
    assert client.post("/v1/feedback", json=vote).json() == {**vote, "comment": None}
    last = {"answer_id": answer["answer_id"], "vote": "down", "comment": "这是去年的"}
    assert client.post("/v1/feedback", json=last).json() == last
    kept = client.get(f"/v1/conversations/{answer['conversation_id']}").json()
    assert [turn["feedback"] for turn in kept["turns"]] == [last]
    path = f"/v1/feedback/{answer['answer_id']}"
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404
    kept = client.get(f"/v1/conversations/{answer['conversation_id']}").json()
    assert [turn["feedback"] for turn in kept["turns"]] == [None]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"answer_id": "nobody"}, 404, "answer_id"),
        ({"vote": "maybe"}, 422, "vote"),
        ({"stars": 5}, 422, "stars"),
        ({"comment": "x" * 2001}, 422, "comment"),
    ],
)
def test_a_wrong_vote_is_refused(
    client: httpx.Client, change: dict[str, object], status: int, field: str
) -> None:
    response = client.post("/v1/feedback", json={"answer_id": "x", "vote": "up", **change})
    assert response.status_code == status
    assert response.json()["error"]["field"] == field
