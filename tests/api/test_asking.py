"""A question asked at any door is found, counted for its door, and kept as its caller's turn."""

import pytest

from api import wire
from api.access import Caller
from api.asking import Asked
from api.errors import RequestError
from api.history import owner_of
from api.resources import Resources

LI = Caller("key:li", "reader", keyed=True)
WANG = Caller("key:wang", "reader", keyed=True)


def _asked(opened: Resources, caller: Caller, conversation_id: str | None = None) -> Asked:
    given = {"question": "建成多少家书屋", "conversation_id": conversation_id}
    body = wire.AskRequest.model_validate(given)
    return Asked.of(body, opened, caller, "mcp")


def test_what_is_kept_is_what_was_found_and_its_callers(opened: Resources) -> None:
    asked = _asked(opened, LI)
    answer = asked.find()
    assert opened.state.conversation(asked.conversation_id) is None
    asked.keep(answer)
    kept = opened.state.conversation(asked.conversation_id)
    assert kept is not None
    assert wire.Answer.model_validate_json(kept.turns[0].answer or "") == answer
    assert owner_of(opened.state, asked.conversation_id) == LI.owner
    assert b'questions_total{door="mcp",status="not_found"} 1.0' in opened.metrics.text(
        opened.index
    )


def test_a_conversation_goes_on_for_its_owner_alone(opened: Resources) -> None:
    first = _asked(opened, LI)
    first.keep(first.find())
    again = _asked(opened, LI, first.conversation_id)
    assert [turn.question for turn in again.before.turns] == ["建成多少家书屋"]
    for caller, name in ((WANG, first.conversation_id), (LI, "none-of-ours")):
        with pytest.raises(RequestError, match="no such conversation"):
            _asked(opened, caller, name)
