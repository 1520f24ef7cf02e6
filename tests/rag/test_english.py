"""English questions become Chinese terms by the longest phrase; figures become English exactly."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analyzer import Analyzer
from index.errors import TermsError
from index.predicates import english_predicates
from rag.admit import says
from rag.english import GLOSSARY, amount_in_english, language_of, read_glossary, to_chinese
from rag.wording import names_in, words_of

# Words that hold a sentence together: as an entry of their own they would match every question.
FUNCTION_WORDS = frozenset(
    "a an the and or but nor if then than as at by for from in into of off on onto out over per to "
    "up with within without about after before between during under until via is are was were be "
    "been being am do does did done has have had having can could may might must shall should will "
    "would i you he she it we they me him her us them my your his its our their this that these "
    "those who whom whose which what when where why how many much more most some any all each "
    "every no not there here so also only just very please tell give show list number amount total "
    "people person thing".split()
)
POWERS = {"million": 10**6, "billion": 10**9, "trillion": 10**12}


def entries() -> Iterator[tuple[str, list[str]]]:
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            phrase, terms = line.split("\t")
            yield phrase, terms.split(" ")


ENTRIES = list(entries())


def test_the_glossary_is_well_formed() -> None:
    phrases = [phrase for phrase, _ in ENTRIES]
    assert len(phrases) >= 500
    assert len(set(phrases)) == len(phrases)
    for phrase, terms in ENTRIES:
        assert re.fullmatch(r"[a-z0-9]+(?:[ '-][a-z0-9]+)*", phrase), phrase
        assert all(re.fullmatch(r"[\u4e00-\u9fff0-9]+", term) for term in terms), phrase
        assert len(set(terms)) == len(terms) <= 3, phrase


def test_every_entry_is_reached_alone_and_in_a_question() -> None:
    for phrase, terms in ENTRIES:
        assert to_chinese(phrase) == terms, phrase
        assert to_chinese(f"How many of the {phrase.upper()}, did he say?") == terms, phrase


def test_no_entry_is_a_function_word_or_a_verb_that_says_what_was_done() -> None:
    for phrase, _ in ENTRIES:
        assert not set(phrase.split()) <= FUNCTION_WORDS, phrase
        assert " " in phrase or not english_predicates(phrase), phrase


def test_every_term_can_be_searched(analyzer: Analyzer) -> None:
    for phrase, terms in ENTRIES:
        assert all(words_of(term, analyzer) for term in terms), phrase


def test_of_several_terms_none_shuts_the_gate_on_another(analyzer: Analyzer) -> None:
    for phrase, terms in ENTRIES:
        for name in names_in(" ".join(terms), analyzer):
            assert all(says(term, name, analyzer) for term in terms), (phrase, name)


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("golden autumn", ["金秋助学"]),
        ("the golden autumn student aid funds", ["金秋助学", "资金"]),
        ("scholarships of the students' families", ["助学金", "学生", "考生", "家庭"]),
        ("the federation of trade unions", ["总工会"]),
        ("federation chairs", ["主席"]),
        ("outdoor workers' service stations", ["户外劳动者服务站"]),
        ("outdoor workers", ["户外劳动者"]),
        ("workers", ["职工"]),
    ],
)
def test_the_longest_phrase_wins(question: str, terms: list[str]) -> None:
    assert to_chinese(question) == terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("outdoor worker service station", "Outdoor Workers’ Service-Stations"),
        ("needy family", "needy families"),
        ("child of workers", "children of a worker"),
        ("may day labour medal", "May Day labor medals"),
        ("labour dispute", "the labor disputes"),
        ("woman worker", "women workers"),
        ("service centre", "service centers"),
        ("warmth programme", "warmth program"),
        ("mommy cabin", "mummy cabins"),
        ("unionisation rate", "unionization rates"),
        ("union enrolment", "trade union enrollment"),
        ("grassroots union", "grassroots labor unions"),
        ("psychological counselling", "psychological counseling"),
        ("women's day", "womens day"),
        ("home for workers", "homes for the workers"),
        ("joining the union", "joining a trade union"),
        ("coverage", "coverage?"),
    ],
)
def test_spelling_and_number_do_not_matter(one: str, other: str) -> None:
    assert to_chinese(other) == to_chinese(one) != []


def test_a_word_listed_only_in_the_plural_is_not_its_singular() -> None:
    assert to_chinese("union membership dues")[-1] == "会费"
    assert to_chinese("due to") == []


def test_terms_come_once_in_the_order_of_the_question() -> None:
    assert to_chinese("workers and unions, unions and workers") == ["职工", "工会"]
    assert to_chinese("") == to_chinese("xyz") == []


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(alphabet="unios trade'’-工会labor1", max_size=60))
def test_any_text_gives_terms_of_the_glossary(text: str) -> None:
    known = {term for _, terms in ENTRIES for term in terms}
    assert set(to_chinese(text)) <= known


@pytest.mark.parametrize(
    "line",
    [
        "union",
        "union\t",
        "\t工会",
        "-\t工会",
        "union\t工会\ntrade unions\t工会\nlabor union\t总工会",
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "glossary.tsv"
    path.write_text(f"# a comment\n\n{line}\n", encoding="utf-8")
    with pytest.raises(TermsError, match=r"glossary\.tsv, line [35]: "):
        read_glossary(path)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("how much did zhuzhou raise for 金秋助学", "en"),
        ("Who is the chair of 六盘水市总工会?", "en"),
        ("What are the “五家” of 菏泽?", "en"),
        ("Zhuzhou stations?", "en"),
        ("Who chairs it?", "en"),
        ("How many 户外劳动者服务站 did Baicheng build in 2020?", "en"),
        ("双鸭山金秋助学筹了多少钱", "zh"),
        ("acftu是什么", "zh"),
        ("zhuzhou建了多少个工会户外劳动者服务站", "zh"),
        ("gdp和cpi和ppi是多少", "zh"),
        ("工会app的in the loop栏目什么时候上线的呢请问一下", "zh"),
        ("41", "zh"),
        ("", "zh"),
    ],
)
def test_the_language_around_the_names_decides(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    ("value", "unit", "english"),
    [
        (1_630_000, "元", "1.63 million yuan"),
        (611_900, "元", "611,900 yuan"),
        (30_000, "人", "30,000 people"),
        (12_200_000_000, "元", "12.2 billion yuan"),
        (1_200_000_000_000, "元", "1.2 trillion yuan"),
        (1_634_567, "元", "1,634,567 yuan"),
        (1_000_000, "名", "1 million people"),
        (1, "人", "1 person"),
        (902, "位", "902 people"),
        (1_143, "户", "1,143 households"),
        (1, "户", "1 household"),
        (25_000, "人次", "25,000 person-times"),
        (300.5, "元", "300.5 yuan"),
        (3.5, "个百分点", "3.5 percentage points"),
        (3, "成", "30%"),
        (41, "家", ""),
        (79, "个", ""),
        (12_000, "家", "12,000"),
        (1_860_000, "个", "1.86 million"),
        (98, "%", ""),
    ],
)
def test_figures_in_english(value: float, unit: str, english: str) -> None:
    assert amount_in_english(value, unit) == english


@settings(derandomize=True, max_examples=300)
@given(st.integers(1, 10**14), st.integers(0, 4))
def test_an_english_figure_is_the_same_figure(whole: int, decimals: int) -> None:
    value = round(whole / 10**decimals, 6)
    number, *power = amount_in_english(value, "元").removesuffix(" yuan").split(" ")
    scale = POWERS[power[0]] if power else 1
    assert Decimal(number.replace(",", "")) * scale == Decimal(repr(float(value)))
