"""Here is HTML; give me the characters a reader sees and where in the HTML each one stands.

A tolerant scanner, not a tree: trees forget positions. It knows what hides text (scripts, styles,
comments, `hidden`, `display: none`), what breaks a line and what a character reference means.
Linear in the length of the page, whatever the page.
"""

from __future__ import annotations

import html
import re
from array import array
from dataclasses import dataclass, field
from html.entities import html5

from index.errors import DamagedFile, TooLarge

# libxml2 drops, silently, what is nested deeper than 255; so we refuse first.
MAX_NESTING = 200
# trafilatura needs 115 s for 5 MB of <p>; a long article has some thousands of tags.
MAX_TAGS = 100_000

_WORD = re.compile(r"\w+")
_VOID = frozenset(
    _WORD.findall("area base br col embed frame hr img input link meta param source track wbr")
)
# Their content is no markup: it ends at their own end tag and is not shown.
_RAW = frozenset(
    _WORD.findall("iframe noembed noframes noscript script style template textarea title xmp")
)
_BLOCK = frozenset(
    _WORD.findall(
        "address article aside blockquote body br caption center dd details dialog div dl dt "
        "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li "
        "main nav ol option p pre section select summary table tbody td tfoot th thead tr ul"
    )
)
_CLOSED_BY = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "option": {"option"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"td", "th", "tr"},
    "tbody": {"td", "th", "tr", "tbody", "thead"},
}
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
# Possessive, so that an unclosed quote costs one pass and not one for each way to split it.
_TAG_END = re.compile(r"""[^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+>""")
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_HIDDEN = re.compile(r"\shidden(?=[\s/>=])", re.IGNORECASE)
_UNSEEN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?:px|em|%)?"
    r"\s*(?=[;\"'!>]))",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"(?P<space>\s+)|(?P<entity>&(?:#[0-9]{1,9}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?)"
    r"|[^&\s]+|&"
)
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass
class Visible:
    r"""What a reader sees of a page, in order, and the page rebuilt without what is hidden.

    Character i of `text` comes from html[starts[i]:ends[i]]. White space is one character a run:
    "\r" where the source's line ends in it, else " "; a line break is "\n" for its tag. `page`
    holds the same text with every reference resolved, for a parser that keeps no positions.
    """

    text: str = ""
    starts: array[int] = field(default_factory=lambda: array("i"))
    ends: array[int] = field(default_factory=lambda: array("i"))
    page: str = ""


