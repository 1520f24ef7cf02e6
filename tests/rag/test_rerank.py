"""A reranker orders the first passages; without its scores they stay as they were."""

from collections.abc import Sequence

import pytest

from index.document import Chunk
from index.index import Snapshot
from rag.ask import RetrievalSettings, ask, look
from rag.errors import RerankerError
from rag.rerank import RERANKED, UNAVAILABLE, rerank
from tests.rag.conftest import Made

QUESTION = "双鸭山金秋助学筹了多少钱"


class Backwards:
    """Scores texts by the order given, the last best, and keeps what it was asked."""

    def __init__(self, scale: float = 1.0, extra: int = 0) -> None:
        self.asked: list[tuple[str, Sequence[str]]] = []
        self._scale = scale
        self._extra = extra

    def score(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        self.asked.append((question, texts))
        return [self._scale * n for n in range(len(texts) + self._extra)]


class Absent:
    """A reranker that cannot score."""

    def score(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        raise RerankerError(f"no model for {len(texts)} passages of {question}")


def chunks(count: int) -> list[Chunk]:
    return [Chunk(f"c{n:03}", "d", n, n + 1, str(n), "") for n in range(count)]


def test_the_first_are_ordered_by_score_and_the_rest_stay() -> None:
    given = chunks(RERANKED + 5)
    reranker = Backwards()
    ordered = rerank("q", given, reranker)
    assert ordered == [*reversed(given[:RERANKED]), *given[RERANKED:]]
    assert reranker.asked == [("q", [str(n) for n in range(RERANKED)])]
    assert rerank("q", [], reranker) == []


def test_equal_scores_leave_the_order_to_the_ids() -> None:
    assert rerank("q", list(reversed(chunks(4))), Backwards(0.0)) == chunks(4)


def test_as_many_scores_as_passages() -> None:
    with pytest.raises(RerankerError, match="3 scores for 2 passages"):
        rerank("q", chunks(2), Backwards(extra=1))


def test_it_changes_which_passage_answers(made: Made) -> None:
    texts = [
        "株洲市总工会\n\n株洲市总工会夜校去年培训绣娘36名。",
        "株洲市总工会\n\n株洲市总工会夜校去年培训绣娘40名。",
    ]
    snapshot = made([(f"{n}.txt", text) for n, text in enumerate(texts)])
    question = "株洲夜校去年培训绣娘多少名"
    fused = ask(question, snapshot)

    class Prefers:
        """Scores the text that the fused order did not answer with above all others."""

        def score(self, question: str, texts: Sequence[str]) -> Sequence[float]:
            return [float(fused.short_answers[0].text not in text) for text in texts]

    answer = ask(question, snapshot, settings=RetrievalSettings(reranker=Prefers()))
    assert answer.degraded == ()
    assert {answer.short_answers[0].text, fused.short_answers[0].text} == {"36名", "40名"}


def test_without_its_scores_the_answer_is_the_same_and_says_so(seeds: Snapshot) -> None:
    plain = look(QUESTION, seeds).answer
    answer = look(QUESTION, seeds, settings=RetrievalSettings(reranker=Absent())).answer
    assert answer.degraded == (UNAVAILABLE,)
    assert (answer.text, answer.citations) == (plain.text, plain.citations)


def test_a_refusal_stands_however_passages_are_ordered(seeds: Snapshot) -> None:
    settings = RetrievalSettings(reranker=Backwards())
    answer = ask("株洲金秋助学筹了多少钱", seeds, settings=settings)
    assert answer.status == "not_found"
    assert "163" not in answer.text
