"""Here is a sentence; give me the lists in it, item by item."""

import re
from dataclasses import dataclass

from rag.asks import Ask

# A list in quotation marks, after a colon or after a word that opens one; its items are parted by
# the strongest separator it has.
_QUOTED = re.compile(r"[“\"「]([^”\"」]{8,400})[”\"」]")
_OPENED = re.compile(
    r"(?:[:：]|分别(?:是|为)|包括|包含|即(?!将|使|可|日)|如下|涵盖|围绕|重点(?:是|抓好|做好))[:：]?([^。！？!?]{6,400})"
)
# Where a row of things ends though its clause goes on: 县妇幼保健院|三家医院的…, …协会|为职工提供.
_BREAK = (
    r"(?<=[\u4e00-\u9fff])[两三四五六七八九十\d]+[家个项种名位大类](?=[\u4e00-\u9fff])"
    r"|(?:为|向)[^、，,。]{2,16}(?:提供|送去|送上|发放|开展|举办)了?"
)
_ROW = re.compile(
    r"(?:[“《「][^”》」]{2,30}[”》」](?:[和与及、]|以及)?){2,}|(?<![\d.])(?:[^，,。；;、：:“”]{1,20}、){1,}[^，,。；;、：:“”]{1,20}?(?:[和与及][^，,。；;、：:“”]{2,20}?)?(?=等|[，,。；;“）)]|$|"
    + _BREAK
    + ")"
)
_LAST_AND = re.compile(r"以及|(?<=[\u4e00-\u9fff]{2})[和与及](?=[^和与及]{2,}$)")
_LEAD_IN = re.compile(
    r"^.{0,30}(?:联合|邀请|送出的?|送去|送上|送来|发放|走访慰问|走访|提供了?|设置了?|设有|配备了?|选取|面向)(?=..)"
    r"|^.{0,30}(?:装有|内有|装着|盛有|内含)(?=..)"
    r"|^.{0,12}(?:以|包括|围绕|通过|开展|推进|加强|建设|打造|建成|设立|组织|实施|抓好|做好|为|有|是|在)(?=..)"
)
_LEAD_OUT = re.compile(r"(?:为重点|为主|为目标|等[^、]*)$")
_SEPARATORS = ("；", ";", "、", "，", ",")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list: its span in the sentence and its items, as printed."""

    start: int
    end: int
    items: tuple[str, ...]

    def fit(self, ask: Ask) -> float:
        """How well the list fits what is asked for, in [0, 1.6].

        1 where it has the number of items asked for, more where each is called what is asked for
        (五家: 让职工有家); a longer list fits a bare 哪些 better.
        """
        if ask.items:
            if len(self.items) != ask.items:
                return 0.0
            named = bool(ask.noun) and all(ask.noun in item for item in self.items)
            return 1.0 + 0.6 * named
        counted = any(character.isdigit() for item in self.items for character in item)
        return min(1.0, 0.4 + 0.1 * len(self.items)) - 0.3 * counted

    def of(self, ask: Ask) -> "Enumeration":
        """The list cut to the items called what is asked for, where those are the right number."""
        called = tuple(item for item in self.items if ask.noun and ask.noun in item)
        if ask.items and len(called) == ask.items != len(self.items):
            return Enumeration(self.start, self.end, called)
        return self


def enumerations(text: str) -> list[Enumeration]:
    """The lists of a sentence, in order; those with fewer than two items are none."""
    found: dict[tuple[int, int], Enumeration] = {}
    for pattern, group in ((_QUOTED, 1), (_OPENED, 1), (_ROW, 0)):
        for match in pattern.finditer(text):
            for start, end, items in _lists(text, *match.span(group)):
                found.setdefault((start, end), Enumeration(start, end, items))
    return [found[key] for key in sorted(found)]


def _lists(text: str, start: int, end: int) -> list[tuple[int, int, tuple[str, ...]]]:
    """The list of a body, and the lists that are its parts (三必贺…;三必访…)."""
    body = text[start:end]
    closed = _unopened(body)
    if closed >= 0:
        body = body[:closed]
        end = start + closed
    lists = []
    items = _items(body)
    if len(items) >= 2:
        lists.append((start, end, items))
    for mark in ";；":
        parts = _split(body, mark)
        if len(parts) < 2:
            continue
        at = start
        for part in parts:
            within = re.search(r"(?:[:：]|即|分别是|包括)", part)
            skip = within.end() if within else 0
            inner = _items(part[skip:])
            if len(inner) >= 2:
                lists.append((at + skip, at + len(part), inner))
            at += len(part) + 1
    return lists


def _unopened(body: str) -> int:
    """Where a bracket or quotation closes that the body did not open, -1 where none does."""
    depth = 0
    for at, character in enumerate(body):
        depth += (character in "（(“「") - (character in "）)”」")
        if depth < 0:
            return at
    return -1


def _items(body: str) -> tuple[str, ...]:
    """The items of a list body, parted at the strongest separator outside quotation marks."""
    quoted = re.findall(r"[“《「]([^”》」]{2,30})[”》」]", body)
    if len(quoted) >= 2 and sum(map(len, quoted)) > 0.6 * len(body):
        return tuple(quoted)
    for separator in _SEPARATORS:
        parts = [part for part in _split(body, separator) if part.strip(' “”"。.')]
        if len(parts) >= 2:
            if separator == "、":
                if any(len(_split(part, mark)) > 1 for part in parts for mark in ",，"):
                    return ()  # a row ends with its clause: `_ROW` finds it
                parts = [*parts[:-1], *_LAST_AND.split(parts[-1])]
            return _trimmed([part.strip(' “”"。.') for part in parts])
    return ()


def _trimmed(items: list[str]) -> tuple[str, ...]:
    """Items without the words that lead into the first and out of the last.

    以物流, 用工为重点; a bag is 装有毛巾 … 清凉油的.
    """
    usual = sum(map(len, items[1:])) / max(1, len(items) - 1)
    if len(items[0]) > usual + 1:
        items[0] = _LEAD_IN.sub("", items[0]) or items[0]
    items[-1] = _LEAD_OUT.sub("", items[-1]) or items[-1]
    if items[-1].endswith("的") and not any(item.endswith("的") for item in items[:-1]):
        items[-1] = items[-1][:-1]
    return tuple(item for item in items if item)


def _split(body: str, separator: str) -> list[str]:
    """The parts of `body` at `separator`, not inside quotation marks or brackets."""
    parts, depth, at = [], 0, 0
    for i, character in enumerate(body):
        if character in "“《「（(":
            depth += 1
        elif character in "”》」）)":
            depth -= 1
        elif character == separator and depth <= 0:
            parts.append(body[at:i])
            at = i + 1
    return [*parts, body[at:]]
