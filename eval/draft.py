"""Here is an article, or questions that went wrong; draft questions for a person to accept.

A draft is a printed figure turned into a question about its own clause. A person decides on each:
nothing enters the question set unseen.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from eval.dataset import SEEDS
from eval.errors import BadDataset
from eval.question import Gold, Question
from eval.text import holds
from index.clean import clean
from index.document import Article, Document
from index.gazetteer import Gazetteer
from index.quantity import quantities
from index.read import read_path
from index.sentences import sentences

_CLAUSE = re.compile(r"[^,，、;；:：。！!？?\n]+")
# A shorter clause does not say what the figure counts.
SHORTEST_CLAUSE = 6
# What a question on an article of the caller's needs.
OWN = "own"
# The kinds of row, in both languages of the table, whose questions went wrong.
WENT_WRONG = ("未答问题", "不对", "not answered", "voted wrong")
CHECKED = "drafted by code, accepted by a person"

Ask = Callable[[str], str]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed question and the sentence it was made from ("" for one that people asked)."""

    question: Question
    sentence: str


def drafts(path: Path) -> list[Draft]:
    """Drafts from a file: of its articles, or of questions that were refused or voted down.

    Those are the service's own table (asked.csv), its `/v1/asked` as .json, or JSON lines
    {"question": …, "status": …, "vote": …}, of which answered ones without a "down" are left out.
    BadDataset where a file has neither articles nor questions.
    """
    asked = _asked(path)
    if asked is not None:
        questions = dict.fromkeys(question.strip() for question in asked if question.strip())
        return [Draft(_question(one, "unanswerable", status="not_found"), "") for one in questions]
    gazetteer = Gazetteer.open()
    found: list[Draft] = []
    for article in read_path(path):
        if not isinstance(article, Article):
            raise BadDataset(str(article))
        found.extend(propose(clean(article, gazetteer)))
    return found


