"""Here is an article as received; give me the clean document, aligned to its source."""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from index.align import Aligned, Edit
from index.dates import infer_year
from index.document import Article, Document, Dropped, Heading
from index.errors import EmptyDocument
from index.fold import HAN, LOST, fold, simplified
from index.furniture import Line, furniture, split_lines, unwrapped
from index.gazetteer import Gazetteer
from index.headline import Facts, lead, read_dateline, read_feed, read_lines, topic
from index.region import find_region
from index.tail import tail_cuts

_SPACES = re.compile(r"\s+")
# Chinese is written without spaces: one beside a Han character or its punctuation says nothing.
_WIDE = re.compile(f"[{HAN}，。！？；：、“”‘’《》（）【】…—·「」『』〈〉]")
_HEADING_END = re.compile("[。！？；，、,;!?…：:]$")
_LONGEST_HEADING = 45
_HARD_WRAP = 40  # a line this long that ends inside a sentence was broken by its page
_GOES_ON = re.compile(f"[{HAN}A-Za-z0-9%，,、（(《“‘—]$")
_COMMA_END = re.compile("[，,、（(《“‘]$")
_STARTS_ANEW = re.compile(
    "[（(【▲●■◆□○①-⑳—\\[“《]|[一二三四五六七八九十\\d]+[、.．)） ]|"
    "第[一二三四五六七八九十\\d]+[章节条版]|本报|记者|通讯员|作者|文/|来源|编辑|责编"
)
_OPENERS, _CLOSERS = "（(《“【", "）)》”】"


def clean(article: Article, gazetteer: Gazetteer) -> Document:
    """The document of `article`: folded, without furniture, with what is known about it.

    What the article states itself (title, date, region, publisher, author) wins over what is found
    here. Raises EmptyDocument where no text is left.
    """
    folded, dropped = fold(article.body)
    facts = read_feed(folded.text)
    lines = unwrapped(split_lines(folded.text, facts.body))
    reasons = furniture(lines)
    read_lines(lines, reasons, facts)
    kept = [line for line, reason in zip(lines, reasons, strict=True) if not reason]
    kept, cuts = tail_cuts(kept, facts)
    left_out = [Edit(0, facts.body, "", "feed heading")] if facts.body else []
    left_out += [
        Edit(line.start, line.end, "", reason)
        for line, reason in zip(lines, reasons, strict=True)
        if reason
    ]
    dropped += _dropped(folded, [*left_out, *cuts])
    headings = _headings(kept)
    text = folded.apply(_layout(folded.text, kept, headings))
    if not any(character.isalnum() for character in text.text):
        raise EmptyDocument(
            f"{article.source}: no text is left of {len(article.source_text)} characters; "
            "check that the file holds an article"
        )
    dropped.sort(key=lambda span: (span.source_start, span.source_end))
    return _document(article, text, facts, tuple(dropped), gazetteer)


