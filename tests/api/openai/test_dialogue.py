"""Messages of a chat program become a question and the turns before it."""

import pytest

from api.errors import RequestError
from api.openai.dialogue import question_of, request_of, text_of
from api.openai.wire import ChatMessage


def messages(*said: tuple[str, object]) -> list[ChatMessage]:
    return [ChatMessage.model_validate({"role": role, "content": text}) for role, text in said]


def test_the_last_message_of_the_user_is_the_question() -> None:
    said = messages(
        ("system", "答题要短"),
        ("user", "甲?"),
        ("assistant", "乙"),
        ("user", " 丙? "),
        ("tool", "丁"),
    )
    question, before = question_of(said)
    assert (question, list(before)) == ("丙?", said[:3])


def test_parts_of_type_text_are_read() -> None:
    parts = [{"type": "text", "text": "白城"}, {"type": "text", "text": "有几家?"}]
    assert question_of(messages(("user", parts)))[0] == "白城\n有几家?"
    picture = [
        {"type": "image_url", "image_url": {"url": "data:,"}},
        {"type": "text", "text": "几?"},
    ]
    assert text_of(messages(("assistant", picture))[0]) == "几?"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ([("system", "答题要短")], "no_question"),
        ([("user", " ")], "no_question"),
        ([("user", None)], "no_question"),
        ([("user", "啊" * 2001)], "context_length_exceeded"),
        (
            [("user", [{"type": "image_url"}, {"type": "text", "text": "几?"}])],
            "unsupported_content",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(said: list[tuple[str, object]], code: str) -> None:
    with pytest.raises(RequestError) as raised:
        question_of(messages(*said))
    assert (raised.value.code, raised.value.field) == (code, "messages")


def test_a_model_is_asked_where_its_name_says_so() -> None:
    assert request_of("几?", generative=True).mode == "generative"
    assert request_of("几?", generative=False).mode == "extractive"
