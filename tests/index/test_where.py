"""The place of a figure is the narrowest that governs it, and 全市 is the article's own city."""

import pytest

from index.chunk import chunk
from index.clean import clean
from index.gazetteer import Gazetteer
from index.read import read_bytes
from index.sentences import sentences_of
from index.where import place_of, region_of

PLACES = Gazetteer.open()


@pytest.mark.parametrize(
    ("city", "text", "codes", "region"),
    [
        ("上海市", "全市已建成休息室7间。", ("31",), "上海市"),
        ("上海市静安区", "全市已建成休息室7间。", ("31",), "上海市"),
        ("平凉市", "全市已建成休息室7间。", ("6208",), "平凉市"),
        ("平凉市", "河北省承德市承德县建成休息室7间。", ("130821",), "承德县"),
        ("平凉市", "崆峒区总工会建成休息室7间。", ("620802",), "崆峒区"),
        ("平凉市", "与天水市总工会交流,建成休息室7间。", ("6208",), "平凉市"),
        ("平凉市", "日前,中华全国总工会公布了第二批休息室7间。", ("00",), "全国"),
        ("平凉市", "我市入选的在全国7间休息室中名列前茅。", ("00",), "全国"),
        ("平凉市", "日前,全国总工会公布了名单,建成休息室7间。", ("6208",), "平凉市"),
        ("平凉市", "平凉市被全国总工会命名最美休息室7间。", ("6208",), "平凉市"),
    ],
)
def test_the_place_of_a_figure(city: str, text: str, codes: tuple[str, ...], region: str) -> None:
    head = f"{city}总工会服务职工\n\n{city}总工会把服务放在首位。\n\n"
    document = clean(read_bytes("a.txt", f"{head}{text}\n".encode()), PLACES)
    (sentence,) = [
        one
        for one in sentences_of(chunk(document), {document.document_id: document})
        if "7间" in one.text
    ]
    at = sentence.text.index("7间")
    assert place_of(sentence, at, PLACES).codes == codes
    assert region_of(sentence, at, PLACES) == region
