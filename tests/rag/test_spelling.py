"""A slip of the keyboard does not hide a union term; what is right stays as it is."""

import pytest

from index.analyzer import Analyzer
from rag.spelling import mended, respell


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


HELD = "救助 慰问 职工 书屋 单身 环卫 上海 建会 讲座".split()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("铜陵就助了多少人", "铜陵救助了多少人"),
        ("铜陵救助了多绍人", "铜陵救助了多少人"),
        ("铜陵单砷职工有多少名", "铜陵单身职工有多少名"),
        ("铜陵累计花了多少钱", "铜陵累计花了多少钱"),  # 计划 would break 累计
        ("铜陵哪天举办集体婚礼", "铜陵哪天举办集体婚礼"),  # 那天: what asks stays
        ("铜陵市总工会主席尚海是谁", "铜陵市总工会主席尚海是谁"),  # a name stays
        ("銅陵就助了多少人", "銅陵救助了多少人"),
    ],
)
def test_a_character_of_the_same_sound_is_mended_where_the_articles_have_the_word(
    typed: str, meant: str, analyzer: Analyzer
) -> None:
    assert mended(typed, lambda pair: 50 if pair in HELD else 0, analyzer) == meant


def test_what_articles_have_as_typed_stays(analyzer: Analyzer) -> None:
    held = [*HELD, "陵就", "就助", "助了"]
    assert mended("铜陵就助了多少人", lambda pair: 50 if pair in held else 0, analyzer) == (
        "铜陵就助了多少人"
    )
