"""Here is something to say in WeCom; say it, or tell me whether to try again, and when.

Decisions follow `errcode`, never its words. No address is logged: it holds the token or the key.
"""

import json
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from api.settings import Settings, is_loopback

LOG = logging.getLogger("unionqa.wecom")
OK = 0
SYSTEM_BUSY = -1
TOO_OFTEN = 45009
TOO_MANY_AT_ONCE = 45033
EXPIRED = 42001
TOKEN_GONE = frozenset({40014, 41001, EXPIRED})
BAD_KEYS = frozenset({40001, 40013, 40091})
# Ours, for what has no errcode.
NOT_REACHED = 1
TIMED_OUT = 2
NO_ANSWER = 3
NOT_DELIVERED = 4
RETRIED = {SYSTEM_BUSY: 3, EXPIRED: 3, NO_ANSWER: 3, TIMED_OUT: 2, TOO_MANY_AT_ONCE: 10,
           TOO_OFTEN: 60, NOT_REACHED: 60, **dict.fromkeys(BAD_KEYS, 60)}  # fmt: skip
"""How often something is sent before it is given up; everything else is sent once."""
MARGIN_S = 300.0
LEAST_S = 0.5
"""A token counts as valid for so long, whatever WeCom says: none is fetched for every message."""
DUPLICATES_S = 1800
"""For how long WeCom itself drops an equal message: a part whose reply was lost goes out again."""
MEANINGS = {
    40001: "the secret is wrong (UNIONQA_WECOM_SECRET)",
    40013: "the CorpID is wrong (UNIONQA_WECOM_CORP_ID)",
    45009: "WeCom is asked too often",
    48002: "the app may not use this interface",
    60020: "this machine's address is not among the app's trusted addresses (企业可信IP): add it",
    60111: "no such user",
    81013: "the user is not within the app's visible range (可见范围)",
    93000: "the group robot's key is wrong, or it was removed",
    301002: "the AgentID is not this app's (UNIONQA_WECOM_AGENT_ID)",
    NOT_REACHED: "WeCom cannot be reached",
    TIMED_OUT: "WeCom did not answer in time",
    NO_ANSWER: "WeCom's answer was no JSON",
    NOT_DELIVERED: "WeCom took the message but did not deliver it to the user",
}


def quiet() -> None:
    """Keep libraries from logging addresses and frames, which hold secrets, at any level."""
    for name in ("httpx", "httpcore", "hpack", "websockets"):
        logging.getLogger(name).setLevel(logging.WARNING)


def meaning(code: int) -> str:
    """What a number means, for the log and the doctor."""
    return f"{code}: {MEANINGS.get(code, 'see WeCom’s list of error codes')}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What WeCom said: its errcode or one of ours, and the rest."""

    code: int
    body: dict[str, Any]


class Tokens:
    """The access token of one secret: fetched once however many wait for it, kept while valid."""

    def __init__(self, fetch: Callable[[], Reply], backoff_s: float) -> None:
        self._fetch = fetch
        self._backoff_s = backoff_s
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0
        self._failed = OK
        self._retry_at = 0.0

    def get(self) -> tuple[int, str]:
        """OK and the token; or why there is none, without asking again during the pause."""
        with self._lock:
            now = time.monotonic()
            if self._token and now < self._until:
                return OK, self._token
            if self._failed != OK and now < self._retry_at:
                return self._failed, ""
            self._token = ""
            reply = self._fetch()
            token = reply.body.get("access_token")
            if reply.code == OK and isinstance(token, str) and token:
                lasts = reply.body.get("expires_in")
                seconds = float(lasts) if isinstance(lasts, int | float) else 7200.0
                self._token = token
                seconds = max(seconds - min(MARGIN_S, seconds / 10), LEAST_S)
                self._until = time.monotonic() + seconds
                self._failed = OK
                return OK, token
            self._failed = reply.code or NO_ANSWER
            pause = self._backoff_s if reply.code not in {SYSTEM_BUSY, NOT_REACHED} else 1.0
            self._retry_at = time.monotonic() + pause
            LOG.error("no access token, %s", meaning(self._failed))
            return self._failed, ""

    def drop(self, token: str) -> None:
        """Forget a token that WeCom refused, unless another one was fetched meanwhile."""
        with self._lock:
            if self._token == token:
                self._token = ""


