"""Here are judgements and rankings; give me TREC's nouns, read and written.

Formats: https://trec.nist.gov/data/qrels_eng/ and BEIR's qrels.tsv (query, document, relevance).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.errors import BadDataset

# query id → document id → relevance (0 is judged and not relevant)
Qrels = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a run: higher scores are better."""

    query_id: str
    doc_id: str
    score: float


def read_qrels(path: Path) -> Qrels:
    """Qrels of a TREC (4 columns) or BEIR (3 columns, perhaps with a header) file."""
    qrels: Qrels = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        fields = line.split()
        if not fields or (number == 1 and not fields[-1].lstrip("-").isdigit()):
            continue
        try:
            query_id, doc_id, relevance = (
                (fields[0], fields[1], fields[2]) if len(fields) == 3 else _trec(fields)
            )
            qrels.setdefault(query_id, {})[doc_id] = int(relevance)
        except ValueError as exc:
            raise BadDataset(
                f"{path.name}, line {number}: {len(fields)} columns, expected 3 (BEIR) or 4 (TREC)"
            ) from exc
    return qrels


def _trec(fields: Sequence[str]) -> tuple[str, str, str]:
    query_id, _, doc_id, relevance = fields
    return query_id, doc_id, relevance


def read_run(path: Path) -> list[Ranked]:
    """The lines of a TREC run file: query, Q0, document, rank, score, tag."""
    run = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        fields = line.split()
        if not fields:
            continue
        if len(fields) != 6:
            raise BadDataset(f"{path.name}, line {number}: {len(fields)} columns, expected 6")
        run.append(Ranked(fields[0], fields[2], float(fields[4])))
    return run


def write_run(path: Path, rankings: Mapping[str, Sequence[Ranked]], tag: str) -> None:
    """Nothing; the rankings stand in `path` as a TREC run, best first, ties by id."""
    lines = [
        f"{row.query_id} Q0 {row.doc_id} {rank} {row.score!r} {tag}"
        for query_id in sorted(rankings)
        for rank, row in enumerate(ordered(rankings[query_id]), 1)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def ordered(rows: Iterable[Ranked]) -> list[Ranked]:
    """One query's rows by (−score, doc_id): the only tie rule of this room."""
    return sorted(rows, key=lambda row: (-row.score, row.doc_id))
