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
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

from index.analyzer import PlaceName
from index.train_lexicon import Link

UNKNOWN = "[UNK]"
_LONGEST_WORD = 4  # longer words are rare, and would hide their parts from a static table
_HAN_WORD = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_WORD = re.compile(r"[a-z]{2,}")
_LONGEST_LATIN = 16
_SEEN_LEAST = 3
_PIECE_COUNT = 300  # a word that is known must be likelier than two pieces of it
ENGLISH_SHARE = 0.52
_NUMBERS = [str(n) for n in (*range(100), *range(1949, 2031))]


def fold(text: str, converter: opencc.OpenCC) -> str:
    """`text` in NFKC, lower case and Simplified, as the tokenizer folds each character."""
    return str(converter.convert(unicodedata.normalize("NFKC", text).lower()))


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each Han word of up to four characters and each Han character occurs."""
    jieba = rjieba.Jieba()
    counts: Counter[str] = Counter()
    for text in texts:
        words = jieba.cut_for_search(text)
        counts.update(word for word in words if len(word) > 1 and _HAN_WORD.fullmatch(word))
        counts.update(c for c in text if _HAN_WORD.match(c))
    return counts


def count_english(
    seen: Mapping[str, int], texts: Iterable[str], links: Iterable[Link]
) -> Counter[str]:
    """How often each English word occurs: in a list of counts, in `texts`, and in dictionaries.

    A word of `texts` counts for 50, since `seen` is of a corpus far larger; a dictionary's for
    up to 30, so that a name which no corpus knows comes in before a rare form.
    """
    counts = Counter(dict(seen))
    for text in texts:
        counts.update(dict.fromkeys(_LATIN_WORD.findall(text.lower()), 50))
    for link in links:
        if " " not in link.english and len(link.english) > 1:
            counts[link.english] += round(30 * link.weight)
    return counts


def name_pieces(names: Iterable[str], size: int) -> list[str]:
    """About `size` letter groups that names are made of, for names that no vocabulary holds."""
    model = Tokenizer(BPE(unk_token=UNKNOWN))
    trainer = BpeTrainer(
        vocab_size=size, special_tokens=[UNKNOWN], max_token_length=4, show_progress=False
    )
    model.train_from_iterator(names, trainer)
    pieces = (piece for piece in model.get_vocab() if _LATIN_WORD.fullmatch(piece))
    return sorted(pieces)


def choose(
    fixed: Mapping[str, int], han: Mapping[str, int], english: Mapping[str, int], size: int
) -> list[tuple[str, int]]:
    """At most `size` tokens with counts, the unknown token first.

    Letters, numbers and what is `fixed`, all characters, then of the room left `ENGLISH_SHARE`
    English words and the rest Han words, the most frequent first. English counts are brought to
    the sum of the Han ones, so that both say how rare a word is among its own.
    """
    kept = (
        {UNKNOWN: 1} | dict.fromkeys("abcdefghijklmnopqrstuvwxyz", 1) | dict.fromkeys(_NUMBERS, 50)
    )
    kept |= fixed
    scale = sum(n for word, n in han.items() if len(word) > 1) / max(1, sum(english.values()))
    latin = {word: max(1, round(n * scale)) for word, n in english.items()}
    ranked = [(t, n) for t, n in _ranked(han) if t not in kept and n >= _SEEN_LEAST]
    characters = [(t, n) for t, n in ranked if len(t) == 1]
    room = max(0, size - len(kept) - len(characters))
    words = [
        (t, latin[t]) for t, _ in _ranked(english) if t not in kept and 1 < len(t) <= _LONGEST_LATIN
    ][: round(room * ENGLISH_SHARE)]
    longer = [(t, n) for t, n in ranked if 1 < len(t) <= _LONGEST_WORD]
    return [*kept.items(), *characters, *words, *longer[: room - len(words)]]


def fixed_tokens(
    counts: Mapping[str, int],
    places: Sequence[PlaceName],
    terms: Iterable[str],
    pieces: Iterable[str],
) -> dict[str, int]:
    """Tokens that are in whatever their count: places, their pinyin, union terms, name pieces."""
    found = dict.fromkeys(pieces, _PIECE_COUNT)
    for place in places:
        for token in (place.name, place.short, place.pinyin):
            if 1 < len(token) <= _LONGEST_LATIN and (
                token.isascii() or len(token) <= _LONGEST_WORD
            ):
                found[token] = max(counts.get(token, 0), 20)
    for term in terms:
        if len(term) <= _LONGEST_WORD and _HAN_WORD.fullmatch(term):
            found[term] = max(counts.get(term, 0), 20)
    return found


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Words and counts, the most frequent first, ties by the word."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


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
