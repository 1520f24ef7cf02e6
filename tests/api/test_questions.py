"""Questions over HTTP: the contract field by field, and citations anybody can check."""

import re
import unicodedata
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from tests.api.running import SEEDS, Json

ANSWER = {
    "status", "answer", "short_answers", "citations", "related", "table", "question",
    "standalone_question", "conversation_id", "answer_id", "mode", "degraded", "timings_ms",
}  # fmt: skip
CITATION = {
    "id", "document_id", "chunk_id", "title", "date", "date_inferred", "region", "source", "quote",
    "start", "end", "source_start", "source_end", "url",
}  # fmt: skip
HIT = {
    "rank", "score", "document_id", "chunk_id", "title", "date", "region", "source", "text",
    "start", "end", "retrievers",
}  # fmt: skip
TRADITIONAL = OpenCC("t2s")
SHUANGYASHAN = "双鸭山金秋助学筹了多少钱?"
ZHUZHOU = "How much did Zhuzhou raise for 金秋助学?"


def ask(client: httpx.Client, question: str, **fields: object) -> Json:
    response = client.post("/v1/ask", json={"question": question, **fields})
    assert response.status_code == 200, response.text
    return response.json()


def same_sentence(span: str, quote: str) -> bool:
    """Whether a quote is its source span with characters folded or left out, none added."""
    printed = re.sub(r"\(\w+\)", "", TRADITIONAL.convert(unicodedata.normalize("NFKC", span)))
    kept = iter(re.sub(r"\W", "", printed))
    return all(char in kept for char in re.sub(r"\W", "", unicodedata.normalize("NFKC", quote)))


def assert_citations_hold(client: httpx.Client, answer: Json) -> None:
    """Every quote is what stands in the text, and its source span in the untouched file."""
    for citation in answer["citations"]:
        assert set(citation) == CITATION
        document = client.get(f"/v1/documents/{citation['document_id']}").json()
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert (document["title"], document["source"]) == (citation["title"], citation["source"])
        source = client.get(f"/v1/documents/{citation['document_id']}/source").text
        seed = (SEEDS / citation["source"]).read_bytes().decode("utf-8-sig")
        assert source.removeprefix("\ufeff") == seed
        span = source[citation["source_start"] : citation["source_end"]]
        assert same_sentence(span, citation["quote"])
        assert citation["url"] == (
            f"/documents/{citation['document_id']}#c{citation['start']}-{citation['end']}"
        )
        page = client.get(urlsplit(citation["url"]).path)
        assert page.headers["content-type"].startswith("text/html")


def test_an_answer_has_the_contracts_fields(client: httpx.Client) -> None:
    answer = ask(client, SHUANGYASHAN)
    assert set(answer) == ANSWER
    assert answer["status"] == "answered"
    assert answer["question"] == answer["standalone_question"] == SHUANGYASHAN
    assert (answer["mode"], answer["degraded"], answer["related"]) == ("extractive", [], [])
    assert answer["table"] is None
    assert answer["timings_ms"]["total"] > 0
    assert answer["conversation_id"]
    assert answer["answer_id"]
    assert "163万元" in answer["answer"]
    assert "[1]" in answer["answer"]
    (short,) = answer["short_answers"]
    assert short == {
        "text": "163万元", "citation": 1, "region": "双鸭山市", "value": 1630000, "unit": "元"
    }  # fmt: skip
    assert isinstance(short["value"], int)
    assert answer["citations"][0]["source"] == "000_0152ab743622947b.txt"
    assert "163万元" in answer["citations"][0]["quote"]


@pytest.mark.parametrize(
    "question", [SHUANGYASHAN, ZHUZHOU, "白城建成多少家户外劳动者服务站", "菏泽“五家”建设是哪五家"]
)
def test_every_citation_can_be_checked(client: httpx.Client, question: str) -> None:
    answer = ask(client, question)
    assert answer["citations"]
    assert_citations_hold(client, answer)


def test_a_citation_of_plain_text_is_the_same_in_the_seed_file(client: httpx.Client) -> None:
    (citation,) = ask(client, SHUANGYASHAN)["citations"]
    seed = (SEEDS / citation["source"]).read_bytes().decode("utf-8-sig")
    assert seed[citation["source_start"] : citation["source_end"]] == citation["quote"]


def test_another_citys_figure_is_never_given(client: httpx.Client) -> None:
    answer = ask(client, ZHUZHOU)
    assert answer["status"] == "not_found"
    assert "163" not in answer["answer"]
    assert "61.19" not in answer["answer"]
    numbers = {citation["id"] for citation in answer["citations"]}
    for near in answer["related"]:
        assert set(near) == {"note", "citation"}
        assert near["citation"] in numbers


def test_several_places_make_a_table(client: httpx.Client) -> None:
    answer = ask(client, "白城和株洲各建了多少个户外劳动者服务站?")
    assert set(answer["table"]) == {"columns", "rows"}
    assert [row["region"] for row in answer["table"]["rows"]] == ["白城市", "株洲市"]
    for row in answer["table"]["rows"]:
        assert set(row) == {"region", "cells", "citations"}


