"""Here are the same questions for other engines; tell me what our places, gates and Chinese do.

An engine that only finds passages answers with its first one, as a plain set-up does: the whole
passage is its answer and its citation, measured as ours are. It never refuses.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eval.answers import answer_measures
from eval.apart import leave, leave_task, run_apart
from eval.bench import Rivals
from eval.corpus import open_corpus
from eval.dataset import Dataset
from eval.engine import Outcome
from eval.evaluate import DEPTH, evaluate, gold_text, unanswered, with_answer, with_search
from eval.peers import PEERS
from eval.question import Question
from eval.references import Passage, passages_of
from eval.reply import Cited, Found, Reply
from eval.results import Result, ResultRow, provenance
from eval.runs import Plan, Report, data_sha256, prepare
from eval.systems import Local, System
from index.index import Snapshot

OURS = "unionqa"
# What is compared where nobody names others; plain ones get the text as it is.
USUAL = ("langchain", "langchain-plain", "txtai", "txtai-plain")


def compare_peers(
    plan: Plan, rivals: Rivals, *, report: Report = lambda done, total: None
) -> tuple[list[Result], list[Outcome]]:
    """Our result and that of each engine that ran, and the outcomes of those that did not.

    A follow-up is searched as our system resolved it, which only helps the others.
    """
    dataset, corpus = prepare(plan)
    sha256 = data_sha256(dataset, corpus)
    failed: list[Outcome] = []
    with open_corpus(corpus, cache=plan.cache, encoder=plan.encoder) as index:
        system = Local(index)
        rows = evaluate(system, dataset, report=report)
        results = [Result(OURS, tuple(rows), provenance(sha256, system.described()))]
        passages = passages_of(index.snapshot())
        with tempfile.TemporaryDirectory(prefix="unionqa-peers-") as name:
            folder = Path(name)
            encoded = index.encoder.encode_passages([passage.encoded for passage in passages])
            texts = [passage.text for passage in passages]
            leave(folder, [(texts, encoded)], len(texts))
            leave_task(folder, [row.standalone for row in rows], DEPTH, warm=20)
            for rival in rivals.names:
                outcome = run_apart(rival, folder, len(passages), rivals.python, rivals.bounds)
                if outcome.error is not None:
                    failed.append(outcome)
                    continue
                cited = Cites(index.snapshot(), passages)
                made = peer_rows(outcome, dataset, rows, cited, system)
                described = {
                    "system": rival, "version": outcome.version, "terms": PEERS[rival].terms,
                    "chunks": len(passages),
                }  # fmt: skip
                results.append(Result(rival, tuple(made), provenance(sha256, described)))
    return results, failed


class Cites:
    """Cites whole passages by their number; what it has looked up it keeps."""

    def __init__(self, snapshot: Snapshot, passages: Sequence[Passage]) -> None:
        self._snapshot = snapshot
        self._passages = passages

    def found(self, outcome: Outcome, numbers: Sequence[int]) -> list[Found]:
        """The passages of these numbers as search results, best first."""
        return [
            Found(p.chunk_id, p.document_id, p.source, p.text, 1 / rank, {outcome.engine: rank})
            for rank, p in enumerate((self._passages[number] for number in numbers), 1)
        ]

    def cited(self, number: int) -> Cited:
        """The passage as a citation of all of it."""
        passage = self._passages[number]
        chunk = self._snapshot.get_chunks([passage.chunk_id])[passage.chunk_id]
        document = self._snapshot.get_documents([passage.document_id])[passage.document_id]
        return Cited(
            1, passage.document_id, passage.source, document.region, document.date, chunk.text,
            chunk.start, chunk.end, *document.alignment.source_span(chunk.start, chunk.end),
        )  # fmt: skip


def peer_rows(
    outcome: Outcome,
    dataset: Dataset,
    ours: Sequence[ResultRow],
    cites: Cites,
    system: System,
) -> list[ResultRow]:
    """One row a question: its first passage as the answer, and the ranking measures."""
    rows = []
    asked = zip(dataset.questions, ours, outcome.found, outcome.took_ms, strict=True)
    for question, row, numbers, took in asked:
        reply = first_passage(row.standalone, [cites.cited(n) for n in numbers[:1]], took)
        measures = answer_measures(question, reply, system.texts)
        made = with_answer(unanswered(question), reply, measures)
        rows.append(_searched(made, question, cites.found(outcome, numbers), system))
    return rows


def _searched(
    row: ResultRow, question: Question, found: Sequence[Found], system: System
) -> ResultRow:
    golds = [(gold, gold_text(system, gold)) for gold in question.gold]
    return replace(with_search(row, question, found, golds), error=None)


def first_passage(standalone: str, cited: Sequence[Cited], took_ms: float) -> Reply:
    """What an engine without gates says: its first passage, or nothing where it found none."""
    return Reply(
        status="answered" if cited else "not_found",
        text=cited[0].quote if cited else "",
        short_answers=(),
        citations=tuple(cited),
        related=(),
        rows=(),
        standalone=standalone,
        degraded=(),
        took_ms=took_ms,
    )
