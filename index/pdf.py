"""Here is a PDF; give me the text on its pages, paragraphs whole again where lines were wrapped.

Runs in the parser's child process only.
"""

import io
import re

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from index.errors import DamagedFile, TooLarge
from index.parser import MAX_TEXT_CHARACTERS, Extracted

MAX_PAGES = 2_000
# A line this near to its page's full width was wrapped; a shorter one ends its paragraph.
_FULL = 0.85
_ENDS = "。！？；：!?;:”」』…"
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“”‘’]")
# 2023年1月10日 来源：平凉日报 作者：赵丽: a line of its own, however long it is.
_CREDIT = re.compile(
    r"[^。，；]{0,40}(?:来源|來源)[:：]\s?[^\s，。；]{2,16}(?:\s+(?:作者|记者|编辑)[:：][^。，；]{2,20})?"
)
# Where a title in the container also stands in the text; elsewhere it is a template's.
_TITLE_WITHIN = 2_000


def extract_pdf(data: bytes) -> Extracted:
    """The text of a PDF; raises DamagedFile or TooLarge, saying which kind of PDF it is."""
    try:
        reader = PdfReader(io.BytesIO(data))
        _unlock(reader)
        if len(reader.pages) > MAX_PAGES:
            raise TooLarge(f"has {len(reader.pages):,} pages, the limit is {MAX_PAGES:,}; split it")
        text = _pages(reader)
        title = reader.metadata.title if reader.metadata else None
    except PyPdfError as exc:
        raise DamagedFile(
            f"is a damaged PDF ({exc}); open it in a viewer and print it to a new PDF"
        ) from exc
    if not text:
        raise DamagedFile(
            f"is a PDF of {len(reader.pages)} pages without text (scanned pictures?); "
            "recognise its text (OCR) first"
        )
    return Extracted(text, title=printed_title(title, text))


def printed_title(title: str | None, text: str) -> str | None:
    """The container's title if the text begins with it or near it, else None."""
    bare = "".join((title or "").split())
    return title if bare and bare in "".join(text[:_TITLE_WITHIN].split()) else None


def _unlock(reader: PdfReader) -> None:
    """Nothing; DamagedFile where the PDF opens only with a password."""
    if not reader.is_encrypted:
        return
    try:
        opened = reader.decrypt("") != PasswordType.NOT_DECRYPTED
    except DependencyError:
        opened = False
    if not opened:
        raise DamagedFile("is a PDF locked with a password; save it without one")


def _pages(reader: PdfReader) -> str:
    """The pages' text, one after the other."""
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        pages.append(unwrap(page.extract_text()))
        size += len(pages[-1])
        if size > MAX_TEXT_CHARACTERS:
            raise TooLarge(f"holds over {MAX_TEXT_CHARACTERS:,} characters of text; split it")
    return "\n".join(page for page in pages if page)


def unwrap(text: str) -> str:
    """A page's text with wrapped lines joined into paragraphs.

    A line is wrapped where it nearly fills the page's width and does not end a sentence; two wide
    characters join without a space.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    width = sorted(map(_width, lines))[int(len(lines) * 0.9)] if lines else 0
    paragraphs: list[str] = []
    wrapped = False
    for line in lines:
        is_credit = _CREDIT.fullmatch(line) is not None
        if wrapped and not is_credit:
            tight = _WIDE.match(paragraphs[-1][-1]) and _WIDE.match(line)
            paragraphs[-1] += line if tight else " " + line
        else:
            paragraphs.append(line)
        full = _width(line) >= _FULL * width and len(lines) > 1
        wrapped = full and line[-1] not in _ENDS and not is_credit
    return "\n".join(paragraphs)


def _width(line: str) -> int:
    """The line's width in half characters."""
    return len(line) + len(_WIDE.findall(line))
