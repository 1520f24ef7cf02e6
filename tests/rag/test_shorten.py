"""A sentence may lose clauses and describing words; whatever else is done to it, it is another."""

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from index.gazetteer import Gazetteer
from index.quantity import quantities
from rag.shorten import clauses_of, kept_of, read, when_of, without_brackets

SOURCES = [
    "去年,全市各级工会组织筹措助学资金163万元,救助困难职工家庭高考生902人,受到欢迎",
    "选树市五一劳动奖状20个,市五一劳动奖章100名",
    "新建工会221个、新增工会会员34.6万名,97个乡级工会全部通过规范化建设验收",
    "市总工会推荐选树全国劳模7名、省劳模37名、市劳模161人,市工人先锋号12家",
    "走访企业382家、困难职工7802人次,帮助1284名下岗和待岗职工实现就业",
    "为40名全国劳动模范发放春节慰问金12万元,发放帮扶金78万元",
    "组织单身青年职工常规交友活动44场、户外联谊交友5场、大型联谊活动7场,牵线搭桥412对",
]


def kept(said: str, printed: str, gazetteer: Gazetteer) -> frozenset[int] | None:
    return kept_of(said, read(printed, gazetteer, ()))


@pytest.mark.parametrize("printed", SOURCES)
def test_the_whole_keeps_every_figure(printed: str, gazetteer: Gazetteer) -> None:
    assert kept(printed, printed, gazetteer) == frozenset(range(len(quantities(printed))))


@pytest.mark.parametrize(
    ("source", "said", "figures"),
    [
        (0, "筹措助学资金163万元", {0}),
        (0, "各级工会组织筹措助学资金163万元,受到欢迎", {0}),
        (0, "救助高考生902人", {1}),
        (1, "选树市五一劳动奖章100名", {1}),
        (3, "推荐选树省劳模37名", {1}),
        (4, "走访困难职工7802人次", {1}),
        (5, "发放帮扶金78万元", {2}),
        (6, "牵线搭桥412对", {3}),
    ],
)
def test_clauses_and_describing_words_may_go(
    source: int, said: str, figures: set[int], gazetteer: Gazetteer
) -> None:
    assert kept(said, SOURCES[source], gazetteer) == frozenset(figures)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (0, "困难职工筹措助学资金163万元"), (0, "救助困难职工家庭902人"), (0, "救助902人"),
        (1, "选树市五一劳动奖章20个"), (1, "市五一劳动奖状100名"), (2, "新建工会97个"),
        (2, "乡级工会221个"), (2, "新增工会会员97个"), (3, "省劳模7名"), (3, "市劳模37名"),
        (3, "推荐选树劳模7名"), (3, "推荐选树市工人先锋号12家"), (4, "1284名职工实现就业"),
        (4, "走访1284名下岗和待岗职工"), (4, "1284名下岗"), (5, "全国劳动模范发放春节慰问金12万元"),
        (5, "为全国劳动模范发放慰问金78万元"), (6, "大型联谊活动44场"), (6, "户外联谊交友7场"),
    ],
)  # fmt: skip
def test_a_figure_keeps_what_it_counts(source: int, said: str, gazetteer: Gazetteer) -> None:
    assert kept(said, SOURCES[source], gazetteer) is None


TURNED = [
    ("市总工会没有筹集助学资金50万元", "筹集助学资金50万元"),
    ("市总工会未能足额筹集助学资金50万元", "市总工会筹集助学资金50万元"),
    ("如果条件允许,市总工会筹集助学资金50万元", "市总工会筹集助学资金50万元"),
    ("据传,市总工会筹集助学资金50万元", "市总工会筹集助学资金50万元"),
    ("市总工会筹集助学资金50万元,后来查明不实", "市总工会筹集助学资金50万元"),
    ("取消工人培训班20个", "工人培训班20个"),
    ("挽回经济损失38万元", "经济损失38万元"),
    ("筹集资金的企业20家", "筹集资金20家"),
    ("职工、农民工2.3万人参加培训", "农民工2.3万人参加培训"),
    ("企业被罚款50万元", "被罚款50万元"),
    ("市总工会前主席王建国出席", "市总工会主席王建国出席"),
    ("主席王建国出席,副主席张富良讲话", "主席王建国讲话"),
    ("其中工人50名", "其中工人50名"),
]


@pytest.mark.parametrize(("printed", "said"), TURNED)
def test_what_turns_a_sentence_is_not_left_out(
    printed: str, said: str, gazetteer: Gazetteer
) -> None:
    assert kept(said, printed, gazetteer) is None


FIGURE = re.compile(r"\d[\d.]*万?")
NOUNS = ["奖状", "奖章", "工会", "劳模", "职工", "企业", "资金", "慰问金", "联谊", "高考生"]


@settings(derandomize=True, max_examples=300, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data(), printed=st.sampled_from(SOURCES))
def test_a_changed_sentence_is_another(
    gazetteer: Gazetteer, data: st.DataObject, printed: str
) -> None:
    figures = [m.span() for m in FIGURE.finditer(printed)]
    change = data.draw(st.sampled_from(["figures", "nouns", "not", "unit", "sign"]))
    if change == "figures":
        (a, b), (c, d) = sorted(data.draw(st.permutations(figures))[:2])
        said = printed[:a] + printed[c:d] + printed[b:c] + printed[a:b] + printed[d:]
    elif change == "nouns":
        there = [noun for noun in NOUNS if noun in printed]
        one, other = data.draw(st.sampled_from(there)), data.draw(st.sampled_from(NOUNS))
        assume(one not in other and other not in one)
        said = printed.replace(one, other, 1)
    elif change == "not":
        at = data.draw(st.integers(0, len(printed)))
        said = printed[:at] + data.draw(st.sampled_from(["不", "没", "未"])) + printed[at:]
    else:
        a, b = data.draw(st.sampled_from(figures))
        added = data.draw(st.sampled_from(["亿", "千", "余", "%", "0", "."]))
        unit = f"{printed[:b]}{added}{printed[b:]}"
        said = unit if change == "unit" else f"{printed[:a]}-{printed[a:]}"
    clauses = said.split(",")
    first = data.draw(st.integers(0, len(clauses) - 1))
    last = data.draw(st.integers(first + 1, len(clauses)))
    part = ",".join(clauses[first:last])
    assume(part not in printed)
    assert kept(part, printed, gazetteer) is None


def test_marks_are_read_as_ends_of_clauses() -> None:
    assert clauses_of("“甲”筹集;乙 捐款。") == "甲筹集,乙捐款"
    assert clauses_of("1 6万元") is None
    assert clauses_of("1,63万元") is None
    assert when_of("去年,") == "去年"
    assert when_of("工会去年") == ""


def test_brackets_may_go_unless_they_turn(gazetteer: Gazetteer) -> None:
    printed = "救助困难职工(农民工)1101人"
    assert kept("救助困难职工1101人", without_brackets(printed), gazetteer) == frozenset({0})
    assert without_brackets("筹集50万元(未到账)") == "筹集50万元(未到账)"