def _identity(source: str) -> str:
    """The id of what a source names: the same source again is the same document (design.md)."""
    return blake2b(source.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _document(
    article: Article,
    clean_text: Aligned,
    facts: Facts,
    dropped: tuple[Dropped, ...],
    gazetteer: Gazetteer,
) -> Document:
    """The document with everything that is known or can be found about it."""
    text = clean_text.text
    read_dateline(text, facts)
    headings = tuple(_heading_spans(text))
    title = _stated(article.title) or facts.title or _made_title(text, headings)
    date, inferred = article.date or facts.date, False if article.date else facts.date_inferred
    if date is None:
        date = infer_year(text)
        inferred = date is not None
    publisher = _stated(article.publisher) or facts.publisher
    region, code = _region(article, title, text, publisher, gazetteer)
    return Document(
        document_id=article.document_id or _identity(article.source),
        source=article.source,
        title=title,
        text=text,
        alignment=clean_text.alignment,
        source_text=article.source_text,
        digest=article.digest,
        date=date,
        date_inferred=inferred,
        region=region,
        region_code=code,
        publisher=publisher,
        author=_stated(article.author) or facts.author,
        url=article.url,
        headings=headings,
        dropped=dropped,
    )


def _stated(text: str | None) -> str | None:
    """What a container states, in the script that documents are kept in."""
    return simplified(text) if text else None


def _region(
    article: Article, title: str, text: str, publisher: str | None, gazetteer: Gazetteer
) -> tuple[str | None, str | None]:
    """Full name and code of the place: the one the article states, else the one found."""
    if article.region is None:
        place = find_region(title, text, publisher, gazetteer)
        return (place.name, place.code) if place else (None, None)
    named = gazetteer.by_name(article.region)
    return (named[0].name, named[0].code) if named else (article.region, None)


def _made_title(text: str, headings: Sequence[Heading]) -> str:
    """A title taken from the text of an article that has none."""
    if len(headings) > 1:
        return topic([text[h.start : h.end] for h in headings], text)
    return lead(text)


def is_heading(text: str) -> bool:
    """Whether a line stands over others: short, and no sentence ends it."""
    return 2 <= len(text) <= _LONGEST_HEADING and not _HEADING_END.search(text)


def _headings(lines: Sequence[Line]) -> set[int]:
    """Positions in `lines` of the headings; a line over nothing, or over all, is none."""
    return {
        index
        for index, line in enumerate(lines)
        if is_heading(line.text) and any(other.is_prose for other in lines[index + 1 : index + 4])
    }


def _heading_spans(text: str) -> Iterator[Heading]:
    """The headings of clean text, as spans."""
    lines = split_lines(text)
    found = _headings(lines)
    for index in sorted(found):
        yield Heading(lines[index].start, lines[index].end)


def _layout(text: str, lines: Sequence[Line], headings: set[int]) -> Iterator[Edit]:
    """Edits that leave one paragraph a line, broken lines joined and idle spaces gone."""
    at = 0
    for index, line in enumerate(lines):
        gap = ""
        if index:
            apart = text.startswith(LOST, lines[index - 1].end)
            gap = "\n" if apart or not _is_broken(lines, index, headings) else ""
        if line.start > at or gap:
            yield Edit(at, line.start, gap, "layout")
        yield from _space_edits(text, line, keep_phrases=index in headings)
        at = line.end
    if at < len(text):
        yield Edit(at, len(text), "", "layout")


def _space_edits(text: str, line: Line, keep_phrases: bool) -> Iterator[Edit]:
    """Drop the spaces beside Chinese, one space elsewhere; headings keep one between phrases."""
    for match in _SPACES.finditer(text, line.start, line.end):
        start, end = match.span()
        wide = _WIDE.match(text[start - 1]) and _WIDE.match(text[end])
        new = "" if wide and not keep_phrases else " "
        if match[0] != new:
            yield Edit(start, end, new, "space")


def _is_broken(lines: Sequence[Line], index: int, headings: set[int]) -> bool:
    """Whether a page broke the line before `index` inside a sentence."""
    before, text = lines[index - 1].text, lines[index].text
    if index - 1 in headings or index in headings or not _GOES_ON.search(before):
        return False
    if _COMMA_END.search(before) and len(before) > _LONGEST_HEADING // 3:
        return True
    if _STARTS_ANEW.match(text):
        return False
    unclosed = sum(before.count(c) for c in _OPENERS) > sum(before.count(c) for c in _CLOSERS)
    has_sentence = any(mark in before for mark in "，,。、")
    return (len(before) >= _HARD_WRAP and has_sentence) or (unclosed and len(before) > 20)


def _dropped(folded: Aligned, edits: Iterable[Edit]) -> Iterator[Dropped]:
    """The spans of the source that `edits` of the folded text leave out."""
    for edit in edits:
        yield Dropped(*folded.alignment.source_span(edit.start, edit.end), edit.reason)
