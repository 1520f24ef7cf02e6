"""Show that a parser runs apart, within limits, and that each way it can end is named."""

import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import DamagedFile, TooLarge
from index.parser import MAX_TEXT_CHARACTERS, Limits, parse
from tests.index.files import docx_of, pdf_of

ROOT = Path(__file__).parent.parent.parent


def test_each_kind_comes_back_from_its_process() -> None:
    page = "<html><body><p>一页网页。</p></body></html>"
    assert parse("html", page.encode(), "a.html").text == "一页网页。"
    assert parse("pdf", pdf_of([["一页文件。"]]), "a.pdf").text == "一页文件。"
    assert parse("docx", docx_of("一份文档。"), "a.docx").text == "一份文档。"


def test_a_refusal_keeps_its_kind_and_gains_the_name() -> None:
    with pytest.raises(TooLarge, match=r"^a\.html: holds more than 100,000 tags"):
        parse("html", b"<br>" * 100_001, "a.html")
    with pytest.raises(DamagedFile, match=r"^a\.pdf: is a damaged PDF"):
        parse("pdf", b"%PDF-1.7", "a.pdf")


def test_a_parser_past_its_processor_time_is_ended() -> None:
    page = ("<p>工会组织走访慰问。</p>" * 45_000).encode()
    with pytest.raises(DamagedFile, match=r"^a\.html: took its parser more than 1 s of processor"):
        parse("html", page, "a.html", Limits(cpu_s=1))


def test_a_parser_past_its_wall_time_is_ended() -> None:
    with pytest.raises(DamagedFile, match=r"^a\.html: took its parser longer than 0 s"):
        parse("html", b"<p>x</p>", "a.html", Limits(wall_s=0.0))


def test_a_parser_past_its_memory_is_ended() -> None:
    page = ("工会" * 800_000).encode()
    with pytest.raises(DamagedFile, match=r"^a\.html: .*(200 MiB of memory|signal|parser failed)"):
        parse("html", page, "a.html", Limits(memory=200 * 1024 * 1024))


def test_a_result_past_its_limit_is_refused() -> None:
    with pytest.raises(DamagedFile, match=r"^a\.docx: gave more than 4 KiB"):
        parse("docx", docx_of("工会" * 10_000), "a.docx", Limits(result=4096))


def test_a_shelf_of_text_is_refused() -> None:
    sentence = "工会组织走访慰问困难职工，" * 1_000
    paragraphs = [f"{number}{sentence}" for number in range(MAX_TEXT_CHARACTERS // 13_000 + 2)]
    with pytest.raises(TooLarge, match=r"^a\.docx: .*limit is"):
        parse("docx", docx_of(*paragraphs), "a.docx")


def test_the_reading_process_loads_no_parser() -> None:
    code = (
        "import sys, index.read\n"
        "loaded = {'trafilatura', 'lxml', 'pypdf', 'docx'} & set(sys.modules)\n"
        "sys.exit(', '.join(loaded) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
