"""Here is a sentence; give me the lists in it, item by item."""

import re
from dataclasses import dataclass

# A list in quotation marks, after a colon or after a word that opens one; its items are parted by
# the strongest separator it has.
_QUOTED = re.compile(r"[“\"「]([^”\"」]{8,400})[”\"」]")
_OPENED = re.compile(
    r"(?:[:：]|分别(?:是|为)|包括|包含|即(?!将|使|可|日)|如下|涵盖|围绕|重点(?:是|抓好|做好))[:：]?([^。！？!?]{6,400})"
)
_ROW = re.compile(
    r"(?:[“《「][^”》」]{2,30}[”》」](?:[和与及、]|以及)?){2,}|(?:[^，,。；;、：:“”]{2,20}、){1,}[^，,。；;、：:“”]{2,20}?(?:[和与及][^，,。；;、：:“”]{2,20}?)?(?=等|[，,。；;]|$)"
)
_SEPARATORS = ("；", ";", "、", "，", ",")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list: its span in the sentence and its items, as printed."""

    start: int
    end: int
    items: tuple[str, ...]

    def fit(self, wanted: int) -> float:
        """1 where the list has the number of items asked for; a longer list fits a bare 哪些."""
        if wanted:
            return 1.0 if len(self.items) == wanted else 0.0
        return min(1.0, 0.4 + 0.1 * len(self.items))


def enumerations(text: str) -> list[Enumeration]:
    """The lists of a sentence, in order; those with fewer than two items are none."""
    found: dict[tuple[int, int], Enumeration] = {}
    for pattern, group in ((_QUOTED, 1), (_OPENED, 1), (_ROW, 0)):
        for match in pattern.finditer(text):
            start, end = match.span(group)
            items = _items(text[start:end])
            if len(items) >= 2:
                found[(start, end)] = Enumeration(start, end, items)
    return [found[key] for key in sorted(found)]


def _items(body: str) -> tuple[str, ...]:
    """The items of a list body, parted at the strongest separator outside quotation marks."""
    quoted = re.findall(r"[“《「]([^”》」]{2,30})[”》」]", body)
    if len(quoted) >= 2 and sum(map(len, quoted)) > 0.6 * len(body):
        return tuple(quoted)
    for separator in _SEPARATORS:
        parts = _split(body, separator)
        if len(parts) >= 2:
            if separator == "、":
                parts = [*parts[:-1], *re.split(r"以及|[和与及](?=[^和与及]{2,}$)", parts[-1])]
            return tuple(part.strip(' “”"。.') for part in parts if part.strip(' “”"。.'))
    return ()


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
