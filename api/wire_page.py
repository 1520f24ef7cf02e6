"""Here is the contract; give me the objects of it that the pages for people need.

The lists of conversations, signing in, an upload before it is kept, and what was asked.
"""

from typing import Literal

from api.wire import ArticleFields, Name, Request, Response


class Dropped(Response):
    """A span of the source that is no part of the clean text, and why."""

    source_start: int
    source_end: int
    reason: str


class Preview(ArticleFields):
    """What an upload would become; `replaces` says that an article of its source is there."""

    text: str
    source_text: str
    dropped: list[Dropped]
    replaces: bool


class RemovedDocument(Response):
    """An article that can be restored; `replaced` says that another stands in its place."""

    document_id: str
    title: str
    replaced: bool


class RemovedList(Response):
    """What can be restored, the last that went first."""

    documents: list[RemovedDocument]


class ListedConversation(Response):
    """A conversation in a list; `title` is its first question until it is given a name."""

    conversation_id: str
    title: str
    created_at: str
    updated_at: str
    turns: int


class ConversationList(Response):
    """Conversations, last used first; `next_cursor` asks for the next page, null at the end."""

    conversations: list[ListedConversation]
    next_cursor: str | None


class TitleRequest(Request):
    """A name for a conversation."""

    title: Name


class SessionRequest(Request):
    """A key to sign in with."""

    key: Name


class Session(Response):
    """Who is signed in: null where nobody is. Without keys everybody may do everything."""

    keys_needed: bool
    name: str | None
    role: Literal["reader", "editor"] | None


class RefusedGroup(Response):
    """Questions that ask the same and were not answered."""

    question: str
    times: int
    last_asked_at: str
    others: list[str]


class VotedDown(Response):
    """An answer that a user found wrong, and what they wrote."""

    question: str
    answer: str
    comment: str | None
    voted_at: str


class UsedDocument(Response):
    """An article and how many answers cite it."""

    document_id: str
    title: str
    times: int


class AskedDay(Response):
    """Questions of one day of the reader's clock."""

    day: str
    questions: int
    refused: int


class Asked(Response):
    """What was asked: refused, voted down, the articles most used, questions a day."""

    refused: list[RefusedGroup]
    down: list[VotedDown]
    documents: list[UsedDocument]
    days: list[AskedDay]
