"""A slip of the keyboard does not hide a union term; what is right stays as it is."""

import pytest

from index.analyzer import Analyzer
from rag.spelling import respell


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("双鸭山金秋住学筹了多少钱", "双鸭山金秋助学筹了多少钱"),
        ("建了多少护外劳动者服务站", "建了多少户外劳动者服务站"),
        ("评了多少五一劳动讲章", "评了多少五一劳动奖章"),
        ("双鸭山金秋助学筹了多少钱", "双鸭山金秋助学筹了多少钱"),
        ("金秋助学今年资助多少人", "金秋助学今年资助多少人"),
        ("what about 金秋助学", "what about 金秋助学"),
        ("", ""),
    ],
)
def test_terms_are_known_by_their_sound(typed: str, meant: str, analyzer: Analyzer) -> None:
    assert respell(typed, analyzer) == meant


def test_every_term_spelt_right_stays(analyzer: Analyzer) -> None:
    for word in analyzer.words:
        assert len(respell(word, analyzer)) == len(word)
        if len(word) >= 3:
            assert respell(f"有{word}吗", analyzer) == f"有{word}吗"
