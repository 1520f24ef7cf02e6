"""Here are questions in the inbox; answer each once, and see that the answer arrives.

Threads of its own do the work, so that a callback is acknowledged however long an answer takes.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from api.bodies import answer_body, conversation
from api.resources import Resources, now
from api.reworded import find
from api.sqlite import StateError
from api.state import StoredTurn, Vote
from api.wecom import words
from api.wecom.client import DUPLICATES_S, OK, TOO_OFTEN, Client, meaning, pause
from api.wecom.envelope import new_id
from api.wecom.fit import APP_BYTES, APP_PARTS, BOT_BYTES, fit, halves, parts
from api.wecom.inbox import Added, Inbox, Plan
from api.wecom.link import address, span_of
from api.wecom.message import Feedback, Message
from api.wecom.people import People
from api.wecom.tables import Channel, Kept
from rag.answer import Answer, Citation
from rag.conversation import Conversation

LOG = logging.getLogger("unionqa.wecom")
Answerer = Callable[[str, Conversation], Answer]
ANSWERING = 4
DELIVERING = 6
IDLE_S = 0.5
SWEEP_S = 5.0
MOST_ATTEMPTS = 3
"""How often a question is taken up whose worker died over it."""
WAITING_NOTE = 20
"""From so many questions before one's own on, one is told."""
PER_HOUR = 1000
STOP_S = 3.0
LINK_KEY = "link key"
CANNED = {"not_text": words.NOT_TEXT, "too_long": words.TOO_LONG, "nothing": words.NOTHING}
NEVER = 1e12
"""A time that does not come."""
UNSAVED = 1000
WAITS = frozenset({"waiting", "answering"})


def answerer(resources: Resources) -> Answerer:
    """What answers from the index."""

    def answer(question: str, before: Conversation) -> Answer:
        found = find(question, before, resources.index.snapshot(), resources.models())[0].answer
        resources.answered(found, "wecom")
        return found

    return answer


