"""Here is what WeCom said; tell me who says what to whom, and what kind of thing it is."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from xml.etree.ElementTree import Element

from api.wecom.envelope import read_json, read_xml

Kind = Literal["question", "afresh", "help", "nothing", "not_text", "too_long",
               "welcome", "feedback", "refresh", "ignored"]  # fmt: skip
LONGEST_ID = 256
MAX_QUESTION = 2000
COMMANDS: dict[str, Kind] = {
    "新对话": "afresh", "新對話": "afresh", "/new": "afresh",
    "帮助": "help", "幫助": "help", "help": "help", "/help": "help",
}  # fmt: skip
MEDIA = frozenset({"image", "voice", "video", "file", "location", "link"})
AFTER_NAME = " \u2005\u00a0\u3000\n\r\t"
"""What may stand behind a mentioned name; anything else belongs to a longer name."""
REASONS = {1: "与问题无关", 2: "内容不完整", 3: "内容有误", 4: "数据有误"}
CARRIAGE_RETURN = "\ue00d"
"""Stands for one while XML is read, which would turn it into a line feed."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A vote on the answer that was given in the stream `stream`; `vote` None takes it back."""

    stream: str
    vote: Literal["up", "down"] | None
    comment: str


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that somebody did in WeCom. `chat` is "" outside groups.

    `id` is the same for every delivery of the same thing. `stream` is set for a refresh only,
    `request` for the long connection only.
    """

    id: str
    kind: Kind
    user: str = ""
    chat: str = ""
    text: str = ""
    response_url: str = ""
    stream: str = ""
    request: str = ""
    feedback: Feedback | None = None


def app_message(plain: str, corp_id: str, agent_id: int) -> Message:
    """What is in a decrypted app callback; raises Refused where it is no XML of ours."""
    content = re.search(r"(?s)<Content>.*</Content>", plain)
    if content and CARRIAGE_RETURN not in plain:
        plain = plain.replace(content[0], content[0].replace("\r", CARRIAGE_RETURN))
    root = read_xml(plain)
    number = _field(root, "MsgId")
    # Events have no MsgId, and two may share sender and second: only the whole text tells.
    identity = f"id:{number}" if number else hashlib.sha256(plain.encode()).hexdigest()
    user = _field(root, "FromUserName")
    message = Message(id=identity[:LONGEST_ID], kind="ignored", user=user)
    if _field(root, "ToUserName") != corp_id or _field(root, "AgentID") != str(agent_id):
        return message
    if not user or not is_one_user(user):
        return message
    kind = _field(root, "MsgType")
    text = (root.findtext("Content") or "").replace(CARRIAGE_RETURN, "\r")
    return _with_text(message, _app_kind(kind, _field(root, "Event"), text), text)


def _app_kind(kind: str, event: str, text: str) -> Kind:
    if kind == "text":
        return "question" if text.strip() else "ignored"
    if kind == "event":
        return "welcome" if event == "subscribe" else "ignored"
    return "not_text" if kind in MEDIA else "ignored"


def is_one_user(user: str) -> bool:
    """Whether a user id addresses one person, and not `@all` or a list `a|b`."""
    fits = 0 < len(user) <= LONGEST_ID and user.isprintable()
    return fits and not user.startswith("@") and not set(user) & set("| ")


def bot_message(plain: str, bot_id: str, name: str | None) -> Message:
    """What is in an AI bot's decrypted callback; raises Refused where it is no JSON object."""
    return bot_body(read_json(plain), bot_id, name)


def bot_body(body: Mapping[str, Any], bot_id: str, name: str | None) -> Message:
    """What is in the body of an AI bot's callback or frame."""
    identity = _string(body, "msgid")
    user = _string(_object(body, "from"), "userid")
    message = Message(
        id=identity,
        kind="ignored",
        user=user,
        chat=_string(body, "chatid") if body.get("chattype") == "group" else "",
        response_url=_string(body, "response_url"),
    )
    if not identity or not user or _string(body, "aibotid") != bot_id:
        return message
    kind = _string(body, "msgtype")
    if kind == "stream":
        return replace(message, kind="refresh", stream=_string(_object(body, "stream"), "id"))
    if kind == "event":
        return _event(message, _object(body, "event"))
    own = [text for text in _texts(body) if text.strip()]
    quoted = [text for text in _texts(_object(body, "quote")) if text.strip()]
    if not own and not quoted:
        return replace(message, kind="not_text")
    text = without_mention("\n".join(own), name)
    asked = _with_text(message, "question", text)
    if not text.strip() and not quoted:
        return replace(message, kind="nothing")
    if asked.kind != "question":
        return asked
    # A quoted answer may be long: what is asked about it is what must fit.
    whole = "\n".join(filter(str.strip, (text, *quoted)))
    return replace(asked, text=whole[:MAX_QUESTION])


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a message, or of what one quotes, in order."""
    kind = _string(body, "msgtype")
    if kind in {"text", "voice"}:
        yield _string(_object(body, kind), "content")
    if kind == "mixed":
        items = _object(body, "mixed").get("msg_item")
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict):
                yield _string(_object(item, "text"), "content")


def _event(message: Message, event: Mapping[str, Any]) -> Message:
    """The message for an event."""
    kind = _string(event, "eventtype")
    if kind == "enter_chat":
        return replace(message, kind="welcome")
    if kind != "feedback_event":
        return message
    given = _object(event, "feedback_event")
    number = given.get("type")
    vote: Literal["up", "down"] | None = {1: "up", 2: "down"}.get(  # type: ignore[assignment]
        number if isinstance(number, int) else 0
    )
    listed = given.get("inaccurate_reason_list")
    numbers = [r for r in (listed if isinstance(listed, list) else []) if isinstance(r, int)]
    reasons = [REASONS[r] for r in numbers if r in REASONS]
    comment = "；".join(filter(None, (*reasons, _string(given, "content"))))
    feedback = Feedback(_string(given, "id"), vote, comment)
    known = number in (1, 2, 3)
    return replace(message, kind="feedback" if known else "ignored", feedback=feedback)


def without_mention(text: str, name: str | None) -> str:
    """The text without `@name` at its beginning; every other mention stays."""
    begun = text.lstrip()
    for sign in ("@", "＠"):
        mention = f"{sign}{name}"
        rest = begun[len(mention) :]
        if name and begun.startswith(mention) and (not rest or rest[0] in AFTER_NAME):
            return rest.lstrip(AFTER_NAME)
    return text


def _with_text(message: Message, kind: Kind, text: str) -> Message:
    """The message with its text; a command is recognised."""
    if kind != "question":
        return replace(message, kind=kind)
    if len(text) > MAX_QUESTION:
        return replace(message, kind="too_long")
    return replace(message, kind=COMMANDS.get(text.strip().lower(), "question"), text=text)


def _field(root: Element, name: str) -> str:
    return (root.findtext(name) or "").strip()


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under a name; an empty one for anything else."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _string(body: Mapping[str, Any], name: str) -> str:
    """The text under a name; empty for anything else."""
    value = body.get(name)
    return value if isinstance(value, str) else ""
