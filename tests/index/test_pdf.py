"""Show that a PDF's words are read, and that each unreadable PDF is called what it is."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from index.errors import DamagedFile
from index.pdf import extract_pdf, printed_title, unwrap
from tests.index.files import pdf_of

LINES = ["甲市总工会开展助学活动", "筹措助学资金一百二十万元。", "Trade union, 2021"]


def test_the_lines_of_all_pages_in_order() -> None:
    found = extract_pdf(pdf_of([LINES, ["第二页的内容。"]], title="甲市总工会开展助学活动"))
    assert found.text.splitlines() == [*LINES, "第二页的内容。"]
    assert found.runs is None
    assert found.title == "甲市总工会开展助学活动"


def test_a_title_that_is_not_printed_is_a_template_s() -> None:
    assert extract_pdf(pdf_of([LINES], title="Microsoft Word - 新建文档.doc")).title is None
    assert printed_title(None, "甲") is None
    assert printed_title("甲 乙", "前言\n甲乙") == "甲 乙"


def test_wrapped_lines_join_and_short_lines_end_paragraphs() -> None:
    page = (
        "工会经费\n今年以来全市各级工会组织筹措\n助学资金一百二十万元。\n"
        "下一步将继续推进驿站等阵地建\n设。"
    )
    assert unwrap(page).splitlines() == [
        "工会经费",
        "今年以来全市各级工会组织筹措助学资金一百二十万元。",
        "下一步将继续推进驿站等阵地建设。",
    ]
    assert (
        unwrap("trade unions of the\ncity met in 2021.") == "trade unions of the city met in 2021."
    )
    assert unwrap("") == ""


def test_a_locked_pdf_says_so_and_one_without_password_is_read() -> None:
    for password, opens in (("secret", False), ("", True)):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of([LINES]))))
        writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        if opens:
            assert "助学资金" in extract_pdf(out.getvalue()).text
        else:
            with pytest.raises(DamagedFile, match="locked with a password"):
                extract_pdf(out.getvalue())


def test_a_scanned_pdf_says_so() -> None:
    with pytest.raises(DamagedFile, match=r"2 pages without text \(scanned"):
        extract_pdf(pdf_of([[], []]))


@pytest.mark.parametrize("data", [b"%PDF-1.7 nothing", b"no pdf at all", pdf_of([LINES])[:200]])
def test_a_damaged_pdf_says_so(data: bytes) -> None:
    with pytest.raises(DamagedFile, match="damaged PDF"):
        extract_pdf(data)


def test_a_credit_as_long_as_the_lines_around_it_is_a_line_of_its_own() -> None:
    lines = ["平凉市总工会深入一线送温暖办实事", "2023年1月10日 来源：平凉日报"]
    lines += ["平凉市总工会走访慰问一线的职工，发", "放慰问物资，大家都感受到了温暖。"]
    assert unwrap("\n".join(lines)).splitlines() == [*lines[:2], lines[2] + lines[3]]
