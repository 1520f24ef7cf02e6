"""Here is somebody who sends a request; tell them when it is one too many, and when to come again.

A token bucket for each key and each address: it holds the requests of a minute and fills evenly.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from api.errors import RequestError
from api.settings import Settings, is_loopback

NAMES = 10_000
"""Buckets kept; the one unused for longest goes first, and is full by then as a rule."""
MINUTE_S = 60.0
UNLIMITED = ("/healthz", "/wecom/")
"""Monitors must see that the process is there, and a message of WeCom's must not be lost."""


class Buckets:
    """A bucket for each name; one that was never seen is full."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`per_minute` 0 sets no limit."""
        self.per_minute = per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> float:
        """Seconds until this name may send its next request: 0 where it may now."""
        if not self.per_minute:
            return 0.0
        now = self._clock()
        left, since = self._left.pop(name, (float(self.per_minute), now))
        per_s = self.per_minute / MINUTE_S
        left = min(float(self.per_minute), left + (now - since) * per_s)
        wait = max(0.0, (1 - left) / per_s)
        self._left[name] = (left if wait else left - 1, now)
        if len(self._left) > NAMES:
            self._left.popitem(last=False)
        return wait


class Rates:
    """The buckets of keys and of addresses; nobody is limited on loopback without a key."""

    def __init__(self, settings: Settings) -> None:
        # a reverse proxy on this machine names the address asked from
        self.proxied = settings.public_url is not None
        self._keys = Buckets(settings.rate_per_minute)
        self._addresses = Buckets(settings.address_rate_per_minute)

    def check_address(self, address: str, path: str) -> None:
        """Nothing; RequestError 429 where this address sends too many requests.

        What comes over loopback without a proxy's word for whom comes from this machine.
        """
        if is_loopback(address) or not address or path.startswith(UNLIMITED):
            return
        _check(self._addresses, address, "an address", "UNIONQA_ADDRESS_RATE_PER_MINUTE")

    def check_key(self, key: str) -> None:
        """Nothing; RequestError 429 where this key sends too many requests."""
        _check(self._keys, key, "a key", "UNIONQA_RATE_PER_MINUTE")


def _check(buckets: Buckets, name: str, whose: str, setting: str) -> None:
    wait = buckets.take(name)
    if wait:
        raise RequestError(
            429,
            f"over the limit of {buckets.per_minute} requests a minute for {whose} ({setting})",
            retry_after_s=ceil(wait),
        )
