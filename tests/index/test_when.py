"""The year of a figure is the one said nearest before it, and a comparison says none."""

import pytest

from index.chunk import chunk
from index.clean import clean
from index.gazetteer import Gazetteer
from index.read import read_bytes
from index.sentences import Sentence, sentences_of
from index.when import time_of, years_before, years_of

PLACES = Gazetteer.open()


def last_sentence(text: str, date: str = "2021-03-01") -> Sentence:
    head = f"平凉市总工会工作纪实\n{date}\n\n"
    document = clean(read_bytes("a.txt", f"{head}{text}\n".encode()), PLACES)
    return sentences_of(chunk(document), {document.document_id: document})[-1]


@pytest.mark.parametrize(
    ("text", "at", "years", "said"),
    [
        ("2018年筹集5万元,2019年筹集6万元。", "5万", (2018,), "2018年"),
        ("2018年筹集5万元,2019年筹集6万元。", "6万", (2019,), "2019年"),
        ("去年筹集5万元。", "5万", (2020,), "去年"),
        ("2016年至2020年筹集5万元。", "5万", (2016, 2020), "2016年至2020年"),
        ("2019年初筹集5万元。", "5万", (2019,), "2019年初"),
        ("筹集5万元,比去年同期多1万元。", "1万", (), ""),
        ("二〇一七年上半年筹集5万元。", "5万", (2017,), "二〇一七年上半年"),
        ("筹集5万元(2019年3月)。", "5万", (2019,), "2019年3月"),
    ],
)
def test_when_a_figure_is_of(text: str, at: str, years: tuple[int, ...], said: str) -> None:
    sentence = last_sentence(text)
    time = time_of(sentence, sentence.text.index(at))
    assert (time.years if time else ()) == years
    assert (sentence.text[time.start : time.end] if time else "") == said
    assert years_of(sentence, sentence.text.index(at)) == years[-1:]


def test_a_relative_year_is_none_where_the_date_is_not_known() -> None:
    sentence = last_sentence("去年筹集5万元。", date="")
    assert years_of(sentence, 4) == ()
    time = time_of(sentence, 4)
    assert time is not None
    assert sentence.text[time.start : time.end] == "去年"


def test_a_sentence_without_a_year_goes_on_with_the_one_before() -> None:
    sentence = last_sentence("2017年工会工作有声有色。筹集5万元。")
    assert years_of(sentence, 2) == ()
    assert years_before(sentence) == (2017,)


def test_a_year_that_was_still_to_come_and_what_is_said_of_now_go_on_with_none() -> None:
    planned = last_sentence("2018年制定规划,到2025年建成。筹集5万元。")
    assert years_before(planned) == (2018,)
    assert years_before(last_sentence("2018年起步。目前,全市筹集5万元。")) == ()


def test_an_article_with_a_date_goes_on_with_a_year_only_for_a_while() -> None:
    between = "工会服务职工。" * 60
    assert years_before(last_sentence(f"2018年起步。{between}筹集5万元。")) == ()
    assert years_before(last_sentence(f"2018年起步。{between}筹集5万元。", date="")) == (2018,)
