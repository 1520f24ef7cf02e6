"""Here is a citation; give me an address at which a phone without a session reads its article.

The address carries the article's id, the span, when it expires, and a signature over these three
with a key that only the data folder has. It opens that article and nothing else.
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from html import escape

from index.document import Document

PATH = "/wecom/article"


def signature(key: str, document_id: str, span: str, expires: str) -> str:
    """What shows that we made the address: 32 hexadecimal digits."""
    text = f"{document_id}\n{span}\n{expires}"
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def address(
    public_url: str, key: str, document_id: str, span_of: tuple[int, int], days: int
) -> str:
    """Where an article is open for so many days, at the marked sentence."""
    span = f"{span_of[0]}-{span_of[1]}"
    expires = str(int(time.time()) + days * 86_400)
    signed = signature(key, document_id, span, expires)
    return f"{public_url}{PATH}/{document_id}?c={span}&e={expires}&s={signed}#mark"


def is_valid(key: str, document_id: str, span: str, expires: str, signed: str) -> bool:
    """Whether we made the address and it has not expired."""
    expected = signature(key, document_id, span, expires)
    if not hmac.compare_digest(expected.encode(), signed.encode("utf-8", "surrogatepass")):
        return False
    return int(expires) >= time.time()


def page(document: Document, span: str) -> str:
    """The article as HTML without scripts, with the span in a `<mark>`."""
    start, end = (int(part) for part in span.split("-"))
    paragraphs = "".join(_paragraphs(document.text, start, end))
    title = escape(document.title or document.source)
    facts = escape(" · ".join(filter(None, (document.region, document.date, document.publisher))))
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<link rel="stylesheet" href="/static/page.css"></head>
<body><main class="reading"><article class="article"><h2>{title}</h2><p class="facts">{facts}</p>
{paragraphs}</article></main></body></html>
"""


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
