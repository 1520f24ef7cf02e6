"""Here is a .docx; give me its text, paragraphs and tables in reading order.

Runs in the parser's child process only.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document as open_docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from index.errors import DamagedFile, TooLarge
from index.parser import Extracted
from index.pdf import printed_title

# OWASP ASVS 5.0 V5.2: what an archive unpacks to is checked before it is unpacked.
MAX_UNPACKED = 100_000_000
MAX_RATIO = 100
MAX_ENTRIES = 2_000

_PARAGRAPH, _TABLE, _ROW, _CELL = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc"))
_LEAF = {
    qn("w:t"): None,
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
# Struck out, moved away, or the second rendering of a shape whose first was read.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset(
    (qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:sdtPr"), _FALLBACK)
)


def extract_docx(data: bytes) -> Extracted:
    """The text of a Word file; raises DamagedFile or TooLarge."""
    _check_archive(data)
    try:
        document = open_docx(io.BytesIO(data))
        text = "\n".join(_lines(document.element.body)).strip()
        title = document.core_properties.title
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError) as exc:
        raise DamagedFile(
            f"is no readable Word file ({exc}); open it in Word and save it again"
        ) from exc
    if not text:
        raise DamagedFile("is a Word file without text (pictures only?); recognise its text first")
    return Extracted(text, title=printed_title(title, text))


def _check_archive(data: bytes) -> None:
    """Nothing; TooLarge or DamagedFile by what the archive says it unpacks to."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError) as exc:
        raise DamagedFile(
            "is not a .docx (an old .doc, or locked with a password?); "
            "save it as .docx without a password"
        ) from exc
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise TooLarge(f"holds {len(entries):,} files, the limit is {MAX_ENTRIES:,}")
    if unpacked > MAX_UNPACKED:
        raise TooLarge(
            f"unpacks to {unpacked:,} bytes, the limit is {MAX_UNPACKED:,}; take pictures out"
        )
    if unpacked > MAX_RATIO * max(len(data), 1):
        raise TooLarge(
            f"unpacks to {unpacked // max(len(data), 1)} times its size, the limit is {MAX_RATIO}"
        )


def _lines(parent: Any) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
    """Lines of the paragraphs and tables below `parent`; a table row is one line, tabs between."""
    for child in parent.iterchildren(tag=etree.Element):
        if child.tag == _PARAGRAPH:
            yield "".join(_characters(child)).rstrip()
        elif child.tag == _TABLE:
            yield from (_row(row) for row in child.iterchildren(_ROW))
        elif child.tag not in _SKIPPED:
            yield from _lines(child)


def _row(row: Any) -> str:  # noqa: ANN401 - lxml has no types
    """A table row: its cells' text, a tab between two cells, a space between a cell's lines."""
    cells = (" ".join(filter(None, _lines(cell))) for cell in row.iterchildren(_CELL))
    return "\t".join(cell.replace("\n", " ") for cell in cells).rstrip()


def _characters(parent: Any) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
    """The characters of a paragraph's runs, hidden and deleted ones left out."""
    for child in parent.iterchildren(tag=etree.Element):
        if child.tag in _LEAF:
            yield _LEAF[child.tag] or child.text or ""
        elif child.tag == _PARAGRAPH:
            yield "\n" + "".join(_characters(child))
        elif child.tag not in _SKIPPED and not _vanishes(child):
            yield from _characters(child)


def _vanishes(run: Any) -> bool:  # noqa: ANN401 - lxml has no types
    """Whether a run is formatted as hidden text."""
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val"), "true") not in ("0", "false")
