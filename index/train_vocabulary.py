"""Here are texts and a dictionary; give me a tokenizer that needs nothing else at run time."""

import base64
import json
import math
import re
import struct
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import opencc
import rjieba
from tokenizers import Tokenizer

from index.analyzer import PlaceName

UNKNOWN = "[UNK]"
_LONGEST_WORD = 4  # longer words are rare, and would hide their parts from a static table
_HAN_WORD = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_WORD = re.compile(r"[a-z]{2,}")
_SEEN_LEAST = 3
_NUMBERS = [str(n) for n in (*range(100), *range(1949, 2031))]


def fold(text: str, converter: opencc.OpenCC) -> str:
    """`text` in NFKC, lower case and Simplified, as the tokenizer folds each character."""
    return str(converter.convert(unicodedata.normalize("NFKC", text).lower()))


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each Han word of up to four characters, Han character and Latin word occurs."""
    jieba = rjieba.Jieba()
    counts: Counter[str] = Counter()
    for text in texts:
        words = jieba.cut_for_search(text)
        counts.update(word for word in words if len(word) > 1 and _HAN_WORD.fullmatch(word))
        counts.update(c for c in text if _HAN_WORD.match(c))
        counts.update(_LATIN_WORD.findall(text))
    return counts


def choose(
    counts: Mapping[str, int], places: Sequence[PlaceName], terms: Iterable[str], size: int
) -> list[tuple[str, int]]:
    """At most `size` tokens with counts.

    Letters, numbers, places with their pinyin, union terms and characters; of the room left three
    tenths Latin words, then Han words, the most frequent first.
    """
    fixed = (
        {UNKNOWN: 1} | dict.fromkeys("abcdefghijklmnopqrstuvwxyz", 1) | dict.fromkeys(_NUMBERS, 50)
    )
    for place in places:
        for token in (place.name, place.short, place.pinyin):
            if 1 < len(token) <= 16 and (token.isascii() or len(token) <= _LONGEST_WORD):
                fixed[token] = max(counts.get(token, 0), 20)
    for term in terms:
        if len(term) <= _LONGEST_WORD and _HAN_WORD.fullmatch(term):
            fixed[term] = max(counts.get(term, 0), 20)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ranked = [(t, n) for t, n in ranked if t not in fixed and n >= _SEEN_LEAST and len(t) <= 16]
    room = size - len(fixed)
    characters = [(t, n) for t, n in ranked if len(t) == 1]
    latin = [(t, n) for t, n in ranked if t.isascii() and len(t) > 1][: room * 3 // 10]
    han = [(t, n) for t, n in ranked if not t.isascii() and 1 < len(t) <= _LONGEST_WORD]
    han = han[: room - len(latin) - len(characters)]
    return [*fixed.items(), *characters, *latin, *han]


def make_tokenizer(tokens: list[tuple[str, int]], converter: opencc.OpenCC) -> Tokenizer:
    """A Unigram tokenizer over `tokens` (the first is the unknown one) that folds text by itself.

    It cuts at everything but letters and digits, and between them where the counts make the
    tokens most probable.
    """
    total = sum(count for _, count in tokens)
    scores = [[token, round(math.log(count / total), 4)] for token, count in tokens]
    description: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {
            "type": "Precompiled",
            "precompiled_charsmap": base64.b64encode(_characters_map(converter)).decode(),
        },
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": "[^\\p{L}\\p{N}]+"},
            "behavior": "Removed",
            "invert": False,
        },
        "post_processor": None,
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 0, "vocab": scores, "byte_fallback": False},
    }
    return Tokenizer.from_str(json.dumps(description, ensure_ascii=False))


def _characters_map(converter: opencc.OpenCC) -> bytes:
    """SentencePiece's precompiled map of every character that folding changes.

    Format: trie size in bytes (uint32), a Darts double array, then the folded strings, each ended
    by NUL; a leaf's value is the offset of its string.
    """
    strings = bytearray()
    offsets: dict[str, int] = {}
    values: dict[bytes, int] = {}
    for code in (*range(0x21, 0xD800), *range(0xF900, 0x1_0000), *range(0x20000, 0x2A6E0)):
        folded = fold(chr(code), converter)
        if folded == chr(code):
            continue
        if folded not in offsets:
            offsets[folded] = len(strings)
            strings += folded.encode() + b"\0"
        values[chr(code).encode()] = offsets[folded]
    trie = _double_array(values)
    return struct.pack("<I", len(trie)) + trie + bytes(strings)


def _double_array(values: Mapping[bytes, int]) -> bytes:
    """A Darts double array (uint32, little endian) of byte keys, none a prefix of another.

    A unit holds its label (bits 0-7), whether a value follows (bit 8) and an offset (bits 10-30).
    Children of the unit at p stand at p ^ offset ^ label, its value (bit 31 set) at p ^ offset.
    """
    children: dict[bytes, set[int]] = {}
    for key in values:
        for n in range(len(key)):
            children.setdefault(key[:n], set()).add(key[n])
    units = {0: 0}
    positions = {b"": 0}
    bases: set[int] = set()
    free = 1
    for prefix in sorted(children, key=lambda key: (len(key), key)):
        position, base = positions[prefix], 1
        while base in bases or any(base ^ label in units for label in children[prefix]):
            base += 1
        bases.add(base)
        units[position] |= (position ^ base) << 10
        for label in children[prefix]:
            units[base ^ label] = label
            positions[prefix + bytes([label])] = base ^ label
    for key, value in sorted(values.items()):
        while free in units or free in bases:
            free += 1
        units[positions[key]] |= (positions[key] ^ free) << 10 | 1 << 8
        units[free] = value | 1 << 31
    # subtle: a search reads p ^ label unchecked, so the array ends with a whole block of 256
    size = (max(*units, *bases) // 256 + 1) * 256
    return struct.pack(f"<{size}I", *(units.get(position, 0) for position in range(size)))
