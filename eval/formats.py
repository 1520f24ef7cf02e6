"""Here are the files of a data set; give me its questions, whatever the format.

Formats: our own `union.jsonl`; BEIR folders (queries.jsonl, qrels.tsv); SQuAD JSON; the news
questions ({"_id", "text", "answers", "gold": [article ids]}).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.errors import BadDataset
from eval.qrels import read_qrels
from eval.question import KINDS, STATUSES, Cell, Gold, Question

_FIELDS = {
    "id", "kind", "split", "question", "history", "language", "status", "accept_status",
    "answers", "accept_answers", "items", "match", "value", "unit", "region", "cells", "gold",
    "forbidden", "needs", "checked", "note",
}  # fmt: skip


def read_union(paths: Sequence[Path]) -> list[Question]:
    """The questions of our own format; BadDataset names file and line of the first fault."""
    questions = []
    seen: set[str] = set()
    for where, line in _lines(paths[0]):
        question = _union_question(line, where)
        if question.id in seen:
            raise BadDataset(f"{where}: id {question.id!r} was on an earlier line")
        seen.add(question.id)
        questions.append(question)
    return questions


def _union_question(line: Mapping[str, Any], where: str) -> Question:
    """One line as a Question, checked field by field."""
    unknown = sorted(set(line) - _FIELDS)
    if unknown:
        raise BadDataset(f"{where}: unknown fields {', '.join(unknown)}")
    try:
        question = Question(
            id=line["id"],
            kind=line["kind"],
            split=line["split"],
            text=line["question"],
            history=tuple(line.get("history", ())),
            language=line.get("language", "zh"),
            status=line["status"],
            accept_status=tuple(line.get("accept_status", ())),
            answers=tuple(line.get("answers", ())),
            accept_answers=tuple(line.get("accept_answers", ())),
            items=tuple(line.get("items", ())),
            match=line.get("match", "any"),
            value=line.get("value"),
            unit=line.get("unit"),
            region=line.get("region"),
            cells=tuple(Cell(**cell) for cell in line.get("cells", ())),
            gold=tuple(_gold(span) for span in line.get("gold", ())),
            forbidden=tuple(line.get("forbidden", ())),
            needs=line.get("needs", "seeds"),
            checked=line.get("checked", ""),
            note=line.get("note", ""),
        )
    except (KeyError, TypeError) as exc:
        raise BadDataset(f"{where}: field missing or of the wrong kind ({exc})") from exc
    _check(question, where)
    return question


def _gold(span: Mapping[str, Any]) -> Gold:
    return Gold(
        span.get("source"),
        span.get("document_id"),
        span.get("source_start"),
        span.get("source_end"),
        span.get("claim", 1),
    )


def _check(question: Question, where: str) -> None:
    """Nothing; BadDataset where the fields contradict each other."""
    faults = [
        (question.kind not in KINDS, f"kind {question.kind!r} is none of {KINDS}"),
        (question.status not in STATUSES, f"status {question.status!r} is none of {STATUSES}"),
        (question.split not in {"tune", "test"}, f"split {question.split!r} is not tune or test"),
        (question.match not in {"any", "all"}, f"match {question.match!r} is not any or all"),
        (question.answerable and not question.answers, "answerable without an answer"),
        (question.answerable and not question.gold, "answerable without a gold span"),
        (not question.text.strip(), "the question is empty"),
    ]
    for wrong, message in faults:
        if wrong:
            raise BadDataset(f"{where}: {message}")


def read_beir(paths: Sequence[Path]) -> list[Question]:
    """Questions of a BEIR folder: [queries.jsonl, qrels.tsv]; every one is answerable.

    Lines without a text (CMRC's trial set has one) are left out.
    """
    queries, qrels_path = paths
    qrels = read_qrels(qrels_path)
    return [
        _document_question(line, sorted(doc for doc, rel in qrels[line["_id"]].items() if rel > 0))
        for _, line in _lines(queries)
        if line["_id"] in qrels and line["text"]
    ]


def read_crossed(paths: Sequence[Path]) -> list[Question]:
    """Questions of one language over articles of another, whose ids agree.

    [queries.jsonl, qrels.tsv, the other language's queries.jsonl]: the last has the answers.
    """
    answers = {line["_id"]: tuple(line.get("answers", ())) for _, line in _lines(paths[2])}
    return [
        replace(question, kind="crosslingual", answers=answers[question.id])
        for question in read_beir(paths[:2])
        if question.id in answers
    ]


def read_news(paths: Sequence[Path]) -> list[Question]:
    """The news questions: `gold` lists articles that hold the answer, any of which will do."""
    return [
        _document_question(line, line["gold"], alternatives=True) for _, line in _lines(paths[0])
    ]


def _document_question(
    line: Mapping[str, Any], documents: Sequence[str], *, alternatives: bool = False
) -> Question:
    """A question whose gold is whole articles: all of them, or any where they are alternatives."""
    return Question(
        id=line["_id"],
        kind="fact",
        split="all",
        text=line["text"],
        language=_language(line["text"]),
        answers=tuple(line.get("answers", ())),
        gold=tuple(
            Gold(None, doc, None, None, 1 if alternatives else claim)
            for claim, doc in enumerate(documents, 1)
        ),
        needs="corpus",
    )


def read_squad(paths: Sequence[Path]) -> list[Question]:
    """Questions of a SQuAD 1.1 or 2.0 JSON file; the gold document is the paragraph's id.

    Paragraph ids are those of `squad_corpus`: the first 12 hex digits of the text's SHA-256.
    """
    questions = []
    for paragraph in _paragraphs(paths[0]):
        document_id = paragraph_id(paragraph["context"])
        for qa in paragraph["qas"]:
            answers = tuple(dict.fromkeys(answer["text"] for answer in qa.get("answers", ())))
            questions.append(
                Question(
                    id=str(qa["id"]),
                    kind="fact" if answers else "unanswerable",
                    split="all",
                    text=qa["question"],
                    language=_language(qa["question"]),
                    status="answered" if answers else "not_found",
                    answers=answers,
                    gold=(Gold(None, document_id, None, None),) if answers else (),
                    needs="corpus",
                )
            )
    return questions


def squad_corpus(path: Path) -> Iterator[dict[str, str]]:
    """Its paragraphs as BEIR lines, each text once, in file order."""
    seen: set[str] = set()
    for paragraph in _paragraphs(path):
        document_id = paragraph_id(paragraph["context"])
        if document_id not in seen:
            seen.add(document_id)
            yield {"_id": document_id, "text": paragraph["context"]}


def paragraph_id(text: str) -> str:
    """The id of a paragraph: 12 hex digits from its text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _paragraphs(path: Path) -> Iterator[dict[str, Any]]:
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        for article in articles:
            yield from article["paragraphs"]
    except (json.JSONDecodeError, KeyError, TypeError) as exc:
        raise BadDataset(f"{path.name}: is not SQuAD JSON ({exc!r})") from exc


def _language(text: str) -> str:
    """The text's language: zh where a Chinese character stands in it, else en."""
    return "zh" if any("\u3400" <= c <= "\u9fff" for c in text) else "en"


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """("name, line n", object) of each line of a JSONL file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        where = f"{path.name}, line {number}"
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as exc:
            raise BadDataset(f"{where}: is not JSON ({exc.msg})") from exc
        if not isinstance(record, dict):
            raise BadDataset(f"{where}: is no JSON object")
        yield where, record
