"""Here is the application; give me its description in OpenAPI, true and with real examples."""

from typing import Any

from fastapi import FastAPI

QUOTE = "去年,全市各级工会组织筹措助学资金163万元"
ANSWER: dict[str, Any] = {
    "status": "answered",
    "answer": f"双鸭山市金秋助学：{QUOTE}。[1]",
    "short_answers": [
        {"text": "163万元", "citation": 1, "region": "双鸭山市", "value": 1630000, "unit": "元"}
    ],
    "citations": [
        {
            "id": 1,
            "document_id": "0b1c",
            "chunk_id": "0b1c-1100-1300-9e12",
            "title": "咱们工会有作为",
            "date": "2018-02-03",
            "date_inferred": False,
            "region": "双鸭山市",
            "source": "000_0152ab743622947b.txt",
            "quote": QUOTE,
            "start": 1210,
            "end": 1232,
            "source_start": 1402,
            "source_end": 1424,
            "url": "/documents/0b1c#c1210-1232",
        }
    ],
    "related": [],
    "table": None,
    "question": "双鸭山金秋助学筹了多少钱?",
    "standalone_question": "双鸭山金秋助学筹了多少钱?",
    "conversation_id": "c0ffee",
    "answer_id": "f00d",
    "mode": "extractive",
    "degraded": [],
    "timings_ms": {"total": 8.1},
}
EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "AskRequest": [
        {"question": "双鸭山金秋助学筹了多少钱?"},
        {
            "question": "建成多少家户外劳动者服务站?",
            "conversation_id": None,
            "top_k": 5,
            "filters": {"region": ["白城"], "date_from": "2021", "date_to": None, "source": None},
            "mode": "extractive",
            "stream": False,
        },
    ],
    "Answer": [ANSWER],
    "SearchRequest": [{"query": "户外劳动者服务站", "top_k": 3, "retrievers": ["bm25", "dense"]}],
    "SearchResponse": [
        {
            "hits": [
                {
                    "rank": 1,
                    "score": 0.97,
                    "document_id": "0b1c",
                    "chunk_id": "0b1c-1100-1300-9e12",
                    "title": "咱们工会有作为",
                    "date": "2018-02-03",
                    "region": "双鸭山市",
                    "source": "000_0152ab743622947b.txt",
                    "text": QUOTE,
                    "start": 1210,
                    "end": 1232,
                    "retrievers": {"bm25": {"rank": 1, "score": 12.3}},
                }
            ],
            "took_ms": 3.2,
        }
    ],
    "FeedbackRequest": [{"answer_id": "f00d", "vote": "down", "comment": "这是去年的数字"}],
    "Document": [
        {
            "document_id": "0b1c",
            "title": "咱们工会有作为",
            "date": "2018-02-03",
            "date_inferred": False,
            "region": "双鸭山市",
            "source": "000_0152ab743622947b.txt",
            "publisher": "北方人",
            "author": "王超明",
            "url": None,
            "characters": 2383,
            "chunks": 10,
            "added_at": "2026-11-20T08:30:00Z",
            "updated_at": "2026-11-20T08:30:00Z",
        }
    ],
    "Error": [
        {
            "error": {
                "code": "unknown_field",
                "message": "unknown field topk; see /openapi.json",
                "field": "topk",
            }
        }
    ],
}
NEVER = "HTTPValidationError"
"""FastAPI's own form of a 422, which `api.errors` replaces everywhere."""


def describe(app: FastAPI) -> None:
    """Make the app describe itself with `EXAMPLES`, and without responses it never gives."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = generated()
            _drop_never(schema)
            # subtle: FastAPI would drop the nulls of an example that a model carries
            for name, examples in EXAMPLES.items():
                schema["components"]["schemas"][name]["examples"] = examples
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _drop_never(schema: dict[str, Any]) -> None:
    """Take FastAPI's own 422 out of the description."""
    for path in schema["paths"].values():
        for operation in path.values():
            refused = operation["responses"].get("422", {})
            if NEVER in str(refused):
                del operation["responses"]["422"]
    for name in (NEVER, "ValidationError"):
        schema["components"]["schemas"].pop(name, None)
