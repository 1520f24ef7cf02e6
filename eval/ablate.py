"""Here is the whole system; tell me what each of its parts contributes.

Every variant answers the same questions over the same index; the references only search.
"""

from collections.abc import Sequence
from dataclasses import replace

from eval.corpus import open_corpus
from eval.dataset import Dataset
from eval.evaluate import evaluate, gold_text, unanswered, with_search
from eval.references import Reference, passages_of, references
from eval.results import Result, ResultRow, provenance
from eval.runs import Plan, Report, data_sha256, prepare
from eval.systems import Local, System
from rag.ask import RetrievalSettings

# Depth of a reference's search, as deep as ours is asked.
DEPTH = 50
# rank-bm25 scores every passage in Python: over this many it takes minutes a data set.
REFERENCE_PASSAGES = 50_000

VARIANTS: dict[str, RetrievalSettings] = {
    "whole": RetrievalSettings(),
    "bm25-only": RetrievalSettings(retrievers=("bm25",)),
    "dense-only": RetrievalSettings(retrievers=("dense",)),
    "no-gates": RetrievalSettings(gates=False),
    "dense-weight-0.1": RetrievalSettings(dense_weight=0.1),
    "dense-weight-0.3": RetrievalSettings(dense_weight=0.3),
    "dense-weight-0.5": RetrievalSettings(dense_weight=0.5),
    "read-8": RetrievalSettings(read=8),
    "read-50": RetrievalSettings(read=50),
}


def ablate(
    plan: Plan,
    variants: Sequence[str],
    *,
    with_references: bool = True,
    report: Report = lambda done, total: None,
) -> list[Result]:
    """The result of each variant, the whole system first, then of each reference ranking."""
    dataset, corpus = prepare(plan)
    sha256 = data_sha256(dataset, corpus)
    results = []
    with open_corpus(corpus, cache=plan.cache, encoder=plan.encoder) as index:
        for name in dict.fromkeys(("whole", *variants)):
            system = Local(index, VARIANTS[name])
            rows = evaluate(system, dataset, report=report)
            results.append(Result(name, tuple(rows), provenance(sha256, system.described())))
        snapshot = index.snapshot()
        if with_references and snapshot.chunks <= REFERENCE_PASSAGES:
            passages = passages_of(snapshot)
            system = Local(index)
            for reference in references(passages, index.analyzer):
                rows = search_rows(reference, dataset, results[0], system)
                described = {"system": reference.name, "chunks": len(passages)}
                results.append(Result(reference.name, tuple(rows), provenance(sha256, described)))
    return results


def search_rows(
    reference: Reference, dataset: Dataset, whole: Result, system: System
) -> list[ResultRow]:
    """Rows of a ranking that only searches, for the questions that have an answer.

    A follow-up is searched as the whole system resolved it, so that only the ranking differs.
    """
    standalone = {row.id: row.standalone for row in whole.rows}
    rows = []
    for question in dataset.questions:
        if question.answerable:
            row = replace(
                unanswered(question),
                status="searched",
                standalone=standalone.get(question.id, question.text),
                measures={},
            )
            golds = [(gold, gold_text(system, gold)) for gold in question.gold]
            found = reference.search(row.standalone, DEPTH)
            rows.append(with_search(row, question, found, golds))
    return rows
