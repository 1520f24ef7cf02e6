"""Here is an answer and what a chat program asked for; give me OpenAI's object, or its chunks."""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from api import wire
from api.errors import RequestError, from_index
from api.listening import EventStream
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
from api.stream import PIECE, Writing, let_go
from index.errors import IndexingError

Json = dict[str, Any]
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a completion before there is an answer.

    `created` is in seconds since 1970; `site` is the address that people reach the service at;
    `public` says that it was configured.
    """

    request: CompletionRequest
    completion_id: str
    created: int
    site: str
    public: bool

    @staticmethod
    def of(request: CompletionRequest, number: str, site: str, *, public: bool) -> "Head":
        """The head of a completion that begins now."""
        return Head(request, f"chatcmpl-{number}", int(time.time()), site, public)

    @property
    def whole(self) -> bool:
        """Whether all of the text is sent, whatever it will be."""
        return self.request.most is None and not self.request.stops

    def chunk(self, delta: Json | None, reason: str | None = None) -> Json:
        """One chunk, with the same delta for each choice; without choices where there is none."""
        count = self.request.n or 1 if delta is not None else 0
        return {
            "id": self.completion_id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.request.model,
            "choices": [
                {"index": index, "delta": delta, "logprobs": None, "finish_reason": reason}
                for index in range(count)
            ],
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way to a chat program, and what is said of it."""

    head: Head
    answer: wire.Answer
    said: Cut

    @staticmethod
    def of(head: Head, answer: wire.Answer) -> "Reply":
        """The answer, cut as the request says."""
        return Reply(head, answer, cut(answer.answer, head.request.stops, head.request.most))

    @property
    def citations(self) -> list[wire.Citation]:
        """All citations; with a whole address where one is configured."""
        if not self.head.public:
            return self.answer.citations
        return [
            one.model_copy(update={"url": f"{self.head.site}{one.url}"})
            for one in self.answer.citations
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
                    url=f"{self.head.site}{cited.url}",
                )
                found.append(Annotation(type="url_citation", url_citation=place))
        return found

    @property
    def usage(self) -> Usage:
        """What was sent and said, in tokens."""
        asked = sum(tokens(text_of(message)) for message in self.head.request.messages)
        said = (self.head.request.n or 1) * tokens(self.said.text)
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
        for index in range(reply.head.request.n or 1)
    ]
    return Completion(
        id=reply.head.completion_id,
        object="chat.completion",
        created=reply.head.created,
        model=reply.head.request.model,
        choices=choices,
        usage=reply.usage,
        citations=reply.citations,
        status=reply.answer.status,
        degraded=reply.answer.degraded,
        answer_id=reply.answer.answer_id,
    )


def ending(reply: Reply) -> Iterator[Json]:
    """The last chunk with a choice, and the one with the usage; both have `citations`."""
    own = _ours(reply)
    cited = {"annotations": _plain(reply.annotations), "citations": own["citations"]}
    yield {**reply.head.chunk(cited, reply.said.reason), **own}
    options = reply.head.request.stream_options
    if options and options.include_usage:
        yield {**reply.head.chunk(None), "usage": reply.usage.model_dump(), **own}


def stream(head: Head, write: Writing, keep: Callable[[wire.Answer], None]) -> Response:
    """The response that sends what `write` gives as it comes; `keep` runs before its last chunk.

    A client that goes away before that is not answered any further, and nothing is kept.
    """
    return EventStream(
        events(head, write, keep),
        headers={"X-Accel-Buffering": "no"},
    )


async def events(
    head: Head, write: Writing, keep: Callable[[wire.Answer], None]
) -> AsyncIterator[bytes]:
    """The lines of one stream; where the text may be cut, it is sent once all of it is there."""
    written = write()
    try:
        yield _line(head.chunk({"role": "assistant", "content": ""}))
        async for part in iterate_in_threadpool(written):
            if isinstance(part, str) and head.whole:
                for piece in PIECE.findall(part):
                    yield _line(head.chunk({"content": piece}))
            if isinstance(part, wire.Answer):
                reply = Reply.of(head, part)
                for piece in () if head.whole else PIECE.findall(reply.said.text):
                    yield _line(head.chunk({"content": piece}))
                await run_in_threadpool(keep, part)
                for chunk in ending(reply):
                    yield _line(chunk)
        yield DONE
    except IndexingError as exc:
        yield _failure(from_index(exc))
    except StateError as exc:
        yield _failure(RequestError(503, str(exc), code="state_unavailable"))
    finally:
        let_go(written)


def _ours(reply: Reply) -> Json:
    """The fields that OpenAI does not have."""
    return {
        "citations": _plain(reply.citations),
        "status": reply.answer.status,
        "degraded": reply.answer.degraded,
        "answer_id": reply.answer.answer_id,
    }


def _plain(values: list[Any]) -> list[Json]:
    return [value.model_dump(mode="json") for value in values]


def _failure(exc: RequestError) -> bytes:
    """The line that ends a stream that failed."""
    _, error = in_their_form(exc.status_code, exc.code, exc.detail, exc.field)
    return _line(error.model_dump())


def _line(value: Json) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()
