"""Here is the name of an object of OpenAI's interface; give me an example of it."""

from typing import Any

from api.openapi_examples import ANSWER

_TEXT = ANSWER["answer"]
_AT = len(_TEXT) - len("[1]")
_QUESTION = {"role": "user", "content": ANSWER["question"]}
_URL_CITATION = {
    "start_index": _AT,
    "end_index": len(_TEXT),
    "title": ANSWER["citations"][0]["title"],
    "url": f"https://wenda.example.org{ANSWER['citations'][0]['url']}",
}
_ANNOTATION = {"type": "url_citation", "url_citation": _URL_CITATION}
_MESSAGE = {
    "role": "assistant",
    "content": _TEXT,
    "refusal": None,
    "annotations": [_ANNOTATION],
    "citations": ANSWER["citations"],
}
_CHOICE = {"index": 0, "message": _MESSAGE, "logprobs": None, "finish_reason": "stop"}
_USAGE = {"prompt_tokens": 13, "completion_tokens": 33, "total_tokens": 46}
_MODEL = {"id": "unionqa", "object": "model", "created": 1795219200, "owned_by": "unionqa"}
_ERROR = {
    "message": "messages: the user's last message is empty",
    "type": "invalid_request_error",
    "param": "messages",
    "code": "no_question",
}
_STREAM_OPTIONS = {"include_usage": True}
_FORMAT = {"type": "text"}

OBJECTS: dict[str, list[dict[str, Any]]] = {
    "Annotation": [_ANNOTATION],
    "AssistantMessage": [_MESSAGE],
    "ChatMessage": [_QUESTION],
    "Choice": [_CHOICE],
    "Completion": [
        {
            "id": "chatcmpl-f00d",
            "object": "chat.completion",
            "created": 1795219200,
            "model": "unionqa",
            "choices": [_CHOICE],
            "usage": _USAGE,
            "citations": ANSWER["citations"],
            "status": "answered",
            "degraded": [],
            "answer_id": "f00d",
        }
    ],
    "CompletionError": [{"error": _ERROR}],
    "CompletionErrorDetail": [_ERROR],
    "CompletionRequest": [
        {"model": "unionqa", "messages": [_QUESTION]},
        {
            "model": "unionqa",
            "messages": [
                _QUESTION,
                {"role": "assistant", "content": _TEXT},
                {"role": "user", "content": "那白城呢?"},
            ],
            "stream": True,
            "stream_options": _STREAM_OPTIONS,
            "stop": ["\n"],
            "n": 1,
            "max_tokens": 200,
            "max_completion_tokens": None,
            "response_format": _FORMAT,
        },
    ],
    "ContentPart": [{"type": "text", "text": ANSWER["question"]}],
    "Model": [_MODEL],
    "ModelList": [{"object": "list", "data": [_MODEL]}],
    "ResponseFormat": [_FORMAT],
    "StreamOptions": [_STREAM_OPTIONS],
    "UrlCitation": [_URL_CITATION],
    "Usage": [_USAGE],
}
"""By the name of a schema."""
