"""Every question becomes a row: answered, refused, or failed."""

from dataclasses import replace

from eval.dataset import Dataset
from eval.evaluate import cluster_of, evaluate, evaluate_one, search_measures
from eval.question import Gold
from eval.reply import Found
from tests.eval.made import QUESTION, QUOTE, REFUSAL, REPLY, UNANSWERABLE, Scripted

GOLD_PASSAGE = Found("c2", "d1", "a.txt", f"前文。{QUOTE}", 1.0, {"bm25": 2})
OTHER = Found("c1", "d2", "b.txt", "别的文章里的句子,与问题没有关系。", 2.0, {"bm25": 1})


def _seed(question: object = QUESTION) -> object:
    """The question with its gold in the one document that the scripted system has."""
    gold = replace(QUESTION.gold[0], source=None, document_id="d1")
    return replace(question, gold=(gold,))  # type: ignore[type-var]


def test_a_row_holds_answer_and_search() -> None:
    system = Scripted({QUESTION.text: REPLY}, [OTHER, GOLD_PASSAGE])
    row = evaluate_one(system, _seed())  # type: ignore[arg-type]
    assert row.error is None
    assert row.measures["good"] == 1.0
    assert row.measures["mrr@10"] == 0.5
    assert (row.measures["recall@1"], row.measures["recall@3"]) == (0.0, 1.0)
    assert (row.measures["answer@1"], row.measures["answer@5"]) == (0.0, 1.0)
    assert [found["gold"] for found in row.found] == [False, True]
    assert row.took_ms == 3.0


def test_a_failed_question_is_a_row_that_counts_0() -> None:
    dataset = Dataset("made", (QUESTION, UNANSWERABLE), (), "d" * 64, "ours")
    told: list[tuple[int, int]] = []
    rows = evaluate(Scripted({}), dataset, report=lambda done, total: told.append((done, total)))
    assert [row.error for row in rows] == ["nothing scripted"] * 2
    assert [row.measures["good"] for row in rows] == [0.0, 0.0]
    assert rows[0].measures["mrr@10"] == rows[0].measures["answer@5"] == 0.0
    assert told == [(1, 2), (2, 2)]


def test_a_refusal_has_no_ranking_measures() -> None:
    asked = replace(UNANSWERABLE, text="没有的")
    row = evaluate_one(Scripted({"没有的": REFUSAL}, [OTHER]), asked)
    assert row.measures["good"] == 1.0
    assert "mrr@10" not in row.measures


def test_a_claim_counts_once_and_recall_is_over_claims() -> None:
    question = replace(
        QUESTION, gold=(Gold(None, "d1", None, None, 1), Gold(None, "d2", None, None, 2))
    )
    found = [OTHER, OTHER, GOLD_PASSAGE]
    values = search_measures(question, found, [{2}, {2}, {1}])
    assert (values["recall@1"], values["recall@3"]) == (0.5, 1.0)
    both = search_measures(question, found[:1], [{1, 2}])
    assert both["recall@3"] == 1.0
    assert search_measures(question, [], [])["recall@50"] == 0.0


def test_questions_cluster_by_article_or_place() -> None:
    assert cluster_of(QUESTION) == "a.txt"
    assert cluster_of(UNANSWERABLE) == "甲市"
    assert cluster_of(replace(UNANSWERABLE, region=None)) == "q2"
