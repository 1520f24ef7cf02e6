"""Many sentences are not all searched for spans; the one that answers is, wherever it stands."""

import pytest

from rag.ask import look
from rag.evidence import LOOKED_AT
from tests.rag.conftest import Made

TALK = "株洲市总工会召开第{0}次座谈会,听取职工对助学工作的意见,讨论了{0}项议题。"
FIGURE = "株洲市总工会发放助学金52万元。"


@pytest.mark.parametrize("at", [0, 20, 39])
def test_the_sentence_that_answers_is_among_those_looked_at(made: Made, at: int) -> None:
    said = [TALK.format(number) for number in range(1, 40)]
    said.insert(at, FIGURE)
    snapshot = made([("0.txt", "\n".join(["株洲市总工会的助学工作", *said]))])
    found = look("株洲市总工会发放助学金多少钱", snapshot)
    assert [short.text for short in found.answer.short_answers] == ["52万元"]
    assert len({e.sentence.start for e in found.evidence[0]}) <= LOOKED_AT
