"""Here is what was typed on a command line; take it, or end with one line that says why not."""

from pathlib import Path
from typing import NoReturn

import typer


def fail(message: str, code: int) -> NoReturn:
    """End with one line on standard error."""
    typer.echo(f"unionqa: {' '.join(message.split())}", err=True)
    raise typer.Exit(code)


def typed(text: str, name: str, most: int) -> str:
    """The text without white space around it; ends the process where it is not 1 to `most` long.

    Bytes that are not UTF-8 reach Python as halves of surrogate pairs, which nothing can hold.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        fail(f"the {name} is not UTF-8; type it in a terminal that is", 2)
    stripped = text.strip()
    if not 1 <= len(stripped) <= most:
        fail(f"the {name} has {len(stripped)} characters, expected 1 to {most}", 2)
    return stripped


def no_index(folder: Path) -> NoReturn:
    """End, since a folder has no index and asking must not make an empty one there."""
    fail(
        f"there is no index in {folder}: make one with `unionqa index PATH`, "
        "or set UNIONQA_DATA to the folder that has one",
        2,
    )