class Client:
    """Calls to WeCom; every method may be called from any thread."""

    def __init__(self, settings: Settings) -> None:
        quiet()
        self.backoff_s = settings.wecom_backoff_s
        self._settings = settings
        self._base = settings.wecom_api_base
        host = urlsplit(self._base).hostname or ""
        self._http = httpx.Client(
            timeout=settings.wecom_timeout_s,
            follow_redirects=False,
            # a proxy of the environment is for the way out, never for this machine
            trust_env=not is_loopback(host),
        )
        self._tokens = Tokens(self.fetch_token, settings.wecom_backoff_s)

    def fetch_token(self) -> Reply:
        """WeCom's reply to a request for a token."""
        secret = self._settings.wecom_secret
        return self._call(
            "GET",
            f"{self._base}/cgi-bin/gettoken",
            params={
                "corpid": self._settings.wecom_corp_id or "",
                "corpsecret": secret.get_secret_value() if secret else "",
            },
        )

    def trial(self) -> int:
        """0 where WeCom gives a token and takes it from this machine; nobody is sent anything."""
        code, token = self._tokens.get()
        if code != OK:
            return code
        agent = {"access_token": token, "agentid": str(self._settings.wecom_agent_id)}
        return self._call("GET", f"{self._base}/cgi-bin/agent/get", params=agent).code

    def send_text(self, user: str, text: str, *, again: bool = False) -> int:
        """0 once WeCom has taken a text for a user; otherwise a code, as in `RETRIED`.

        `again`: the same text went to them lately and is meant to arrive once more.
        """
        body = {
            "touser": user,
            "msgtype": "text",
            "agentid": self._settings.wecom_agent_id,
            "text": {"content": text},
            "safe": 0,
            "enable_id_trans": 0,
            "enable_duplicate_check": 0 if again else 1,
            "duplicate_check_interval": DUPLICATES_S,
        }
        reply = self._with_token("/cgi-bin/message/send", body)
        if reply.code == OK and (reply.body.get("invaliduser") or reply.body.get("unlicenseduser")):
            return NOT_DELIVERED
        return reply.code

    def member(self, open_userid: str) -> tuple[int, str]:
        """OK and whose id it is, "" for nobody's; or why WeCom does not say, and ""."""
        path = "/cgi-bin/batch/openuserid_to_userid"
        reply = self._with_token(path, {"open_userid_list": [open_userid]})
        listed = reply.body.get("userid_list")
        for one in listed if isinstance(listed, list) else []:
            if isinstance(one, dict) and one.get("open_userid") == open_userid:
                found = one.get("userid")
                return reply.code, found if isinstance(found, str) else ""
        return reply.code, ""

    def _with_token(self, path: str, body: dict[str, Any]) -> Reply:
        """WeCom's reply to a call that needs the app's token; one that ended is fetched anew."""
        reply = Reply(NO_ANSWER, {})
        for _ in range(2):
            code, token = self._tokens.get()
            if code != OK:
                return Reply(code, {})
            url = f"{self._base}{path}"
            reply = self._call("POST", url, params={"access_token": token}, body=body)
            if reply.code not in TOKEN_GONE:
                break
            self._tokens.drop(token)
        return reply

    def post_late(self, response_url: str, text: str) -> int:
        """0 once a late answer was taken; the address works once, so there is no second try."""
        if not self.may_post(response_url):
            LOG.error("the address for a late answer is not on the list of allowed hosts")
            return NOT_REACHED
        body = {"msgtype": "markdown", "markdown": {"content": text}}
        return self._call("POST", response_url, body=body).code

    def may_post(self, url: str) -> bool:
        """Whether an address that a message carried may be called."""
        try:
            parts = urlsplit(url)
            named = {parts.hostname or "", parts.netloc}
        except ValueError:
            return False
        if parts.username or parts.password or parts.scheme not in {"http", "https"}:
            return False
        if named & self._settings.allowed_hosts:
            return True
        return parts.scheme == "https" and parts.netloc == "qyapi.weixin.qq.com"

    def push(self, key: str, body: dict[str, Any]) -> int:
        """WeCom's code for a message to a group robot."""
        return self._call(
            "POST", f"{self._base}/cgi-bin/webhook/send", params={"key": key}, body=body
        ).code

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(
        self,
        method: str,
        url: str,
        *,
        params: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> Reply:
        """WeCom's reply; one of our codes where there is none."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"content-type": "application/json"} if content else {}
        try:
            with self._http.stream(
                method, url, params=params, content=content, headers=headers
            ) as response:
                data = _read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol):
            return Reply(NOT_REACHED, {})
        except httpx.TimeoutException:
            return Reply(TIMED_OUT, {})
        except (httpx.HTTPError, httpx.InvalidURL):
            return Reply(NO_ANSWER, {})
        return _reply(data, response.status_code)


MAX_REPLY = 65_536


def _read(response: httpx.Response) -> bytes:
    """The body, of which no more than `MAX_REPLY` bytes are read."""
    data = b""
    for piece in response.iter_bytes():
        data += piece
        if len(data) > MAX_REPLY:
            break
    return data


def _reply(data: bytes, status: int) -> Reply:
    """The errcode in a body; `NO_ANSWER` where there is none."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return Reply(NO_ANSWER, {})
    code = body.get("errcode") if isinstance(body, dict) else None
    if status != httpx.codes.OK or not isinstance(code, int):
        return Reply(NO_ANSWER, {})
    return Reply(code, body)


def pause(code: int, attempt: int, backoff_s: float) -> float | None:
    """Seconds until the next try after `attempt` tries that ended in `code`; None: give up."""
    if attempt >= RETRIED.get(code, 1):
        return None
    if code == TOO_OFTEN or code in BAD_KEYS:
        return backoff_s
    if code == TOO_MANY_AT_ONCE:
        return random.uniform(0.2, 1.0)
    # 1, 2, 4 … seconds where the longest pause is a minute
    return backoff_s * min(2.0 ** (attempt - 1) / 60, 1.0) * random.uniform(0.8, 1.2)
