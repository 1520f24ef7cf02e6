"""Here is a sender's id as an AI bot gives it; tell me which member of the office it is.

An AI bot may be given an id that only it knows (`open_userid`). The self-built app can ask whose it
is, where there is one and the member is visible to it. An id that nobody can resolve is nobody's
but its own: it has no part in a member's conversation.
"""

import logging
import threading
import time
from collections import OrderedDict

from api.wecom.client import OK, Client, meaning
from api.wecom.inbox import Inbox

LOG = logging.getLogger("unionqa.wecom")
NOBODY_S = 3600.0
"""How long an id counts as one that cannot be resolved: members become visible to an app later."""
MOST_NOBODIES = 10_000


class People:
    """What is known of the ids; the resolved ones are kept in the inbox, for all workers."""

    def __init__(self, client: Client, inbox: Inbox) -> None:
        self._client = client
        self._inbox = inbox
        self._lock = threading.Lock()
        self._nobody: OrderedDict[str, float] = OrderedDict()
        self._paused_until = 0.0

    def member(self, user: str) -> str:
        """The member's own id; the id as it is where it is plain already, or nobody can say."""
        with self._lock:
            found = self._inbox.mark(_name(user))
            if found is not None:
                return found
            now = time.monotonic()
            if now < max(self._paused_until, self._nobody.get(user, 0.0)):
                return user
            code, found = self._client.member(user)
            if code != OK:
                LOG.warning("whose a sender's id is cannot be asked, %s", meaning(code))
                self._paused_until = time.monotonic() + self._client.backoff_s
                return user
            if found:
                self._inbox.mark(_name(user), found)
                return found
            self._nobody[user] = now + NOBODY_S
            if len(self._nobody) > MOST_NOBODIES:
                self._nobody.popitem(last=False)
            return user


def _name(user: str) -> str:
    return f"member {user}"
