"""A model's sentence holds only where a sentence of an article that it cites says the same."""

from collections.abc import Callable

import pytest

from index.index import Snapshot
from rag.ask import look
from rag.generate import Task, task_of
from rag.verify import Checked, check
from tests.rag.conftest import Made

RAISED = "双鸭山金秋助学筹了多少钱"
CHAIR = "六盘水总工会主席是谁"
STATIONS = "白城和株洲各建了多少个户外劳动者服务站"
Say = Callable[[str], Checked]


def saying(snapshot: Snapshot, question: str) -> Say:
    """A function that checks a sentence said in answer to a question."""
    task = task_of(look(question, snapshot))
    assert isinstance(task, Task)
    return lambda text: check(text, task.passages, task.findings.answer.text)


HOLD = [
    (RAISED, "双鸭山市各级工会组织筹措助学资金163万元。[1]"),
    (RAISED, "去年，双鸭山市共筹集助学资金163万元，救助困难职工家庭高考生902人[1]。"),
    (RAISED, "- **双鸭山市**金秋助学筹款一百六十三万元。【1】"),
    (RAISED, "雙鴨山市籌措助學資金163萬元。[1]"),
    (RAISED, "双鸭山市筹措助学资金1630000元。[1, 2]"),
    (CHAIR, "六盘水市总工会主席是刘静。[1]"),
    (CHAIR, "刘静，六盘水市总工会主席[1]"),
    (STATIONS, "株洲市建立工会户外劳动者服务站79个。[2]"),
]
FAIL = [
    (RAISED, "双鸭山市筹措助学资金163万元。", "citation"),
    (RAISED, "双鸭山市筹措助学资金163万元。[1][9]", "citation"),
    (RAISED, "双鸭山市筹措助学资金163万元。[0]", "citation"),
    (RAISED, "双鸭山市筹措助学资金164万元。[1]", "figure"),
    (RAISED, "双鸭山市筹措助学资金163元。[1]", "figure"),
    (RAISED, "双鸭山市筹措助学资金超过163万元。[1]", "sense"),
    (RAISED, "双鸭山市筹措助学资金163余万元。[1]", "figure"),
    (RAISED, "双鸭山市筹措助学资金163万美元。[1]", "figure"),
    (RAISED, "双鸭山市发放助学资金163万元。[1]", "figure"),
    (RAISED, "双鸭山市各级工会组织发放助学资金163万元。[1]", "figure"),
    (RAISED, "双鸭山市没有筹措助学资金163万元。[1]", "figure"),
    (RAISED, "双鸭山市人均筹措助学资金163万元。[1]", "sense"),
    (RAISED, "双鸭山市计划筹措助学资金163万元。[1]", "sense"),
    (RAISED, "双鸭山市筹措助学资金163万元，全省最多。[1]", "sense"),
    (RAISED, "双鸭山市救助困难职工家庭高考生163万元。[1]", "figure"),
    (RAISED, "双鸭山市送温暖筹措资金163万元。[1]", "figure"),
    (RAISED, "双鸭山市筹措资金163万元，第9次。[1]", "figure"),
    (RAISED, "2019年双鸭山市筹措助学资金163万元。[1]", "date"),
    (RAISED, "今年双鸭山市筹措助学资金163万元。[1]", "date"),
    (RAISED, "株洲市筹措助学资金163万元。[1]", "place"),
    (RAISED, "双鸭山市宝清县筹措助学资金163万元。[1]", "place"),
    (RAISED, "双鸭山市总工会主席张富良筹措助学资金163万元。[1]", "name"),
    (RAISED, "双鸭山市筹措“困难助学”资金163万元。[1]", "quotation"),
    (RAISED, "双鸭山市筹措助学资金163万元,请致电0469-4222222。[1]", "address"),
    (RAISED, "双鸭山市筹措助学资金163万元,详见evil.example.com。[1]", "address"),
    (RAISED, "双鸭山市筹措助学资金163万元,请加微信领取。[1]", "address"),
    (RAISED, "双鸭山市筹措助学资金163万元<b>。[1]", "form"),
    (RAISED, "双鸭山市筹措助学资金\u202e163万元。[1]", "form"),
    (RAISED, "双鸭山市筹措助学資金をたくさん。[1]", "form"),
    (RAISED, "双鸭山市筹措助学资金163万元，领导贪污受贿。[1]", "words"),
    (RAISED, "双鸭山市筹措助学资金163万元，他杀了人。[1]", "words"),
    (RAISED, "双鸭山金秋助学筹了多少钱。[1]", "sense"),
    (RAISED, "。[1]", "words"),
    (CHAIR, "六盘水市总工会副主席是刘静。[1]", "name"),
    (CHAIR, "六盘水市总工会主席是刘建国。[1]", "name"),
    (STATIONS, "白城市建立工会户外劳动者服务站79个。[2]", "place"),
    (STATIONS, "株洲市建立工会户外劳动者服务站41家。[1]", "place"),
]


