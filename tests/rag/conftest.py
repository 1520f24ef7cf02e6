"""Here is a test that needs an index; give it one of the seeds, or of articles made for it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from index.analyzer import Analyzer
from index.clean import clean
from index.encoder import Encoder, open_encoder
from index.gazetteer import Gazetteer
from index.index import Index, Snapshot
from index.read import read_bytes

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
Made = Callable[[Sequence[tuple[str, str]]], Snapshot]


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return Analyzer.open()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return open_encoder()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


@pytest.fixture(scope="session")
def made(
    analyzer: Analyzer,
    encoder: Encoder,
    gazetteer: Gazetteer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Made]:
    """A function from (file name, text) pairs to a snapshot of an index of just these."""
    opened: list[Index] = []

    def make(articles: Sequence[tuple[str, str]]) -> Snapshot:
        folder = tmp_path_factory.mktemp("made")
        index = Index.open(folder, analyzer=analyzer, encoder=encoder, gazetteer=gazetteer)
        opened.append(index)
        for name, text in articles:
            index.add(clean(read_bytes(name, text.encode()), gazetteer))
        return index.snapshot()

    yield make
    for index in opened:
        index.close()


@pytest.fixture(scope="session")
def seeds(made: Made) -> Snapshot:
    """A snapshot of the five seeds."""
    return made([(p.name, p.read_bytes().decode()) for p in sorted(SEEDS.glob("*.txt"))])
