"""A model is given what the gates let through, and nothing else."""

from index.index import Snapshot
from rag.ask import look
from rag.passage import MOST, Passage, passages_of


def passages(snapshot: Snapshot, question: str) -> tuple[Passage, ...]:
    findings = look(question, snapshot)
    return passages_of(findings.inquiries, findings.evidence)


def test_every_sentence_passed_every_gate(seeds: Snapshot) -> None:
    findings = look("双鸭山金秋助学筹了多少钱", seeds)
    found = passages_of(findings.inquiries, findings.evidence)
    assert [passage.number for passage in found] == list(range(1, len(found) + 1))
    assert 1 <= len(found) <= MOST
    open_ = {
        (e.sentence.document.document_id, e.sentence.start)
        for evidence in findings.evidence
        for e in evidence
        if not e.closed
    }
    for passage in found:
        (chunk,) = {ground.sentence.chunk.chunk_id for ground in passage.grounds}
        assert chunk
        for ground in passage.grounds:
            sentence = ground.sentence
            assert (sentence.document.document_id, sentence.start) in open_
            assert sentence.document.region == "双鸭山市"


def test_each_place_asked_for_has_its_best_passage_first(seeds: Snapshot) -> None:
    found = passages(seeds, "白城和株洲各建了多少个户外劳动者服务站")
    first, second = (passage.grounds[0].sentence.document.region for passage in found[:2])
    assert [first, second] == ["白城市", "株洲市"]


def test_where_every_gate_is_shut_there_is_none(seeds: Snapshot) -> None:
    assert passages(seeds, "株洲金秋助学筹了多少钱") == ()
