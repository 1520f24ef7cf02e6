"""Here is the conformance checklist; tell me which test runs which of its items.

A test carries `@item(19, 46)`: its stimulus and its law are those of the items. `test_checklist.py`
holds the marks against this list, so that no item is lost when a test goes.
"""

import ast
from pathlib import Path

import pytest

ITEMS = {
    1: "published vectors verify", 2: "V4 is refused", 3: "encryption is byte-equal",
    4: "every padding", 5: "damaged ciphertexts end in our error", 6: "forms of the AES key",
    7: "sorted by code point", 8: "malformed signatures", 9: "random bytes differ",
    10: "URL check, exact body", 11: "a plus, however escaped",
    12: "wrong signature: nothing decrypted", 13: "parameters once each", 14: "wrong receiver",
    15: "a message is not echoed", 16: "the same check thrice", 17: "hostile echostr",
    18: "other methods, trailing slash",
    19: "acknowledged first, answered later", 20: "one delivery four times",
    21: "one MsgId, encrypted anew", 22: "two MsgIds, one text", 23: "workers and restarts",
    24: "crash after the acknowledgement", 25: "events without MsgId", 26: "unknown and empty",
    27: "no text", 28: "forms of the body", 29: "answerer, file or WeCom fails",
    30: "one flipped byte", 31: "another app's", 32: "64-bit MsgIds", 33: "text unchanged",
    34: "passive replies: none but empty ones",
    35: "one token for its lifetime", 36: "one token for all who wait", 37: "short tokens",
    38: "token refused once", 39: "token refused for ever", 40: "one refresh for all",
    41: "wrong keys", 42: "-1, 45009, 45033", 43: "codes that are final",
    44: "taken but not delivered", 45: "broken replies and silence", 46: "raw UTF-8 JSON",
    47: "parts fit", 48: "very long answers", 49: "parts in order", 50: "app markdown",
    51: "links, receivers", 52: "one token for each secret",
    53: "stream begins at once", 54: "stream ids", 55: "text so far", 56: "after the end",
    57: "repeated msgid", 58: "another's stream", 59: "20,480 bytes", 60: "deadline",
    61: "response_url once", 62: "failure ends the stream", 63: "restart within a stream",
    64: "enter_chat", 65: "card and feedback events", 66: "mixed, voice, quote",
    67: "mentions", 68: "conversations apart", 69: "not for the bot", 70: "open_userid",
    71: "hostile JSON", 72: "three at once, <think>", 73: "addresses in messages",
    74: "subscription first", 75: "pings", 76: "frames of one answer", 77: "every end",
    78: "disconnected_event, two workers", 79: "duplicate msgid on the socket",
    80: "answer after a reconnect or expiry", 81: "welcome frame", 82: "rate of frames",
    83: "aeskey of media", 84: "malformed frames",
    85: "hostile outer XML", 86: "hostile inner XML", 87: "endless and slow bodies",
    88: "timestamps", 89: "replays", 90: "memory of replays", 91: "one refusal",
    92: "constant-time comparison", 93: "logs", 94: "nothing disclosed, no empty keys",
    95: "flood", 96: "robot: sizes and rate", 97: "robot: codes", 98: "robot: mentions, key",
    99: "bookkeeping", 100: "soak",
}  # fmt: skip
SHOULD = frozenset({18, 50, 72, 83, 95, 100})
NOT_RUN = {
    83: "pictures and files are never fetched, so there is nothing to decrypt",
    100: "takes an hour; `python -m tests.api.wecom.heavy soak` runs it for ten minutes",
}
"""Items that no test of the suite runs, each with its reason; none of them is a must."""

HERE = Path(__file__).parent
item = pytest.mark.item


def carried() -> dict[int, list[str]]:
    """The tests that carry each number."""
    found: dict[int, list[str]] = {}
    for file in sorted(HERE.glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in _numbers(node):
                    found.setdefault(number, []).append(f"{file.name}::{node.name}")
    return found


def _numbers(test: ast.FunctionDef) -> list[int]:
    """The arguments of `@item(…)`."""
    return [
        ast.literal_eval(number)
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "item"
        for number in mark.args
    ]
