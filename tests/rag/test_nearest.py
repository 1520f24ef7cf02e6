"""Laws of the best window: it counts for its passage, however much else the passage says."""

import pytest

from index.encoder import SHIPPED, StaticEncoder
from index.hit import Hit
from index.index import Filters
from rag.nearest import SIZE, best_cosines, by_window
from rag.query import understand
from rag.retrieve import dense
from tests.rag.conftest import Made

SAYS = "株洲市总工会发放助学金。"
OTHER = "博物馆展出了一批出土的青铜器，每天都有许多人前来参观和学习历史知识，一直到很晚才关门离开。"


@pytest.fixture(scope="session")
def encoder() -> StaticEncoder:
    return StaticEncoder.open(SHIPPED)


def test_a_short_text_is_its_own_window(encoder: StaticEncoder) -> None:
    rows = encoder.encode_passages([SAYS, OTHER])
    assert best_cosines(rows[0], [SAYS, OTHER], encoder) == pytest.approx(rows @ rows[0], abs=1e-4)


def test_what_else_a_passage_says_does_not_count(encoder: StaticEncoder) -> None:
    assert len(OTHER) > SIZE
    row = encoder.encode_queries(["总工会的助学金"])[0]
    alone, amid, last = best_cosines(
        row, [SAYS, f"{OTHER}{SAYS}{OTHER}", f"{OTHER}{OTHER}{SAYS}"], encoder
    )
    assert amid == pytest.approx(alone, abs=0.02)
    assert last == pytest.approx(alone, abs=0.02)
    assert float(encoder.encode_passages([f"{OTHER}{SAYS}{OTHER}"])[0] @ row) < alone - 0.1


def test_short_sentences_are_windows_together(encoder: StaticEncoder) -> None:
    parts = ["总工会发放补助。", "共有三百人。"]
    row = encoder.encode_queries(["总工会发放补助三百人"])[0]
    together = encoder.encode_passages(["".join(parts)])[0]
    assert best_cosines(row, ["".join(parts)], encoder)[0] == pytest.approx(
        float(together @ row), abs=0.02
    )


def test_nothing_is_near_an_empty_text(encoder: StaticEncoder) -> None:
    row = encoder.encode_queries([SAYS])[0]
    assert best_cosines(row, ["", SAYS], encoder) == pytest.approx([0, 1], abs=1e-4)
    assert best_cosines(row, [], encoder).shape == (0,)


def test_hits_are_ordered_once_each_and_gone_ones_left_out(
    made: Made, encoder: StaticEncoder
) -> None:
    snapshot = made([("0.txt", SAYS), ("1.txt", OTHER)])
    row = encoder.encode_queries([SAYS])[0]
    hits = snapshot.dense(row, 9)
    found = by_window(row, [*reversed(hits), *hits, Hit("gone-0-1-x", 1.0)], snapshot)
    assert found is not None
    assert [hit.chunk_id for hit in found] == [hit.chunk_id for hit in hits]
    assert found[0].score == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("question", "windows"), [("助学金", False), ("student aid", True)])
def test_only_an_english_question_is_held_against_windows(
    made: Made, question: str, windows: bool
) -> None:
    snapshot = made([("0.txt", f"{OTHER}{SAYS}{OTHER}"), ("1.txt", OTHER)])
    query = understand(question, question, snapshot.analyzer, snapshot.gazetteer)
    row = snapshot.encoder.encode_queries([query.search_text])[0]
    own = snapshot.dense(row, 9)
    assert (dense(query, snapshot, Filters(), 9) != own) == windows
