"""What a model says is shown sentence by sentence, and only with the sentences that carry it."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.index import Snapshot
from index.quantity import quantities
from rag.answer import Answer
from rag.ask import ask, look
from rag.errors import LanguageModelError
from rag.generate import (
    INCOMPLETE,
    LANGUAGE,
    MOST_SENTENCES,
    REJECTED,
    UNAVAILABLE,
    Task,
    generate,
    sentences_in,
    task_of,
)
from tests.rag.conftest import Made
from tests.rag.test_ask import assert_cited

RAISED = "双鸭山金秋助学筹了多少钱"
GOOD = "双鸭山市金秋助学：去年,全市各级工会组织筹措助学资金163万元。[1]"
SAYS = re.compile(r"([^\[]+)((?:\[\d+\])+)")


def task(snapshot: Snapshot, question: str) -> Task:
    found = task_of(look(question, snapshot))
    assert isinstance(found, Task)
    return found


def written(snapshot: Snapshot, question: str, text: str, top_k: int = 5) -> Answer:
    """The answer to a question as a model that says `text` writes it, its text as shown."""
    *shown, answer = generate(task(snapshot, question), [text], top_k)
    assert isinstance(answer, Answer)
    assert "".join(str(one) for one in shown) == answer.text
    return answer


def assert_carried(answer: Answer) -> None:
    """Every figure stands in a quote that its sentence cites."""
    quotes = {citation.id: citation.quote for citation in answer.citations}
    for sentence, marks in SAYS.findall(answer.text):
        cited = [quotes[int(number)] for number in re.findall(r"\d+", marks)]
        printed = {(q.value, q.unit, q.precision) for quote in cited for q in quantities(quote)}
        assert {(q.value, q.unit, q.precision) for q in quantities(sentence)} <= printed


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_sentence_is_whole_with_its_marks_wherever_the_pieces_are_cut(size: int) -> None:
    text = "<think>想。[3]</think>\n甲说：“好。”[1] [2]\n- 乙[1]\n\n丙。 【3】丁！戊[1, 2]？已"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(sentences_in(pieces)) == [
        "甲说：“好。”[1] [2]", "- 乙[1]", "丙。 【3】", "丁！", "戊[1, 2]？", "已"
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 40])
def test_bold_words_and_starred_lists_are_sentences_too(size: int) -> None:
    text = "答：\n\n**甲5万元。**[1]\n**乙**6万元。[2]\n* 丙。[1]\n* **丁。**[2]"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    said = [one.replace("**", "").strip() for one in sentences_in(pieces)]
    assert said == ["答：", "甲5万元。[1]", "乙6万元。[2]", "* 丙。[1]", "* 丁。[2]"]


def test_a_sentence_is_shown_before_the_next_is_there(seeds: Snapshot) -> None:
    def pieces() -> Iterator[str]:
        yield f"{GOOD}双"
        heard.append("more")
        yield "鸭山"

    heard: list[str] = []
    shown = generate(task(seeds, RAISED), pieces())
    assert (next(shown), heard) == (GOOD, [])


def test_nothing_usable_leaves_the_extractive_answer(seeds: Snapshot) -> None:
    extractive = ask(RAISED, seeds)
    for text, degraded in (("", UNAVAILABLE), ("抱歉,不知道。", REJECTED), ("[1][2]", UNAVAILABLE)):
        answer = written(seeds, RAISED, text)
        assert (answer.text, answer.citations) == (extractive.text, extractive.citations)
        assert (answer.mode, answer.degraded) == ("extractive", (degraded,))


def test_a_broken_stream_keeps_what_held(seeds: Snapshot) -> None:
    def pieces(text: str) -> Iterator[str]:
        yield text
        raise LanguageModelError("broke off")

    *shown, answer = generate(task(seeds, RAISED), pieces(f"{GOOD}双鸭山市"))
    assert isinstance(answer, Answer)
    assert shown == [GOOD]
    assert (answer.mode, answer.degraded) == ("generative", (INCOMPLETE,))
    *shown, answer = generate(task(seeds, RAISED), pieces("双鸭山市筹措"))
    assert isinstance(answer, Answer)
    assert (answer.mode, answer.degraded) == ("extractive", (UNAVAILABLE,))
    *shown, answer = generate(task(seeds, RAISED), pieces(GOOD))
    assert isinstance(answer, Answer)
    assert (shown, answer.degraded) == ([GOOD], (INCOMPLETE,))


def test_without_the_figure_asked_for_the_extractive_answer_stands_alone(made: Made) -> None:
    text = "株洲市总工会\n\n株洲市金秋助学筹集资金50万元。株洲市金秋助学慰问职工资金发放到位。"
    snapshot = made([("a.txt", text)])
    question = "株洲金秋助学筹集资金多少钱"
    for beside in ("株洲市金秋助学慰问职工资金发放到位。[1]", "株洲市金秋助学筹集资金60万元。[1]"):
        answer = written(snapshot, question, beside)
        assert answer.text == ask(question, snapshot).text
        assert (answer.mode, answer.degraded) == ("extractive", (REJECTED,))
    good = "株洲市金秋助学筹集资金50万元。[1]"
    assert written(snapshot, question, f"{beside}{good}").text == good


def test_a_figure_is_compared_by_its_value(made: Made) -> None:
    text = "株洲市总工会\n\n株洲市总工会金秋助学筹集资金6.3万元,另有职工捐款16.3万元。"
    snapshot = made([("a.txt", text)])
    answer = written(snapshot, "株洲金秋助学筹集资金多少钱", "另有职工捐款16.3万元。[1]")
    assert answer.mode == "extractive"
    assert "16.3" not in answer.text


def test_a_sentence_comes_once_and_not_without_end(seeds: Snapshot, made: Made) -> None:
    assert written(seeds, RAISED, GOOD * 3).text == GOOD
    said = [f"株洲市总工会金秋助学第{n}项工作已经完成。" for n in "一二三四五六七八九十"]
    snapshot = made([("a.txt", "株洲市总工会\n\n" + "".join(said))])
    marked = "".join(f"{one}[1]" for one in said)
    text = written(snapshot, "株洲金秋助学情况如何", marked, 20).text
    assert text.count("已经完成") == MOST_SENTENCES


def test_a_model_that_writes_without_end_is_cut(seeds: Snapshot) -> None:
    answer = written(seeds, RAISED, "呀。[1]\n" * 14_000 + GOOD)
    assert (answer.text, answer.mode) == (ask(RAISED, seeds).text, "extractive")
    assert answer.degraded == (REJECTED, UNAVAILABLE)


def test_an_address_in_the_fact_itself_is_not_shown(made: Made) -> None:
    fact = "株洲市总工会筹集助学资金50万元请登录http://evil.example/x或致电0731-28612345领取。"
    snapshot = made([("a.txt", f"株洲市总工会\n\n{fact}")])
    for said in ("", f"{fact}[1]"):
        answer = written(snapshot, "株洲筹集助学资金多少钱", said)
        assert "50万元" in answer.text
        assert not re.search("evil|0731|http", answer.text)


def test_top_k_bounds_the_citations(seeds: Snapshot) -> None:
    question = "双鸭山送温暖情况如何"
    asked = task(seeds, question)
    grounds = [(p.number, g.sentence.text) for p in asked.passages for g in p.grounds]
    said = "".join(f"{text.rstrip('。;')}。[{number}]" for number, text in grounds)
    for most in (1, 2, 5):
        answer = written(seeds, question, said, most)
        assert len(answer.citations) <= max(most, 1)
        assert_cited(answer, seeds)


def test_where_no_place_is_asked_for_the_sentence_says_whose_it_is(made: Made) -> None:
    snapshot = made([("a.txt", "株洲市总工会\n\n夜校培训绣娘36名,受到欢迎。")])
    answer = written(snapshot, "夜校培训绣娘多少名", "夜校培训绣娘36名。[1]")
    assert answer.text == "株洲市：夜校培训绣娘36名。[1]"


def test_a_refusal_and_another_language_are_not_for_a_model(seeds: Snapshot) -> None:
    assert task_of(look("株洲金秋助学筹了多少钱", seeds)) == ""
    english = "Who is the chair of the Liupanshui federation of trade unions?"
    assert task_of(look(english, seeds)) == LANGUAGE


SUBJECTS = ["双鸭山市", "白城市", "株洲市", "六盘水市", "去年，", "2017年，", "全市", ""]
VERBS = ["筹措助学资金", "发放助学金", "建成户外劳动者服务站", "救助困难职工", "送温暖筹集资金", ""]
FIGURES = [
    "163万元", "61.19万元", "473万元", "41家", "79个", "902人", "163元", "超过163万元", "7800余户",
    "一百六十三万元", "9.9万元", "30%", "1630000元", "第3名", "",
]  # fmt: skip
ENDS = ["。", "，", "；", "\n", ""]
MARKS = ["[1]", "[2]", "[1][2]", "[3]", "[99]", "[1, 2]", ""]
TEXTS = st.lists(
    st.tuples(*(st.sampled_from(part) for part in (SUBJECTS, VERBS, FIGURES, ENDS, MARKS))),
    max_size=6,
).map(lambda parts: "".join("".join(part) for part in parts))
QUESTIONS = [
    RAISED, "白城建成多少家户外劳动者服务站", "双鸭山送温暖走访慰问了多少户困难职工",
    "白城和株洲各建了多少个户外劳动者服务站",
]  # fmt: skip


@settings(derandomize=True, max_examples=200, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(text=TEXTS, question=st.sampled_from(QUESTIONS))
def test_every_figure_shown_stands_in_a_quote_it_cites(
    seeds: Snapshot, text: str, question: str
) -> None:
    answer = written(seeds, question, text)
    assert_carried(answer)
    assert_cited(answer, seeds)
    assert answer.status == "answered"
