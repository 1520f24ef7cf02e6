"""The whole room over the five articles: run twice, ablate, and compare with the references."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval.ablate import ablate
from eval.dataset import SEEDS
from eval.results import Result, identity
from eval.runs import Plan, local_system, prepare, run

NOWHERE = Path("/nonexistent")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return Plan(split="tune", limit=30, data_root=NOWHERE, cache=tmp_path_factory.mktemp("eval"))


@pytest.fixture(scope="module")
def first(plan: Plan) -> Result:
    return run(plan, "union")[0]


def test_without_the_data_folder_only_seed_questions_are_asked(plan: Plan) -> None:
    dataset, corpus = prepare(replace(plan, limit=None, split=None, news=-1))
    assert {q.needs for q in dataset.questions} == {"seeds"}
    assert len(dataset.questions) >= 100
    assert corpus.paths == (SEEDS,)


def test_two_runs_give_the_same_answers(plan: Plan, first: Result) -> None:
    (second,) = run(plan, "union")
    assert identity(second) == identity(first)


def test_an_index_built_anew_gives_the_same_answers(
    plan: Plan, first: Result, tmp_path: Path
) -> None:
    (second,) = run(replace(plan, cache=tmp_path), "union")
    assert identity(second) == identity(first)
    assert any(row.citations and row.found for row in second.rows)


def test_a_part_changed_changes_only_what_it_is_about(plan: Plan) -> None:
    names = ["no-alignment", "no-titles", "enough-0.90", "dense-weight-0.5"]
    found = ablate(plan, names, with_references=False)
    whole, unaligned, _, strict, _ = (result.means()["all"] for result in found)
    assert unaligned["citation_valid"].mean < 0.5 < whole["citation_valid"].mean
    assert unaligned["right"] == whole["right"]
    assert strict["false_refusal"].mean > whole["false_refusal"].mean
    ranked = {
        result.name: [[hit["chunk_id"] for hit in row.found] for row in result.rows]
        for result in found
    }
    assert ranked["no-titles"] != ranked["whole"] != ranked["dense-weight-0.5"]
    assert ranked["no-alignment"] == ranked["whole"]


def test_no_question_fails_and_every_citation_is_valid(first: Result) -> None:
    assert [row.error for row in first.rows if row.error] == []
    assert all(row.measures.get("citation_valid", 1.0) == 1.0 for row in first.rows)


def test_a_refusal_says_which_gate_was_closed(plan: Plan, first: Result) -> None:
    with local_system(prepare(plan)[1], plan) as system:
        refused = system.ask("株洲金秋助学筹了多少钱", ())
    assert refused.status == "not_found"
    assert {one.closed for one in refused.weighed} & {"other", "plan"}
    answered = [row for row in first.rows if row.kind == "figure" and row.status == "answered"]
    assert answered
    assert all(row.weighed[0]["closed"] == "" for row in answered)
    assert all(row.weighed[0]["sentence"] for row in answered)


def test_references_and_variants_answer_the_same_questions(plan: Plan, first: Result) -> None:
    results = {result.name: result for result in ablate(plan, ["bm25-only"])}
    assert list(results) == ["whole", "bm25-only", "rank-bm25", "bm25s"]
    for name in ("rank-bm25", "bm25s"):
        reference = results[name].means()["all"]
        assert "good" not in reference
        # five articles: any sane ranking finds nearly every sentence in ten passages
        assert reference["recall@10"].mean > 0.8
    assert results["bm25-only"].provenance.system["settings"]["how"]["retrievers"] == ("bm25",)
