"""An index made in another way differs in that alone."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from eval.corpus import Corpus, open_corpus
from eval.dataset import SEEDS
from eval.references import Passage, passages_of
from eval.variants import Making, made, open_variant
from index.clean import clean
from index.document import Document
from index.entry import prepare
from index.gazetteer import Gazetteer
from index.read import read_bytes
from index.workers import open_tools

CORPUS = Corpus((SEEDS,))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("variants")


def _usual(cache: Path) -> tuple[Passage, ...]:
    with open_corpus(CORPUS, cache=cache) as index:
        return passages_of(index.snapshot())


def _document() -> Document:
    text = "某市总工会综述\n\n" + "各级工会今年慰问职工三百人,发放慰问金二十万元。" * 40
    return clean(read_bytes("a.txt", text.encode()), Gazetteer.open())


def test_the_usual_making_is_the_index_rooms_own() -> None:
    tools, document = open_tools(), _document()
    (usual,) = prepare([document], tools)
    ours = made(document, Making(), tools)
    assert (ours.chunks, ours.terms, ours.contexts) == (usual.chunks, usual.terms, usual.contexts)
    assert ours.revision == usual.revision
    assert np.array_equal(ours.rows, usual.rows)


def test_without_titles_only_the_text_counts() -> None:
    tools, document = open_tools(), _document()
    plain = made(document, Making(titles=False), tools)
    usual = made(document, Making(), tools)
    assert set(plain.contexts) == {""} != set(usual.contexts)
    assert plain.terms == usual.terms
    assert not np.array_equal(plain.rows, usual.rows)


@pytest.mark.parametrize(("scale", "fewer"), [(0.5, False), (2.0, True)])
def test_chunks_grow_with_the_scale(scale: float, fewer: bool) -> None:
    tools, document = open_tools(), _document()
    scaled = made(document, Making(scale=scale), tools).chunks
    usual = made(document, Making(), tools).chunks
    assert (len(scaled) < len(usual)) == fewer
    assert all(document.text[c.start : c.end] == c.text for c in scaled)


def test_text_as_received_keeps_its_facts(cache: Path) -> None:
    with open_variant(CORPUS, Making(cleaned=False), cache=cache) as index:
        snapshot = index.snapshot()
        documents = _documents(snapshot.list_documents(10)[0])
        assert all(one.text == one.source_text for one in documents)
        assert {one.region for one in documents} >= {"双鸭山市"}
    with open_corpus(CORPUS, cache=cache) as index:
        cleaned = _documents(index.snapshot().list_documents(10)[0])
    assert [one.title for one in sorted(cleaned, key=_id)] == [
        one.title for one in sorted(documents, key=_id)
    ]


def _documents(stored: Sequence[object]) -> list[Document]:
    found = [getattr(one, "document", None) for one in stored]
    return [one for one in found if isinstance(one, Document)]


def _id(document: Document) -> str:
    return document.document_id


def test_a_second_opening_builds_nothing(cache: Path) -> None:
    making = Making(titles=False)
    with open_variant(CORPUS, making, cache=cache) as index:
        before = index.snapshot().generation
    with open_variant(CORPUS, making, cache=cache) as index:
        assert index.snapshot().generation == before
    assert len(_usual(cache)) > 20
