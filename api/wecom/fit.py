"""Here is an answer; give me it as a message that a phone shows well, in parts that WeCom takes.

Figure first, then one quoted sentence, then title, place, date, and a link to the marked sentence.
What comes from articles is never markup: WeCom would make links and mentions of it.
"""

import re
from collections.abc import Callable, Sequence

from api.wecom.words import REST
from rag.answer import Answer, Citation, Table

APP_BYTES = 2048
"""Longer texts of a self-built app are cut off by WeCom without a word."""
BOT_BYTES = 20_480
APP_PARTS = 20
LONGEST_QUOTE = 240
MOST_SOURCES = 5
MOST_SHORTS = 12
CUT = "\n……（内容太长，以下省略）"
MARKER = re.compile(r"\s*\[\d{1,2}\]")
HAN = re.compile(r"[\u3400-\u9fff]")
TAG = re.compile(r"<(?=\s*[A-Za-z/!@?])")
LINK_END = re.compile(r"\](?=\s*\()")
UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
ENDS = re.compile(r"[。！？；!?;\n]")
WHOLE = re.compile(r"<a [^<>]*>[^<>]*</a>|\[[^\[\]]*\]\([^()\s]*\)|https?://[!-~]+")
"""What a cut would break: links in the two forms that we write, and bare addresses."""
LONGEST_LINK = 1024
"""In characters; an article whose id needs a longer one is named without a link."""

Link = Callable[[Citation], str | None]


def fit(answer: Answer, link: Link, *, markdown: bool) -> str:
    """The message for an answer. `markdown`: for an AI bot; otherwise plain text with `<a>`."""
    text = neutral(MARKER.sub("", answer.text))
    if answer.table:
        return _lines(*_rows(answer.table), *_sources(answer.citations, link, markdown))
    if answer.status == "not_found":
        return _lines(text, *_near(answer, link, markdown))
    if not answer.citations:
        return text
    lead = text
    if answer.short_answers and HAN.search(answer.question):
        shorts = [short.text for short in answer.short_answers]
        lead = neutral("；".join(dict.fromkeys(shorts[:MOST_SHORTS])))
        lead = f"**{lead}**" if markdown else lead
    first = answer.citations[0]
    shown = answer.short_answers[0].text if answer.short_answers else ""
    return _lines(lead, _quote(first, shown, markdown), *_sources(answer.citations, link, markdown))


def neutral(text: str) -> str:
    """The text with nothing in it that WeCom takes for a tag, a mention or a link."""
    text = UNSHOWABLE.sub("", text)
    return LINK_END.sub("］", TAG.sub("＜", text)).replace("@all", "＠all")


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _rows(table: Table) -> list[str]:
    """One line for each place: 白城市：61.19万元."""
    return [neutral(f"{row.region}：{'，'.join(row.cells)}") for row in table.rows]


def _near(answer: Answer, link: Link, markdown: bool) -> list[str]:
    """What is near, each with what sets it apart, so that nobody takes it for the answer."""
    by_number = {citation.id: citation for citation in answer.citations}
    lines = ["", "相近的内容（不是答案）："] if answer.related else []
    labelled = {near.citation for near in answer.related}
    lines[:0] = [
        line
        for citation in answer.citations
        if citation.id not in labelled
        for line in (_quote(citation, "", markdown), _source(citation, link, markdown))
    ]
    for near in answer.related[:MOST_SOURCES]:
        citation = by_number[near.citation]
        lines.append(f"· {neutral(near.note)}")
        lines += [_quote(citation, "", markdown), _source(citation, link, markdown)]
    return lines


def _quote(citation: Citation, shown: str, markdown: bool) -> str:
    """The sentence, shortened around what it shows where it is long."""
    quote = " ".join(citation.quote.split())
    if len(quote) > LONGEST_QUOTE:
        middle = max(quote.find(shown), 0)
        start = max(0, min(middle - LONGEST_QUOTE // 2, len(quote) - LONGEST_QUOTE))
        end = start + LONGEST_QUOTE
        quote = f"{'…' if start else ''}{quote[start:end]}{'…' if end < len(quote) else ''}"
    return f"> {neutral(quote)}" if markdown else f"“{neutral(quote)}”"


def _sources(citations: Sequence[Citation], link: Link, markdown: bool) -> list[str]:
    return [_source(citation, link, markdown) for citation in citations[:MOST_SOURCES]]


def _source(citation: Citation, link: Link, markdown: bool) -> str:
    """Title, place and date, and where the article opens at the sentence."""
    title = neutral(citation.title or citation.source).replace("[", "［").replace("]", "］")
    date = f"{citation.date}（推断）" if citation.date_inferred else citation.date
    facts = " · ".join(filter(None, (citation.region, date)))
    about = f"《{title}》 {neutral(facts)}".rstrip()
    url = link(citation)
    if url is None or len(url) > LONGEST_LINK:
        return about
    return f"{about} [看原文]({url})" if markdown else f'{about} <a href="{url}">看原文</a>'


def parts(text: str, limit: int = APP_BYTES, most: int = APP_PARTS) -> list[str]:
    """The text in pieces of at most `limit` bytes each, cut at ends of sentences where it can be.

    Of more than `most` pieces the rest is left out, and the last one says so.
    """
    pieces: list[str] = []
    rest = text.strip()
    while rest:
        piece, rest = _first(rest, limit)
        if len(pieces) == most - 1 and rest:
            piece, _ = _first(piece, limit - len(CUT.encode()))
            pieces.append(piece + CUT)
            break
        pieces.append(piece)
    return pieces


def halves(text: str) -> tuple[str, str]:
    """What an AI bot's stream shows, and the rest, which is posted afterwards ("" for none)."""
    if len(text.encode()) <= BOT_BYTES:
        return text, ""
    first, rest = _first(text, BOT_BYTES - len(REST.encode()))
    return first + REST, parts(rest, BOT_BYTES, 1)[0]


def _first(text: str, limit: int) -> tuple[str, str]:
    """What fits into `limit` bytes, and the rest, both without white space at the cut."""
    data = text.encode()
    if len(data) <= limit:
        return text, ""
    # A character whose bytes are cut is dropped by `ignore`, so none is halved.
    fitting = data[:limit].decode("utf-8", "ignore")
    most = len(fitting)
    # the last link may go on behind what fits
    wholes = [found.span() for found in WHOLE.finditer(text[: most + 2 * LONGEST_LINK])]
    broken = [start for start, last in wholes if 0 < start < most < last]
    ends = [end.end() for end in ENDS.finditer(fitting)]
    ends = [end for end in ends if not any(start < end < last for start, last in wholes)]
    ends += [last for _, last in wholes if last <= most]
    cut = max(ends, default=0)
    newline = fitting.rfind("\n") + 1
    if newline and any(
        newline <= start and last > most and "\n" not in text[newline:start]
        for start, last in wholes
    ):
        cut = newline  # an article's title stays beside its link
    elif cut < most // 3:
        cut = broken[0] if broken else most
    return text[:cut].rstrip(), text[cut:].lstrip()