class Desk:
    """The open inbox and the threads that work on it."""

    def __init__(self, resources: Resources, answer: Answerer | None = None) -> None:
        self.settings = resources.settings
        self.resources = resources
        self.inbox = Inbox.open(resources.settings.data)
        self.client = Client(resources.settings)
        self.people = People(self.client, self.inbox)
        self.link_key = self.inbox.mark(LINK_KEY, new_id(), keep=True) or ""
        self._answer = answer or answerer(resources)
        self._stopping = threading.Event()
        self._held_until = 0.0
        self._threads: list[threading.Thread] = []
        self._examples: Sequence[str] = ()
        self._unsaved: deque[tuple[Channel, Message]] = deque(maxlen=UNSAVED)

    def start(self) -> None:
        """Begin to work."""
        self.inbox.sweep()
        self.resources.metrics.watch("wecom", self.inbox.length)
        for number in range(ANSWERING):
            self.begin(f"wecom-answer-{number}", partial(self._repeat, self._answer_one))
        for number in range(DELIVERING):
            self.begin(f"wecom-deliver-{number}", partial(self._repeat, self._deliver_one))
        self.begin("wecom-sweep", self._sweep_often)
        self.begin("wecom-examples", self._look_for_examples)

    def begin(self, name: str, work: Callable[[], None]) -> None:
        """Let a thread work until `stop`."""
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    @property
    def stopping(self) -> threading.Event:
        """Set when the threads are to end."""
        return self._stopping

    def stop(self) -> None:
        """End within `STOP_S`; what is unfinished stays in the inbox."""
        self._stopping.set()
        self.inbox.wake()
        deadline = time.monotonic() + STOP_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self.client.close()
        self.inbox.close()

    def take(self, channel: Channel, message: Message) -> Added:
        """What became of a message; it is on disk when this returns."""
        try:
            # Before it counts as seen, so that none is lost; not after, or a delivery that is
            # repeated late would undo a later vote.
            if message.feedback is not None and not self.inbox.knows(channel, message.id):
                self._vote(message.feedback)
            added = self.inbox.add(channel, message, self._plan(channel, message))
            if channel == "app" and added.new and added.kept:
                self._note(added, added.kept, message)
        except StateError as exc:
            # WeCom must not be told of it: it would not come again. We try again ourselves.
            LOG.error("a message could not be kept yet: %s", exc)
            self._unsaved.append((channel, message))
            return Added(False, None)
        return added

    def _plan(self, channel: Channel, message: Message) -> Plan:
        """What a kind of message needs."""
        if message.kind in {"question", "afresh"}:
            # a person whom the app answers is sent a message of its own instead: `_note`
            meanwhile = _please_wait if channel != "app" else Plan("waiting").meanwhile
            return Plan("waiting", refusal=self._refusal, meanwhile=meanwhile)
        if message.kind in CANNED:
            return Plan("ready", CANNED[message.kind])
        if message.kind == "help":
            links = self.settings.public_url is not None
            return Plan("ready", words.help_text(self.examples(), links=links))
        if message.kind == "welcome" and channel == "app":
            return Plan("ready", words.welcome(self.examples()))
        return Plan("done")

    def _refusal(self, before: int, own: int) -> str:
        if before >= self.settings.wecom_queue:
            return words.BUSY
        return words.BUSY_USER if own >= self.settings.wecom_user_queue else ""

    def _note(self, added: Added, kept: Kept, message: Message) -> None:
        """Tell somebody that they must wait: once, since a note counts as a message to them."""
        if kept.state == "waiting" and added.before >= WAITING_NOTE and not added.own:
            note = replace(message, id=f"{message.id}#wait", kind="ignored", text="")
            self.inbox.add(kept.channel, note, Plan("ready", words.please_wait(added.before)))

    def _vote(self, feedback: Feedback) -> None:
        """Keep a vote beside those of the chat page; a stream's id is its answer's."""
        if feedback.vote is None:
            self.resources.state.withdraw_vote(feedback.stream)
        else:
            vote = Vote(feedback.vote, feedback.comment or None)
            self.resources.state.vote(feedback.stream, vote, now())

    def examples(self) -> Sequence[str]:
        """Questions that the articles answer; none in the first seconds after the start."""
        return self._examples

    def _look_for_examples(self) -> None:
        """Keep the examples at hand: finding them takes longer than a callback may."""
        while not self._stopping.is_set():
            try:
                self._examples = self.resources.examples.of(self.resources.index)
            except Exception as exc:  # noqa: BLE001 - the outermost edge of a thread
                LOG.error("no examples, %s", type(exc).__name__)
            self._stopping.wait(SWEEP_S)

    def stream_reply(self, kept: Kept) -> dict[str, Any]:
        """What an AI bot's stream shows now: the whole text so far, and whether it ends."""
        if kept.state in WAITS:
            return self._meanwhile(kept)
        if kept.answer:
            first, rest = halves(kept.answer)
            if self.inbox.show(kept, whole=not (rest and kept.response_url)):
                return stream(kept.stream, first, finish=True)
            return stream(kept.stream, words.LATE, finish=True)
        return stream(kept.stream, words.NO_STREAM, finish=True)

    def _meanwhile(self, kept: Kept) -> dict[str, Any]:
        """What a stream shows before its answer is there: always the same, until its deadline."""
        if time.time() - kept.received >= self.settings.wecom_stream_deadline_s:
            self.inbox.set_late(kept)
            text = words.LATE if kept.response_url else words.LATE_LOST
            return stream(kept.stream, text, finish=True)
        return stream(kept.stream, kept.answer, finish=False)

    def _answer_one(self) -> bool:
        """Whether a question waited; it is answered now."""
        kept = self.inbox.claim_question()
        if kept is None:
            return False
        text = words.FAILED
        if kept.attempts <= MOST_ATTEMPTS:
            try:
                text = self._composed(kept)
            except Exception as exc:  # noqa: BLE001 - the outermost edge of a thread
                # only its kind: its words may hold the question
                LOG.error("message %d could not be answered: %s", kept.key, type(exc).__name__)
        due = 0.0
        if kept.channel == "bot" and not kept.response_url:
            text = parts(text, BOT_BYTES, 1)[0]  # no address for what does not fit
        if kept.channel == "bot":
            due = kept.received + self.settings.wecom_stream_deadline_s
            due = due if kept.response_url else NEVER
        self.surely(lambda: self.inbox.answered(kept, text, due))
        return True

    def _composed(self, kept: Kept) -> str:
        """The text that answers a message; its turn is kept."""
        # only an AI bot is given ids that are not the members' own
        asks_whose = kept.channel != "app" and self.settings.app_keys is not None
        member = self.people.member(kept.user) if asks_whose else kept.user
        afresh = kept.kind == "afresh"
        conversation_id = self.inbox.conversation(kept, member, afresh=afresh)
        if kept.kind == "afresh":
            return words.AFRESH
        stored = self.resources.state.conversation(conversation_id)
        turns = stored.turns if stored else ()
        answer = self._answer(kept.text, conversation(turns))
        # Where a worker died after this line, the turn is there already.
        if all(turn.answer_id != kept.stream for turn in turns):
            body = answer_body(answer, conversation_id, kept.stream)
            turn = StoredTurn(
                answer_id=kept.stream,
                question=kept.text,
                standalone_question=answer.standalone_question,
                answer_text=answer.text,
                answer=body.model_dump_json(),
                asked_at=now(),
            )
            cited = [citation.document_id for citation in answer.citations]
            self.resources.state.add_turn(conversation_id, turn, cited)
        return fit(answer, self._link, markdown=kept.channel != "app") or words.FAILED

    def _link(self, citation: Citation) -> str | None:
        """Where a citation's article opens; None where nobody outside can reach us."""
        if self.settings.public_url is None:
            return None
        days = self.settings.wecom_link_days
        span = span_of(citation.start, citation.end, citation.quote)
        return address(self.settings.public_url, self.link_key, citation.document_id, span, days)

    def _deliver_one(self) -> bool:
        """Whether an answer was due; it is delivered now, put off, or given up."""
        kept = self.inbox.claim_answer()
        if kept is None:
            return False
        deliver = self._deliver_app if kept.channel == "app" else self._deliver_late
        try:
            deliver(kept)
        except StateError as exc:
            LOG.error("message %d: %s", kept.key, exc)
            self.surely(lambda: self.inbox.later(kept, 1.0, tried=True))
        return True

    def _deliver_app(self, kept: Kept) -> None:
        """Send the parts of an answer one after another."""
        settings = self.settings
        pieces = parts(kept.answer, APP_BYTES, APP_PARTS)
        for number in range(kept.next_part, len(pieces)):
            wait = max(
                self.inbox.wait_seconds(kept.user, settings.wecom_per_minute, PER_HOUR),
                self._held_until - time.monotonic(),
            )
            if wait > 0 or self._stopping.is_set():
                self.inbox.later(kept, max(wait, 0.0), tried=False)
                return
            # WeCom drops what equals an earlier message: right for a part whose reply we did not
            # live to see, wrong for the same answer to a question that was asked again
            said = (kept.user, pieces[number], kept.key, number)
            again = self.inbox.has_said(*said, DUPLICATES_S)
            code = self.client.send_text(kept.user, pieces[number], again=again)
            if code == TOO_OFTEN:
                self._held_until = time.monotonic() + settings.wecom_backoff_s
            if code != OK:
                self._failed(kept, code, number)
                return
            last = number == len(pieces) - 1
            self.surely(partial(self.inbox.note_said, *said))
            self.surely(partial(self.inbox.sent, kept, number, last=last))

    def _failed(self, kept: Kept, code: int, part: int) -> None:
        """Try a part again later, or give the answer up."""
        tries = kept.attempts + 1 if part == kept.next_part else 1
        seconds = pause(code, tries, self.settings.wecom_backoff_s)
        if seconds is None:
            LOG.error("message %d is not delivered, %s", kept.key, meaning(code))
            self.surely(lambda: self.inbox.close_message(kept))
        else:
            LOG.warning("message %d waits %.0f s, %s", kept.key, seconds, meaning(code))
            self.surely(lambda: self.inbox.later(kept, seconds, tried=True))

    def _deliver_late(self, kept: Kept) -> None:
        """Post what a stream could not show; the address for it works once."""
        rest = halves(kept.answer)[1]
        text = rest if kept.shown else parts(kept.answer, BOT_BYTES, 1)[0]
        in_time = time.time() - kept.received < self.settings.wecom_response_url_s
        if not in_time or not self.inbox.use_response_url(kept):
            LOG.error("message %d is not delivered: no address for a late answer", kept.key)
        else:
            code = self.client.post_late(kept.response_url, text)
            if code != OK:
                LOG.error("message %d is not delivered late, %s", kept.key, meaning(code))
        self.surely(lambda: self.inbox.close_message(kept))

    def _sweep_often(self) -> None:
        """Give back what dead workers left, and try again to keep what could not be kept."""
        while not self._stopping.wait(SWEEP_S):
            try:
                self.inbox.sweep()
            except StateError as exc:
                LOG.error("%s", exc)
            for _ in range(len(self._unsaved)):
                self.take(*self._unsaved.popleft())

    def surely(self, write: Callable[[], object]) -> None:
        """Write to the inbox, however long its file is busy; a restart makes good what is left."""
        while True:
            try:
                write()
                return
            except StateError as exc:
                LOG.error("%s", exc)
                if self._stopping.wait(1.0):
                    return

    def _repeat(self, step: Callable[[], bool]) -> None:
        """Do a step again and again; where it found nothing to do, after something arrived."""
        while not self._stopping.is_set():
            try:
                found = step()
            except Exception as exc:  # noqa: BLE001 - the outermost edge of a thread
                LOG.error("a worker goes on after %s", type(exc).__name__)
                found = False
            if not found and not self._stopping.is_set():
                with self.inbox.arrived:
                    self.inbox.arrived.wait(IDLE_S)


def _please_wait(before: int) -> str:
    """What somebody is told who waits; "" where it is not worth a word."""
    return words.please_wait(before) if before >= WAITING_NOTE else ""


def stream(identity: str, content: str, *, finish: bool) -> dict[str, Any]:
    """A reply that shows a text in a stream."""
    return {
        "msgtype": "stream",
        "stream": {"id": identity, "finish": finish, "content": content},
    }
