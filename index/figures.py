"""Here is a document; give me every figure printed in it, as data.

What a figure says of place, time, plan and verb is read by the same functions that judge a
sentence when a question is asked (`where`, `when`, `modality`, `predicates`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import rjieba

from index.analyzer import Analyzer
from index.document import Chunk, Document
from index.gazetteer import Gazetteer
from index.modality import plan_of
from index.predicates import PREDICATES, Predicate, governing_act, predicates
from index.programmes import Programmes
from index.quantity import Quantity, may_have, quantities
from index.sentences import Sentence, sentences_of
from index.when import time_of, years_before
from index.where import Where, place_of, places_in

VERSION = 2
"""Raise when the rules make other figures of an unchanged document."""

# What says that a figure is a total over more than one year.
_OVER_YEARS = (
    r"(?:19|20)\d\d年?[-—–~至到]+(?:19|20)\d\d年|(?<!长期)(?<!一直)以来|"
    r"(?<![\d\u4e00-\u9fff])[一二三四五六七八九十两几多近\d]{1,2}年(?:多)?来|近年来|历年|迄今|至今"
)
# What says that it is one year's or less.
_WITHIN = (
    r"(?:今年|本月|年初|(?<![年\d])\d{1,2}月)[^，,。；;\d]{0,24}?(?:\d{1,2}[月日][^，,。；;\d]{0,12})?以来|"
    r"(?:19|20)\d\d年(?![^，,。]{0,12}(?:以来|起|至今)|[-—–~至到])|今年|去年|上年|前年|本年|全年|当年|年度|"
    r"[上下]半年|季度|\d{1,2}[-—–~至到]\d{1,2}月|\d{1,2}月份|本月|当月|[本此这]次|每年"
)
# What says that it is a total, of the time named before if one was.
_TOTAL = r"累计|截[至止][^，,。；;]{0,12}"
_PERIOD = re.compile(f"(?P<total>{_TOTAL})|(?P<within>{_WITHIN})|(?P<over>{_OVER_YEARS})")
# Without one of these nothing is a total over years: looking for them is fast.
_CUES = ("累计", "截至", "截止", "以来", "年来", "多来", "历年", "迄今", "至今")
_SPAN = re.compile(r"\d\d年?[-—–~至到]+(?:19|20)\d\d")
_MONTHS = re.compile(r"\d{1,2}月|\d{4}年|\d{1,2}日")
_GOES_ON = ("；", ";")
# Ranks and pairs (二级巡视员, 市区两级, 一一对应), which count nothing.
_NO_COUNT = re.compile(r"[一二两三四五六七八九十]+级|一一|[一二三四五六七八九]期")
_DIGIT = re.compile(r"\d")
# How far from a figure stands what it counts, in characters.
_NOUN_WITHIN = 16
_STOPS = re.compile(r"[，,。；;：:、（(）)“”\"《》\n]")
# jieba's tags for what a noun phrase is made of; the ends of nouns that it tags as verbs (选手).
_NOUN_TAGS = ("n", "vn", "an", "j", "l", "i", "b", "eng", "s")
_NOUN_END = re.compile(r"(?:[手员者人生师率额费量值款]|收入|支出|认定|一线|创新)$")
_NO_NOUN = frozenset(
    "以上 以下 左右 其中 分别 同比 环比 累计 总计 合计 共计 全年 今年 去年 目前 现场 之后".split()
)
# What joins the parts of a noun phrase, inside it only (集团|的|职工, 职工|及|子女).
_INSIDE = frozenset("的 及 和 与".split())
# Between what is counted and its figure (建会率|达到|98%).
_LINKS = frozenset(
    "达 达到 为 是 有 共 约 近 超 超过 已 已达 共计 合计 累计 总计 各 了 分别 就 仅 也 还".split()
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure: document.text[start:end], the unit included.

    `value`, `unit`, `precision` and `kind` are those of `index.quantity`. The spans `counted`
    (the noun it counts), `verb`, `time` (the words that say when, wherever in the document) and
    `programme` are clean offsets, None where there is none. `predicate` is the class of the verb,
    `codes` and `region` the place it speaks of and `stated` whether its sentence names that place
    (else it is what leads up to it, or the article). `years` are the first and last year, none
    where they are not known. `cumulative`: a total over several years or all time; a total
    within one year is none. `planned`: announced, not reported. `sentence` is the sentence's span.
    """

    start: int
    end: int
    value: float
    unit: str
    precision: str
    kind: str
    sentence: tuple[int, int]
    counted: tuple[int, int] | None
    verb: tuple[int, int] | None
    predicate: str
    codes: tuple[str, ...]
    region: str | None
    stated: bool
    programme: tuple[int, int] | None
    time: tuple[int, int] | None
    years: tuple[int, ...]
    cumulative: bool
    planned: bool


