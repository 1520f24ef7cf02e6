"""Here is a callback's query and body; give me what WeCom said in it, or refuse it.

The order is fixed, and everything that fails gives the same `Refused`: shape of the parameters,
ciphertext, signature, age, decryption, receiver. Nothing is decrypted before its signature is
right. The method is not signed, so a message sent again as a URL check must not be echoed.
"""

import json
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from api.errors import RequestError
from api.strict import strict_json
from api.wecom.crypto import WRONG_SIGNATURE, Keys, Refused, decrypt, encrypt, is_signed, sign

MAX_BYTES = 65_536
BAD_FORM = -40002
TOO_OLD = -40099
"""Ours: Tencent has no number for it."""
ECHO = re.compile(r"[0-9A-Za-z]{1,64}")
TIMESTAMP = re.compile(r"[0-9]{10}")
NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}")
SIGNATURE = re.compile(r"[0-9a-f]{40}")
LONGEST_ECHO = 1024


@dataclass(frozen=True, slots=True)
class Stamp:
    """The three parameters that every callback's address has."""

    signature: str
    timestamp: str
    nonce: str


def read_stamp(query: Sequence[tuple[str, str]]) -> Stamp:
    """The parameters, each there once and of its form; raises Refused."""
    return Stamp(
        _one(query, "msg_signature", SIGNATURE),
        _one(query, "timestamp", TIMESTAMP),
        _one(query, "nonce", NONCE),
    )


def _one(query: Sequence[tuple[str, str]], name: str, form: re.Pattern[str]) -> str:
    found = [value for key, value in query if key == name]
    if len(found) != 1 or not form.fullmatch(found[0]):
        raise Refused(BAD_FORM)
    return found[0]


def read_echo(keys: Keys, query: Sequence[tuple[str, str]], window_s: int) -> str:
    """What a URL check wants to be told; raises Refused."""
    found = [value for key, value in query if key == "echostr"]
    if len(found) != 1 or not 0 < len(found[0]) <= LONGEST_ECHO:
        raise Refused(BAD_FORM)
    # A `+` that was not escaped arrives as a space, which base64 never has.
    plain = unseal(keys, read_stamp(query), found[0].replace(" ", "+"), window_s)
    if not ECHO.fullmatch(plain):
        raise Refused(BAD_FORM)
    return plain


def unseal(keys: Keys, stamp: Stamp, encrypted: str, window_s: int) -> str:
    """The message in a ciphertext; raises Refused. `window_s`: how old it may be, 0 for any age."""
    if not is_signed(keys, stamp.timestamp, stamp.nonce, encrypted, stamp.signature):
        raise Refused(WRONG_SIGNATURE)
    if window_s and abs(time.time() - int(stamp.timestamp)) > window_s:
        raise Refused(TOO_OLD)
    return decrypt(keys, encrypted)


def encrypted_xml(body: bytes) -> str:
    """The one `Encrypt` of an app's body; raises Refused."""
    root = read_xml(_text(body))
    found = list(root.iter("Encrypt"))
    if len(found) != 1 or found[0] not in list(root) or len(found[0]):
        raise Refused(BAD_FORM)
    return (found[0].text or "").strip()


def read_xml(text: str) -> Element:
    """The root `xml` of a document without any DTD; raises Refused."""
    try:
        root = fromstring(text.strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as exc:
        raise Refused(BAD_FORM) from exc
    if root.tag != "xml":
        raise Refused(BAD_FORM)
    assert isinstance(root, Element)
    return root


def encrypted_json(body: bytes) -> str:
    """The one `encrypt` of an AI bot's body; raises Refused."""
    read_json(_text(body))
    pairs = json.loads(body, object_pairs_hook=list)
    found = [value for name, value in pairs if name == "encrypt"]
    if len(found) != 1 or not isinstance(found[0], str):
        raise Refused(BAD_FORM)
    return found[0].strip()


def read_json(text: str) -> dict[str, Any]:
    """The object in a text; raises Refused."""
    try:
        value = strict_json(text.encode())
    except (RequestError, UnicodeEncodeError) as exc:
        raise Refused(BAD_FORM) from exc
    if not isinstance(value, dict):
        raise Refused(BAD_FORM)
    return value


def _text(body: bytes) -> str:
    """The UTF-8 text of a body that is not too long; raises Refused."""
    if len(body) > MAX_BYTES or b"\x00" in body:
        raise Refused(BAD_FORM)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise Refused(BAD_FORM) from exc


def seal_json(keys: Keys, nonce: str, reply: dict[str, Any]) -> dict[str, Any]:
    """The body of a reply to an AI bot's callback; the nonce is the callback's."""
    encrypted = encrypt(keys, json.dumps(reply, ensure_ascii=False))
    timestamp = int(time.time())
    return {
        "encrypt": encrypted,
        "msgsignature": sign(keys, str(timestamp), nonce, encrypted),
        "timestamp": timestamp,
        "nonce": nonce,
    }


def new_id() -> str:
    """32 hexadecimal digits that nobody can guess."""
    return secrets.token_hex(16)
