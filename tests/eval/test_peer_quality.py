"""Another engine answers with its first passage, measured as ours is."""

from pathlib import Path

from eval.bench import Rivals
from eval.dataset import SEEDS
from eval.peer_quality import compare_peers, first_passage
from eval.runs import Plan
from tests.eval.made import CITED

NOWHERE = Path("/nonexistent")


def test_the_first_passage_is_the_answer_and_its_citation() -> None:
    reply = first_passage("几家?", [CITED], 2.0)
    assert (reply.status, reply.text, reply.took_ms) == ("answered", CITED.quote, 2.0)
    assert reply.claims == (CITED,)
    nothing = first_passage("几家?", [], 1.0)
    assert (nothing.status, nothing.text, nothing.citations) == ("not_found", "", ())


def test_engines_that_only_search_answer_and_never_refuse(tmp_path: Path) -> None:
    plan = Plan(split="tune", limit=60, data_root=NOWHERE, cache=tmp_path)
    results, failed = compare_peers(plan, Rivals(("bm25s",)))
    ours, peer = results
    assert failed == []
    assert [row.id for row in peer.rows] == [row.id for row in ours.rows]
    means = peer.means()["all"]
    # five articles: a sane ranking has the answer's passage in front for most questions
    assert means["right"].mean > 0.4
    # a passage may span what cleaning left out of the source; a sentence of ours never does
    assert means["citation_valid"].mean > 0.9
    assert peer.provenance.system["terms"] == "ours"
    assert ours.provenance.data_sha256 == peer.provenance.data_sha256
    answered = next(row for row in peer.rows if row.status == "answered")
    assert answered.citations[0]["source"] in {path.name for path in SEEDS.iterdir()}
    assert answered.found[0]["ranks"] == {"bm25s": 1}
    unanswerable = [row for row in peer.rows if "refused" in row.measures]
    assert all(row.measures["refused"] == 0.0 for row in unanswerable if row.citations)


def test_an_engine_that_cannot_run_is_told(tmp_path: Path) -> None:
    plan = Plan(split="tune", limit=2, data_root=NOWHERE, cache=tmp_path)
    results, failed = compare_peers(plan, Rivals(("bm25s",), tmp_path / "no-python"))
    assert [result.name for result in results] == ["unionqa"]
    assert "cannot be run" in str(failed[0].error)
