"""Show that English words find their Chinese ones in the shipped table, always the same."""

import pytest

from index.encoder import SHIPPED, StaticEncoder
from index.neighbours import NEAREST, Neighbours, neighbours_of
from tests.fakes import HashEncoder


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder.open(SHIPPED)


@pytest.mark.parametrize(("word", "chinese"), [("railway", "铁路"), ("temperature", "温度")])
def test_translations_are_near(encoder: StaticEncoder, word: str, chinese: str) -> None:
    near = Neighbours(encoder).nearest([word])[word]
    assert chinese in [one for one, _ in near[:3]]
    assert len(near) <= NEAREST


def test_the_nearest_come_first_and_do_not_depend_on_what_was_asked_before(
    encoder: StaticEncoder,
) -> None:
    neighbours = Neighbours(encoder)
    together = neighbours.nearest(["war", "trade", "war"])
    again = Neighbours(encoder).nearest(["trade"])
    assert [word for word, _ in together["trade"]] == [word for word, _ in again["trade"]]
    assert neighbours.nearest(["war"])["war"] == together["war"]
    cosines = [cosine for _, cosine in together["war"]]
    assert cosines == sorted(cosines, reverse=True)
    assert all(0 < cosine <= 1 + 1e-5 for cosine in cosines)


def test_another_encoder_borrows_the_shipped_table() -> None:
    other = HashEncoder()
    assert neighbours_of(other) is neighbours_of(other)
    assert "铁路" in dict(neighbours_of(other).nearest(["railway"])["railway"])
