"""What is asked of an article itself is answered by its own dateline and byline, or refused."""

from rag.ask import ask
from tests.rag.conftest import Made

PRINTED = "铜陵日报8月11日讯 (记者 程景明)铜陵市总工会开展金秋助学活动,慰问学生36人。"
BARE = "铜陵市总工会开展金秋助学活动,慰问学生36人。"


def story(sentence: str) -> str:
    return f"铜陵市金秋助学\n\n2019-03-05\n\n{sentence}\n"


def test_a_byline_names_the_author(made: Made) -> None:
    answer = ask("铜陵市总工会金秋助学慰问学生的文章作者是谁", made([("a.txt", story(PRINTED))]))
    assert answer.status == "answered"
    assert answer.short_answers[0].text == "程景明"


def test_what_the_text_does_not_print_is_refused_with_the_article_shown(made: Made) -> None:
    snapshot = made([("a.txt", story(BARE))])
    for question in (
        "铜陵金秋助学这篇文章是谁写的",
        "铜陵金秋助学的文章是什么时候发表的",
        "铜陵金秋助学的报道登在哪家报纸",
    ):
        answer = ask(question, snapshot)
        assert answer.status == "not_found"
        assert "没有找到" in answer.text
        assert [near.note for near in answer.related] == ["铜陵市(相近内容)"]
