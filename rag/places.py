"""Here is a question; give me the places it names, in characters, pinyin or English."""

import re
from itertools import pairwise

from index.gazetteer import Gazetteer, Place
from index.predicates import predicates

_LATIN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
# Where a place may begin in a question even if the words around it could be cut another way
# (白城|建了, not 白|城建).
_BEGINS = re.compile(
    r"(?:^|[\s,，。;；、:：和与跟同及在比问]|还是|或者|以及|关于|请问)(?=[\u4e00-\u9fff])"
)
_RANK_WORDS = {
    "county": "县", "xian": "县", "district": "区", "qu": "区", "city": "市", "shi": "市",
    "province": "省", "sheng": "省",
}  # fmt: skip
_JOINS = re.compile(
    r"[和与跟同及、,，;；:：]|还是|或者?|以及|\b(?:and|or|vs|versus|than)\b|,", re.IGNORECASE
)
_EACH = re.compile(
    r"各|分别|哪|谁|比|对比|相差|一共|合计|总共|\b(?:each|both|respectively|compare|which|more|total)\b",
    re.IGNORECASE,
)
_GOES_TO = re.compile(
    r"[\u4e00-\u9fff]{3,}(?:去|赴|到|往|前往|走进|寄给|送给|寄到|支援|援助|驰援)$"
)
_LONGEST_NAME = 12
# Zhuzhou's, Guangzhou’s: the place itself.
_POSSESSIVE = re.compile("['’]s?$")

Found = tuple[int, int, tuple[Place, ...]]


def find_places(
    text: str, gazetteer: Gazetteer
) -> tuple[list[tuple[int, int]], list[tuple[Place, ...]]]:
    """Spans and candidate places named in a question, in order.

    Two spans of one place (广东省…广东) give it once; a county named right after its city
    (白城市通榆县) stands alone, since it is what is asked about.
    """
    verbs = {(p.start, p.verb) for p in predicates(text)}
    found = [
        (m.start, m.end, m.places)
        for m in gazetteer.find(text)
        if m.places and (m.start, m.text) not in verbs  # 新建 is what was done, not 新建区
    ]
    found += _at_beginnings(text, found, gazetteer)
    found += _in_latin(text, gazetteer)
    spans: list[tuple[int, int]] = []
    places: list[tuple[Place, ...]] = []
    last_end = -1
    for start, end, candidates in sorted(found, key=lambda f: f[0]):
        spans.append((start, end))
        if places and start == last_end and _inside(candidates, places[-1]):
            places[-1] = _within(candidates, places[-1])
        elif not any(candidates[0].code == known[0].code for known in places):
            places.append(candidates)
        last_end = end
    return spans, places


def several(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether the places of a question stand side by side (株洲和白城), so that each is asked for.

    信宜帮扶忻城 names one that did something and one it was done for.
    """
    between = [text[a[1] : b[0]] for a, b in pairwise(spans)]
    return any(_JOINS.search(part) for part in between) or bool(_EACH.search(text))


def goes_to(text: str, start: int) -> bool:
    """Whether what is asked went to the place at `start` (派…去新兴县); it does not open so."""
    return _GOES_TO.search(text[:start]) is not None


def _at_beginnings(text: str, found: list[Found], gazetteer: Gazetteer) -> list[Found]:
    """Places that begin a clause and were not found as words; of counties only full names."""
    more = []
    for match in _BEGINS.finditer(text):
        start = match.end()
        if any(a <= start < b for a, b, _ in found):
            continue
        for size in range(_LONGEST_NAME, 1, -1):
            name = text[start : start + size]
            places = [p for p in gazetteer.by_name(name) if p.level != "county" or p.name == name]
            if len(name) == size and places:
                more.append((start, start + size, tuple(places)))
                break
    return more


def _in_latin(text: str, gazetteer: Gazetteer) -> list[Found]:
    """Places spelled in pinyin or English, the longest run of words first."""
    found: list[Found] = []
    words = list(_LATIN.finditer(text))
    at = 0
    while at < len(words):
        for size in (4, 3, 2, 1):
            group = words[at : at + size]
            name = _POSSESSIVE.sub("", text[group[0].start() : group[-1].end()])
            if len(group) == size and (places := of_rank(gazetteer.by_pinyin(name), name)):
                found.append((group[0].start(), group[-1].end(), tuple(places)))
                at += size
                break
        else:
            at += 1
    return found


def of_rank(places: list[Place], name: str) -> list[Place]:
    """The places of the rank that a Latin name ends in (Xinxing xian is no 区), if any has it."""
    last = name.split()[-1].lower() if " " in name else ""
    same = [place for place in places if place.name.endswith(_RANK_WORDS.get(last, " "))]
    return same or places


def _inside(inner: tuple[Place, ...], outer: tuple[Place, ...]) -> bool:
    """Whether some reading of `inner` lies in some reading of `outer`."""
    return any(i.code.startswith(o.code) and i.code != o.code for i in inner for o in outer)


def _within(inner: tuple[Place, ...], outer: tuple[Place, ...]) -> tuple[Place, ...]:
    """The readings of `inner` that lie in `outer`."""
    return tuple(i for i in inner if any(i.code.startswith(o.code) for o in outer))
