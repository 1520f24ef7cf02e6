"""Here is the name of an object or a parameter of the contract; give me an example of it."""

from typing import Any

QUOTE = "去年,全市各级工会组织筹措助学资金163万元"
DOCUMENT_ID = "0b1c"
_QUESTION = "双鸭山金秋助学筹了多少钱?"
_TITLE = "咱们工会有作为"
_SOURCE = "000_0152ab743622947b.txt"
_REGION = "双鸭山市"
_TIME = "2026-11-20T08:30:00Z"
_FILTERS = {"region": ["白城"], "date_from": "2021", "date_to": None, "source": None}
_SHORT = {"text": "163万元", "citation": 1, "region": _REGION, "value": 1630000, "unit": "元"}
_CITATION = {
    "id": 1,
    "document_id": DOCUMENT_ID,
    "chunk_id": "0b1c-1100-1300-9e12",
    "title": _TITLE,
    "date": "2018-02-03",
    "date_inferred": False,
    "region": _REGION,
    "source": _SOURCE,
    "quote": QUOTE,
    "start": 1210,
    "end": 1232,
    "source_start": 1402,
    "source_end": 1424,
    "url": "/documents/0b1c#c1210-1232",
}
_ROW = {"region": "白城市", "cells": ["41家"], "citations": [2]}
ANSWER: dict[str, Any] = {
    "status": "answered",
    "answer": f"双鸭山市金秋助学：{QUOTE}。[1]",
    "short_answers": [_SHORT],
    "citations": [_CITATION],
    "related": [],
    "table": None,
    "question": _QUESTION,
    "standalone_question": _QUESTION,
    "conversation_id": "c0ffee",
    "answer_id": "f00d",
    "mode": "extractive",
    "degraded": [],
    "timings_ms": {"total": 8.1},
}
_BM25_HIT = {"rank": 1, "score": 12.3}
_SEARCH_HIT = {
    "rank": 1,
    "score": 0.97,
    "document_id": DOCUMENT_ID,
    "chunk_id": "0b1c-1100-1300-9e12",
    "title": _TITLE,
    "date": "2018-02-03",
    "region": _REGION,
    "source": _SOURCE,
    "text": QUOTE,
    "start": 1210,
    "end": 1232,
    "retrievers": {"bm25": _BM25_HIT},
}
_ARTICLE = {
    "document_id": DOCUMENT_ID,
    "title": _TITLE,
    "date": "2018-02-03",
    "date_inferred": False,
    "region": _REGION,
    "source": _SOURCE,
    "publisher": "北方人",
    "author": "王超明",
    "url": None,
    "characters": 2383,
}
_STORED = {**_ARTICLE, "added_at": _TIME, "updated_at": _TIME}
_DOCUMENT = {**_STORED, "chunks": 10}
_CHUNK = {
    "chunk_id": "0b1c-1100-1300-9e12",
    "start": 1210,
    "end": 1232,
    "text": QUOTE,
    "heading": "",
}
_DROPPED = {"source_start": 0, "source_end": 12, "reason": "page furniture"}
_VOTE = {"answer_id": "f00d", "vote": "down", "comment": "这是去年的数字"}
_TURN = {
    "answer_id": "f00d",
    "asked_at": _TIME,
    "question": _QUESTION,
    "standalone_question": _QUESTION,
    "answer": ANSWER,
    "feedback": _VOTE,
}
_LISTED = {
    "conversation_id": "c0ffee",
    "title": _QUESTION,
    "created_at": _TIME,
    "updated_at": _TIME,
    "turns": 1,
}
_ERROR = {
    "code": "unknown_field",
    "message": "unknown field topk; see /openapi.json",
    "field": "topk",
}
_REFUSED = {
    "question": "株洲金秋助学筹了多少钱?",
    "times": 3,
    "last_asked_at": _TIME,
    "others": ["株洲金秋助学筹了多少"],
}
_VOTED_DOWN = {
    "question": _QUESTION,
    "answer": ANSWER["answer"],
    "comment": "这是去年的数字",
    "voted_at": _TIME,
}
_USED = {"document_id": DOCUMENT_ID, "title": _TITLE, "times": 12}
_DAY = {"day": "2026-11-20", "questions": 40, "refused": 4}
_REMOVED = {"document_id": DOCUMENT_ID, "title": _TITLE, "replaced": False}
_CORRECTED = {"title": _TITLE, "date": "2018-02-03", "region": _REGION}

_FIGURE = {
    "document_id": DOCUMENT_ID,
    "title": _TITLE,
    "date": "2018-02-03",
    "source": _SOURCE,
    "text": "163万元",
    "value": 1630000,
    "unit": "元",
    "precision": "exact",
    "kind": "money",
    "counted": "助学资金",
    "verb": "筹措",
    "predicate": "raise",
    "region": _REGION,
    "region_stated": True,
    "programme": "金秋助学",
    "time": "去年",
    "first_year": 2017,
    "last_year": 2017,
    "cumulative": False,
    "planned": False,
    "start": 1227,
    "end": 1232,
    "sentence": QUOTE,
    "sentence_start": 1210,
    "sentence_end": 1232,
    "url": "/documents/0b1c#c1210-1232",
}

