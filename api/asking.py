"""Here is a question from a caller at one of our doors; find its answer, and keep it as a turn."""

import logging
import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass

from api import wire
from api.access import Caller
from api.bodies import answer_body, citation_body, conversation, filters
from api.errors import RequestError
from api.history import owner_of
from api.metrics import Door
from api.resources import Resources, now
from api.reworded import find
from api.state import StoredTurn
from api.stream import Part
from api.written import write
from rag.conversation import Conversation

LOG = logging.getLogger("unionqa.questions")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in its conversation: whose it is, and at which door it was asked.

    `leave` gives up its turn, before a language model is waited for.
    """

    body: wire.AskRequest
    opened: Resources
    caller: Caller
    door: Door
    conversation_id: str
    before: Conversation
    leave: Callable[[], None] = lambda: None

    @staticmethod
    def of(body: wire.AskRequest, opened: Resources, caller: Caller, door: Door) -> "Asked":
        """The question in the conversation it names, or a new one; RequestError for no such."""
        check_length(body.question, opened, "question")
        named = body.conversation_id
        if named is None:
            return Asked(body, opened, caller, door, uuid.uuid4().hex, Conversation())
        stored = opened.state.conversation(named)
        if stored is None or not caller.owns(owner_of(opened.state, named)):
            raise RequestError(
                404,
                "no such conversation; leave the field out to begin one",
                field="conversation_id",
            )
        return Asked(body, opened, caller, door, named, conversation(stored.turns))

    def write(self) -> Generator[Part]:
        """What the answer rests on, the pieces of its text as they are sure, and the answer, which
        is counted.
        """
        findings, took_s = find(
            self.body.question,
            self.before,
            self.opened.index.snapshot(),
            self.opened.models(self.leave),
            filters=filters(self.body.filters),
            top_k=self.body.top_k,
        )
        yield wire.Passages(citations=[citation_body(c) for c in findings.answer.citations])
        generative = self.body.mode == "generative"
        if generative and self.opened.model is not None:
            self.leave()
        written = write(
            findings, self.opened.model, self.body.top_k, generative=generative, took_s=took_s
        )
        for part in written:
            if isinstance(part, str):
                yield part
            else:
                self.opened.answered(part, self.door)
                self._log(part.status)
                yield answer_body(part, self.conversation_id, uuid.uuid4().hex)

    def find(self) -> wire.Answer:
        """The answer alone."""
        *_, answer = self.write()
        assert isinstance(answer, wire.Answer)
        return answer

    def _log(self, status: str) -> None:
        """Write down what was asked, where the settings allow it."""
        if self.opened.settings.log_questions:
            said = {"question": self.body.question, "status": status, "door": self.door}
            LOG.info("question", extra={"fields": said})

    def keep(self, answer: wire.Answer) -> None:
        """Keep the answer as the next turn of its conversation."""
        turn = StoredTurn(
            answer_id=answer.answer_id or "",
            question=answer.question,
            standalone_question=answer.standalone_question,
            answer_text=answer.answer,
            answer=answer.model_dump_json(),
            asked_at=now(),
        )
        cited = [citation.document_id for citation in answer.citations]
        self.opened.state.add_turn(self.conversation_id, turn, cited, self.caller.owner)


def check_length(text: str, opened: Resources, field: str) -> None:
    """Nothing; RequestError where a question is longer than the settings allow."""
    limit = opened.settings.question_characters
    if len(text) > limit:
        raise RequestError(
            422,
            f"{field}: {len(text):,} characters are over the limit of {limit:,} "
            "(UNIONQA_QUESTION_CHARACTERS)",
            field=field,
            code="too_long",
        )
