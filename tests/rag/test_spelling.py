"""A slip of the keyboard does not hide a union term; what is right stays as it is."""

import pytest

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from rag.ask import ask
from rag.spelling import mended, places_mended, respell
from tests.rag.conftest import Made


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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("桐陵送温暖投入多少钱", "铜陵送温暖投入多少钱"),
        ("平梁市总工会发了多少钱", "平凉市总工会发了多少钱"),
        ("铜陵和平梁各投入多少钱", "铜陵和平凉各投入多少钱"),
        ("铜陵送温暖投入多少钱", "铜陵送温暖投入多少钱"),
        ("桐陵是谁", "桐陵是谁"),  # may be a person
        ("安养多少老人", "安养多少老人"),  # 安阳 it is not where articles have 安养
        ("送温暖投入多少钱", "送温暖投入多少钱"),
    ],
)
def test_a_place_is_known_by_its_sound(
    typed: str, meant: str, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    held = {*HELD, "安养"}
    assert (
        places_mended(typed, lambda pair: 50 if pair in held else 0, analyzer, gazetteer) == meant
    )


def test_the_question_is_shown_with_the_place_that_was_meant(made: Made) -> None:
    text = "平凉市总工会服务职工\n\n平凉市总工会送温暖活动投入资金37万元。\n"
    answer = ask("平梁送温暖投入多少资金", made([("a.txt", text)]))
    assert answer.standalone_question == "平凉送温暖投入多少资金"
    assert answer.short_answers[0].text == "37万元"
