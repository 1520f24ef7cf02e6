"""Chunks: whole sentences in place, none lost, none across a heading, ids that tell them apart."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from index.chunk import LONG, chunk, context
from index.clean import clean
from index.document import Chunk, Document
from index.errors import EmptyDocument
from index.gazetteer import Gazetteer
from index.sentences import sentences
from tests.index.articles import article, damaged_texts, seed

GAZETTEER = Gazetteer.open()
NUMBERS = ("000", "001", "002", "003", "004")


def _check_laws(document: Document, chunks: list[Chunk]) -> None:
    spans = sentences(document.text)
    at = 0
    for piece in chunks:
        assert document.text[piece.start : piece.end] == piece.text
        assert document.text[at : piece.start].strip() == ""
        assert piece.start in {start for start, _ in spans}
        assert piece.end in {end for _, end in spans}
        at = piece.end
    assert document.text[at:].strip() == ""
    assert len({piece.chunk_id for piece in chunks}) == len(chunks)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_laws_hold_on_the_seeds_and_most_chunks_have_the_size_wanted(number: str) -> None:
    document = clean(seed(number), GAZETTEER)
    chunks = chunk(document)
    _check_laws(document, chunks)
    wanted = [piece for piece in chunks if 150 <= len(piece.text) <= LONG]
    assert len(wanted) >= 0.7 * len(chunks)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(damaged_texts())
def test_the_laws_hold_on_damaged_articles(text: str) -> None:
    try:
        document = clean(article(text), GAZETTEER)
    except EmptyDocument:
        return
    _check_laws(document, chunk(document))


def test_a_heading_opens_a_chunk_and_stands_over_those_that_follow() -> None:
    document = clean(seed("000"), GAZETTEER)
    chunks = chunk(document)
    for heading in document.headings:
        inside = [piece for piece in chunks if piece.start <= heading.start < piece.end]
        assert [piece.start for piece in inside] == [heading.start]
    found = next(piece for piece in chunks if "163万元" in piece.text)
    assert found.heading == "围绕基层群众抓服务不断增强工会组织的凝聚力"
    assert chunks[0].heading == ""


def test_the_context_names_title_heading_place_and_paper_and_is_not_text() -> None:
    document = clean(seed("000"), GAZETTEER)
    found = next(piece for piece in chunk(document) if "163万元" in piece.text)
    assert context(document, found).split("\n") == [
        "咱们工会有作为",
        "围绕基层群众抓服务不断增强工会组织的凝聚力",
        "双鸭山市 双鸭山",
        "北方人",
    ]
    assert "北方人" not in found.text
    far = replace(document, title="", region="恩施土家族苗族自治州", publisher=None)
    assert context(far, chunk(far)[0]) == "恩施土家族苗族自治州 恩施"


def test_ids_come_from_document_place_and_text() -> None:
    document = clean(seed("002"), GAZETTEER)
    ids = [piece.chunk_id for piece in chunk(document)]
    assert ids == [piece.chunk_id for piece in chunk(document)]
    assert not set(ids) & {piece.chunk_id for piece in chunk(replace(document, document_id="x"))}
    changed = replace(document, text=document.text.replace("32家", "33家"))
    assert len(set(ids) & {piece.chunk_id for piece in chunk(changed)}) == len(ids) - 1
    assert all(character.isalnum() or character == "-" for one in ids for character in one)