class FigureReader:
    """What reads figures: the places of China and the programmes of the union dictionary."""

    def __init__(self, analyzer: Analyzer, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.programmes = Programmes(analyzer.words)
        digest = blake2b(f"{VERSION}:{analyzer.fingerprint}".encode(), digest_size=6)
        digest.update(PREDICATES.read_bytes())
        self.fingerprint = int.from_bytes(digest.digest(), "big")
        """Tells the figures of these rules and words from those of others; below 2 ** 48."""

    def read(self, document: Document, chunks: Sequence[Chunk]) -> list[Figure]:
        """Every figure of a document with its chunks, in order, each once.

        A quotation that nobody closes makes sentences of neighbouring chunks overlap: a figure in
        several of them is read in the shortest, which says most about it.
        """
        found: list[Figure] = []
        worth = [one for one in chunks if may_have(one.text)]
        for sentence in sentences_of(worth, {document.document_id: document}):
            found.extend(self._of_sentence(sentence))
        found.sort(key=lambda one: (one.sentence[1] - one.sentence[0], one.start))
        kept: dict[int, Figure] = {}
        for one in found:
            if not any(at in kept for at in range(one.start, one.end)):
                kept.update(dict.fromkeys(range(one.start, one.end), one))
        return [one for at, one in sorted(kept.items()) if at == one.start]

    def _of_sentence(self, sentence: Sentence) -> Iterator[Figure]:
        """The figures of one sentence."""
        text = sentence.text
        printed = quantities(text)
        if not printed:
            return
        names = [(m.start, m.end) for m in places_in(self.gazetteer, text)]
        verbs = predicates(text)
        named = self._named(sentence)
        for quantity in printed:
            if any(a <= quantity.start < b for a, b in names):  # 三台县 is no 三台
                continue
            if _NO_COUNT.match(quantity.text):
                continue
            act = governing_act(text, quantity, verbs)
            yield self._figure(sentence, quantity, act, named)

    def _figure(
        self,
        sentence: Sentence,
        quantity: Quantity,
        act: Predicate | None,
        named: Sequence[tuple[int, int]],
    ) -> Figure:
        """A quantity of a sentence and its verb, with all else that is said of it.

        Its programme is the last of those `named` that begins before it, else the first after it.
        """
        text, begin, at = sentence.text, sentence.start, quantity.start
        where = place_of(sentence, at, self.gazetteer)
        before = [span for span in named if span[0] <= begin + at]
        time = time_of(sentence, at)
        return Figure(
            start=begin + at,
            end=begin + quantity.end,
            value=quantity.value,
            unit=quantity.unit,
            precision=quantity.precision,
            kind=quantity.kind,
            sentence=(begin, sentence.end),
            counted=_moved(counted(text, quantity, act), begin),
            verb=_moved((act.start, act.end) if act else None, begin),
            predicate=act.kind if act else "",
            codes=where.codes,
            region=self._name(where),
            stated=where.stated,
            programme=(before[-1:] or named[:1] or (None,))[0],
            time=_moved((time.start, time.end) if time else None, begin),
            years=time.years if time else years_before(sentence),
            cumulative=is_cumulative(sentence, at),
            planned=plan_of(sentence.document, begin, sentence.end, at) is not None,
        )

    def _name(self, where: Where) -> str | None:
        """The full name of a place."""
        place = self.gazetteer.by_code(where.codes[0]) if where.codes else None
        return place.name if place else where.name

    def _named(self, sentence: Sentence) -> list[tuple[int, int]]:
        """Clean spans of the programmes named in a sentence, else the last that leads up to it."""
        named = self.programmes.find(sentence.text)
        by = sentence.start
        if not named:
            named, by = self.programmes.find(sentence.lead)[-1:], by - len(sentence.lead)
        return [(start + by, end + by) for start, end in named]


def counted(text: str, quantity: Quantity, act: Predicate | None) -> tuple[int, int] | None:
    """The span of the noun that a quantity of a text counts, None where none stands beside it.

    What is right behind it (240余名|农民工子女); of what ends its clause, what is right before it
    (助学资金|163万元, 建会率|达98%), as far as its verb `act`.
    """
    end = quantity.end
    behind = _STOPS.split(text[end : end + _NOUN_WITHIN])[0]
    size = _noun_at(rjieba.tag(behind)) if behind else 0
    if size:
        shift = behind.startswith("的")
        return end + shift, end + size
    floor = act.end if act and act.end <= quantity.start else 0
    before = _STOPS.split(text[max(floor, quantity.start - _NOUN_WITHIN) : quantity.start])[-1]
    return _noun_before(before, quantity.start - len(before)) if before else None


def _noun_at(words: Sequence[tuple[str, str]]) -> int:
    """How many characters of the tagged words are a noun phrase that they begin with, or 0."""
    size = length = 0
    for number, (word, tag) in enumerate(words):
        length += len(word)
        if number == 1 and not size and _NOUN_END.fullmatch(word):  # 快递|员
            size = length
            continue
        if number == 0 and tag[0] == "v" and len(words) > 1 and _NOUN_END.fullmatch(words[1][0]):
            continue
        if word in _INSIDE and (size or number == 0):
            continue
        adjective = tag[0] == "a" and not size
        if not (adjective or _is_noun(word, tag)):
            break
        if not adjective:
            size = length
    return size


def _is_noun(word: str, tag: str) -> bool:
    """Whether a tagged word can be a part of a noun phrase."""
    named = tag.startswith(_NOUN_TAGS) or _NOUN_END.search(word) is not None
    return named and word not in _NO_NOUN


def _noun_before(text: str, begin: int) -> tuple[int, int] | None:
    """The span of the noun phrase that a text ends with, which begins at `begin`."""
    end = stop = begin + len(text)
    found = False
    for word, tag in reversed(rjieba.tag(text)):
        noun = _is_noun(word, tag)
        if not found and not noun and (word in _LINKS or tag[0] in "ucdp"):
            stop = end = end - len(word)
            continue
        if not noun:
            break
        found = True
        end -= len(word)
    return (end, stop) if found else None


def is_cumulative(sentence: Sentence, at: int) -> bool:
    """Whether the character `at` of a sentence is a total over several years or all time.

    The last words before it that say so, or that say one year, decide; 累计 and 截至 say so unless
    one year was named and no other figure stands between. A sentence behind a semicolon goes on
    with what the one before it says.
    """
    lead = sentence.lead if sentence.lead.rstrip().endswith(_GOES_ON) else ""
    chosen: bool | None = None
    ended = 0
    text = lead + sentence.text[:at]
    if not any(cue in text for cue in _CUES) and not _SPAN.search(text):
        return False
    for m in _PERIOD.finditer(text):
        if not m["total"]:
            chosen = m["over"] is not None
            ended = m.end()
        elif chosen is None or _DIGIT.search(_MONTHS.sub("", text[ended : m.start()])):
            chosen = True
    return bool(chosen)


def _moved(span: tuple[int, int] | None, by: int) -> tuple[int, int] | None:
    """A span moved by so many characters."""
    return (span[0] + by, span[1] + by) if span else None
