"""Figures of several places side by side, added only where they can be."""

from index.index import Filters
from rag.ask import ask
from tests.rag.conftest import Made

HERE, THERE = "铜陵市", "安庆市"


def article(place: str, raised: str, year: int) -> str:
    return (
        f"{place}工会竭诚服务职工\n\n{year}-03-05 来源:{place}日报\n\n"
        f"{place}总工会把服务放在首位。\n\n{place}各级工会筹集“金秋助学”资金{raised}。\n"
    )


def test_figures_of_one_year_are_added(made: Made) -> None:
    snapshot = made(
        [("a.txt", article(HERE, "120万元", 2022)), ("b.txt", article(THERE, "30.5万元", 2022))]
    )
    answer = ask("铜陵和安庆金秋助学一共筹集了多少钱", snapshot)
    assert answer.text.startswith("合计150.5万元。")
    assert answer.table is not None
    assert [row.cells for row in answer.table.rows] == [("120万元",), ("30.5万元",)]
    assert all(row.citations for row in answer.table.rows)


def test_figures_of_different_years_are_not_added(made: Made) -> None:
    snapshot = made(
        [("a.txt", article(HERE, "120万元", 2022)), ("b.txt", article(THERE, "30.5万元", 2019))]
    )
    answer = ask("铜陵和安庆金秋助学一共筹集了多少钱", snapshot)
    assert answer.text.startswith("不能相加：年份不同（铜陵市 2022，安庆市 2019）。")
    assert "150.5" not in answer.text


def test_a_missing_cell_is_shown_as_missing(made: Made) -> None:
    snapshot = made([("a.txt", article(HERE, "120万元", 2022))])
    answer = ask("铜陵和安庆金秋助学一共筹集了多少钱", snapshot)
    assert answer.status == "partial"
    assert answer.table is not None
    assert [row.cells for row in answer.table.rows] == [("120万元",), ("未报道",)]
    assert answer.text.startswith("不能相加")


def test_the_one_with_more_money_has_more(made: Made) -> None:
    snapshot = made(
        [("a.txt", article(HERE, "120万元", 2022)), ("b.txt", article(THERE, "30.5万元", 2022))]
    )
    answer = ask("铜陵和安庆的金秋助学资金哪边筹得多", snapshot)
    assert answer.text.startswith("铜陵市更多。")


def test_two_figures_of_one_place_are_two_sentences(made: Made) -> None:
    text = article(HERE, "120万元", 2022) + f"\n{HERE}各级工会“金秋助学”救助困难学生36人。\n"
    answer = ask("铜陵金秋助学筹集了多少资金,救助了多少人", made([("a.txt", text)]))
    assert answer.status == "answered"
    assert [short.text for short in answer.short_answers] == ["120万元", "36人"]
    assert answer.table is None


def test_several_figures_of_several_places_are_columns(made: Made) -> None:
    more = f"\n{HERE}各级工会“金秋助学”救助困难学生36人。\n"
    snapshot = made(
        [
            ("a.txt", article(HERE, "120万元", 2022) + more),
            ("b.txt", article(THERE, "30.5万元", 2022)),
        ]
    )
    answer = ask("铜陵和安庆金秋助学各筹集多少资金,各救助多少人", snapshot)
    assert answer.status == "partial"
    assert answer.table is not None
    assert answer.table.columns == ("地区", "金额", "人数")
    assert [row.cells for row in answer.table.rows] == [("120万元", "36人"), ("30.5万元", "未报道")]


def test_places_of_a_filter_have_a_row_each(made: Made) -> None:
    sources = [
        (f"{name}.txt", f"{name}工会\n\n2019-03-05\n\n{name}总工会建成职工书屋{count}个。\n")
        for name, count in (("铜陵市", 41), ("安庆市", 79), ("池州市", 99))
    ]
    snapshot = made(sources)
    here = Filters(regions=("铜陵", "安庆"))
    answer = ask("职工书屋哪个更多", snapshot, filters=here)
    assert answer.table is not None
    assert [row.region for row in answer.table.rows] == ["铜陵市", "安庆市"]
    assert [row.cells for row in answer.table.rows] == [("41个",), ("79个",)]
    assert answer.text.startswith("安庆市更多。")
    assert "99" not in answer.text
    assert ask("铜陵有多少个职工书屋", snapshot, filters=here).table is None


def test_which_cities_lists_those_that_report_it_and_no_plans(made: Made) -> None:
    said = {
        "铜陵市": "铜陵市总工会开展金秋助学活动,慰问学生。",
        "安庆市": "下一步,安庆市总工会将开展金秋助学活动。",
        "池州市": "池州市总工会举办职工运动会。",
    }
    snapshot = made(
        [(f"{n}.txt", f"{n}工会\n\n2019-03-05\n\n{text}\n") for n, text in said.items()]
    )
    answer = ask("哪些城市开展了金秋助学", snapshot)
    assert "铜陵市" in answer.text
    assert "安庆市" not in answer.text
    assert "池州市" not in answer.text
