"""Here is a system and a data set; give me a row for every question, failed ones too."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from eval.answers import answer_measures, passages_with_gold
from eval.dataset import SEEDS, Dataset
from eval.errors import SystemFailed
from eval.metrics import NAMES, answer_in_top, ranking_measures
from eval.qrels import Ranked
from eval.question import Gold, Question
from eval.reply import Found, Reply
from eval.results import ResultRow
from eval.systems import System

# Passages asked of a search: the deepest cut measured.
DEPTH = 50
# Where it is asked whether a passage holds the answer's words.
ANSWER_CUTS = (1, 5, 10)
# Passages kept in a row for the report's drill-down.
SHOWN = 10
Report = Callable[[int, int], None]


def evaluate(
    system: System, dataset: Dataset, *, report: Report = lambda done, total: None
) -> list[ResultRow]:
    """One row a question, in the data set's order; what failed says so and counts 0."""
    rows = []
    for number, question in enumerate(dataset.questions, 1):
        rows.append(evaluate_one(system, question))
        report(number, len(dataset.questions))
    return rows


def evaluate_one(system: System, question: Question) -> ResultRow:
    """The row of one question: the answer's measures, then the search's."""
    row = unanswered(question)
    try:
        reply = system.ask(question.text, question.history)
        measures = answer_measures(question, reply, system.texts)
        row = with_answer(row, reply, measures)
        found = system.search(reply.standalone or question.text, DEPTH)
        golds = [(gold, gold_text(system, gold)) for gold in question.gold]
    except SystemFailed as exc:
        return replace(row, error=str(exc))
    return with_search(row, question, found, golds)


def with_search(
    row: ResultRow, question: Question, found: Sequence[Found], golds: Sequence[tuple[Gold, str]]
) -> ResultRow:
    """The row with what a search found and its measures (none where nothing is to be found)."""
    held = passages_with_gold([(f.document_id, f.source, f.text) for f in found], golds)
    shown = tuple(
        {
            "chunk_id": f.chunk_id,
            "document_id": f.document_id,
            "source": f.source,
            "text": f.text[:120],
            "ranks": dict(f.ranks),
            "gold": bool(claims),
        }
        for f, claims in zip(found[:SHOWN], held, strict=False)
    )
    search = search_measures(question, found, held) if question.answerable else {}
    return replace(row, found=shown, measures={**row.measures, **search})


def search_measures(
    question: Question, found: Sequence[Found], held: Sequence[set[int]]
) -> dict[str, float]:
    """The ranking measures of one search; a judged item is a claim of the gold.

    A passage counts once for each claim that no passage before it held, so recall is the share of
    claims found. Where only articles are known, the claims are the articles.
    """
    qrels = {f"claim-{gold.claim}": 1 for gold in question.gold if gold.claim}
    ranked: list[Ranked] = []
    met: set[int] = set()
    for rank, (passage, claims) in enumerate(zip(found, held, strict=True)):
        new = sorted(claims - met)
        met |= claims
        ids = [f"claim-{claim}" for claim in new] or [f"{passage.chunk_id}#{rank}"]
        ranked.extend(
            Ranked(question.id, name, -float(len(ranked) + i)) for i, name in enumerate(ids)
        )
    values = ranking_measures({question.id: qrels}, {question.id: ranked})
    texts = [passage.text for passage in found]
    forms = (*question.answers, *question.accept_answers)
    return {
        **values.get(question.id, {}),
        **{f"answer@{k}": answer_in_top(texts, forms, k) for k in ANSWER_CUTS},
    }


def gold_text(system: System, gold: Gold) -> str:
    """The source text of a gold span: a seed's file, or the system's own copy of an article."""
    if gold.source_start is None or gold.source_end is None:
        return ""
    if gold.source:
        text = seed_text(gold.source)
    else:
        texts = system.texts(gold.document_id or "")
        text = texts.source_text if texts else ""
    return text[gold.source_start : gold.source_end]


def seed_text(name: str, seeds: Path = SEEDS) -> str:
    """A seed article as decoded; all five are UTF-8 (their hashes are in the manifest)."""
    return (seeds / name).read_bytes().decode("utf-8-sig")


def cluster_of(question: Question) -> str:
    """The article a question is about, or its place where no article answers it."""
    for gold in question.gold:
        return gold.source or gold.document_id or ""
    return f"{question.region or question.id}"


def unanswered(question: Question) -> ResultRow:
    """The row of a question before it is asked: every measure it will have is 0."""
    zeros = dict.fromkeys(("good", "right", *NAMES, *(f"answer@{k}" for k in ANSWER_CUTS)), 0.0)
    return ResultRow(
        id=question.id,
        kind=question.kind,
        split=question.split,
        question=question.text,
        history=question.history,
        standalone=question.text,
        cluster=cluster_of(question),
        expected=question.answers,
        expected_status=question.status,
        status="failed",
        answer="",
        citations=(),
        related=(),
        found=(),
        measures=zeros if question.answerable else {"good": 0.0, "refused": 0.0},
        took_ms=0.0,
    )


def with_answer(row: ResultRow, reply: Reply, measures: dict[str, float]) -> ResultRow:
    """The row with what was answered."""
    notes = dict(zip(reply.related, reply.notes, strict=False))
    return replace(
        row,
        standalone=reply.standalone or row.question,
        status=reply.status,
        answer=reply.text,
        citations=tuple(
            {**asdict(cited), "note": notes.get(cited.id, "")} for cited in reply.citations
        ),
        related=reply.related,
        measures={**row.measures, **measures},
        took_ms=reply.took_ms,
        weighed=tuple(asdict(one) for one in reply.weighed),
    )
