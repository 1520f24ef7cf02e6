"""Here is an article; give me questions about one figure of a sentence, made by leaving it out.

What a figure owns is read off the sentence's marks and its verbs: 选聘带头人10人,结对68对 and
帮助16位受援人|挽回损失38万元. Words of it are dropped, moved and replaced as people do who ask from
memory; what is counted is always said. Which, is decided by the hash of the article: the same
article gives the same questions.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import rjieba

from index.predicates import read_predicates
from index.quantity import Quantity, quantities
from index.sentences import sentences
from rag.owned import ALIKE
from rag.standing import row_of

# Sentences of other lengths, or with more figures, are tables and lists of prizes.
SHORTEST, LONGEST = 16, 220
FEWEST, MOST = 2, 8
# What people ask how many of; times, sizes and rates stand in as many sentences beside these.
_ASKED = ("count", "person", "money")
# How often a word of what the figure owns is kept, and one of what stands before.
KEPT, KEPT_BEFORE = 0.7, 0.4
# How often a word that the first figure owns is said of a later one, as its subject may be.
KEPT_FIRST = 0.12
# How many words of what stands before the figures a question takes along at most.
MOST_BEFORE = 4
# How often a verb is said by another of its class, and a measure word by another or by none.
OTHER_VERB, OTHER_UNIT, NO_UNIT = 0.25, 0.06, 0.35
_MARKS = "、，,：:；;（(）)。！？!?\n"
_MONEY = ("钱", "元", "资金")
_CLASSES = read_predicates()[0]["zh"]


@dataclass(frozen=True, slots=True)
class Cloze:
    """A question on the figure of number `right` of a sentence's text."""

    question: str
    text: str
    right: int


@dataclass(frozen=True, slots=True)
class _Word:
    """A word and whether it is a verb."""

    text: str
    verb: bool


def clozes(document_id: str, text: str) -> Iterator[Cloze]:
    """One question for each sentence of an article with several figures, in order."""
    for start, end in sentences(text):
        sentence = text[start:end]
        found = quantities(sentence)
        if not (SHORTEST <= len(sentence) <= LONGEST and FEWEST <= len(found) <= MOST):
            continue
        seed = hashlib.sha256(f"{document_id}:{start}".encode()).digest()
        chance = random.Random(int.from_bytes(seed[:8], "big"))
        asked = [at for at, figure in enumerate(found) if figure.kind in _ASKED]
        right = chance.choice(asked) if asked else -1
        question = _question(sentence, found, right, chance) if asked else ""
        if question:
            yield Cloze(question, sentence, right)


def _question(text: str, found: Sequence[Quantity], at: int, chance: random.Random) -> str:
    """A question on one figure; "" where nothing is said that is its own."""
    before, behind = owned(text, found, at)
    behind = behind[: _head(behind) + 1]
    head = before[-1:] if not behind else behind[-1:]
    kept = [word for word in before if word in head or chance.random() < KEPT]
    left = [_said(word, text, chance) for word in kept]
    right = [word.text for word in behind if word in head or chance.random() < KEPT]
    if len("".join((*left, *right))) < 2:
        return ""
    first = _opening(text, found[0].start)
    context = [w.text for w in _words(text[:first]) if chance.random() < KEPT_BEFORE]
    if at:
        firsts = _words(text[first : found[0].start])
        context += [w.text for w in firsts if chance.random() < KEPT_FIRST]
    context = context[-MOST_BEFORE:]
    return "".join(context) + _asked(left, right, found[at], chance)


def _head(words: Sequence[_Word]) -> int:
    """The number of the last word before the first verb: what a figure before it counts."""
    return next((at for at, word in enumerate(words) if word.verb), len(words)) - 1


def _asked(left: list[str], right: list[str], figure: Quantity, chance: random.Random) -> str:
    """The words with those that ask, as one of the ways in which people put it."""
    many = f"多少{_unit(figure, chance)}"
    own, noun = "".join(left), "".join(right)
    form = chance.random()
    if noun and form < 0.3:
        return f"{noun}{chance.choice(('有', '', '共有'))}{many}"
    if noun and form < 0.5:
        return f"{own}{noun}{many}"
    if not noun and len(left) > 1 and form < 0.4:
        return f"{''.join(left[:-1])}了{many}{left[-1]}"
    if not noun and form < 0.6:
        return f"{own}{chance.choice(('有', '达', '共', '是'))}{many}"
    return f"{own}{many}{noun}"


def _unit(figure: Quantity, chance: random.Random) -> str:
    """The measure word that is asked for."""
    form = chance.random()
    if form < NO_UNIT:
        return ""
    if figure.kind == "money":
        return chance.choice(_MONEY)
    if form < NO_UNIT + OTHER_UNIT:
        return next((chance.choice(sorted(group)) for group in ALIKE if figure.unit in group), "个")
    return figure.unit


def owned(text: str, found: Sequence[Quantity], at: int) -> tuple[list[_Word], list[_Word]]:
    """The words before and behind a figure that are its own.

    Between two figures without a mark, the noun is the first one's and what follows from the
    first verb on the second's. Of a row with 分别 each figure has its item.
    """
    figure = found[at]
    items = row_of(text, [(one.start, one.end) for one in found]).pairs
    if items:  # A、B分别为1和2
        return [word for a, b, own in items if own == at for word in _words(text[a:b])], []
    opens = _opening(text, figure.start)
    ends = min((p for mark in _MARKS if (p := text.find(mark, figure.end)) >= 0), default=len(text))
    before, after = found[at - 1] if at else None, found[at + 1] if at + 1 < len(found) else None
    if before is not None and before.end >= opens:
        left = _from_verb(_words(text[before.end : figure.start]))
    else:
        left = _words(text[opens : figure.start])
    if after is not None and after.start <= ends:
        right = _words(text[figure.end : after.start])
        right = right[: len(right) - len(_from_verb(right))]
    else:
        right = _words(text[figure.end : ends])
    return left, right


def _opening(text: str, before: int) -> int:
    """Where the piece that a position stands in begins."""
    return max(text.rfind(mark, 0, before) for mark in _MARKS) + 1


def _words(text: str) -> list[_Word]:
    """The words of a text that tell something, in order."""
    return [
        _Word(word, tag.startswith("v") and tag != "vn")
        for word, tag in rjieba.tag(text)
        if len(word) > 1 and tag[0] in "nvajlibsz"
    ]


def _from_verb(words: list[_Word]) -> list[_Word]:
    """The words from the first verb on."""
    first = next((at for at, word in enumerate(words) if word.verb), len(words))
    return words[first:]


def _said(word: _Word, text: str, chance: random.Random) -> str:
    """A word, or another verb of its class that the text does not have."""
    kind = _CLASSES.get(word.text)
    if kind is None or chance.random() >= OTHER_VERB:
        return word.text
    others = [verb for verb, other in _CLASSES.items() if other == kind and verb not in text]
    return chance.choice(sorted(others) or [word.text])