@pytest.mark.parametrize(("question", "sentence"), HOLD)
def test_what_the_article_says_holds(seeds: Snapshot, question: str, sentence: str) -> None:
    checked = saying(seeds, question)(sentence)
    assert checked.fault == ""
    assert checked.grounds
    assert "[" not in checked.text


@pytest.mark.parametrize(("question", "sentence", "fault"), FAIL)
def test_what_it_does_not_say_does_not(
    seeds: Snapshot, question: str, sentence: str, fault: str
) -> None:
    checked = saying(seeds, question)(sentence)
    assert checked.fault == fault
    assert checked.grounds == ()


def test_an_address_is_shown_where_the_articles_answer_with_it(made: Made) -> None:
    text = "株洲市总工会\n\n株洲市总工会维权热线号码是0731-2861234。"
    say = saying(made([("a.txt", text)]), "株洲市总工会维权热线号码是多少")
    assert say("株洲市总工会维权热线号码是0731-2861234。[1]").fault == ""
    assert say("株洲市总工会维权热线号码是0731-2861235。[1]").fault == "address"


def test_a_verb_with_another_figure_does_not_lend_itself(made: Made) -> None:
    text = (
        "株洲市总工会\n\n去年,株洲市总工会金秋助学筹集资金50万元,"
        "向困难学生发放助学金30万元。今年计划金秋助学筹集资金80万元。"
    )
    say = saying(made([("a.txt", text)]), "株洲金秋助学筹集资金多少钱")
    assert say("株洲市金秋助学筹集资金50万元。[1]").fault == ""
    for swapped in ("筹集资金30万元", "发放助学金50万元", "去年筹集资金80万元"):
        assert say(f"株洲市金秋助学{swapped}。[1]").fault != ""


def test_two_sentences_may_carry_two_clauses(made: Made) -> None:
    text = (
        "株洲市总工会\n\n株洲市总工会金秋助学筹集资金50万元。"
        "株洲市总工会金秋助学资助困难职工子女200名。"
    )
    say = saying(made([("a.txt", text)]), "株洲金秋助学情况如何")
    checked = say("株洲市金秋助学筹集资金50万元，资助困难职工子女200名。[1]")
    assert checked.fault == ""
    assert len(checked.grounds) == 2


def test_what_is_said_of_another_figure_says_nothing_of_this_one(made: Made) -> None:
    text = (
        "株洲市总工会\n\n去年,株洲市总工会金秋助学筹集资金50万元,募集图书折款30万元,资助学生200名。"
    )
    say = saying(made([("a.txt", text)]), "株洲金秋助学筹集资金多少钱")
    assert say("株洲市总工会金秋助学筹集资金50万元，资助学生200名。[1]").fault == ""
    assert say("株洲市总工会金秋助学募集图书折款30万元。[1]").fault == ""
    assert say("株洲市总工会金秋助学筹集资金30万元。[1]").fault == "words"


def test_what_one_person_did_is_not_said_of_another(made: Made) -> None:
    text = (
        "株洲市总工会\n\n株洲市总工会主席王建国出席劳模座谈会并讲话,"
        "副主席张富良主持会议并宣读表彰决定。"
    )
    say = saying(made([("a.txt", text)]), "株洲市总工会劳模座谈会情况如何")
    assert say("株洲市总工会主席王建国出席劳模座谈会并讲话。[1]").fault == ""
    assert say("副主席张富良宣读表彰决定。[1]").fault == ""
    assert say("主席王建国宣读表彰决定。[1]").fault == "words"


def test_what_another_city_did_is_not_said_of_this_one(made: Made) -> None:
    text = (
        "株洲市总工会\n\n株洲市总工会开展劳动竞赛表彰先进班组,"
        "湘潭市总工会开展劳动竞赛评选技术能手。"
    )
    say = saying(made([("a.txt", text)]), "株洲市总工会劳动竞赛情况如何")
    assert say("株洲市总工会开展劳动竞赛评选技术能手。[1]").fault == "place"


def test_each_of_two_cities_in_a_sentence_keeps_its_figure(made: Made) -> None:
    text = "湖南省总工会\n\n株洲市总工会阳光驿站筹集资金50万元,湘潭市总工会阳光驿站筹集资金30万元。"
    say = saying(made([("a.txt", text)]), "阳光驿站筹集资金多少钱")
    assert say("株洲市总工会阳光驿站筹集资金50万元。[1]").fault == ""
    assert say("湘潭市总工会阳光驿站筹集资金30万元。[1]").fault == ""
    assert say("湘潭市总工会阳光驿站筹集资金50万元。[1]").fault == "figure"
