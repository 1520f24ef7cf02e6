"""What keeps a span out: another name, town, session or rate; how a name must be said."""

import pytest

from index.analyzer import Analyzer
from rag.admit import says
from rag.ask import ask
from tests.rag.conftest import Made


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("建成工会户外劳动者服务站41家", "户外劳动者服务站", True),
        ("建成户外劳动者工会服务站41家", "户外劳动者服务站", True),
        ("开展夏日清凉活动", "夏送清凉", True),
        ("开展金秋助老活动", "金秋助学", False),
        ("开展送温暖活动", "送清凉", False),
    ],
)
def test_a_name_is_said_whole_or_by_all_its_words(
    analyzer: Analyzer, text: str, name: str, said: bool
) -> None:
    assert says(text, name, analyzer) is said


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("青松镇总工会主席是谁", True),
        ("白石镇总工会主席是谁", False),
        ("第二届工匠大会什么时候开幕", True),
        ("第一届工匠大会什么时候开幕", False),
        ("爱心小屋每月接待多少人次", True),
        ("爱心小屋每天接待多少人次", False),
    ],
)
def test_another_town_session_or_rate_does_not_answer(
    question: str, answered: bool, made: Made
) -> None:
    snapshot = made(
        [
            ("a.txt", "青松镇送清凉\n\n7月5日，青松镇总工会主席李明华走访了户外职工。"),
            ("b.txt", "工匠大会开幕\n\n7月28日，第二届工匠大会开幕。"),
            ("c.txt", "爱心小屋受欢迎\n\n目前，爱心小屋每月接待40人次。"),
        ]
    )
    assert (ask(question, snapshot).status == "answered") is answered


def test_a_person_asked_for_must_be_there_spelled_so(made: Made) -> None:
    snapshot = made([("a.txt", "工会主席\n\n刘静2019年5月当选为市总工会主席。")])
    assert ask("刘静什么时候当选市总工会主席", snapshot).status == "answered"
    assert ask("刘静茹什么时候当选市总工会主席", snapshot).status == "not_found"


def test_what_only_looks_like_a_name_may_be_missing_where_the_rest_is_there(made: Made) -> None:
    snapshot = made([("a.txt", "南朝史\n\n445年当北魏发生盖吴起事时，南朝宋没能即时北伐。")])
    assert ask("哪个事件发生于北魏445年南朝宋北伐之时", snapshot).status == "answered"
