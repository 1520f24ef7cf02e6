"""Here is a web page; give me its main text, where each character stands in it, and its facts.

trafilatura says which text is the article; it keeps no positions. So its fragments are laid back
onto the visible characters of the page, in order and without regard to white space. A fragment that
cannot be laid down for certain is left out. Runs in the parser's child process only.
"""

import re
import unicodedata
from collections.abc import Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from typing import Any

from trafilatura import bare_extraction
from trafilatura.settings import use_config

from index.errors import DamagedFile
from index.headline import read_page_credits
from index.markup import Visible, see
from index.parser import Extracted

MIN_ARTICLE_CHARACTERS = 80
_PARAGRAPH = 50  # characters; a headline is shorter

# What parsers add, drop or change at will: white space, control and format characters.
_IGNORED = re.compile(
    "[\\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff]+"
)
_BLOCKS = frozenset(("p", "head", "item", "row", "cell", "quote", "code", "list", "table", "lb"))
# A run of white space between two of these is a wrapped line, not a space between words.
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")


@dataclass(frozen=True, slots=True)
class _Stream:
    """A page's visible characters without the ignored ones, and where each is among them all."""

    key: str
    places: list[int]


def extract_webpage(page: str) -> Extracted:
    """The main text of a page; of a page without one, all that a reader sees.

    Raises DamagedFile where a reader sees nothing, or a limit of `index.markup` is passed.
    """
    visible = see(page)
    stream = _stream(visible.text)
    if not stream.key:
        raise DamagedFile(
            "shows no text (perhaps a script fills it in); save the page from a browser as text"
        )
    found: Any = bare_extraction(
        visible.page,
        with_metadata=True,
        include_comments=False,
        # The default drops lists of an article; furniture that comes along is cleaning's to find.
        favor_recall=True,
        config=_config(),
        # Only dates that the page states as its own; a search through the text guesses.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    laid = lay(list(_blocks(found.body)), stream.key) if found is not None else []
    spans = [(stream.places[start], stream.places[end - 1] + 1) for start, end in laid]
    text, runs = _assemble(visible, spans or [(0, len(visible.text))])
    if found is None:
        return Extracted(text, runs)
    credited = read_page_credits(_above(visible.text, spans))
    return Extracted(
        text,
        runs,
        found.title,
        found.date,
        found.author or credited.author,
        found.sitename or credited.publisher,
        _web_address(found.url),
    )


def _above(text: str, spans: list[tuple[int, int]]) -> str:
    """What a reader sees above the first long part of the article: 来源 and 作者 stand there.

    The main text often leaves that line out.
    """
    long = (start for start, end in spans if end - start >= _PARAGRAPH)
    return text[: next(long, spans[0][0] if spans else 0)]


def _config() -> ConfigParser:
    """Trafilatura's settings, with its measure of a short text in Han characters.

    Its 250 characters of English say about as much as 80 of Chinese; shorter texts are taken for
    no article and the whole page is given instead.
    """
    config: ConfigParser = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(MIN_ARTICLE_CHARACTERS))
    return config


def _web_address(url: str | None) -> str | None:
    """The page's own address if a browser may follow it."""
    return url if url and url.startswith(("http://", "https://")) else None


def _stream(text: str) -> _Stream:
    """The characters that count in matching, NFC, and their places in `text`."""
    key: list[str] = []
    places: list[int] = []
    at = 0
    for match in re.finditer(_IGNORED, text):
        key.append(text[at : match.start()])
        places.extend(range(at, match.start()))
        at = match.end()
    key.append(text[at:])
    places.extend(range(at, len(text)))
    return _Stream(_composed("".join(key)), places)


def _composed(text: str) -> str:
    """Each character's NFC form where that is one character; the length never changes."""
    whole = unicodedata.normalize("NFC", text)
    if whole == text:
        return text
    singles = (unicodedata.normalize("NFC", char) for char in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(singles, text, strict=True))


def _blocks(body: Any) -> Iterator[list[str]]:  # noqa: ANN401 - lxml has no types
    """The fragments of each block of trafilatura's tree, in order, as matching keys."""
    fragments: list[str] = []
    for event, element in _walk(body):
        if element.tag in _BLOCKS and fragments:
            yield fragments
            fragments = []
        text = element.text if event == "start" else element.tail
        key = _composed(_IGNORED.sub("", text or ""))
        if key:
            fragments.append(key)
    if fragments:
        yield fragments


