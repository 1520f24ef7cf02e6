"""Here is a ciphertext and its signature; give me what WeCom said, and seal what we answer.

The scheme is Tencent's (developer.work.weixin.qq.com, document 91144): SHA-1 over the sorted token,
timestamp, nonce and ciphertext; AES-256-CBC with the key's first half as IV; PKCS#7 to multiples of
32 bytes, so that half of all paddings are longer than an AES block.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
RANDOM = 16
"""Bytes before the length of the message."""
HEAD = RANDOM + 4
AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")

# Numbers of Tencent's own sample code; they go to the log, never to the caller.
WRONG_SIGNATURE = -40001
WRONG_RECEIVER = -40005
NOT_DECRYPTED = -40007
WRONG_PLAINTEXT = -40008
NOT_BASE64 = -40010


class Refused(Exception):
    """A request that is not WeCom's, or damaged; `code` says why, to the log only."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Keys:
    """What one callback shares with WeCom; `receiver` is the CorpID, or "" for an AI bot."""

    token: str = field(repr=False)
    aes_key: bytes = field(repr=False)
    receiver: str


def read_aes_key(text: str) -> bytes:
    """The 32 bytes of an EncodingAESKey; ValueError, without the key, for anything else.

    Its last character has two spare bits that WeCom does not clear, so they are not looked at.
    """
    if not AES_KEY.fullmatch(text):
        raise ValueError(
            f"expected the 43 letters and digits that the console shows, found {len(text)} "
            "characters or others"
        )
    return base64.b64decode(text + "=")


def sign(keys: Keys, timestamp: str, nonce: str, encrypted: str) -> str:
    """The signature: 40 hexadecimal digits in lower case. Sorted by code point, never by value."""
    joined = "".join(sorted((keys.token, timestamp, nonce, encrypted)))
    return hashlib.sha1(joined.encode("utf-8", "surrogatepass")).hexdigest()


def is_signed(keys: Keys, timestamp: str, nonce: str, encrypted: str, given: str) -> bool:
    """Whether `given` is the signature, compared in constant time."""
    expected = sign(keys, timestamp, nonce, encrypted)
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def decrypt(keys: Keys, encrypted: str) -> str:
    """The message in a ciphertext whose signature was right; raises Refused."""
    try:
        sealed = base64.b64decode(encrypted.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as exc:
        raise Refused(NOT_BASE64) from exc
    if not sealed or len(sealed) % BLOCK:
        raise Refused(NOT_DECRYPTED)
    decryptor = _cipher(keys).decryptor()
    padded = decryptor.update(sealed) + decryptor.finalize()
    unpadder = padding.PKCS7(BLOCK * 8).unpadder()
    try:
        plain = unpadder.update(padded) + unpadder.finalize()
    except ValueError as exc:
        raise Refused(NOT_DECRYPTED) from exc
    return _message(plain, keys.receiver)


def _message(plain: bytes, receiver: str) -> str:
    """The message in 16 random bytes, its length, itself and the receiver; raises Refused."""
    if len(plain) < HEAD:
        raise Refused(WRONG_PLAINTEXT)
    (length,) = struct.unpack(">I", plain[RANDOM:HEAD])
    if length > len(plain) - HEAD:
        raise Refused(WRONG_PLAINTEXT)
    if not hmac.compare_digest(plain[HEAD + length :], receiver.encode()):
        raise Refused(WRONG_RECEIVER)
    try:
        return plain[HEAD : HEAD + length].decode("utf-8")
    except UnicodeDecodeError as exc:
        raise Refused(WRONG_PLAINTEXT) from exc


def encrypt(keys: Keys, message: str, random: bytes | None = None) -> str:
    """The ciphertext of a message, in base64; `random`: 16 bytes, new ones where none are given."""
    data = message.encode("utf-8", "replace")
    plain = b"".join(
        (
            random or secrets.token_bytes(RANDOM),
            struct.pack(">I", len(data)),
            data,
            keys.receiver.encode(),
        )
    )
    padder = padding.PKCS7(BLOCK * 8).padder()
    encryptor = _cipher(keys).encryptor()
    padded = padder.update(plain) + padder.finalize()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def _cipher(keys: Keys) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(keys.aes_key), modes.CBC(keys.aes_key[:RANDOM]))
