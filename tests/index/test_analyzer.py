"""Show me that a question and an article that mean the same words meet in the same terms."""

import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import jieba
import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analyzer import Analyzer, read_place_names, read_terms
from index.errors import TermsError

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
SENTENCES = [
    "今年以来，市总工会筹集送温暖资金61.19万元，走访慰问困难职工1,286户。",
    "全市建成工会户外劳动者服务站点四十一家，服务环卫工人、快递员、货车司机等8万余人次。",
    "县级工会加强年专项工作推进会在呼和浩特市召开，各级工会干部200多人参加会议。",
    "他荣获全国五一劳动奖章，其所在班组被授予工人先锋号称号。",
    "工会与法院建立诉调对接机制，开展法律援助，帮助农民工追回欠薪一百六十三万元。",
    "職工代表大會審議通過了工資集體協商協議書。",
]


ANALYZER = Analyzer.open()


def shared(question: str, text: str) -> set[str]:
    return set(ANALYZER.terms(question)) & set(ANALYZER.terms(text))


def is_han(word: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in word)


def test_han_words_are_those_of_jieba_with_the_same_dictionary() -> None:
    jieba.setLogLevel("ERROR")
    reference = jieba.Tokenizer()
    for word, weight in ANALYZER.dictionary.items():
        reference.add_word(word, weight)
    lines = [*SENTENCES, *(line for seed in SEEDS for line in seed.read_text("utf-8").splitlines())]
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    differ = 0
    for text in map(ANALYZER.normalise, lines):
        ours = Counter(word for word in ANALYZER.cut(text) if is_han(word))
        theirs = Counter(word for word in reference.lcut_for_search(text) if is_han(word))
        differ += (ours - theirs).total() + (theirs - ours).total()
    total = sum(len(ANALYZER.cut(ANALYZER.normalise(line))) for line in lines)
    assert total > 1000
    assert differ <= total / 1000


@pytest.mark.parametrize(
    ("question", "text", "term"),
    [
        ("61.19万", "筹集61.19万元", "611900"),
        ("611900元", "筹集61.19万元", "611900"),
        ("61.19万元", "筹集６１．１９万元", "611900"),
        ("163万元", "发放1,630,000元", "1630000"),
        ("163万", "发放一百六十三万元", "1630000"),
        ("2021年", "２０２１年", "2021年"),
        ("2021", "二〇二一年", "2021"),
        ("41家", "建成四十一家", "41"),
        ("3万人", "3万余人参加", "30000"),
        ("98%", "百分之九十八", "98%"),
        ("8月16日", "2023-08-16发布", "8月16日"),
        ("1200", "共1，200户", "1200"),
    ],
)
def test_a_number_is_found_however_it_is_written(question: str, text: str, term: str) -> None:
    assert term in shared(question, text)


@pytest.mark.parametrize(
    ("question", "text", "term"),
    [
        ("zhuzhou", "株洲市总工会", "zhuzhou"),
        ("Zhu Zhou union", "株洲市总工会", "zhuzhou"),
        ("Shuangyashan", "在双鸭山举行", "shuangyashan"),
        ("baicheng", "白城市", "baicheng"),
        ("Xi'an", "西安市", "xian"),
        ("Lüliang", "吕梁", "luliang"),
        ("Harbin", "哈尔滨市", "haerbin"),
        ("Inner Mongolia", "内蒙古自治区", "neimenggu"),
        ("呼和浩特", "呼和浩特市", "呼和浩特"),
        ("huhehaote", "呼和浩特市", "huhehaote"),
        ("工资集体协商", "工資集體協商", "工资集体协商"),
        ("集体协商", "工资集体协商", "集体协商"),
        ("QQ", "发到ab@qq.com", "qq"),
        ("COVID19", "covid-19", "covid"),
        ("ｉＰｈｏｎｅ", "iPhone14", "iphone"),
    ],
)
def test_another_spelling_meets_the_same_term(question: str, text: str, term: str) -> None:
    assert term in shared(question, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhuzhou", "双鸭山市"), ("163万", "163家"), ("3%", "3万"), ("十四五", "145")],
)
def test_what_differs_shares_no_number_or_place(one: str, other: str) -> None:
    assert shared(one, other) <= {"163", "3"}