OBJECTS: dict[str, list[dict[str, Any]]] = {
    "Alive": [{"status": "ok"}],
    "Answer": [ANSWER],
    "AskRequest": [
        {"question": _QUESTION},
        {
            "question": "建成多少家户外劳动者服务站?",
            "conversation_id": None,
            "top_k": 5,
            "filters": _FILTERS,
            "mode": "extractive",
            "stream": False,
        },
    ],
    "Asked": [{"refused": [_REFUSED], "down": [_VOTED_DOWN], "documents": [_USED], "days": [_DAY]}],
    "AskedDay": [_DAY],
    "Chunk": [_CHUNK],
    "Citation": [_CITATION],
    "Conversation": [{"conversation_id": "c0ffee", "created_at": _TIME, "turns": [_TURN]}],
    "ConversationList": [{"conversations": [_LISTED], "next_cursor": "17"}],
    "Correction": [_CORRECTED, {"date": None}],
    "Document": [_DOCUMENT],
    "DocumentList": [{"documents": [_DOCUMENT], "next_cursor": "17"}],
    "Dropped": [_DROPPED],
    "Error": [{"error": _ERROR}],
    "ErrorDetail": [_ERROR],
    "Examples": [
        {
            "documents": 5,
            "regions": [_REGION, "白城市"],
            "newest": "2021-03-01",
            "questions": [_QUESTION],
        }
    ],
    "Feedback": [_VOTE],
    "FeedbackRequest": [_VOTE],
    "FigureList": [{"figures": [_FIGURE], "next_cursor": "5:1227"}],
    "Filters": [_FILTERS],
    "FullDocument": [{**_STORED, "chunks": [_CHUNK], "text": f"{_TITLE}\n…{QUOTE}…"}],
    "ListedConversation": [_LISTED],
    "Preview": [
        {
            **_ARTICLE,
            "text": f"{_TITLE}\n…{QUOTE}…",
            "source_text": f"版面导航 首页\n{_TITLE}\n…{QUOTE}…",
            "dropped": [_DROPPED],
            "replaces": False,
        }
    ],
    "Ready": [
        {
            "status": "ready",
            "generation": 5,
            "documents": 5,
            "chunks": 58,
            "encoder": "shipped",
            "on": ["public_url", "llm"],
            "parts": {"llm": "ok", "reranker": "is loading"},
            "checks": {"index": "ok", "conversations": "ok", "data folder": "ok", "disk": "ok"},
        }
    ],
    "RefusedGroup": [_REFUSED],
    "RemovedDocument": [_REMOVED],
    "RemovedList": [{"documents": [_REMOVED]}],
    "Related": [{"note": "双鸭山市(其他地区)", "citation": 2}],
    "RetrieverHit": [_BM25_HIT],
    "SearchHit": [_SEARCH_HIT],
    "SearchRequest": [{"query": "户外劳动者服务站", "top_k": 3, "retrievers": ["bm25", "dense"]}],
    "SearchResponse": [{"hits": [_SEARCH_HIT], "took_ms": 3.2}],
    "Session": [{"keys_needed": True, "name": "张三", "role": "editor"}],
    "SessionRequest": [{"key": "uq_0123456789abcdef"}],
    "ShortAnswer": [_SHORT],
    "StoredFigure": [_FIGURE],
    "Table": [{"columns": ["地区", "数量"], "rows": [_ROW]}],
    "TableRow": [_ROW],
    "TitleRequest": [{"title": "各市的户外劳动者服务站"}],
    "Turn": [_TURN],
    "Upload": [{"file": f"{_TITLE}\n{QUOTE}。", **_CORRECTED, "source": _SOURCE}],
    "UsedDocument": [_USED],
    "VotedDown": [_VOTED_DOWN],
}
"""By the name of a schema."""

PARAMETERS: dict[str, Any] = {
    "answer_id": "f00d",
    "conversation_id": "c0ffee",
    "cursor": "17",
    "date_from": "2018-02",
    "date_to": "2021",
    "days": 30,
    "document_id": DOCUMENT_ID,
    "language": "zh",
    "limit": 20,
    "model_id": "unionqa",
    "predicate": "raise",
    "programme": "金秋助学",
    "offset": 480,
    "q": "助学",
    "region": "湖南",
}
"""By the name of a query or path parameter; a number where its schema takes only numbers."""

TEXTS: dict[str, object] = {
    # one event, as its schema has it
    "text/event-stream": {"event": "delta", "data": '{"text": "双鸭山市金秋助学："}'},
    "text/csv": "类别,内容,次数,最近,备注\r\n未答问题,株洲金秋助学筹了多少钱?,3,2026-11-20,\r\n",
    "text/html": '<!doctype html><html lang="zh-CN"><title>工会问答</title></html>',
    "text/plain": f"{_TITLE}\n{QUOTE}。\n",
}
"""By media type, for what is no JSON."""
