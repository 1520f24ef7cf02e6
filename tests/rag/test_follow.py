"""What a follow-up takes over, and what it leaves."""

import pytest

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from rag.conversation import Conversation, Turn
from rag.follow import standalone


@pytest.mark.parametrize(
    ("before", "answer", "question", "expected"),
    [
        ("丽水市总工会主席是谁", "丽水市总工会主席王平安。[1]", "她是哪里人", "王平安"),
        ("丽水金秋助学筹了多少钱", "", "那衢州呢", "衢州金秋助学筹了多少钱"),
        ("衢州市建了多少家爱心驿站", "", "市总工会在哪里召开表彰大会", "衢州市市总工会"),
    ],
)
def test_a_follow_up_is_whole(
    analyzer: Analyzer,
    gazetteer: Gazetteer,
    before: str,
    answer: str,
    question: str,
    expected: str,
) -> None:
    conversation = Conversation((Turn(before, before, answer),))
    assert expected in standalone(question, conversation, analyzer, gazetteer)


def test_a_new_topic_inherits_nothing(analyzer: Analyzer, gazetteer: Gazetteer) -> None:
    conversation = Conversation((Turn("丽水金秋助学筹了多少钱", "丽水金秋助学筹了多少钱", ""),))
    for question in ("衢州市职工书屋有多少家?", "全国总工会下拨了多少救灾资金给受灾的十二个省市?"):
        assert standalone(question, conversation, analyzer, gazetteer) == question


def test_an_english_question_that_goes_on_with_and_leans(
    analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    first = "How much did Tongling raise for Golden Autumn?"
    before = Conversation((Turn(first, first, ""),))
    resolved = standalone("and how many students?", before, analyzer, gazetteer)
    assert "tongling" in resolved.lower()
    assert resolved.startswith("and how many students?")