def test_without_a_language_model_generative_says_so(client: httpx.Client) -> None:
    answer = ask(client, SHUANGYASHAN, mode="generative")
    assert answer["degraded"] == ["llm_unavailable"]
    assert answer["mode"] == "extractive"
    assert "163万元" in answer["answer"]


def test_filters_hold(client: httpx.Client) -> None:
    hits = client.post(
        "/v1/search", json={"query": "金秋助学", "filters": {"region": ["白城"]}}
    ).json()["hits"]
    assert hits
    assert {hit["region"] for hit in hits} == {"白城市"}
    other = ask(client, SHUANGYASHAN, filters={"source": ["001_b7059ce67c622f87.txt"]})
    assert {citation["source"] for citation in other["citations"]} <= {"001_b7059ce67c622f87.txt"}
    assert "163" not in other["answer"]


def test_top_k_bounds_what_comes_back(client: httpx.Client) -> None:
    found = client.post("/v1/search", json={"query": "工会", "top_k": 3}).json()["hits"]
    assert [hit["rank"] for hit in found] == [1, 2, 3]
    assert len(ask(client, ZHUZHOU, top_k=1)["citations"]) <= 2


def test_a_search_hit_has_the_contracts_fields(client: httpx.Client) -> None:
    body = client.post("/v1/search", json={"query": "户外劳动者服务站"}).json()
    assert set(body) == {"hits", "took_ms"}
    for hit in body["hits"]:
        assert set(hit) == HIT
        document = client.get(f"/v1/documents/{hit['document_id']}").json()
        assert document["text"][hit["start"] : hit["end"]] == hit["text"]
        assert hit["retrievers"]
        assert set(hit["retrievers"]) <= {"bm25", "dense"}
        for found in hit["retrievers"].values():
            assert set(found) == {"rank", "score"}
    scores = [hit["score"] for hit in body["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_one_retriever_alone(client: httpx.Client) -> None:
    body = client.post("/v1/search", json={"query": "服务站", "retrievers": ["bm25"]}).json()
    assert {name for hit in body["hits"] for name in hit["retrievers"]} == {"bm25"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": " \u3000\n"}, "question"),
        ({"question": "问" * 2001}, "question"),
        ({"question": None}, "question"),
        ({"question": 5}, "question"),
        ({"top_k": 0}, "top_k"),
        ({"top_k": 101}, "top_k"),
        ({"top_k": "5"}, "top_k"),
        ({"top_k": True}, "top_k"),
        ({"mode": "creative"}, "mode"),
        ({"stream": "yes"}, "stream"),
        ({"topk": 5}, "topk"),
        ({"conversation_id": 7}, "conversation_id"),
        ({"filters": {"region": "双鸭山"}}, "filters.region"),
        ({"filters": {"region": [""]}}, "filters.region"),
        ({"filters": {"city": ["双鸭山"]}}, "filters.city"),
        ({"filters": {"date_from": "2021-13"}}, "filters.date_from"),
        ({"filters": {"date_to": "昨天"}}, "filters.date_to"),
        ({"filters": {"date_from": "2022", "date_to": "2021"}}, "filters"),
    ],
)
def test_a_wrong_field_is_named(
    client: httpx.Client, change: dict[str, object], field: str
) -> None:
    response = client.post("/v1/ask", json={"question": SHUANGYASHAN, **change})
    assert response.status_code == 422
    error = response.json()["error"]
    assert set(error) == {"code", "message", "field"}
    assert error["field"] == field
    assert error["message"]


def test_a_question_of_2000_characters_is_taken(client: httpx.Client) -> None:
    question = ("双鸭山金秋助学筹了多少钱?" + "啊" * 2000)[:2000]
    assert ask(client, f"  {question}  ")["question"] == question


WORDS = (
    "双鸭山", "株洲市", "Zhuzhou", "金秋助学", "户外劳动者服务站", "多少", "去年", "2020年", "是谁",
    "和", "各", "how many", "who", "?", "“", "(", "[1]", "163万元", "%", "-", "\n", "\u200b", "😀",
    "الاتحاد", "\x00", "'; DROP TABLE documents; --", "AND OR NOT", "*", "^", "~", "\\", '"',
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=20), min_size=1, max_size=12))
@settings(derandomize=True, max_examples=80, deadline=None)
def test_any_question_has_an_answer(client: httpx.Client, words: list[str]) -> None:
    text = "".join(words).encode("utf-8", "replace").decode()
    if not text.strip():
        text = "?"
    assert ask(client, text)["status"] in {"answered", "partial", "not_found"}
    fields = {"query": text, "filters": {"region": [text.strip()[:200] or "?"], "source": [text]}}
    assert client.post("/v1/search", json=fields).status_code in {200, 422}
