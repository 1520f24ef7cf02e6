"""Here is the name of a model; tell me whether it can only be had from this machine."""

from pathlib import Path
from threading import Thread

import httpx
from huggingface_hub import constants

ANSWERS_S = 3.0
"""Seconds within which the hub must answer. Without this its library asks for each of a model's
files six times, with growing pauses: a minute and three quarters until a wrong name is told."""


def is_local(name: str) -> bool:
    """Whether a model is to be looked for on this machine alone: a folder, or the hub is silent."""
    if Path(name).is_absolute() or Path(name).exists() or constants.HF_HUB_OFFLINE:
        return True
    return not answers(constants.ENDPOINT)


def answers(address: str) -> bool:
    """Whether anything answers at an address within `ANSWERS_S`; any status is an answer."""
    heard: list[int] = []

    def ask() -> None:
        try:
            heard.append(httpx.head(address, timeout=ANSWERS_S).status_code)
        except (httpx.HTTPError, httpx.InvalidURL):
            return

    # subtle: in a thread, because looking up a host's name keeps to no time limit
    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(ANSWERS_S)
    return bool(heard)
