"""What a question asks for, worked out by hand."""

import pytest

from rag.asks import Ask, asked_of_article, asks_for, numbered


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("双鸭山金秋助学筹了多少钱", Ask("money")),
        ("筹集资金多少", Ask("money")),
        ("白城建成多少家户外劳动者服务站", Ask("count", "家")),
        ("株洲建了多少个工会户外劳动者服务站", Ask("count", "个")),
        ("其中授牌的有几家?", Ask("count", "家")),
        ("覆盖多少人?", Ask("count", "人")),
        ("职工参与率达多少", Ask("ratio")),
        ("百分之几的企业建立了职代会制度", Ask("ratio")),
        ("菏泽“五家”建设是哪五家", Ask("list", items=5, noun="家")),
        ("六盘水市总工会主席是谁", Ask("person")),
        ("六盘水的工会改革方案什么时候印发的", Ask("date")),
        ("哪些企业的创新工作室上榜", Ask("list")),
        ("欢迎仪式在哪里举行", Ask("place")),
        ("哪家公司的职工李敏丽受助", Ask("organisation")),
        ("温暖帮扶超市是做什么的", Ask("definition")),
        ("为什么设立服务驿站", Ask("reason")),
    ],
)
def test_chinese_questions(question: str, expected: Ask) -> None:
    assert asks_for(question, "zh") == expected


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how much did Zhuzhou raise for 金秋助学", "money"),
        ("How many service stations did Baicheng build?", "count"),
        ("Who is the chair of the Liupanshui federation of trade unions?", "person"),
        ("When was the reform plan issued?", "date"),
        ("What percentage of firms have a workers' congress?", "ratio"),
        ("Where was the ceremony held?", "place"),
        ("Why were stations set up?", "reason"),
    ],
)
def test_english_questions(question: str, kind: str) -> None:
    assert asks_for(question, "en").kind == kind


@pytest.mark.parametrize(
    ("question", "kind", "items"),
    [
        ("托育班收几岁的孩子", "duration", 0),
        ("青年职工相亲的平台叫什么名", "name", 0),
        ("市总工会主席叫什么名字", "person", 0),
        ("金秋助学的钱,铜陵和安庆哪边多", "money", 0),
        ("暑托班的五大核心课程是什么", "list", 5),
        ("送清凉列支了多少", "money", 0),
    ],
)
def test_what_people_ask_in_other_words(question: str, kind: str, items: int) -> None:
    ask = numbered(asks_for(question, "zh"), (), question)
    assert (ask.kind, ask.items) == (kind, items)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("重庆的外贸总值排名第几", "ordinal"),
        ("施护是哪一个朝代的人", "date"),
        ("国际贸易在几世纪达到最高峰", "date"),
        ("学校占地面积有多大", "count"),
        ("孩子多大", "duration"),
        ("北京20几所学校的学生在哪里集会", "place"),
    ],
)
def test_ranks_ages_and_sizes(question: str, kind: str) -> None:
    assert asks_for(question, "zh").kind == kind


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("《灯塔下的娘家人》的作者是谁", "author"),
        ("铜陵市总工会灯塔下的娘家人的作者", "author"),
        ("灯塔下的娘家人作者是哪位", "author"),
        ("铜陵那篇报道是谁写的", "author"),
        ("铜陵的业余作者有多少人", ""),
        ("铜陵诗会的一等奖作者领到了什么", ""),
    ],
)
def test_who_wrote_an_article_is_asked_of_the_article(question: str, what: str) -> None:
    assert asked_of_article(question) == what


def test_which_of_them_is_no_number_of_them() -> None:
    question = "铜陵的第三家是什么"
    assert numbered(asks_for(question, "zh"), (), question).items == 0
    question = "铜陵的三家是什么"
    assert numbered(asks_for(question, "zh"), (), question).items == 3


def test_how_many_a_place_has_in_english() -> None:
    assert asks_for("What are Tongling's four lamps?", "en").items == 4
    assert asks_for("What are the four lamps?", "en").items == 4