def _asked(path: Path) -> list[str] | None:
    """The questions of a file that went wrong; None where the file is no record of questions."""
    ending = path.suffix.lower()
    if ending not in _RECORDS:
        return None
    try:
        return _RECORDS[ending](path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise BadDataset(f"{path.name}: is no record of what was asked ({exc})") from exc


def _of_table(text: str) -> list[str]:
    """Of the table's rows (kind, what, times, last, remark) those of its first two kinds."""
    rows = list(csv.reader(io.StringIO(text)))
    return [row[1].removeprefix("'") for row in rows[1:] if row and row[0] in WENT_WRONG]


def _of_object(text: str) -> list[str]:
    """What `/v1/asked` says: refused questions, then those voted down."""
    body = json.loads(text)
    return [str(one["question"]) for one in (*body["refused"], *body["down"])]


def _of_log(text: str) -> list[str] | None:
    """Of a log those refused or voted down; None for lines that are articles."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            logged = json.loads(line)
        except json.JSONDecodeError as exc:
            raise ValueError(f"line {number}: is not JSON, {exc.msg}") from exc
        if "question" not in logged:
            return None
        if logged.get("vote") == "down" or logged.get("status") == "not_found":
            found.append(str(logged["question"]))
    return found


_RECORDS: dict[str, Callable[[str], list[str] | None]] = {
    ".csv": _of_table,
    ".json": _of_object,
    ".jsonl": _of_log,
}


def propose(document: Document) -> list[Draft]:
    """A draft for each figure whose clause says what it counts, in the order of the text."""
    found = []
    for start, end in sentences(document.text):
        for clause in _CLAUSE.finditer(document.text, start, end):
            printed = quantities(clause.group())
            if len(clause.group()) < SHORTEST_CLAUSE or len(printed) != 1:
                continue
            (figure,) = printed
            asked = f"{clause.group()[: figure.start]}多少{figure.unit}".strip()
            place = document.region or ""
            source_start, source_end = document.alignment.source_span(start, end)
            question = _question(
                (asked if place and place in asked else f"{place}{asked}") + "?",
                "figure",
                answers=(figure.text,),
                value=figure.value,
                unit=figure.unit,
                region=document.region,
                gold=(_gold(document, source_start, source_end),),
                needs="seeds" if (SEEDS / document.source).exists() else OWN,
            )
            found.append(Draft(question, document.text[start:end].strip()))
    return found


def _gold(document: Document, start: int, end: int) -> Gold:
    """A span of a seed by its file's name, of any other article by its id."""
    if (SEEDS / document.source).exists():
        return Gold(document.source, None, start, end)
    return Gold(None, document.document_id, start, end)


def _question(text: str, kind: str, **more: Any) -> Question:  # noqa: ANN401
    """A Question with an id and a split from its words."""
    name = f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return Question(
        id=name, kind=kind, split=split_of(name), text=text, checked=CHECKED, **more
    )  # fmt: skip


def split_of(name: str) -> str:
    """The split of an id: a third of all ids, by their hash, is set aside for testing."""
    return "test" if int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0 else "tune"


def dialogue(proposed: Sequence[Draft], ask: Ask, say: Say) -> Iterator[Question]:
    """The questions a person accepts, edited ones as edited, each as soon as it is accepted.

    `ask` shows a prompt and gives a line back; an end of input, or Ctrl-C, ends the dialogue.
    """
    for number, draft in enumerate(proposed, 1):
        say(f"\n{number}/{len(proposed)}  {draft.question.text}")
        if draft.sentence:
            say(f"  {draft.sentence}\n  → {', '.join(draft.question.answers)}")
        try:
            choice = ask("[a]ccept, [e]dit, [s]kip, [q]uit: ").strip().lower()[:1]
            question = _edited(draft, ask, say) if choice == "e" else draft.question
        except (EOFError, KeyboardInterrupt):
            return
        if choice == "q":
            return
        if choice in {"a", "e"}:
            yield question


def _edited(draft: Draft, ask: Ask, say: Say) -> Question:
    """The draft with a person's question and answer; an empty line keeps what was there.

    For a logged question the sentence is looked up in the seeds by the answer given; without an
    answer it stays unanswerable.
    """
    text = ask("question: ").strip() or draft.question.text
    answer = ask("answer as printed: ").strip() or ", ".join(draft.question.answers)
    question = replace(draft.question, text=text)
    if not answer:
        return question
    gold = question.gold
    if not gold:
        found = carrying(answer)
        for number, (_, sentence) in enumerate(found):
            say(f"  {number}: {sentence}")
        chosen = ask("number of the sentence that answers: ").strip() if found else ""
        if not chosen.isdigit() or int(chosen) >= len(found):
            say("  no sentence chosen; kept as unanswerable")
            return question
        gold = (found[int(chosen)][0],)
    printed = quantities(answer)
    return replace(
        question,
        kind="figure" if printed else "fact",
        status="answered",
        answers=(answer,),
        value=printed[0].value if printed else None,
        unit=printed[0].unit if printed else None,
        gold=gold,
    )


def carrying(answer: str, folder: Path = SEEDS) -> list[tuple[Gold, str]]:
    """The sentences of the seed articles that hold an answer, with their source spans."""
    gazetteer = Gazetteer.open()
    found = []
    for path in sorted(folder.glob("*.txt")):
        for article in read_path(path):
            if isinstance(article, Article):
                document = clean(article, gazetteer)
                for start, end in sentences(document.text):
                    sentence = document.text[start:end]
                    if holds(sentence, answer):
                        span = document.alignment.source_span(start, end)
                        found.append((Gold(document.source, None, *span), sentence.strip()))
    return found


def as_line(question: Question) -> str:
    """A question as one line of union.jsonl; what is empty is left out."""
    fields = asdict(question)
    fields["question"] = fields.pop("text")
    fields["gold"] = [
        {name: value for name, value in gold.items() if value is not None}
        for gold in fields["gold"]
    ]
    kept = {"id", "kind", "split", "question", "history", "status", "answers", "region", "gold"}
    fields = {name: value for name, value in fields.items() if value or name in kept}
    return json.dumps(fields, ensure_ascii=False)
