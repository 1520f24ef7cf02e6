"""A question in pinyin is the question in characters; English is not pinyin."""

import pytest

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from rag.pinyin import from_pinyin
from rag.query import understand


@pytest.mark.parametrize(
    ("spelled", "written"),
    [
        ("shuangyashan jinqiu zhuxue chou le duoshao qian", "双鸭山市金秋助学筹了多少钱"),
        ("heze gonghui jiti hunli you duoshao dui xinren", "菏泽市工会集体婚礼有多少对新人"),
        ("liupanshui xiangji gonghui tongguo yanshou duoshao ge", "六盘水市乡级工会通过验收多少个"),
    ],
)
def test_pinyin_is_written_in_characters(
    analyzer: Analyzer, gazetteer: Gazetteer, spelled: str, written: str
) -> None:
    assert from_pinyin(spelled, analyzer, gazetteer) == written
    asked = understand(spelled, spelled, analyzer, gazetteer)
    plain = understand(written, written, analyzer, gazetteer)
    assert (asked.language, asked.ask, asked.places, asked.words) == (
        plain.language,
        plain.ask,
        plain.places,
        plain.words,
    )


@pytest.mark.parametrize(
    "question", ["How many stations does Baicheng have", "Beijing", "GDP 2020"]
)
def test_english_and_names_are_left_alone(
    analyzer: Analyzer, gazetteer: Gazetteer, question: str
) -> None:
    assert from_pinyin(question, analyzer, gazetteer) is None
