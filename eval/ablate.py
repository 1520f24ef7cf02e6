"""Here is the whole system; tell me what each of its parts contributes.

Every variant answers the same questions over the same articles; the references only search.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace

from eval.corpus import Corpus, open_corpus
from eval.dataset import Dataset
from eval.evaluate import evaluate, gold_text, unanswered, with_search
from eval.references import Reference, passages_of, references
from eval.reply import Reply
from eval.results import Result, ResultRow, provenance
from eval.runs import Plan, Report, data_sha256, prepare
from eval.systems import Local, System
from eval.variants import USUAL, Making, open_variant
from index.index import Index
from rag.ask import RetrievalSettings
from rag.retrieve import Retrieval

# Depth of a reference's search, as deep as ours is asked.
DEPTH = 50
# rank-bm25 scores every passage in Python: over this many it takes minutes a data set.
REFERENCE_PASSAGES = 50_000


@dataclass(frozen=True, slots=True)
class Variant:
    """The system with a part changed: in asking, in indexing, or in where citations point."""

    settings: RetrievalSettings = field(default_factory=RetrievalSettings)
    making: Making = USUAL
    aligned: bool = True


VARIANTS: dict[str, Variant] = {
    "whole": Variant(),
    "bm25-only": Variant(RetrievalSettings(Retrieval(retrievers=("bm25",)))),
    "chunks-only": Variant(RetrievalSettings(Retrieval(("bm25",), window_weight=0.0))),
    "windows-only": Variant(RetrievalSettings(Retrieval(("bm25",), window_weight=1.0))),
    "dense-only": Variant(RetrievalSettings(Retrieval(retrievers=("dense",)))),
    "no-features": Variant(RetrievalSettings(Retrieval(features=False))),
    "no-windows": Variant(RetrievalSettings(Retrieval(window_weight=0.0))),
    "dense-weight-0.05": Variant(RetrievalSettings(Retrieval(dense_weight=0.05))),
    "dense-weight-0.3": Variant(RetrievalSettings(Retrieval(dense_weight=0.3))),
    "dense-weight-0.5": Variant(RetrievalSettings(Retrieval(dense_weight=0.5))),
    "no-gates": Variant(RetrievalSettings(gates=False)),
    "no-titles": Variant(making=Making(titles=False)),
    "no-cleaning": Variant(making=Making(cleaned=False)),
    "no-alignment": Variant(aligned=False),
    "chunks-half": Variant(making=Making(scale=0.5)),
    "chunks-double": Variant(making=Making(scale=2.0)),
    "read-8": Variant(RetrievalSettings(read=8)),
    "read-50": Variant(RetrievalSettings(read=50)),
}
# The refusal trade-off: how likely an answer must be right (see `rag.trust`) before it is given.
THRESHOLDS: dict[str, Variant] = {
    f"enough-{enough:.2f}": Variant(RetrievalSettings(enough=enough))
    for enough in (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.9)
}


class Unaligned(Local):
    """The whole system as it would be without alignment: clean offsets taken for the source's."""

    def ask(self, text: str, history: Sequence[str]) -> Reply:
        """The reply with its citations pointing where the clean text has them."""
        reply = super().ask(text, history)
        cited = tuple(
            replace(one, source_start=one.start, source_end=one.end) for one in reply.citations
        )
        return replace(reply, citations=cited)


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
    known = VARIANTS | THRESHOLDS
    results = []
    for name in dict.fromkeys(("whole", *variants)):
        variant = known[name]
        with _opened(corpus, variant.making, plan) as index:
            kind = Local if variant.aligned else Unaligned
            system = kind(index, variant.settings)
            rows = evaluate(system, dataset, report=report)
            described = {**system.described(), "making": asdict(variant.making)}
            results.append(Result(name, tuple(rows), provenance(sha256, described)))
    if with_references:
        with _opened(corpus, USUAL, plan) as index:
            results += _references(index, dataset, results[0], sha256)
    return results


@contextmanager
def _opened(corpus: Corpus, making: Making, plan: Plan) -> Iterator[Index]:
    """The usual index, or one made in another way."""
    if making == USUAL:
        with open_corpus(corpus, cache=plan.cache, encoder=plan.encoder) as index:
            yield index
    else:
        with open_variant(corpus, making, cache=plan.cache) as index:
            yield index


def _references(index: Index, dataset: Dataset, whole: Result, sha256: str) -> list[Result]:
    """Results of rankings that only search, where there are not too many passages."""
    snapshot = index.snapshot()
    if snapshot.chunks > REFERENCE_PASSAGES:
        return []
    passages = passages_of(snapshot)
    system = Local(index)
    results = []
    for reference in references(passages, index.analyzer):
        rows = search_rows(reference, dataset, whole, system)
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
