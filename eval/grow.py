"""Here is a person at a terminal; let them add questions to a set, and see which gold is wrong."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from eval.check import check, seed_source
from eval.dataset import (
    ARTICLES,
    DATA_ROOT,
    QUESTIONS,
    SEEDS,
    UNION,
    entries,
    find_entry,
    open_dataset,
)
from eval.draft import Draft, as_line, dialogue, drafts
from eval.errors import BadDataset
from eval.formats import read_union
from eval.question import Gold
from index.clean import clean
from index.document import Article
from index.gazetteer import Gazetteer
from index.read import iter_paths, read_path

DataRoot = Annotated[Path, typer.Option(help="Folder with news/, train/ and test/.")]
Own = Annotated[
    Path | None,
    typer.Option("--set", help="Folder of a set of your own, made where it is not there."),
]


def draft_(file: Path, own: Own = None) -> None:
    """Propose questions from an article, or from what was asked; a person accepts each.

    FILE is an article, or what the page of asked questions gives: asked.csv, /v1/asked as .json,
    or JSON lines. Questions on the seeds join the project's own set; others need --set.
    """
    proposed = drafts(file)
    if own is None and _needs_its_article(proposed, file):
        raise BadDataset(
            f"{file.name} is none of the seeds; give --set FOLDER for a set of its own"
        )
    questions = own / QUESTIONS if own else UNION
    questions.parent.mkdir(parents=True, exist_ok=True)
    known = {question.id for question in read_union([questions])} if questions.exists() else set()
    new = [draft for draft in proposed if draft.question.id not in known]
    typer.echo(f"{len(new)} proposed, {len(proposed) - len(new)} are in {questions.name} already")
    count = 0
    with questions.open("a", encoding="utf-8") as stream:
        for question in dialogue(new, input, typer.echo):
            stream.write(as_line(question) + "\n")
            stream.flush()
            count += 1
    if own and count and any(draft.sentence for draft in proposed):
        (own / ARTICLES).mkdir(exist_ok=True)
        shutil.copy2(file, own / ARTICLES / file.name)
    typer.echo(f"\n{count} questions appended to {questions}")


def _needs_its_article(proposed: Sequence[Draft], file: Path) -> bool:
    """Whether drafts are of an article that our own set does not come with."""
    return any(draft.sentence for draft in proposed) and not (SEEDS / file.name).exists()


def check_(data_root: DataRoot = DATA_ROOT, own: Own = None) -> None:
    """Find wrong or ambiguous gold in the project's own questions, or in a set of your own."""
    known = entries(data_root, [own] if own else [])
    entry = known[-1] if own else find_entry("union", known)
    faults = check(open_dataset(entry, use="test").questions, _sources(own) if own else seed_source)
    for fault in faults:
        typer.echo(f"{'WRONG' if fault.certain else 'look '} {fault.id}: {fault.message}")
    if any(fault.certain for fault in faults):
        raise typer.Exit(1)


def _sources(own: Path) -> Callable[[Gold], str | None]:
    """The source text of a gold span among the articles of a folder."""
    gazetteer = Gazetteer.open()
    texts = {
        clean(article, gazetteer).document_id: article.source_text
        for path in iter_paths([own / ARTICLES])
        for article in read_path(path)
        if isinstance(article, Article)
    }
    return lambda gold: texts.get(gold.document_id or "")