class _Scan:
    """The state of one pass over a page: the elements open, and what has been seen so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.seen = Visible()
        self.characters: list[str] = []
        self.page: list[str] = []
        self.open: list[str] = []
        self.hidden_below: int | None = None
        self.tags = 0
        self.quotes_match = True

    def run(self) -> Visible:
        """The visible text; raises TooLarge or DamagedFile past a limit."""
        at = 0
        while at < len(self.source):
            mark = self.source.find("<", at)
            mark = len(self.source) if mark < 0 else mark
            self._text(at, mark)
            at = self._markup(mark)
        self.seen.text = "".join(self.characters)
        self.seen.page = "".join(self.page)
        return self.seen

    def _markup(self, at: int) -> int:
        """Where the markup that begins at `at` ends."""
        source = self.source
        if source.startswith("<!--", at):
            return self._after("-->", at + 4)
        name = _NAME.match(source, at)
        if name is not None:
            end = self._tag_end(name.end())
            self._tag(name[1].lower(), at, end)
            if name[1].lower() in _RAW and source[at + 1] != "/":
                return self._raw(name[1].lower(), at, end)
            return end
        if source.startswith(("<!", "<?", "</"), at):
            return self._after(">", at + 2)
        self._text(at, min(at + 1, len(source)))
        return at + 1

    def _after(self, mark: str, at: int) -> int:
        """Just past the next `mark`; the end of the page where there is none."""
        found = self.source.find(mark, at)
        return len(self.source) if found < 0 else found + len(mark)

    def _tag_end(self, at: int) -> int:
        """Just past the tag's ">", quoted ones left out while quotes still match."""
        if self.quotes_match:
            match = _TAG_END.match(self.source, at)
            if match is not None:
                return match.end()
            self.quotes_match = False
        return self._after(">", at)

    def _raw(self, name: str, start: int, at: int) -> int:
        """Past the end tag of an element without markup; its metadata and title go to the page."""
        match = re.compile(rf"</{name}[^>]*>", re.IGNORECASE).search(self.source, at)
        end = match.end() if match else len(self.source)
        kept = name == "title" or (name == "script" and "ld+json" in self.source[start:at])
        if kept and match and self.hidden_below is None:
            self.page.append(_UNSAFE.sub("", self.source[start:end]))
        self._close(name)
        return end

    def _tag(self, name: str, start: int, end: int) -> None:
        """Open or close an element; a tag of a block is a line break."""
        self.tags += 1
        if self.tags > MAX_TAGS:
            raise TooLarge(f"holds more than {MAX_TAGS:,} tags; save the article alone")
        tag = self.source[start:end]
        closing = tag.startswith("</")
        if closing:
            self._close(name)
        elif name not in _VOID:
            self._open(name, tag)
        if self.hidden_below is not None:
            return
        if name in _BLOCK:
            self._append("\n", start, end)
        if name not in _RAW:
            self.page.append(_UNSAFE.sub("", _without_style(tag)))

    def _open(self, name: str, tag: str) -> None:
        """Push an element, closing those it ends; hide what is below if it is hidden."""
        closed = _CLOSED_BY.get(name, {"p"} if name in _BLOCK else set())
        while self.open and self.open[-1] in closed:
            self._pop(len(self.open) - 1)
        self.open.append(name)
        if len(self.open) > MAX_NESTING:
            raise DamagedFile(
                f"its elements are nested more than {MAX_NESTING} deep; save the article as text"
            )
        if self.hidden_below is None and _is_hidden(tag):
            self.hidden_below = len(self.open)

    def _close(self, name: str) -> None:
        """Pop up to the nearest open element of that name; a stray end tag closes nothing."""
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth] == name:
                self._pop(depth)
                return

    def _pop(self, depth: int) -> None:
        """Leave `depth` elements open."""
        del self.open[depth:]
        if self.hidden_below is not None and depth < self.hidden_below:
            self.hidden_below = None

    def _text(self, start: int, end: int) -> None:
        """Take source[start:end] as text, unless something hides it."""
        if self.hidden_below is not None:
            return
        first = len(self.characters)
        for match in _PIECE.finditer(self.source, start, end):
            if match.lastgroup == "space":
                wrapped = "\n" if "pre" in self.open else "\r"
                self._append(wrapped if "\n" in match[0] else " ", *match.span())
            elif match.lastgroup == "entity" and (value := _referred(match[0])) is not None:
                for char in value:
                    self._append(" " if char.isspace() else char, *match.span())
            else:
                self.characters.append(match[0])
                self.seen.starts.extend(range(match.start(), match.end()))
                self.seen.ends.extend(range(match.start() + 1, match.end() + 1))
        text = "".join(self.characters[first:])
        self.page.append(_UNSAFE.sub("", html.escape(text, quote=False)))

    def _append(self, char: str, start: int, end: int) -> None:
        """One visible character for source[start:end]."""
        self.characters.append(char)
        self.seen.starts.append(start)
        self.seen.ends.append(end)


def see(source: str) -> Visible:
    """What a reader sees of the page; raises TooLarge or DamagedFile past a stated limit."""
    return _Scan(source).run()


def _referred(reference: str) -> str | None:
    """The characters a reference such as &nbsp; &#20013; means; None where it means none."""
    if reference[1] == "#":
        return html.unescape(reference)
    return html5.get(reference[1:])


def _is_hidden(tag: str) -> bool:
    """Whether a start tag hides its content from readers."""
    if _HIDDEN.search(_QUOTED.sub('""', tag)):
        return True
    # WeChat's article pages hide their text until a script shows it.
    return "style" in tag.lower() and "js_content" not in tag and bool(_UNSEEN.search(tag))


def _without_style(tag: str) -> str:
    """The tag of WeChat's hidden text without its style, so that a parser does not drop it."""
    return re.sub(r"\sstyle=(?:\"[^\"]*+\"|'[^']*+')", "", tag) if "js_content" in tag else tag