def _walk(body: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - lxml has no types
    """("start" or "end", element) of each element in document order."""
    stack: list[tuple[Any, Iterator[Any]]] = [(body, iter(body))]
    yield "start", body
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element
        else:
            stack.append((child, iter(child)))
            yield "start", child


def lay(blocks: list[list[str]], key: str) -> list[tuple[int, int]]:
    """Ascending spans of `key` that the blocks, each a list of fragments, come from.

    Blocks that occur once are anchors, as many as keep their order; every block is then looked for
    between the one before it and the next anchor, whole or else fragment by fragment.
    """
    fixed = _anchors(["".join(block) for block in blocks], key)
    spans: list[tuple[int, int]] = []
    at = 0
    for number, block in enumerate(blocks):
        stop = min((start for anchor, start in fixed.items() if anchor > number), default=None)
        for part in _parts(block, key, at, stop):
            spans.append(part)
            at = part[1]
    return spans


def _parts(block: list[str], key: str, start: int, stop: int | None) -> Iterator[tuple[int, int]]:
    """Spans of key[start:stop] that hold the block, whole where possible."""
    whole = "".join(block)
    pieces = [whole] if key.find(whole, start, stop) >= 0 else block
    for piece in pieces:
        found = key.find(piece, start, stop)
        if found >= 0:
            start = found + len(piece)
            yield found, start


def _anchors(blocks: list[str], key: str) -> dict[int, int]:
    """{block number: place} of the blocks found exactly once, as many as keep their order."""
    once: list[tuple[int, int, int]] = []
    for number, block in enumerate(blocks):
        place = key.find(block)
        if place >= 0 and key.find(block, place + 1) < 0:
            once.append((number, place, place + len(block)))
    return _longest(once)


def _longest(once: list[tuple[int, int, int]]) -> dict[int, int]:
    """The most characters of (number, start, end) whose spans ascend without overlap."""
    best: list[tuple[int, int]] = []  # (characters kept, index of the one before) per entry
    for index, (_, start, end) in enumerate(once):
        before = ((best[other][0], other) for other in range(index) if once[other][2] <= start)
        kept, previous = max(before, default=(0, -1))
        best.append((kept + end - start, previous))
    chain: dict[int, int] = {}
    index = max(range(len(best)), key=lambda entry: best[entry][0], default=-1)
    while index >= 0:
        chain[once[index][0]] = once[index][1]
        index = best[index][1]
    return chain


def _assemble(visible: Visible, spans: list[tuple[int, int]]) -> tuple[str, list[list[int]]]:
    """The text of the spans and its alignment rows; white space is one space or line break."""
    text: list[str] = []
    runs: list[list[int]] = []
    at = spans[0][0]
    for start, end in spans:
        gap = [place for place in range(at, start) if visible.text[place] == "\n"]
        chosen = gap[:1] + list(range(start, end))
        if text and start > at and not gap and visible.text[at:start].isspace():
            chosen.insert(0, at)
        _take(visible, chosen, text, runs)
        at = end
    while text and text[-1].isspace():
        text.pop()
        _shorten(runs)
    return "".join(text), runs


def _take(visible: Visible, places: list[int], text: list[str], runs: list[list[int]]) -> None:
    """Add visible characters at `places` to the text and its rows."""
    for number, place in enumerate(places):
        char = visible.text[place]
        if char.isspace():
            following = visible.text[places[number + 1]] if number + 1 < len(places) else ""
            char = _space(char, text[-1:], following)
            if not char:
                continue
            if text[-1] == " ":
                text.pop()
                _shorten(runs)
        _extend(runs, len(text), visible.starts[place], visible.ends[place] - visible.starts[place])
        text.append(char)


def _space(char: str, before: list[str], following: str) -> str:
    """What a white-space character becomes between two others: "", " " or a line break."""
    if not before or before[0] == "\n" or (before[0] == " " and char != "\n"):
        return ""
    if char == "\r":
        return "" if _WIDE.match(before[0]) and _WIDE.match(following) else " "
    return char


def _extend(runs: list[list[int]], clean: int, source: int, extent: int) -> None:
    """Add one character's row, joined to the last where both run character by character."""
    last = runs[-1] if runs else None
    if last and extent == 1 and last[1] == last[3] and last[2] + last[3] == source:
        last[1] += 1
        last[3] += 1
    else:
        runs.append([clean, 1, source, extent])


def _shorten(runs: list[list[int]]) -> None:
    """Take the last character off the rows."""
    last = runs[-1]
    if last[1] == 1:
        runs.pop()
    else:
        last[1] -= 1
        last[3] -= 1
