"""The published vectors verify, ours are byte-equal, and nothing damaged gets through."""

import ast
import base64
import hashlib
import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pydantic import SecretStr, ValidationError

from api.wecom.crypto import Keys, Refused, decrypt, encrypt, is_signed, read_aes_key, sign
from api.wecom.options import WecomOptions
from api.wecom.vectors import Vector, agrees, vectors
from tests.api.running import ROOT
from tests.api.wecom.checklist import item

CORP = "wx5823bf96d3bd56c7"
AES = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
APP = Keys("QDG6eK", read_aes_key(AES), CORP)
BOT = Keys("QDG6eK", read_aes_key(AES), "")


def sealed(plain: bytes, pad: bytes) -> str:
    """A ciphertext with a padding of our choice."""
    encryptor = Cipher(algorithms.AES(APP.aes_key), modes.CBC(APP.aes_key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + pad) + encryptor.finalize()).decode()


@pytest.mark.parametrize("vector", vectors(), ids=lambda v: v.id)
@item(1, 2, 3)
def test_a_published_vector_verifies_but_v4(vector: Vector) -> None:
    given = (vector.timestamp, vector.nonce, vector.encrypted, vector.signature)
    assert is_signed(vector.keys, *given) is (vector.id != "V4")
    assert decrypt(vector.keys, vector.encrypted) == vector.plaintext
    assert encrypt(vector.keys, vector.plaintext, vector.random) == vector.encrypted
    assert agrees(vector)


@pytest.mark.parametrize("keys", [APP, BOT], ids=["app", "bot"])
@item(4)
def test_every_padding_occurs_and_is_taken_off(keys: Keys) -> None:
    for length in range(97):
        text = "x" * length
        encrypted = encrypt(keys, text)
        assert len(base64.b64decode(encrypted)) % 32 == 0
        assert decrypt(keys, encrypted) == text


OWN = vectors(Path(__file__).with_name("own_vectors.json"))
"""Made with the `openssl` command from the scheme in words, not with the code under test."""


@item(3, 7)
@pytest.mark.parametrize("vector", OWN, ids=lambda v: v.id)
def test_what_openssl_made_of_the_scheme_is_byte_equal(vector: Vector) -> None:
    assert agrees(vector)


@item(3, 7)
def test_our_vectors_are_what_they_are_for() -> None:
    by_id = {vector.id: vector for vector in OWN}
    bots = [by_id[f"B{number}"] for number in range(5, 9)]
    assert [32 - (20 + len(bot.plaintext)) % 32 for bot in bots] == [1, 16, 17, 32]
    assert [by_id[f"S{number}"].encrypted[0] for number in range(1, 5)] == ["+", "/", "+", "/"]
    assert by_id["S3"].nonce == "9"  # sorted after "1700000000", though the lesser number


BODY = struct.pack(">I", 2) + b"ok" + CORP.encode()
DAMAGED = {
    "another receiver": (encrypt(BOT, "ok"), -40005),
    "a length past the end": (
        sealed(b"r" * 16 + struct.pack(">I", 999) + b"ok", b"\x0a" * 10),
        -40008,
    ),
    "the greatest length": (sealed(b"r" * 16 + b"\xff" * 4 + b"ok", b"\x0a" * 10), -40008),
    "padding of nothing": (sealed(b"r" * 16 + BODY[:16], b""), -40007),
    "padding 0": (sealed(b"r" * 16 + BODY, b"\x00" * 24), -40007),
    "padding 33": (sealed(b"r" * 16 + BODY, b"\x21" * 24), -40007),
    "uneven padding": (sealed(b"r" * 16 + BODY, b"\x01" * 23 + b"\x18"), -40007),
    "half a block": (sealed(b"r" * 16, b""), -40007),
    "nothing": ("", -40007),
    "no block": (base64.b64encode(b"abc").decode(), -40007),
    "no room for a length": (sealed(b"r" * 8, b"\x18" * 24), -40008),
    "no UTF-8": (
        sealed(b"r" * 16 + struct.pack(">I", 2) + b"\xff\xfe" + CORP.encode(), b"\x18" * 24),
        -40008,
    ),
    "no base64": ("*" * 44, -40010),
    "base64 with a space": (encrypt(APP, "ok")[:-4] + " " * 4, -40010),
    "no ASCII": ("é" * 44, -40010),
}


@pytest.mark.parametrize("name", DAMAGED)
@item(5)
def test_what_is_damaged_is_refused_with_a_number(name: str) -> None:
    encrypted, code = DAMAGED[name]
    with pytest.raises(Refused, match=str(code)):
        decrypt(APP, encrypted)


@pytest.mark.parametrize("key", [AES[:-1], AES + "C", AES + "=", AES[:-1] + "-", "", AES + "\n"])
@item(6)
def test_a_wrong_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ValueError, match="43 letters") as raised:
        read_aes_key(key)
    assert not key or key not in str(raised.value)
    with pytest.raises(ValidationError, match="43 letters") as refused:
        WecomOptions(wecom_aes_key=SecretStr(key))
    assert not key or key not in str(refused.value)


@item(7)
def test_the_parts_are_sorted_by_code_point() -> None:
    # by hand: "+a" < "/b" < "1700000022" < "9" < "QDG6eK"
    joined = "+a" + "1700000022" + "9" + "QDG6eK"
    assert sign(APP, "1700000022", "9", "+a") == hashlib.sha1(joined.encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [str.upper, lambda _: "", lambda s: s[:-1], lambda s: s + "0", lambda _: "é" * 40,
     lambda _: "\ud800" * 40, lambda s: s * 250],
)  # fmt: skip
@item(8)
def test_only_the_signature_itself_will_do(change: Callable[[str], str]) -> None:
    encrypted = encrypt(APP, "ok")
    right = sign(APP, "1700000000", "n", encrypted)
    assert is_signed(APP, "1700000000", "n", encrypted, right)
    assert not is_signed(APP, "1700000000", "n", encrypted, change(right))


@item(9)
def test_no_two_ciphertexts_begin_alike() -> None:
    assert len({encrypt(APP, "ok")[:20] for _ in range(1000)}) == 1000


def test_keys_do_not_show_themselves() -> None:
    assert "QDG6eK" not in repr(APP)
    assert repr(APP.aes_key) not in repr(APP)


@item(92)
def test_nothing_secret_is_compared_with_an_equals_sign() -> None:
    words = re.compile(r"sign|expected|secret|token|key|receiver", re.IGNORECASE)
    for file in (ROOT / "api" / "wecom").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
                both = [side for side in sides if words.search(side)]
                # an access token is compared with our own copy of it, never with a stranger's
                assert len(both) < 2 or "self._token" in both, f"{file.name}: {both}"
    for name in ("crypto.py", "link.py"):
        source = (ROOT / "api" / "wecom" / name).read_text(encoding="utf-8")
        assert "hmac.compare_digest" in source
