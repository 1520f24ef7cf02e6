"""A question over several things is as many questions as it has sides and figures."""

import pytest

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from rag.parts import alone, parts_of


def sides(question: str, analyzer: Analyzer, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    return [(p.side, p.question) for p in parts_of(question, analyzer, gazetteer)]


def test_each_place_is_asked_for_alone(analyzer: Analyzer, gazetteer: Gazetteer) -> None:
    assert sides("铜陵、安庆和青阳县各有多少职工书屋?", analyzer, gazetteer) == [
        ("铜陵市", "铜陵有多少职工书屋"),
        ("安庆市", "安庆有多少职工书屋"),
        ("青阳县", "青阳县有多少职工书屋"),
    ]


def test_what_is_said_of_one_place_alone_stays_with_it(
    analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    found = sides("铜陵托管班和安庆夏令营,哪个招的孩子更多", analyzer, gazetteer)
    assert [question for _, question in found] == [
        "铜陵托管班,招的孩子有多少",
        "安庆夏令营,招的孩子有多少",
    ]


def test_organisations_are_sides_too(analyzer: Analyzer, gazetteer: Gazetteer) -> None:
    found = sides("中铁九局和青阳农商银行的金秋助学各资助了几名学生", analyzer, gazetteer)
    assert [side for side, _ in found] == ["中铁九局", "青阳农商银行"]


def test_programmes_and_years_of_one_place_are_sides(
    analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    assert sides("铜陵送温暖和金秋助学各筹集多少资金", analyzer, gazetteer) == [
        ("送温暖", "铜陵送温暖筹集多少资金"),
        ("金秋助学", "铜陵金秋助学筹集多少资金"),
    ]
    found = sides("铜陵2021年和2022年分别建了多少职工书屋", analyzer, gazetteer)
    assert [side for side, _ in found] == ["2021年", "2022年"]


def test_figures_of_one_place_are_columns_and_lean_on_the_first(
    analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    parts = parts_of("铜陵金秋助学筹了多少钱,救助了多少人?", analyzer, gazetteer)
    assert [(p.question, p.column) for p in parts] == [
        ("铜陵金秋助学筹了多少钱", 0),
        ("铜陵金秋助学救助了多少人", 1),
    ]


def test_a_clause_for_each_place_is_one_column(analyzer: Analyzer, gazetteer: Gazetteer) -> None:
    parts = parts_of("铜陵建了几个职工书屋,安庆新建工会几家", analyzer, gazetteer)
    assert [(p.side, p.column) for p in parts] == [("铜陵市", 0), ("安庆市", 0)]


@pytest.mark.parametrize(
    "question",
    [
        "铜陵金秋助学筹了多少钱",
        "铜陵有多少困难职工和农民工得到救助",
        "您好,麻烦问一下,铜陵建了几个职工书屋?谢谢!",
        "哪些城市开展了金秋助学,各筹集多少?",
        "铜陵市总工会和哪家集团一起慰问环卫工人?",
        "铜陵“防暑保安康”的三送是哪些",
    ],
)
def test_a_question_for_one_thing_has_no_parts(
    question: str, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    assert parts_of(question, analyzer, gazetteer) == ()


@pytest.mark.parametrize(
    ("question", "single"),
    [
        ("铜陵送清凉物资哪个县花得多", "铜陵送清凉物资花多少钱"),
        ("铜陵职工书屋哪个城市更多", "铜陵职工书屋有多少"),
        ("铜陵慰问品价值一共多少钱", "铜陵慰问品价值多少钱"),
        ("铜陵联谊参加人数相差多少", "铜陵联谊参加人数多少"),
    ],
)
def test_what_compares_is_left_out(question: str, single: str) -> None:
    assert alone(question) == single


def test_a_later_clause_is_about_the_owner_of_the_first(
    analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    parts = parts_of("云杉街道送了多少份清凉物资,新建了几处爱心驿站", analyzer, gazetteer)
    assert [p.question for p in parts][1] == "云杉街道新建了几处爱心驿站"
    assert {p.side for p in parts} == {""}


@pytest.mark.parametrize(
    ("question", "ends"),
    [
        ("铜陵送温暖筹了多少钱慰问了多少户", ["筹了多少钱", "慰问了多少户"]),
        ("铜陵的三必贺三必访是什么", ["三必贺是什么", "三必访是什么"]),
    ],
)
def test_two_asks_with_no_mark_between_are_two(
    question: str, ends: list[str], analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    asked = [single for _, single in sides(question, analyzer, gazetteer)]
    assert len(asked) == 2
    assert all(one.endswith(end) for one, end in zip(asked, ends, strict=True))
    assert all(one.startswith("铜陵") for one in asked)
