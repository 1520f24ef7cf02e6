"""Here is an answer and what a chat program asked for; give me OpenAI's object, or its chunks."""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api import wire
from api.errors import RequestError, from_index
from api.openai.cut import CITATION, Cut, cut, tokens
from api.openai.dialogue import text_of
from api.openai.form import in_their_form
from api.openai.wire import (
    Annotation,
    AssistantMessage,
    Choice,
    Completion,
    CompletionRequest,
    UrlCitation,
    Usage,
)
from api.sqlite import StateError
from api.stream import PIECE
from index.errors import IndexingError

Json = dict[str, Any]
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way to a chat program: what it asked for, and what is said of it.

    `created` is in seconds since 1970; `site` is the address that people reach the service
    at; `public` says that it was configured.
    """

    request: CompletionRequest
    answer: wire.Answer
    said: Cut
    created: int
    site: str
    public: bool

    @staticmethod
    def of(request: CompletionRequest, answer: wire.Answer, site: str, *, public: bool) -> "Reply":
        """The answer, cut as the request says."""
        said = cut(answer.answer, request.stops, request.most)
        return Reply(request, answer, said, int(time.time()), site, public)

    @property
    def citations(self) -> list[wire.Citation]:
        """All citations; with a whole address where one is configured."""
        if not self.public:
            return self.answer.citations
        return [
            one.model_copy(update={"url": f"{self.site}{one.url}"}) for one in self.answer.citations
        ]

    @property
    def annotations(self) -> list[Annotation]:
        """The `[1]` of the text in OpenAI's own form, which chat programs show as sources."""
        known = {one.id: one for one in self.answer.citations}
        found = []
        for mark in CITATION.finditer(self.said.text):
            if cited := known.get(int(mark[1])):
                place = UrlCitation(
                    start_index=mark.start(),
                    end_index=mark.end(),
                    title=cited.title,
                    url=f"{self.site}{cited.url}",
                )
                found.append(Annotation(type="url_citation", url_citation=place))
        return found

    @property
    def usage(self) -> Usage:
        """What was sent and said, in tokens."""
        asked = sum(tokens(text_of(message)) for message in self.request.messages)
        said = (self.request.n or 1) * tokens(self.said.text)
        return Usage(prompt_tokens=asked, completion_tokens=said, total_tokens=asked + said)


def completion(reply: Reply) -> Completion:
    """The whole answer as one object."""
    said = reply.said
    message = AssistantMessage(
        role="assistant",
        content=said.text,
        refusal=None,
        annotations=reply.annotations,
        citations=reply.citations,
    )
    choices = [
        Choice(index=index, message=message, logprobs=None, finish_reason=said.reason)
        for index in range(reply.request.n or 1)
    ]
    return Completion(
        id=f"chatcmpl-{reply.answer.answer_id}",
        object="chat.completion",
        created=reply.created,
        model=reply.request.model,
        choices=choices,
        usage=reply.usage,
        citations=reply.citations,
        status=reply.answer.status,
        degraded=reply.answer.degraded,
    )


def chunks(reply: Reply) -> Iterator[Json]:
    """The same in pieces; the last one with a choice, and the one behind it, have `citations`."""
    said = reply.said
    own = _ours(reply)
    yield _chunk(reply, {"role": "assistant", "content": ""}, None)
    for piece in PIECE.findall(said.text):
        yield _chunk(reply, {"content": piece}, None)
    cited = {"annotations": _plain(reply.annotations), "citations": own["citations"]}
    yield {**_chunk(reply, cited, said.reason), **own}
    if reply.request.stream_options and reply.request.stream_options.include_usage:
        yield {**_chunk(reply, None, None), "usage": reply.usage.model_dump(), **own}


def stream(find: Callable[[], Reply], keep: Callable[[wire.Answer], None]) -> Response:
    """The response that sends `find`'s answer; `keep` runs before its last chunk.

    A client that goes away before that is not answered any further, and nothing is kept.
    """
    return StreamingResponse(
        events(find, keep), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def events(
    find: Callable[[], Reply], keep: Callable[[wire.Answer], None]
) -> AsyncIterator[bytes]:
    """The lines of one stream."""
    try:
        reply = await run_in_threadpool(find)
        for chunk in chunks(reply):
            if chunk["choices"] and chunk["choices"][0]["finish_reason"]:
                await run_in_threadpool(keep, reply.answer)
            yield _line(chunk)
        yield DONE
    except IndexingError as exc:
        yield _failure(from_index(exc))
    except StateError as exc:
        yield _failure(RequestError(503, str(exc), code="state_unavailable"))


def _chunk(reply: Reply, delta: Json | None, reason: str | None) -> Json:
    """One chunk, with the same delta for each choice; without choices where there is none."""
    count = reply.request.n or 1 if delta is not None else 0
    return {
        "id": f"chatcmpl-{reply.answer.answer_id}",
        "object": "chat.completion.chunk",
        "created": reply.created,
        "model": reply.request.model,
        "choices": [
            {"index": index, "delta": delta, "logprobs": None, "finish_reason": reason}
            for index in range(count)
        ],
    }


def _ours(reply: Reply) -> Json:
    """The fields that OpenAI does not have."""
    return {
        "citations": _plain(reply.citations),
        "status": reply.answer.status,
        "degraded": reply.answer.degraded,
    }


def _plain(values: list[Any]) -> list[Json]:
    return [value.model_dump(mode="json") for value in values]


def _failure(exc: RequestError) -> bytes:
    """The line that ends a stream that failed."""
    _, error = in_their_form(exc.status_code, exc.code, exc.detail, exc.field)
    return _line(error.model_dump())


def _line(value: Json) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()
