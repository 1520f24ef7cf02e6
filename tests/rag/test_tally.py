"""Figures are compared and added only where they can be, and else it is said why not."""

from rag.ask import ask
from tests.rag.conftest import Made


def story(place: str, sentence: str, year: int = 2022) -> str:
    return (
        f"{place}工会竭诚服务职工\n\n{year}-03-05 来源:{place}日报\n\n"
        f"{place}总工会把服务放在首位。\n\n{sentence}\n"
    )


STATIONS = [
    ("a.txt", story("铜陵市", "铜陵市总工会建成户外劳动者服务站41家。")),
    ("b.txt", story("安庆市", "安庆市总工会建成户外劳动者服务站79个。")),
]


def test_measure_words_for_one_kind_of_thing_are_added(made: Made) -> None:
    answer = ask("铜陵和安庆的户外劳动者服务站合计多少", made(STATIONS))
    assert answer.text.startswith("合计120家。")


def test_how_much_more_is_said(made: Made) -> None:
    answer = ask("铜陵和安庆的户外劳动者服务站哪个城市更多,多多少", made(STATIONS))
    assert answer.text.startswith("安庆市更多。相差38个。")


def test_the_order_of_three(made: Made) -> None:
    third = ("c.txt", story("滁州市", "滁州市总工会建成户外劳动者服务站50个。"))
    answer = ask("铜陵、安庆、滁州的户外劳动者服务站数量排个名", made([*STATIONS, third]))
    assert answer.text.startswith("安庆市最多。由多到少：安庆市、滁州市、铜陵市。")


def test_a_ranking_over_years_names_them(made: Made) -> None:
    old = ("a.txt", story("铜陵市", "铜陵市总工会建成户外劳动者服务站41家。", 2019))
    answer = ask("铜陵和安庆的户外劳动者服务站哪个更多", made([old, STATIONS[1]]))
    assert answer.text.startswith("不能比较：年份不同（铜陵市 2019，安庆市 2022）。")
    assert "更多" not in answer.text


def test_money_raised_is_not_compared_with_money_given(made: Made) -> None:
    snapshot = made(
        [
            ("a.txt", story("铜陵市", "铜陵市总工会“金秋助学”筹集资金120万元。")),
            ("b.txt", story("安庆市", "安庆市总工会“金秋助学”发放助学金30万元。")),
        ]
    )
    answer = ask("铜陵和安庆金秋助学的资金哪边多", snapshot)
    assert "更多" not in answer.text
    assert "120万元" in answer.text


def test_a_running_total_is_not_added_to_one_years_figure(made: Made) -> None:
    snapshot = made(
        [
            ("a.txt", story("铜陵市", "铜陵市总工会累计建成户外劳动者服务站41家。")),
            ("b.txt", story("安庆市", "今年,安庆市总工会建成户外劳动者服务站79个。")),
        ]
    )
    answer = ask("铜陵和安庆一共建成多少户外劳动者服务站", snapshot)
    assert answer.text.startswith("不能相加：有的是累计数，有的是一年的数。")


def test_an_english_question_gets_english(made: Made) -> None:
    answer = ask(
        "Which city has more outdoor worker service stations, Tongling or Anqing?", made(STATIONS)
    )
    assert answer.text.startswith("Anqing has more. Tongling: 41家[1]; Anqing: 79个[2].")
