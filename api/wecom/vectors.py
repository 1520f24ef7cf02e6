"""Here are the ciphertexts that others published; tell me whether we read and write them alike."""

import json
from dataclasses import dataclass
from pathlib import Path

from api.wecom.crypto import Keys, Refused, decrypt, encrypt, is_signed, read_aes_key

FILE = Path(__file__).with_name("vectors.json")
WRONGLY_SIGNED = frozenset({"V4"})
"""Published with the signature of another message; it must be refused."""


@dataclass(frozen=True, slots=True)
class Vector:
    """One published message: its keys, its ciphertext, and what is in it."""

    id: str
    keys: Keys
    timestamp: str
    nonce: str
    encrypted: str
    signature: str
    plaintext: str
    random: bytes


def vectors(file: Path = FILE) -> list[Vector]:
    """All of a file, the published ones where none is named."""
    return [
        Vector(
            id=one["id"],
            keys=Keys(one["token"], read_aes_key(one["encoding_aes_key"]), one["receiveid"]),
            timestamp=one["timestamp"],
            nonce=one["nonce"],
            encrypted=one["encrypt"],
            signature=one["given_signature"],
            plaintext=one["plaintext"],
            random=bytes.fromhex(one["random_hex"]),
        )
        for one in json.loads(file.read_text(encoding="utf-8"))
    ]


def agrees(vector: Vector) -> bool:
    """Whether signature, plaintext and ciphertext come out as published."""
    signed = is_signed(
        vector.keys, vector.timestamp, vector.nonce, vector.encrypted, vector.signature
    )
    try:
        read = decrypt(vector.keys, vector.encrypted) == vector.plaintext
    except Refused:
        read = False
    written = encrypt(vector.keys, vector.plaintext, vector.random) == vector.encrypted
    return read and written and signed is (vector.id not in WRONGLY_SIGNED)
