"""What could be the answer in a sentence: times, names, ranks and counts of every printed form."""

import pytest

from index.chunk import chunk as chunks_of
from index.clean import clean
from index.read import read_bytes
from index.sentences import Sentence
from rag.query import understand
from rag.spans import spans_of
from tests.rag.conftest import Made


def spans_said(question: str, text: str, made: Made) -> list[str]:
    """The spans that may answer a question in an article of one sentence."""
    snapshot = made([("a.txt", text)])
    document = clean(read_bytes("a.txt", text.encode()), snapshot.gazetteer)
    (chunk, *_) = chunks_of(document)
    sentence = Sentence(document, chunk, 0, len(document.text), "", "", 0)
    query = understand(question, question, snapshot.analyzer, snapshot.gazetteer)
    return [span.text for span in spans_of(sentence, query, snapshot.gazetteer)]


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("铁路是什么时候建成的", "铁路于民国27年建成。", ["民国27年"]),
        ("寺庙建于哪个朝代", "这座寺庙建于东汉末年。", ["东汉末年"]),
        ("文字何时成为标准", "文字在19世纪晚期成为标准。", ["19世纪晚期"]),
        ("大会在哪一年召开", "大会于二〇一九年五月召开。", ["二〇一九年五月"]),
        ("总值排名第几", "总值在十二省市中排第1位。", ["第1位"]),
        ("谁提出了这个看法", "后来威廉·琼斯提出了这个看法。", ["威廉·琼斯"]),
        ("全市有多少博物馆", "全市共有58博物馆。", ["58"]),
        ("全市有多少博物馆", "全市的第58博物馆开放。", []),
        ("多少名职工子女参加", "共有15名4-12岁的职工子女参加。", ["15名"]),
        ("职工子女几岁", "共有15名4-12岁的职工子女参加。", ["4-12岁"]),
        ("网络覆盖多少", "建成省市三级网络，覆盖企业40家。", ["40家"]),
        ("消费券多少", "向5000家商户发放消费券30万元。", ["5000家", "30万元"]),
        ("有几个劳模", "表彰劳模7名，投入资金30万元。", ["7名"]),
        ("舞剧叫什么名字", "该团创排的舞剧名为万家灯火，广受好评。", ["万家灯火"]),
        ("活动由哪家公司赞助", "此次活动在圆通速递有限公司的支持下举行。", ["圆通速递有限公司"]),
    ],
)
def test_the_spans_of_a_sentence(question: str, text: str, said: list[str], made: Made) -> None:
    assert spans_said(question, text, made) == said


@pytest.mark.parametrize(
    ("question", "said"),
    [("青山市城市管理局局长是谁", ["王建之"]), ("青山市园林绿化局局长是谁", [])],
)
def test_the_holder_of_an_office_is_not_that_of_another_body(
    question: str, said: list[str], made: Made
) -> None:
    assert spans_said(question, "青山市城市管理局局长王建之出席。", made) == said
