"""Here are settings; tell me which of WeCom's ways work, and what to do where one does not."""

import time
from collections.abc import Iterator

import httpx

from api.doctor import Finding
from api.serve import address
from api.settings import Settings
from api.wecom.client import OK, Client, meaning
from api.wecom.connection import LOCK
from api.wecom.crypto import Keys, encrypt, sign
from api.wecom.vectors import agrees, vectors
from index.lock import FolderLock

ECHO = "1616140317555161061"
NONCE = "doctor"


def findings(settings: Settings) -> Iterator[Finding]:
    """What is right and what is wrong, one after the other; nobody is sent anything."""
    on = [name.removeprefix("wecom_") for name in settings.wecom_on]
    yield Finding("ways", bool(on), ", ".join(on) or "none is given; README says how, step by step")
    wrong = [vector.id for vector in vectors() if not agrees(vector)]
    yield Finding("encryption", not wrong, f"differs in {wrong}" if wrong else "as published")
    callbacks = {"/wecom/app": settings.app_keys, "/wecom/bot": settings.bot_keys}
    for path, keys in callbacks.items():
        if keys is not None:
            yield _callback(settings, path, keys)
    if any(callbacks.values()):
        yield Finding(
            "public address",
            settings.public_url is not None,
            settings.public_url or "UNIONQA_PUBLIC_URL is not given: WeCom cannot call, no links",
        )
    if settings.app_keys is not None:
        yield _token(settings)
    if callbacks["/wecom/bot"] is not None or settings.wecom_ws:
        name = settings.wecom_bot_name
        absent = "UNIONQA_WECOM_BOT_NAME is not given: in groups `@name` stays in every question"
        yield Finding("name in groups", name is not None, name or absent, grave=False)
    if settings.wecom_ws:
        yield _connection(settings)


def _callback(settings: Settings, path: str, keys: Keys) -> Finding:
    """Whether the running server answers a URL check as WeCom sends it."""
    url = f"{address(settings.host, settings.port)}{path}"
    encrypted = encrypt(keys, ECHO)
    timestamp = str(int(time.time()))
    query = {
        "msg_signature": sign(keys, timestamp, NONCE, encrypted),
        "timestamp": timestamp,
        "nonce": NONCE,
        "echostr": encrypted,
    }
    try:
        response = httpx.get(url, params=query, timeout=5, trust_env=False)
    except httpx.HTTPError as exc:
        return Finding(path, False, f"nothing answers on {url} ({type(exc).__name__}); start it")
    if response.status_code == httpx.codes.OK and response.text == ECHO:
        return Finding(path, True, "answers as WeCom expects")
    return Finding(
        path, False, f"{response.status_code}: the running server has other settings; restart it"
    )


def _connection(settings: Settings) -> Finding:
    """Whether a server has the long connection in hand; a second one would cut it off."""
    lock = FolderLock(settings.data / LOCK)
    free = lock.try_acquire()
    lock.release()
    found = "no server of this data folder holds it; start one" if free else "held by a server"
    return Finding("long connection", not free, found)


def _token(settings: Settings) -> Finding:
    """Whether WeCom gives a token for the app's secret, and lets this machine use it."""
    client = Client(settings)
    try:
        code = client.trial()
    finally:
        client.close()
    return Finding("access token", code == OK, "given" if code == OK else meaning(code))
