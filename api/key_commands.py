"""Here is the word `keys` on a command line; make a key, list the keys, or revoke one."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.line import fail, typed

if TYPE_CHECKING:
    from api.state import State

keys = typer.Typer(
    help="Keys to the service: once there is one, nobody enters without.", no_args_is_help=True
)


class RoleName(StrEnum):
    """What a key may do: ask and read, or change articles too."""

    READER = "reader"
    EDITOR = "editor"


@keys.command()
def make(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    role: Annotated[
        RoleName, typer.Option(help="reader asks and reads; editor also changes articles.")
    ] = RoleName.READER,
) -> None:
    """Make a key; it is shown this once."""
    from api.keys import make_key  # noqa: PLC0415 - not loaded for `--help`
    from api.resources import now  # noqa: PLC0415 - not loaded for `--help`

    shown = typed(name, "name", 100)
    if not shown.isprintable():
        fail("the name has to be one line without control characters", 2)
    with _state(new=True) as state:
        key, secret = make_key(state, shown, role.value, now())
    typer.echo(secret)
    typer.echo(
        f"{key.role} key {key.key_id} for {key.name}; it is not shown again. From now on nobody "
        "enters without a key.",
        err=True,
    )


@keys.command("list")
def show() -> None:
    """List the keys, without their secrets."""
    from api.keys import list_keys  # noqa: PLC0415 - not loaded for `--help`

    with _state() as state:
        for key in list_keys(state):
            until = f"revoked {key.revoked_at}" if key.revoked_at else "in force"
            typer.echo(f"{key.key_id}  {key.role:<6}  {key.made_at}  {until}  {key.name}")


@keys.command()
def revoke(key_id: Annotated[str, typer.Argument(help="As `unionqa keys list` shows it.")]) -> None:
    """Revoke a key; it opens nothing from now on, also where it was used to sign in."""
    from api.keys import revoke_key  # noqa: PLC0415 - not loaded for `--help`
    from api.resources import now  # noqa: PLC0415 - not loaded for `--help`

    with _state() as state:
        revoked = revoke_key(state, key_id, now())
    if not revoked:
        fail(f"{key_id!r} is no key in force; `unionqa keys list` shows them", 1)
    typer.echo(f"{key_id} is revoked")


def are_made(folder: Path) -> bool:
    """Whether a key was ever made for this data folder; StateError where it cannot be read."""
    from api.keys import are_needed  # noqa: PLC0415 - not loaded for `--help`
    from api.state import FILE, State  # noqa: PLC0415 - not loaded for `--help`

    if not (folder / FILE).exists():
        return False
    state = State.open(folder)
    try:
        return are_needed(state)
    finally:
        state.close()


@contextmanager
def _state(*, new: bool = False) -> "Iterator[State]":
    """The state that the environment names, closed afterwards; one line where it cannot be had.

    Where there is none yet it is made if `new`, and otherwise nothing is made.
    """
    from api.settings import SettingsError, read_settings  # noqa: PLC0415 - not for `--help`
    from api.sqlite import StateError  # noqa: PLC0415 - not loaded for `--help`
    from api.state import FILE, State  # noqa: PLC0415 - not loaded for `--help`

    try:
        folder = read_settings().data
        if not new and not (folder / FILE).exists():
            fail(f"there are no keys in {folder}; `unionqa keys make NAME` makes the first", 1)
        folder.mkdir(parents=True, exist_ok=True)
        state = State.open(folder)
        try:
            yield state
        finally:
            state.close()
    except SettingsError as exc:
        fail(str(exc), 2)
    except StateError as exc:
        fail(str(exc), 1)
    except OSError as exc:
        fail(f"data folder {folder} cannot be used: {exc.strerror}", 1)
