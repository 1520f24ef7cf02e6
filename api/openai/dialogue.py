"""Here are the messages of a chat program; give me the last question and what was said before."""

from collections.abc import Sequence

from api import wire
from api.bodies import TURNS
from api.errors import RequestError
from api.openai.wire import ChatMessage
from index.index import Snapshot
from rag.conversation import Conversation, Turn
from rag.follow import standalone

LONGEST = 2000
"""Characters of an earlier question; a longer one has been refused, and says nothing."""


def question_of(
    messages: Sequence[ChatMessage], longest: int = LONGEST
) -> tuple[str, Sequence[ChatMessage]]:
    """The user's last message, and the messages before it; RequestError where it cannot be asked.

    `longest` is in characters. What the instructions of a chat program say (`system`, `developer`)
    is no question: the answer comes from the articles, in our words.
    """
    last = max((i for i, one in enumerate(messages) if one.role == "user"), default=None)
    if last is None:
        raise _wrong("there is no message of the user", "no_question")
    content = messages[last].content
    foreign = [] if content is None or isinstance(content, str) else content
    for part in foreign:
        if part.type != "text":
            raise _wrong("the question may only have parts of type text", "unsupported_content")
    question = text_of(messages[last]).strip()
    if not question:
        raise _wrong("the user's last message is empty", "no_question")
    if len(question) > longest:
        raise _wrong(
            f"the question has {len(question):,} characters, the limit is {longest:,} "
            "(UNIONQA_QUESTION_CHARACTERS)",
            "context_length_exceeded",
        )
    return question, messages[:last]


def conversation_of(messages: Sequence[ChatMessage], snapshot: Snapshot) -> Conversation:
    """The last turns of the chat, each question resolved from those before it."""
    conversation = Conversation()
    for question, answer in _turns(messages)[-TURNS:]:
        alone = standalone(question, conversation, snapshot.analyzer, snapshot.gazetteer)
        conversation = conversation.add(Turn(question, alone, answer))
    return conversation


def text_of(message: ChatMessage) -> str:
    """What a message says in words."""
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    return "\n".join(part.text or "" for part in message.content if part.type == "text")


def _turns(messages: Sequence[ChatMessage]) -> list[tuple[str, str]]:
    """Questions with what was answered, if anything was, oldest first."""
    turns: list[tuple[str, str]] = []
    asked = False
    for message in messages:
        text = text_of(message).strip()
        if message.role == "user":
            asked = 0 < len(text) <= LONGEST
            turns += [(text, "")] if asked else []
        elif message.role == "assistant" and asked:
            question, said = turns[-1]
            turns[-1] = (question, f"{said}\n{text}".strip())
    return turns


def request_of(question: str, *, generative: bool) -> wire.AskRequest:
    """The question as `/v1/ask` takes it."""
    mode = "generative" if generative else "extractive"
    return wire.AskRequest.model_validate({"question": question, "mode": mode})


def _wrong(message: str, code: str) -> RequestError:
    return RequestError(422, f"messages: {message}", field="messages", code=code)
