"""Here is what was said before; give me the part a follow-up may lean on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer: as typed, as resolved, and the answer's text."""

    question: str
    standalone_question: str
    answer_text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns so far, oldest first; adding one returns a new conversation."""

    turns: tuple[Turn, ...] = ()

    def add(self, turn: Turn) -> "Conversation":
        """The conversation with one more turn."""
        return Conversation((*self.turns, turn))
