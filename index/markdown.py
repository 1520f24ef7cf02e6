"""Here is Markdown; give me the text a reader sees, aligned to it, and what its front matter says.

---                          stated metadata, dropped
# 标题   > 引用   - 一项        标题   引用   一项
**甲**市[总工会](u)           甲市总工会
| 单位 | 金额 |               单位，金额。  (the row of dashes below the names goes)
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.align import Aligned, Edit

_LINE = re.compile(r"[^\r\n]+")
_FRONT = re.compile(
    r"\ufeff?---[^\S\r\n]*\r?\n(?P<lines>.*?\n)??(?:---|\.\.\.)[^\S\r\n]*(?:\r?\n|$)", re.S
)
_FIELD = re.compile(r"(?P<key>[^\s:：#][^:：\r\n]{0,19}?)\s*[:：]\s*(?P<value>[^\r\n]*?)\s*")
_KEYS = {
    "title": "title", "标题": "title", "date": "date", "日期": "date", "region": "region",
    "地区": "region", "source": "publisher", "publisher": "publisher", "来源": "publisher",
    "author": "author", "作者": "author", "url": "url",
}  # fmt: skip
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})[^`]*")
_QUOTE = re.compile(r"\s{0,3}(?:>[^\S\r\n]?)+")
_PREFIX = re.compile(r"\s{0,3}#{1,6}\s+|\s*[-*+]\s+(?:\[[ xX]\]\s+)?")
_CLOSING = re.compile(r"\s+#+\s*$")
_RULE = re.compile(r"\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-+)\s*")
_DASHES = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_CELL_END = re.compile(r"\s*(?<!\\)\|\s*")
_CODE = re.compile(r"(`+)(?!`)(?P<shown>.+?)(?<!`)\1(?!`)")
_IMAGE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_SHOWN = (
    re.compile(r"(?<!!)\[(?P<shown>[^\[\]]{1,500})\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,100}\])"),
    re.compile(r"<(?P<shown>https?://[^<>\s]{1,2000})>"),
    re.compile(r"(?<![\\*])\*\*(?=\S)(?P<shown>[^*]{1,2000}?)(?<=\S)\*\*"),
    re.compile(r"(?<![\w\\])__(?=\S)(?P<shown>[^_]{1,2000}?)(?<=\S)__(?!\w)", re.A),
    re.compile(r"(?<![\w\\*])\*(?=[^\s*])(?P<shown>[^*]{1,2000}?)(?<=\S)\*(?![\w*])", re.A),
    re.compile(r"(?<![\w\\])_(?=[^\s_])(?P<shown>[^_]{1,2000}?)(?<=\S)_(?!\w)", re.A),
    re.compile(r"(?<!\\)~~(?=\S)(?P<shown>[^~]{1,2000}?)(?<=\S)~~"),
)
_ESCAPED = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!|>~-])")
_COMMENT = re.compile(r"<!--.*?-->")


@dataclass(frozen=True, slots=True)
class Markdown:
    """What a reader sees, and what the front matter states, by the names of Article's fields."""

    body: Aligned
    stated: dict[str, str] = field(default_factory=dict)


def read_markdown(text: str) -> Markdown:
    """The body of `text` without its markup, and the facts of its front matter.

    Where the text begins with `---` but no field follows, that is a rule and no front matter.
    """
    front = _FRONT.match(text)
    stated = _stated(front["lines"] or "") if front else {}
    start = front.end() if front and stated else 0
    edits = [Edit(0, start, "", "front matter")] if start else []
    edits += _block_edits(text, [match.span() for match in _LINE.finditer(text, start)])
    return Markdown(Aligned.identity(text).apply(edits), stated)


def _stated(lines: str) -> dict[str, str]:
    """The fields of front matter that an Article has; a source that is an address is its url."""
    stated: dict[str, str] = {}
    for line in lines.splitlines():
        match = _FIELD.fullmatch(line)
        name = _KEYS.get(match["key"].lower()) if match else None
        value = match["value"].strip("\"' ") if match else ""
        if name and value:
            is_address = value.startswith(("http://", "https://"))
            stated.setdefault("url" if is_address else name, value)
    return stated


def _block_edits(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[Edit]:
    """The edits of every line, in order; fenced code is kept as it stands."""
    fence = ""
    table = False
    for number, (start, end) in enumerate(lines):
        mark = _FENCE.fullmatch(text, start, end)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            yield Edit(start, end, "", "markup")
            continue
        if fence:
            continue
        following = lines[number + 1] if number + 1 < len(lines) else None
        if number and text.count("\n", lines[number - 1][1], start) > 1:
            table = False
        is_row = "|" in text[start:end]
        begins = is_row and following is not None and _is_dashes(text, *following)
        table = is_row and (table or begins)
        if table:
            yield from _row_edits(text, start, end)
        else:
            yield from _line_edits(text, start, end, after_text=number > 0)


def _is_dashes(text: str, start: int, end: int) -> bool:
    """Whether a line is the one between a table's names and its rows."""
    return "|" in text[start:end] and _DASHES.fullmatch(text, start, end) is not None


def _row_edits(text: str, start: int, end: int) -> list[Edit]:
    """A row of a table as a sentence: its cells with commas between them."""
    if _is_dashes(text, start, end):
        return [Edit(start, end, "", "markup")]
    edits = _inline_edits(text, start, end)
    for match in _CELL_END.finditer(text, start, end):
        new = "" if match.start() == start else "。" if match.end() == end else "，"
        edits.append(Edit(*match.span(), new, "markup"))
    return _apart(edits)


def _line_edits(text: str, start: int, end: int, after_text: bool) -> list[Edit]:
    """The edits of one line that is no part of a table or of code."""
    underlines = after_text and _UNDERLINE.fullmatch(text, start, end)
    if underlines or _RULE.fullmatch(text, start, end):
        return [Edit(start, end, "", "markup")]
    at = start
    for pattern in (_QUOTE, _PREFIX):
        match = pattern.match(text, at, end)
        at = match.end() if match else at
    edits = [Edit(start, at, "", "markup")] if at > start else []
    closing = _CLOSING.search(text, at, end) if "#" in text[start:at] else None
    if closing:
        edits.append(Edit(closing.start(), end, "", "markup"))
    return _apart(edits + _inline_edits(text, at, closing.start() if closing else end))


def _inline_edits(text: str, start: int, end: int) -> list[Edit]:
    """The edits inside a line; what stands in `code` is not markup."""
    code = list(_CODE.finditer(text, start, end))
    edits = [edit for match in code for edit in _around(match)]
    for pattern in (_IMAGE, _ESCAPED, _COMMENT):
        edits += [Edit(*m.span(), "", "markup") for m in pattern.finditer(text, start, end)]
    for pattern in _SHOWN:
        edits += [edit for match in pattern.finditer(text, start, end) for edit in _around(match)]
    spans = [match.span("shown") for match in code]
    return [e for e in edits if not any(first <= e.start < last for first, last in spans)]


def _around(match: re.Match[str]) -> tuple[Edit, Edit]:
    """Drop what stands before and behind the part that is shown."""
    before = Edit(match.start(), match.start("shown"), "", "markup")
    return before, Edit(match.end("shown"), match.end(), "", "markup")


def _apart(edits: list[Edit]) -> list[Edit]:
    """`edits` in order, without those that begin inside the one before."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
