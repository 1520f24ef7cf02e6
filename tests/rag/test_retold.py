"""Two figures for one question are both told, newest first; a reprint takes no place of its own."""

from rag.ask import ask
from tests.rag.conftest import Made


def story(date: str, sentence: str) -> str:
    return (
        f"铜陵市工会竭诚服务职工\n\n{date} 来源:铜陵日报\n\n"
        f"铜陵市总工会把服务放在首位。\n\n{sentence}\n"
    )


OLD = "铜陵市各级工会累计建成职工书屋41家。"
NEW = "铜陵市各级工会累计建成职工书屋79家。"


def test_both_figures_dated_and_cited_newest_first(made: Made) -> None:
    snapshot = made([("a.txt", story("2019-03-05", OLD)), ("b.txt", story("2022-03-05", NEW))])
    answer = ask("铜陵建成多少家职工书屋", snapshot)
    assert [short.text for short in answer.short_answers] == ["79家", "41家"]
    first, second = answer.text.split("\n")
    assert first.startswith("2022-03-05: ")
    assert "79家" in first
    assert second.startswith("2019-03-05: ")
    assert "41家" in second
    assert [citation.source for citation in answer.citations] == ["b.txt", "a.txt"]


def test_the_figure_of_another_place_is_no_conflict(made: Made) -> None:
    other = story("2022-03-05", NEW).replace("铜陵", "安庆")
    answer = ask(
        "铜陵建成多少家职工书屋", made([("a.txt", story("2019-03-05", OLD)), ("b.txt", other)])
    )
    assert [short.text for short in answer.short_answers] == ["41家"]


def test_a_reprint_is_named_beside_the_answer(made: Made) -> None:
    snapshot = made([("a.txt", story("2019-03-05", OLD)), ("b.txt", story("2019-03-07", OLD))])
    answer = ask("铜陵建成多少家职工书屋", snapshot)
    assert [short.text for short in answer.short_answers] == ["41家"]
    assert answer.text.count("41家") == 1
    assert [near.note.endswith("(同文转载)") for near in answer.related] == [True]
    assert {citation.source for citation in answer.citations} == {"a.txt", "b.txt"}