def test_union_terms_stay_whole_beside_their_words() -> None:
    assert ANALYZER.terms("户外劳动者服务站")[-2:] == ["户外劳动者服务站", "户外劳动者"]
    assert {"户外", "劳动者", "服务站"} <= set(ANALYZER.terms("户外劳动者服务站"))
    whole = [term for term in read_terms(Path("index/terms.txt")) if term.isalpha()]
    assert [term for term in whole if term not in ANALYZER.terms(term)] == []


def test_words_of_every_kind_are_kept_and_only_marks_are_left_out() -> None:
    assert ANALYZER.terms("，。！? \n　——“”[]()…") == []
    assert ANALYZER.terms("的 安全 帮助 a 7") == ["的", "安全", "帮助", "a", "7"]
    assert ANALYZER.terms("") == []


def test_ascii_runs_give_the_whole_and_the_parts() -> None:
    assert ANALYZER.terms("qq.com") == ["qq.com", "qq", "com"]
    assert ANALYZER.terms("5G") == ["5g"]
    assert ANALYZER.terms("3.5%") == ["3.5%", "3.5"]
    assert ANALYZER.terms("no.007") == ["no.007", "no", "007"]


def test_every_place_is_found_by_its_pinyin() -> None:
    lost = [
        place.name
        for place in read_place_names()
        if place.pinyin not in ANALYZER.terms(f"{place.name}") + ANALYZER.terms(place.short)
    ]
    assert lost == []


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(st.sampled_from("工會职資协，,。Ａa１1２2３3,万％%é 　…後於髮乾隆"), max_size=30))
def test_terms_do_not_depend_on_width_script_or_case(text: str) -> None:
    folded = opencc.OpenCC("t2s").convert(unicodedata.normalize("NFKC", text).lower())
    assert ANALYZER.terms(text) == ANALYZER.terms(folded)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_any_text_gives_terms_without_space_or_empty_ones(text: str) -> None:
    assert all(term and not any(c.isspace() for c in term) for term in ANALYZER.terms(text))


def test_traditional_characters_alone_decide_whether_a_text_is_converted() -> None:
    converter = opencc.OpenCC("t2s")
    for text in (
        "甦醒",
        "乾隆皇帝",
        "以後",
        "皇后",
        "一隻",
        "頭髮",
        "發展",
        "著名",
        "藉口",
        "瞭解",
        "答覆",
        "慰藉",
    ):
        assert ANALYZER.normalise(text) == converter.convert(text)


def test_a_long_run_without_marks_is_cut_and_loses_at_most_a_word_per_thousand() -> None:
    run = "工会组织职工" * 2000
    terms = ANALYZER.terms(run)
    assert terms.count("职工") >= 2000 - len(run) // 1000 - 1


def test_a_lone_surrogate_does_no_harm() -> None:
    assert "工会" in ANALYZER.terms("工会\ud800")


def test_a_users_terms_are_kept_whole_and_change_the_fingerprint(tmp_path: Path) -> None:
    own = tmp_path / "terms.txt"
    own.write_text("# ours\n\n蓝马甲志愿队\n暖蜂驿 20\n星火計劃 1000  # a project\n", "utf-8")
    analyzer = Analyzer.open(own)
    assert "蓝马甲志愿队" in analyzer.terms("我们的蓝马甲志愿队来了")
    assert "星火计划" in analyzer.terms("星火計劃")
    assert analyzer.fingerprint != ANALYZER.fingerprint
    assert Analyzer.open().fingerprint == ANALYZER.fingerprint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("好词\n三个 词 在 一行\n".encode(), "line 2: found 4 words"),
        ("好词 许多\n".encode(), "line 1: weight '许多'"),
        ("好词 0\n".encode(), "line 1: weight '0'"),
        ("一\n".encode(), "line 1: '一'"),
        ("——\n".encode(), "line 1: '——'"),
        ("好词".encode("gbk"), "is not UTF-8"),
    ],
)
def test_a_bad_list_is_refused_by_file_and_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(content)
    with pytest.raises(TermsError, match=message) as caught:
        Analyzer.open(path)
    assert str(path) in str(caught.value)


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TermsError, match="expected a list of terms"):
        Analyzer.open(tmp_path / "none.txt")


def test_neither_jieba_nor_pypinyin_is_loaded() -> None:
    code = (
        "import sys; from index.analyzer import Analyzer; Analyzer.open().terms('株洲');"
        "print([name for name in ('jieba', 'pypinyin', 'torch') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert found.stdout.strip() == b"[]"
    assert found.stderr == b""
