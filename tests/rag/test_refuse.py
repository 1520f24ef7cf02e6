"""A refusal is true: it says what was not found, and of what was read only what stands there."""

import pytest

from rag.ask import ask
from tests.rag.conftest import Made


def story(*sentences: str) -> str:
    lines = "\n\n".join(sentences)
    return f"铜陵市工会竭诚服务职工\n\n2019-03-05 来源:铜陵日报\n\n{lines}\n"


GIVEN = "铜陵市总工会向130名学生发放金秋助学金61万元。"
PLAN = "下一步,铜陵市总工会将开展金秋助学活动。"


def test_money_handed_out_is_named_as_no_money_raised(made: Made) -> None:
    answer = ask("铜陵金秋助学筹集了多少钱", made([("a.txt", story(GIVEN))]))
    assert answer.status == "not_found"
    assert "报道的是发放的，不是筹集的" in answer.text
    assert "61" not in answer.text
    assert answer.citations[0].quote == GIVEN


def test_only_a_plan_is_said_where_nothing_else_was_read(made: Made) -> None:
    alone = ask("铜陵金秋助学筹集了多少钱", made([("a.txt", story(PLAN))]))
    assert "只把金秋助学列为" in alone.text
    both = ask("铜陵金秋助学筹集了多少钱", made([("a.txt", story(PLAN, GIVEN))]))
    assert "只把" not in both.text


def test_a_story_printed_twice_is_near_once(made: Made) -> None:
    other = story(GIVEN.replace("铜陵", "安庆")).replace("铜陵", "安庆")
    snapshot = made(
        [("a.txt", story("铜陵市总工会服务职工。")), ("b.txt", other), ("c.txt", other)]
    )
    answer = ask("铜陵金秋助学发放了多少钱", snapshot)
    assert answer.status == "not_found"
    assert [near.note for near in answer.related] == ["安庆市(其他地区，2篇刊登)"]


@pytest.mark.parametrize(
    "question", ["工工工工工工工工", "慰问慰问慰问慰问", "铜陵总工会主席的手机号码是多少"]
)
def test_what_says_nothing_or_asks_for_a_number_not_printed_is_refused(
    question: str, made: Made
) -> None:
    chair = "铜陵市总工会主席王小明用手机慰问职工,号码人人知道。"
    assert ask(question, made([("a.txt", story(GIVEN, chair))])).status == "not_found"


def test_a_list_shorter_than_its_name_says_is_told_in_part(made: Made) -> None:
    said = (
        "铜陵市总工会开展“六个帮你办”活动,即:学习有追求,工会帮你实现;"
        "生活有困难,工会帮你解决;心理有困惑,工会帮你疏导。"
    )
    answer = ask("铜陵六个帮你办是什么", made([("a.txt", story(said))]))
    assert answer.status == "partial"
    assert answer.text.endswith("这一句只列出3项，所问的是6项。")
