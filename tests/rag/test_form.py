"""A reason says why, a definition names its subject first."""

import pytest

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from rag.form import FITS, form_fits
from rag.query import understand


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("为什么设立服务驿站", "为了解决户外劳动者如厕难,设立服务驿站", FITS),
        ("为什么设立服务驿站", "设立服务驿站12家", 0.0),
        ("什么是放线菌酮", "放线菌酮是一种具苦味的物质", FITS),
        ("什么是放线菌酮", "这是一种由放线菌酮制成的物质", 0.0),
        ("放线菌酮有多少种", "放线菌酮是一种具苦味的物质", 0.0),
    ],
)
def test_the_form_of_an_answer(
    question: str, sentence: str, expected: float, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    query = understand(question, question, analyzer, gazetteer)
    assert form_fits(sentence, query) == expected
