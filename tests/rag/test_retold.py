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


TEMPLATE = (
    "在{place}总工会主席{name}的带动下,全市各级工会把服务职工放在首位,用心用情办好每一件实事,"
    "开展“{what}”活动,累计建成职工书屋41家,得到广大职工群众的一致好评和社会各界的广泛赞誉。"
)


def noted(made: Made, other: str) -> list[str]:
    """The notes of the reprints beside the answer, where another article prints `other`."""
    own = story("2019-03-05", TEMPLATE.format(place="铜陵市", name="秦守望", what="书香码头"))
    snapshot = made([("a.txt", own), ("b.txt", other)])
    answer = ask("铜陵建成多少家职工书屋", snapshot)
    assert [short.text for short in answer.short_answers] == ["41家"]
    return [near.note for near in answer.related if near.note.endswith("(同文转载)")]


def test_only_the_same_place_people_and_names_make_a_reprint(made: Made) -> None:
    def told(place: str, name: str, what: str) -> str:
        text = story("2019-03-05", TEMPLATE.format(place=place, name=name, what=what))
        return text.replace("铜陵", place[:-1])

    assert len(noted(made, told("铜陵市", "秦守望", "书香码头"))) == 1
    assert noted(made, told("安庆市", "秦守望", "书香码头")) == []
    assert noted(made, told("铜陵市", "秦守田", "书香码头")) == []
    assert noted(made, told("铜陵市", "秦守望", "书香渡口")) == []


def test_a_sentence_of_another_citys_report_is_none_though_it_reads_the_same(made: Made) -> None:
    whole = "全市各级工会累计建成职工书屋41家,得到职工群众的一致好评。"
    own = story("2019-03-05", whole)
    snapshot = made([("a.txt", own), ("b.txt", own.replace("铜陵", "安庆"))])
    for question in ("铜陵建成多少家职工书屋", "全市建成多少家职工书屋"):
        assert not any("同文转载" in near.note for near in ask(question, snapshot).related)
    again = made([("a.txt", own), ("b.txt", own)])
    assert [near.note[-6:] for near in ask("铜陵建成多少家职工书屋", again).related] == [
        "(同文转载)"
    ]
