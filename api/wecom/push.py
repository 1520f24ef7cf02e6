"""Here is a text, or the index; send it, or what is new in it, to a group by its robot."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

from api.settings import Settings
from api.wecom import link
from api.wecom.client import OK, Client, meaning, pause
from api.wecom.envelope import new_id
from api.wecom.fit import neutral, parts
from api.wecom.inbox import Inbox
from index.index import Snapshot, Stored
from index.lock import FolderLock

TEXT_BYTES = 2048
PER_MINUTE = 20
MOST_PARTS = 1000
DIGEST = "digest"
LOCK = "wecom-digest.lock"
MOST_NEW = 20
LINK_KEY = "link key"


@dataclass(frozen=True, slots=True)
class Told:
    """What digests have told: articles added until `since`, and `then` those of that very second.

    `left` are the messages of the last digest that have not been sent.
    """

    since: str
    then: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class NotPushed(Exception):
    """A text did not reach the group; the message says why, without the robot's key."""


def robot_key(text: str) -> str:
    """The key in what the console shows: the key itself, or an address that ends in it."""
    key = parse_qs(urlsplit(text).query).get("key", [text])[0]
    if not key or not key.isascii() or not key.replace("-", "").isalnum():
        raise NotPushed(
            "the group robot's key is not one: expected its address, or what follows key="
        )
    return key


def push(
    text: str, key: str, client: Client, inbox: Inbox, sleep: Callable[[float], None] = time.sleep
) -> int:
    """How many messages the text took; raises NotPushed. Mentions in it reach nobody.

    What a robot was sent stands in the inbox: whoever comes after us waits for it as we do.
    """
    pieces = parts(neutral(text), TEXT_BYTES, MOST_PARTS)
    for number, piece in enumerate(pieces):
        attempt = 1
        while (code := _say(piece, key, client, inbox, sleep)) != OK:
            seconds = pause(code, attempt, client.backoff_s)
            if seconds is None:
                raise NotPushed(f"{number} of {len(pieces)} messages sent; {meaning(code)}")
            attempt += 1
            sleep(seconds)
    return len(pieces)


def _say(piece: str, key: str, client: Client, inbox: Inbox, sleep: Callable[[float], None]) -> int:
    """WeCom's code for one message, once the robot may be asked."""
    robot = f"robot {hashlib.sha256(key.encode()).hexdigest()[:16]}"
    while (wait := inbox.wait_seconds(robot, PER_MINUTE, 60 * PER_MINUTE)) > 0:
        sleep(wait)
    inbox.note_said(robot)
    return client.push(key, {"msgtype": "text", "text": {"content": piece}})


def push_digest(snapshot: Snapshot, inbox: Inbox, settings: Settings, key: str) -> int:
    """How many messages the news took; of a digest that broke off, first those that were left.

    A message is noted as sent before it is, and the note taken back where it was refused: who
    kills us between the two costs the group one message, but nobody reads one twice. Raises
    NotPushed, also where another process is sending.
    """
    lock = FolderLock(settings.data / LOCK)
    if not lock.try_acquire():
        raise NotPushed("another process is sending the digest; wait until it is done")
    client = Client(settings)
    try:
        told = _noted(inbox)
        _send(told, inbox, client, key)
        news = digest(snapshot, inbox, settings, told)
        _send(news, inbox, client, key)
        return len(told.left) + len(news.left)
    finally:
        client.close()
        lock.release()


def _send(news: Told, inbox: Inbox, client: Client, key: str) -> None:
    """Send what is left of a digest, one message after the other."""
    for number, piece in enumerate(news.left):
        _note(inbox, replace(news, left=news.left[number + 1 :]))
        try:
            push(piece, key, client, inbox)
        except NotPushed:
            _note(inbox, replace(news, left=news.left[number:]))
            raise


def _note(inbox: Inbox, told: Told) -> None:
    inbox.mark(DIGEST, json.dumps(asdict(told), ensure_ascii=False))


def _noted(inbox: Inbox) -> Told:
    """What was told so far; earlier versions noted the time alone."""
    noted = inbox.mark(DIGEST) or ""
    if not noted.startswith("{"):
        return Told(noted)
    return Told(**json.loads(noted))


def digest(snapshot: Snapshot, inbox: Inbox, settings: Settings, told: Told) -> Told:
    """What was added since the last digest, in messages, none where nothing was.

    At most `MOST_NEW` articles are named, the newest first.
    """
    key = inbox.mark(LINK_KEY, new_id(), keep=True) or ""
    newest, _ = snapshot.list_documents(100)
    new = [
        stored
        for stored in newest
        if stored.added_at > told.since
        or (stored.added_at == told.since and stored.document.document_id not in told.then)
    ]
    if not new:
        return replace(told, left=[])
    lines = [f"新收录文章 {len(new)} 篇{'以上' if len(new) == len(newest) == 100 else ''}："]
    lines += [_line(stored, key, settings) for stored in new[:MOST_NEW]]
    if len(new) > MOST_NEW:
        lines.append(f"……另有 {len(new) - MOST_NEW} 篇")
    since = max(stored.added_at for stored in new)
    then = [one.document.document_id for one in newest if one.added_at == since]
    return Told(since, then, parts(neutral("\n".join(lines)), TEXT_BYTES))


def _line(stored: Stored, key: str, settings: Settings) -> str:
    """One article: title, place, date, and where it opens."""
    document = stored.document
    facts = " · ".join(filter(None, (document.region, document.date)))
    about = f"· 《{document.title or document.source}》 {facts}".rstrip()
    if settings.public_url is None:
        return about
    url = link.address(
        settings.public_url, key, document.document_id, link.WHOLE, settings.wecom_link_days
    )
    return f"{about}\n  {url}"


def push_now(text: str, key: str, settings: Settings) -> int:
    """How many messages a text took, sent with the settings' client."""
    client = Client(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    inbox = Inbox.open(settings.data)
    try:
        return push(text, key, client, inbox)
    finally:
        inbox.close()
        client.close()
