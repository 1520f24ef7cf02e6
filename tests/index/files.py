"""Here is a text; give me a PDF or a Word file that holds it, made without any file kept."""

import io
import zipfile

import docx


def pdf_of(pages: list[list[str]], title: str = "") -> bytes:
    """A PDF that shows these lines on these pages, in a font whose codes are UTF-16."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"1 beginbfrange <0000> <FFFF> <0000> endbfrange\n"
        b"endcmap end end"
    )
    count = len(pages)
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Song /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines)
        content = f"BT /F1 12 Tf 14 TL 72 760 Td {shown} ET".encode()
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (7 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects.append(b"<< /Title <feff%s> >>" % title.encode("utf-16-be").hex().encode())
    return _assembled(objects)


def _assembled(objects: list[bytes]) -> bytes:
    """The objects (numbered from 1, the last one the information dictionary) as a PDF file."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(
        b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    )
    out.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def docx_of(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = (), after: str = "") -> bytes:
    """A Word file with paragraphs, then a table of these rows, then one more paragraph."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    if after:
        document.add_paragraph(after)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_body(data: bytes, body: str) -> bytes:
    """The Word file with other XML between <w:body> and its end; "<!DOCTYPE…>" may come first."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "word/document.xml":
                content = _document_xml(content.decode(), body).encode()
            new.writestr(entry.filename, content)
    return out.getvalue()


def _document_xml(xml: str, body: str) -> str:
    """The XML with its body replaced, a leading document type put where it belongs."""
    head, _, rest = xml.partition("<w:body>")
    tail = rest[rest.index("</w:body>") :]
    if body.startswith("<!DOCTYPE"):
        doctype, _, body = body.partition("]>")
        at = head.index("<w:document")
        head = head[:at] + doctype + "]>" + head[at:]
    return f"{head}<w:body>{body}{tail}"
