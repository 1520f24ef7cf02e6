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
        ("建成技能工匠工作室6个", "岚都工匠场", False),
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


EACH = (
    "通化市总工会竭诚服务职工\n\n2021-05-06 来源:通化日报\n\n通化市总工会把服务放在首位。\n\n"
    "“金秋助学”活动向40名困难职工子女发放助学金12.8万元。\n\n"
    "通化市总工会投入资金90万元建设职工书屋30个。\n"
)
EACH_SAID = (
    "通化市总工会关爱职工\n\n2021-07-06 来源:通化日报\n\n通化市总工会关爱户外职工。\n\n"
    "“送清凉”活动为每名户外职工发放慰问金300元。\n\n"
    "考上大学的每名劳模子女,奖励图书费4000元。\n"
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("通化金秋助学发放多少助学金", "12.8万元"),
        ("通化金秋助学每人发放多少助学金", None),
        ("通化金秋助学人均发放多少助学金", None),
        ("通化金秋助学最高发放多少助学金", None),
        ("通化送清凉每人发放多少慰问金", "300元"),
        ("通化每名劳模子女奖励多少图书费", "4000元"),
        ("通化投入多少资金建设职工书屋", "90万元"),
        ("通化每个职工书屋投入多少资金", None),
    ],
)
def test_a_total_is_no_rate(question: str, answer: str | None, made: Made) -> None:
    told = ask(question, made([("a.txt", EACH), ("b.txt", EACH_SAID)])).short_answers
    assert [one.text for one in told] == ([answer] if answer else [])


GIFTS = (
    "通化市总工会关爱职工\n\n2021-05-06 来源:通化日报\n\n通化市总工会把服务放在首位。\n\n"
    "通化市总工会建成爱心驿站25家,向爱心驿站发放价值8.4万元的物资。\n\n"
    "通化市已创建工匠学院19家,验收合格授牌11家。\n"
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("通化爱心驿站花了多少钱", None),
        ("通化向爱心驿站发放的物资价值多少钱", "8.4万元"),
        ("通化工匠学院授牌多少家", "11家"),
        ("通化工匠学院没授牌的有多少家", None),
    ],
)
def test_gifts_are_no_cost_and_what_was_done_was_not_left_undone(
    question: str, answer: str | None, made: Made
) -> None:
    told = ask(question, made([("a.txt", GIFTS)])).short_answers
    assert [one.text for one in told] == ([answer] if answer else [])


def test_a_programme_that_articles_put_in_quotation_marks_must_be_there(made: Made) -> None:
    head = "{0}市总工会服务职工\n\n{0}市总工会把服务放在首位。\n\n"
    here = "“冬送温暖”活动投入资金40万元,帮扶救助困难职工730人。\n"
    there = (
        "实施三轮“一联一”扶贫工程,共帮扶215名困难职工走出困境。\n\n"
        "推进“一站式”服务中心建设。调解中心受理纠纷86件。\n"
    )
    snapshot = made(
        [("a.txt", f"{head.format('通化')}{here}"), ("b.txt", f"{head.format('平凉')}{there}")]
    )
    assert ask("通化一联一帮扶了多少困难职工", snapshot).status == "not_found"
    assert ask("平凉一联一帮扶了多少困难职工", snapshot).short_answers[0].text == "215名"
    assert ask("平凉一站式调解中心受理多少件纠纷", snapshot).short_answers[0].text == "86件"
    assert ask("通化帮扶了多少困难职工", snapshot).short_answers[0].text == "730人"
