"""Here is a citation; give me an address at which a phone without a session reads its article.

The address carries the article's id, the span and a hash of its words, when it expires, and a
signature over these with a key that only the data folder has. It opens that article and nothing
else, at the words that were quoted wherever they stand by then: articles are replaced.
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from hashlib import blake2b
from html import escape

from api.addresses import escaped
from api.wecom import words
from index.document import Document

PATH = "/wecom/article"
WHOLE = "0-0"
"""The span of a link that marks nothing."""
FAR = 200_000
"""How many characters from its place a quote is looked for."""


def signature(key: str, document_id: str, span: str, expires: str) -> str:
    """What shows that we made the address: 32 hexadecimal digits."""
    text = f"{document_id}\n{span}\n{expires}"
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def span_of(start: int, end: int, text: str) -> str:
    """What a link says of the words `text` that stand at clean [start, end): 3-7-<16 digits>."""
    return f"{start}-{end}-{_hash(text)}"


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def address(public_url: str, key: str, document_id: str, span: str, days: int) -> str:
    """Where an article is open for so many days, at the marked sentence."""
    expires = str(int(time.time()) + days * 86_400)
    signed = signature(key, document_id, span, expires)
    return f"{public_url}{PATH}/{escaped(document_id)}?c={span}&e={expires}&s={signed}#mark"


def is_valid(key: str, document_id: str, span: str, expires: str, signed: str) -> bool:
    """Whether we made the address and it has not expired."""
    expected = signature(key, document_id, span, expires)
    if not hmac.compare_digest(expected.encode(), signed.encode("utf-8", "surrogatepass")):
        return False
    return int(expires) >= time.time()


def page(document: Document, span: str) -> str:
    """The article as HTML without scripts, with the quoted words in a `<mark>`.

    Where they are no longer in it, the page says so and marks nothing.
    """
    found = place(document.text, span)
    changed = "" if found else f'<p class="facts">{words.CHANGED}</p>\n'
    start, end = found or (0, 0)
    paragraphs = "".join(_paragraphs(document.text, start, end))
    title = escape(document.title or document.source)
    facts = escape(" · ".join(filter(None, (document.region, document.date, document.publisher))))
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<link rel="stylesheet" href="/static/page.css"></head>
<body><main class="reading"><article class="article"><h2>{title}</h2><p class="facts">{facts}</p>
{changed}{paragraphs}</article></main></body></html>
"""


def place(text: str, span: str) -> tuple[int, int] | None:
    """Where in a text the words of a span stand now, the nearest to where they stood; or None."""
    first, last, *hashes = span.split("-")
    start, end = int(first), int(last)
    if not hashes:
        return start, end
    long = end - start
    nearest = min(start, len(text))
    # places in the order of their distance: 7, 8, 6, 9, 5 …
    for far in range(min(FAR, len(text)) + 1):
        for begin in (nearest + far, nearest - far):
            if 0 <= begin <= len(text) - long and _hash(text[begin : begin + long]) == hashes[0]:
                return begin, begin + long
    return None


def _paragraphs(text: str, start: int, end: int) -> Iterator[str]:
    """Each line of the text, with its share of the span marked: a mark ends with its line."""
    begun = 0
    identity = " id='mark'"
    for line in text.split("\n"):
        first, last = (min(max(at - begun, 0), len(line)) for at in (start, end))
        begun += len(line) + 1
        marked = ""
        if line[first:last].strip():
            marked = f"<mark{identity}>{escape(line[first:last])}</mark>"
            identity = ""
        if line.strip():
            before = line[:first] if marked else line[:last]
            yield f"<p>{escape(before)}{marked}{escape(line[last:])}</p>\n"


def notice(text: str) -> str:
    """A page that says one thing."""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>工会问答</title></head><body><p>{escape(text)}</p></body></html>"
    )
