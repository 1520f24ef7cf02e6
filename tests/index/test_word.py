"""Show that a Word file is read in order, and that bombs and foreign files are refused."""

import io
import zipfile
from pathlib import Path

import pytest

from index.errors import DamagedFile, TooLarge
from index.word import MAX_ENTRIES, extract_docx
from tests.index.files import docx_of, with_body


def test_paragraphs_and_tables_in_reading_order() -> None:
    data = docx_of(
        "标题一", "正文一。", rows=(("城市", "金额"), ("甲市", "三万元")), after="后记。"
    )
    assert extract_docx(data).text == "标题一\n正文一。\n城市\t金额\n甲市\t三万元\n后记。"


def run(text: str, mark: str = "") -> str:
    return f"<w:r><w:rPr>{mark}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:p>{run('见')}{run('藏', '<w:vanish/>')}{run('人')}</w:p>", "见人"),
        ("<w:p>" + run("见", '<w:vanish w:val="0"/>') + "</w:p>", "见"),
        (
            f"<w:p>{run('甲')}<w:del><w:r><w:delText>乙</w:delText></w:r></w:del>"
            f"<w:ins>{run('丙')}</w:ins></w:p>",
            "甲丙",
        ),
        (f"<w:sdt><w:sdtContent><w:p>{run('控件')}</w:p></w:sdtContent></w:sdt>", "控件"),
        (
            f"<w:p>{run('一')}<w:r><w:br/></w:r>{run('二')}<w:r><w:tab/></w:r>{run('三')}</w:p>",
            "一\n二\t三",
        ),
        (
            f"<w:tbl><w:tr><w:tc><w:p>{run('外')}</w:p><w:tbl><w:tr><w:tc><w:p>{run('内')}</w:p></w:tc>"
            f"</w:tr></w:tbl></w:tc><w:tc><w:p>{run('右')}</w:p></w:tc></w:tr></w:tbl>",
            "外 内\t右",
        ),
    ],
)
def test_what_a_reader_of_the_document_sees(body: str, text: str) -> None:
    assert extract_docx(with_body(docx_of("旧"), body)).text == text


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(20_000_000))
    with pytest.raises(TooLarge, match="times its size, the limit is 100"):
        extract_docx(out.getvalue())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"word/{number}.xml", bytes(20_000_000))
    with pytest.raises(TooLarge, match="the limit is 100,000,000"):
        extract_docx(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(MAX_ENTRIES + 1):
            archive.writestr(f"{number}", b"x")
    with pytest.raises(TooLarge, match="2,001 files"):
        extract_docx(out.getvalue())


def test_an_entity_bomb_is_not_expanded() -> None:
    levels = "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 20 if i else "工会" * 20}">' for i in range(9)
    )
    bomb = f"<!DOCTYPE w [{levels}]><w:p><w:r><w:t>&a8;</w:t></w:r></w:p>"
    with pytest.raises(DamagedFile, match=r"no readable Word file|without text"):
        extract_docx(with_body(docx_of("旧"), bomb))


def test_no_file_of_this_machine_is_drawn_in(tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("金丝雀", encoding="utf-8")
    entity = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{canary.as_uri()}">]>'
    data = with_body(docx_of("旧"), f"{entity}<w:p><w:r><w:t>前&x;后</w:t></w:r></w:p>")
    assert "金丝雀" not in extract_docx(data).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old .doc"),
        (b"PK\x03\x04 and nothing", "not a .docx"),
        (docx_of("正文")[:-200], "not a .docx"),
        (docx_of(), "without text"),
    ],
)
def test_what_is_no_word_file_says_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(DamagedFile, match=said):
        extract_docx(data)


def test_a_zip_of_another_kind_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "工会")
    with pytest.raises(DamagedFile, match="no readable Word file"):
        extract_docx(out.getvalue())
