"""A plan makes a plan of what follows it, not of what was reported before it."""

from index.clean import clean
from index.document import Document
from index.gazetteer import Gazetteer
from index.modality import plan_of
from index.read import read_bytes

PLACES = Gazetteer.open()


def article(sentence: str) -> tuple[Document, int]:
    text = f"工会工作纪实\n\n{sentence}\n"
    document = clean(read_bytes("a.txt", text.encode()), PLACES)
    return document, document.text.index(sentence)


def test_what_is_announced_behind_a_figure_leaves_it_reported() -> None:
    sentence = "工会共消费农产品100万元,接下来将投入200万元。"
    document, start = article(sentence)
    end = start + len(sentence)
    assert plan_of(document, start, end, sentence.index("100")) is None
    assert plan_of(document, start, end, sentence.index("200")) is not None
