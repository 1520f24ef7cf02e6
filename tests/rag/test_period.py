"""One year's figure is no running total, and 目前 is the year of the article."""

import pytest

from rag.ask import ask
from tests.rag.conftest import Made


def story(sentence: str) -> str:
    return (
        "铜陵市工会竭诚服务职工\n\n2019-03-05 来源:铜陵日报\n\n"
        f"2015年以来,铜陵市总工会把服务放在首位。\n\n{sentence}\n"
    )


RUNNING = "铜陵市总工会累计投入资金620万元,建设职工书屋140个。"
ONE_YEAR = "去年,铜陵市总工会投入资金62万元建设职工书屋。"
AS_IT_IS = "目前,铜陵市总工会共建职工书屋140个。"


@pytest.mark.parametrize("when", ["今年", "去年", "2018年"])
def test_a_running_total_is_no_year_s_figure(made: Made, when: str) -> None:
    snapshot = made([("a.txt", story(RUNNING))])
    answer = ask(f"铜陵{when}投入多少资金建设职工书屋", snapshot)
    assert answer.status == "not_found"
    assert "多年累计的数" in answer.text
    assert "620" not in answer.text
    assert [near.note for near in answer.related] == ["铜陵市(累计数)"]
    assert ask("铜陵累计投入多少资金建设职工书屋", snapshot).short_answers[0].text == "620万元"


def test_a_year_s_figure_is_no_running_total(made: Made) -> None:
    snapshot = made([("a.txt", story(ONE_YEAR))])
    answer = ask("铜陵累计投入多少资金建设职工书屋", snapshot)
    assert answer.status == "not_found"
    assert [near.note for near in answer.related] == ["铜陵市(一年的数)"]
    for when in ("去年", "2018年"):
        assert (
            ask(f"铜陵{when}投入多少资金建设职工书屋", snapshot).short_answers[0].text == "62万元"
        )


def test_how_things_stand_is_told_for_the_year_of_the_article(made: Made) -> None:
    snapshot = made([("a.txt", story(AS_IT_IS))])
    assert ask("铜陵2015年有多少个职工书屋", snapshot).status == "not_found"
    assert ask("铜陵2019年有多少个职工书屋", snapshot).short_answers[0].text == "140个"
    assert ask("铜陵目前有多少个职工书屋", snapshot).short_answers[0].text == "140个"


def test_what_was_last_year_must_be_said_to_be(made: Made) -> None:
    snapshot = made([("a.txt", story("铜陵市总工会投入资金62万元建设职工书屋。"))])
    assert ask("铜陵去年投入多少资金建设职工书屋", snapshot).status == "not_found"


@pytest.mark.parametrize(
    ("published", "year", "answered"),
    [("2020-11-02", 2020, True), ("2020-11-02", 2019, False), ("2020-01-20", 2019, True)],
)
def test_what_names_no_year_is_of_the_year_of_its_article(
    made: Made, published: str, year: int, answered: bool
) -> None:
    text = (
        f"铜陵市工会竭诚服务职工\n\n{published} 来源:铜陵日报\n\n"
        "铜陵市总工会把服务放在首位。\n\n铜陵市总工会在广场为36对职工举办集体婚礼。\n"
    )
    snapshot = made([("a.txt", text)])
    answer = ask(f"铜陵{year}年为多少对职工举办集体婚礼", snapshot)
    assert (answer.status == "answered") is answered
