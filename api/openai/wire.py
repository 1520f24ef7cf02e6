"""Here is OpenAI's interface; give me its objects, field by field, and ours beside them.

Requests: what we read is checked strictly, everything else is taken and ignored, as other servers
of this interface do. Responses: OpenAI's fields, and of ours `citations`, `status`, `degraded`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.wire import WHOLE, Citation, Response

MOST_CHOICES = 8
Limit = Annotated[int | None, Field(ge=1), WHOLE]


class Lenient(BaseModel):
    """What a client sends; fields that we do not know are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True)


class ContentPart(Lenient):
    """A part of a message; only those of type `text` are read."""

    type: str
    text: str | None = None


class ChatMessage(Lenient):
    """A message of the chat so far."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None


class StreamOptions(Lenient):
    """What a stream ends with."""

    include_usage: bool | None = None


class ResponseFormat(Lenient):
    """The form of the answer; there is one, `text`."""

    type: Literal["text"]


class CompletionRequest(Lenient):
    """A chat whose last question is to be answered; earlier turns say what it leans on."""

    model: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="Any name; `unionqa-generative` asks for an answer by the language model."
    )
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    stop: str | list[str] | None = Field(None, description="The text ends before any of these.")
    n: Annotated[int | None, Field(ge=1, le=MOST_CHOICES), WHOLE] = Field(
        None, description="So many choices, all the same."
    )
    max_tokens: Limit = Field(
        None,
        description="A token is a Chinese character, a word in Latin letters, a number or a mark.",
    )
    max_completion_tokens: Limit = Field(None, description="The same; the smaller one counts.")
    response_format: ResponseFormat | None = None

    @property
    def most(self) -> int | None:
        """The most tokens that the answer's text may have."""
        given = [one for one in (self.max_tokens, self.max_completion_tokens) if one is not None]
        return min(given, default=None)

    @property
    def stops(self) -> list[str]:
        """What the text ends before."""
        given = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return [one for one in given if one]

    @property
    def generative(self) -> bool:
        """Whether an answer by the language model is asked for."""
        return self.model == GENERATIVE


EXTRACTIVE = "unionqa"
GENERATIVE = "unionqa-generative"
Reason = Literal["stop", "length"]


class UrlCitation(Response):
    """A `[1]` of the text, and where the article opens at the cited span."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(Response):
    """OpenAI's own form of a citation."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class AssistantMessage(Response):
    """The answer; the `[1]` of its text are the `id` of `citations`."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[Annotation]
    citations: list[Citation]


class Choice(Response):
    """One of `n` answers."""

    index: int
    message: AssistantMessage
    logprobs: None
    finish_reason: Reason


class Usage(Response):
    """Tokens as `max_tokens` counts them; no model has seen them."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(Response):
    """An answer; `status`, `degraded` and `answer_id`, for a vote on it, are those of `/v1/ask`."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    citations: list[Citation]
    status: Literal["answered", "partial", "not_found"]
    degraded: list[str]
    answer_id: str | None


class Model(Response):
    """A name to ask under."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(Response):
    """All of them."""

    object: Literal["list"]
    data: list[Model]


class CompletionErrorDetail(Response):
    """What was wrong, and in which parameter."""

    message: str
    type: str
    param: str | None
    code: str


class CompletionError(Response):
    """OpenAI's form of an error, which only the paths of its interface have."""

    error: CompletionErrorDetail
