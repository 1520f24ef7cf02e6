"""Here is a text, or the index; send it, or what is new in it, to a group by its robot."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from api.settings import Settings
from api.wecom import link
from api.wecom.client import OK, Client, meaning, pause
from api.wecom.envelope import new_id
from api.wecom.fit import neutral, parts
from api.wecom.inbox import Inbox
from index.index import Snapshot, Stored

TEXT_BYTES = 2048
PER_MINUTE = 20
MINUTE_S = 60.0
DIGEST = "digest"
MOST_NEW = 20
LINK_KEY = "link key"


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
    text: str, key: str, client: Client, backoff_s: float, sleep: Callable[[float], None]
) -> int:
    """How many messages the text took; raises NotPushed. Mentions in it reach nobody."""
    pieces = parts(neutral(text), TEXT_BYTES)
    for number, piece in enumerate(pieces):
        if number and number % PER_MINUTE == 0:
            sleep(MINUTE_S)
        attempt = 1
        while (code := client.push(key, {"msgtype": "text", "text": {"content": piece}})) != OK:
            seconds = pause(code, attempt, backoff_s)
            if seconds is None:
                raise NotPushed(f"{number} of {len(pieces)} messages sent; {meaning(code)}")
            attempt += 1
            sleep(seconds)
    return len(pieces)


def digest(snapshot: Snapshot, inbox: Inbox, settings: Settings) -> tuple[str, str]:
    """What was added since the last digest ("" for nothing), and the mark to keep once it is sent.

    At most `MOST_NEW` articles are named, the newest first.
    """
    since = inbox.mark(DIGEST) or ""
    key = inbox.mark(LINK_KEY, new_id(), keep=True) or ""
    newest, _ = snapshot.list_documents(100)
    new = [stored for stored in newest if stored.added_at > since]
    if not new:
        return "", since
    lines = [f"新收录文章 {len(new)} 篇{'以上' if len(new) == len(newest) == 100 else ''}："]
    lines += [_line(stored, key, settings) for stored in new[:MOST_NEW]]
    if len(new) > MOST_NEW:
        lines.append(f"……另有 {len(new) - MOST_NEW} 篇")
    return "\n".join(lines), max(stored.added_at for stored in new)


def _line(stored: Stored, key: str, settings: Settings) -> str:
    """One article: title, place, date, and where it opens."""
    document = stored.document
    facts = " · ".join(filter(None, (document.region, document.date)))
    about = f"· 《{document.title or document.source}》 {facts}".rstrip()
    if settings.public_url is None:
        return about
    days = settings.wecom_link_days
    span = (0, 0)
    return f"{about}\n  {link.address(settings.public_url, key, document.document_id, span, days)}"


def push_now(text: str, key: str, settings: Settings) -> int:
    """How many messages a text took, sent with the settings' client."""
    client = Client(settings)
    try:
        return push(text, key, client, settings.wecom_backoff_s, time.sleep)
    finally:
        client.close()
