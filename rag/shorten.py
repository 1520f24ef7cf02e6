"""Here are a model's sentence and one of an article; tell me whether the first is the second with
parts left out, and which of its figures stayed.

Nothing may be said in other words, added or put elsewhere. Whole clauses may be left out, words
that only describe, and of the subject what the place asked for says instead.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import rjieba

from index.gazetteer import Gazetteer
from index.predicates import predicates
from index.quantity import Quantity, quantities
from rag.names import people

# Where a clause ends, and a counted item of a row (奖状20个、奖章100名).
_CLAUSE_END = ",;:。!?\n"
# What is left out may hold none of these: denials, plans, limits, doubts, former and would-be.
TURNING = re.compile(
    r"[不未没无非勿莫免否拟将原前副代假伪准候曾仅只除但却虽若倘被]|计划|打算|力争|预计|有望|名誉|"
    r"如果|一旦|据传|谣|取消|撤销|停止|拒绝|失败|更正|有误|追回|退回|另外|其余|剩余"
)
# Where one of these stands, nothing of the sentence may be left out: it turns other clauses too.
_TURNS_ALL = re.compile(
    r"不实|虚假|造假|谣|并非|更正|有误|失实|撤销|取消|未果|落空|流产|追回|退回|如果|假如|倘若|一旦|"
    r"除非|只要|只有|据传|传闻|有望|原定|原计划|本来|计划|打算|力争|预计|下一步|今后|接下来"
)
# Refers to what may have been left out.
_REFERS = re.compile(r"其|该|此|这|那|他|她|它|前者|后者|同比|上述|以上|分别")
# When something was, said before all else.
_WHEN = (
    r"(?:(?:19|20)\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|初|末)?|去年|今年|全年|近年来|以来|期间|"
    r"两节|春节|[上下]半年)"
)
# A subject that the place asked for stands for.
_SUBJECT = re.compile(
    r"(?:[全我本][省市州县区旗]|[省市州县区旗]|总工会|各级|工会|组织|工会组织|共|的|"
    rf"{_WHEN})+"
)
# Adverbs that may be left out; of all others none.
_PLAIN_ADVERBS = frozenset({"共", "已", "已经", "先后", "还", "也", "并", "积极", "扎实", "深入"})
# rjieba's tags of words that describe: nouns, adjectives, organisations, 的.
_DESCRIBES = ("n", "a", "b", "t", "l", "i", "j", "z", "uj")
_LEVELS = re.compile(r"[国省市州县区旗镇乡村级届]|[一二三四五六七八九十百千万亿两\d]|以上|以下")
_BRACKETED = re.compile(r"\([^()]*\)")
# Shown and printed quotation marks are compared elsewhere; here they are no words.
_UNSAID = re.compile(r"[“”\"‘’'「」『』《》\s]")
# Units of a row's items that one verb may govern: things and people.
_COUNTABLE = frozenset({"count", "person"})
_ALIKE = 2


Span = tuple[int, int]
"""[start, end) of a plain sentence."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, figure or mark of a sentence: text[start:end].

    `figure` is the index of the quantity it is, else -1. `plain` may be left out; `noun` may stand
    behind a describing word that is; `home` is part of a subject that the place asked for stands
    for.
    """

    start: int
    text: str
    figure: int = -1
    plain: bool = False
    noun: bool = False
    verb: bool = False
    home: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause, or an item of a row, and the mark behind it."""

    tokens: tuple[Token, ...]
    mark: str

    @property
    def text(self) -> str:
        """Its characters but for quotation marks and space."""
        return "".join(token.text for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Source:
    """A plain sentence of an article, read once.

    `foreign` are the spans of places other than its own and those around that; of a `whole_only`
    sentence nothing may be left out.
    """

    text: str
    figures: tuple[Quantity, ...]
    pieces: tuple[Piece, ...]
    foreign: tuple[Span, ...]
    whole_only: bool


def read(plain: str, gazetteer: Gazetteer, own: Sequence[str]) -> Source:
    """A plain (normalised) sentence, ready to be compared; `own` are the codes of its places."""
    found = tuple(quantities(plain))
    mentions = [
        (m.start, m.end, any(o.startswith(p.code) for p in m.places for o in own))
        for m in gazetteer.find(plain)
    ]
    foreign = tuple((start, end) for start, end, near in mentions if not near)
    home = tuple((start, end) for start, end, near in mentions if near)
    pieces = tuple(_pieces(_tokens(plain, found, foreign, home)))
    return Source(plain, found, pieces, foreign, bool(_TURNS_ALL.search(plain)))


def kept_of(said: str, source: Source) -> frozenset[int] | None:
    """The figures of `source` that a plain sentence without its lead keeps, by their index; None
    where it is not the source with parts left out.
    """
    text = clauses_of(said)
    if text is None:
        return None
    if source.whole_only:
        everything = clauses_of(source.text)
        kept = frozenset(range(len(source.figures)))
        return kept if everything is not None and _same(text, everything) else None
    for start in range(len(source.pieces)):
        for first, tokens in _openings(source, start):
            for at in _through(tokens, text, 0):
                found = _go_on(source, first, text, at)
                if found is not None:
                    return found | _figures(tokens)
    return None


def when_of(said: str) -> str:
    """The words of time that a text without marks begins with; "" where it begins otherwise."""
    found = re.match(f"{_WHEN}+", said)
    return found[0] if found else ""


def clauses_of(said: str) -> str | None:
    """The text without quotation marks and space, `,` for each mark between clauses; None where a
    space or mark parts two digits.
    """
    if re.search(r"\d[\s,]+\d", said):
        return None
    text = re.sub(r"[,;:。!\n]+", ",", _UNSAID.sub("", said))
    return text.strip(",")


def _same(text: str, printed: str) -> bool:
    """Whether two texts are the same but for marks."""
    return text.replace(",", "") == printed.replace(",", "")


def _tokens(
    plain: str, found: Sequence[Quantity], foreign: Sequence[Span], home: Sequence[Span]
) -> list[Token]:
    """The words, figures and marks of a plain sentence, in order."""
    figures = {q.start: (index, q.end) for index, q in enumerate(found)}
    figures = {m.start(): (-1, m.end()) for m in re.finditer(_WHEN, plain)} | figures
    verbs = [(p.start, p.end) for p in predicates(plain)]
    edges = (
        {at for q in found for at in (q.start, q.end)}
        | set(figures)
        | {at for v in verbs for at in v}
    )
    tags: dict[int, str] = {}
    at = 0
    for word, tag in rjieba.tag(plain):
        at = plain.find(word, at)
        tags[at] = tag
        at += len(word)
    tokens: list[Token] = []
    tag, until = "x", 0
    edges |= {at for span in (*foreign, *home) for at in span}
    for start, end in pairwise(sorted(edges | set(tags) | {0, len(plain)})):
        tag = tags.get(start, tag)
        if start < until or not plain[start:end].strip():
            continue
        if start in figures:
            index, until = figures[start]
            when = index < 0
            tokens.append(Token(start, plain[start:until], index, when, home=when))
            continue
        verb = any(a <= start < b for a, b in verbs)
        stays = verb or any(a < end and start < b for a, b in foreign)
        at_home = any(a <= start < b for a, b in home)
        tokens += _words(plain[start:end], start, tag, (verb, stays, at_home))
    return tokens


def _words(text: str, start: int, tag: str, known: tuple[bool, bool, bool]) -> Iterator[Token]:
    """A word as a token, or the marks in it as one each; `known` says whether it is a verb, of
    another place, of the article's own.
    """
    verb, stays, at_home = known
    if not any(c.isalnum() for c in text):
        yield from (Token(start + i, c) for i, c in enumerate(text) if not _UNSAID.match(c))
        return
    noun = not verb and (tag.startswith(_DESCRIBES) or tag in {"vn", "f", "s"})
    noun = noun and text not in _PLAIN_ADVERBS and not TURNING.search(text)
    plain = not stays and not TURNING.search(text) and (noun or text in _PLAIN_ADVERBS)
    home = not stays and (at_home or _SUBJECT.fullmatch(text) is not None)
    yield Token(start, text, -1, plain or home, noun, verb or tag == "v", home)


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    """The clauses; a counted item that 、 parts from the next is one of its own."""
    inside: list[Token] = []
    for token in tokens:
        item = token.text == "、" and inside and inside[-1].figure >= 0
        if token.text in _CLAUSE_END or item:
            if inside:
                yield Piece(tuple(inside), token.text)
            inside = []
        else:
            inside.append(token)
    if inside:
        yield Piece(tuple(inside), "")


def _openings(source: Source, start: int) -> Iterator[tuple[int, tuple[Token, ...]]]:
    """What a shortened sentence may begin with: a clause, or an item of a row with its verb."""
    pieces = source.pieces
    if _REFERS.match(pieces[start].text):
        return
    if start == 0 or pieces[start - 1].mark != "、":
        yield start, pieces[start].tokens
    item = pieces[start].tokens
    if start == 0 or not _is_item(item, source) or any(token.verb for token in item):
        return
    first = start - 1
    while first > 0 and _is_item(pieces[first].tokens, source) and not _verb_end(pieces[first]):
        first -= 1
    end = _verb_end(pieces[first])
    opening = pieces[first].tokens
    if not end or not _is_item(opening[end:], source):
        return
    marks = {piece.mark for piece in pieces[first:start]}
    alike = opening[end].text[:1] == item[0].text[:1] and _begin_alike(opening[end:], item)
    if marks == {"、"} or (marks <= {"、", ","} and alike):
        yield start, (*opening[:end], *item)


def _is_item(tokens: Sequence[Token], source: Source) -> bool:
    """Whether tokens are a thing and how many of it, and no more."""
    figures = [token.figure for token in tokens if token.figure >= 0]
    return (
        len(figures) == 1
        and len(tokens) > 1
        and tokens[-1].figure >= 0
        and source.figures[figures[0]].kind in _COUNTABLE
    )


def _verb_end(piece: Piece) -> int:
    """Behind which token the last verb of a clause ends; 0 where it has none."""
    return max((i + 1 for i, token in enumerate(piece.tokens) if token.verb), default=0)


def _begin_alike(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether two items begin with the same characters (市五一劳动奖状, 市五一劳动奖章)."""
    first, second = ("".join(token.text for token in tokens)[:_ALIKE] for tokens in (one, other))
    return first == second


def _through(tokens: Sequence[Token], said: str, start: int) -> tuple[int, ...]:
    """Where in `said` a piece can end that is kept from `start` on, down to its last token."""

    @cache
    def ends(index: int, at: int, run: int) -> frozenset[int]:
        if index == len(tokens):
            return frozenset({at}) if run < 0 else frozenset()
        found: frozenset[int] = frozenset()
        token = tokens[index]
        if said.startswith(token.text, at) and (run < 0 or _may_go(tokens, run, index)):
            found = ends(index + 1, at + len(token.text), -1)
        if token.plain:
            found |= ends(index + 1, at, index if run < 0 else run)
        return found

    if len(tokens) > _MOST_TOKENS:
        return ()
    return tuple(sorted(ends(0, start, -1), reverse=True))


_MOST_TOKENS = 200


def _may_go(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether tokens [start, end) may be left out before the kept one at `end`.

    Never before a figure or behind one, nor what a noun still stands before: only what describes a
    noun, or a subject that the place asked for stands for.
    """
    run, after = tokens[start:end], tokens[end]
    if after.figure >= 0 or (start and tokens[start - 1].figure >= 0):
        return False
    if start == 0 and all(token.home for token in run):
        return True
    if all(token.text in _PLAIN_ADVERBS for token in run):
        return True
    describes = not any(_LEVELS.search(token.text) for token in run)
    return describes and after.noun and not (start and tokens[start - 1].noun)


def _go_on(source: Source, last: int, said: str, at: int) -> frozenset[int] | None:
    """The figures kept behind piece `last`, where `said` goes on at `at`; None where it cannot."""
    if at == len(said):
        return frozenset()
    pieces = source.pieces
    for index in range(last + 1, len(pieces)):
        if index > last + 1 and not _may_skip(source, last + 1, index):
            continue
        mark = pieces[index - 1].mark
        marked = at + (said[at] == "," or (mark == "、" and said[at] == "、"))
        for end in _through(pieces[index].tokens, said, marked):
            found = _go_on(source, index, said, end)
            if found is not None:
                return found | _figures(pieces[index].tokens)
    return None


def _may_skip(source: Source, start: int, end: int) -> bool:
    """Whether pieces [start, end) may be left out between two kept ones."""
    pieces = source.pieces
    skipped = pieces[start:end]
    after = pieces[end]
    if pieces[end - 1].mark == "、" or _REFERS.match(after.text):
        return False
    text = ",".join(piece.text for piece in skipped)
    if TURNING.search(text) or people(text):
        return False
    first, until = skipped[0].tokens[0].start, skipped[-1].tokens[-1].start
    if any(first <= a <= until for a, _ in source.foreign):
        return False
    return after.tokens[0].noun or all(piece.tokens[0].verb for piece in skipped)


def _figures(tokens: Sequence[Token]) -> frozenset[int]:
    """The figures among tokens."""
    return frozenset(token.figure for token in tokens if token.figure >= 0)


def without_brackets(plain: str) -> str:
    """A plain sentence with a space in place of what stands in brackets, unless it turns it."""
    return _BRACKETED.sub(lambda m: m[0] if TURNING.search(m[0]) else " ", plain)
