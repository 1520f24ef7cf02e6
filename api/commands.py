"""Here are the words of a command line; do what they ask, or say in one line why not.

Exit codes: 0 done; 1 it could not be done (a busy folder, a missing file, a port in use);
2 the words or the settings are wrong; 130 ended by Ctrl-C.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.key_commands import keys
from api.line import fail, no_index, typed

if TYPE_CHECKING:
    from api.doctor import Finding
    from api.reworded import Models
    from api.settings import Settings
    from index.build import Summary
    from index.index import Index

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
FAILURES_SHOWN = 20
MAX_QUESTION = 2000
MAX_PUSH = 20_000
"""Characters of a text for a group: about thirty messages."""

app = typer.Typer(
    name="unionqa",
    help="工会问答: answers from your own articles, with their sources.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(keys, name="keys")

JSON = Annotated[bool, typer.Option("--json", help="Print the same object as HTTP.")]


@app.command()
def serve() -> None:
    """Serve the chat page and the HTTP interface; an empty index gets the seed articles first."""
    with _one_line_errors():
        from api import serve as server  # noqa: PLC0415 - not loaded for `--help`
        from api.state import State  # noqa: PLC0415 - not loaded for `--help`

        settings = _settings()
        _check_keys(settings)
        try:
            listening = server.listen(settings.host, settings.port)
        except server.ListenError as exc:
            fail(str(exc), 1)
        with listening:
            index = _open(settings)
            if index.snapshot().generation == 0 and SEEDS.is_dir():
                _add_seeds(index, settings)
            state = State.open(settings.data)
            _announce(index, server.address(settings.host, listening.getsockname()[1]), settings)
            server.run(index, state, settings, listening)


@app.command()
def index(
    paths: Annotated[
        list[Path], typer.Argument(help="Files, folders, or a corpus.jsonl[.gz].", metavar="PATH…")
    ],
) -> None:
    """Index articles; unchanged ones are skipped, so it goes on where it stopped."""
    with _one_line_errors():
        for path in paths:
            if not path.exists():
                fail(f"{path}: no such file or folder", 1)
        settings = _settings()
        opened = _open(settings)
        try:
            summary = _index(paths, opened, settings)
        finally:
            opened.close()
        _report(summary)
        if not summary.failed and not summary.done and not summary.unchanged:
            fail(f"there is no file in {', '.join(map(str, paths))}", 1)
    if summary.interrupted:
        raise typer.Exit(130)
    if summary.failed and not summary.done and not summary.unchanged:
        raise typer.Exit(1)


@app.command()
def ask(question: str, as_json: JSON = False) -> None:
    """Answer a question with its sources."""
    asked = typed(question, "question", MAX_QUESTION)
    with _one_line_errors(), _opened() as opened:
        from api.bodies import answer_body  # noqa: PLC0415 - not loaded for `--help`
        from api.plain import answer_text  # noqa: PLC0415 - not loaded for `--help`
        from api.reworded import find  # noqa: PLC0415 - not loaded for `--help`
        from rag.conversation import Conversation  # noqa: PLC0415 - not loaded for `--help`

        found, _ = find(asked, Conversation(), opened.snapshot(), _models())
        body = answer_body(found.answer)
        if as_json:
            _say(body.model_dump_json())
            return
        _say(answer_text(body))


@app.command()
def search(
    query: str,
    top_k: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 10,
    as_json: JSON = False,
) -> None:
    """Find the passages nearest to a query."""
    sought = typed(query, "query", MAX_QUESTION)
    with _one_line_errors(), _opened() as opened:
        from api.bodies import search_body  # noqa: PLC0415 - not loaded for `--help`
        from api.plain import hits_text  # noqa: PLC0415 - not loaded for `--help`
        from rag.search import search as find  # noqa: PLC0415 - not loaded for `--help`

        started = time.perf_counter()
        hits = find(sought, opened.snapshot(), top_k=top_k)
        body = search_body(hits, 1000 * (time.perf_counter() - started))
        if as_json:
            _say(body.model_dump_json())
            return
        if body.hits:
            _say(hits_text(body))


@app.command()
def figures(
    region: Annotated[str, typer.Option(help="株洲, 株洲市 or 湖南: and the places within.")] = "",
    programme: Annotated[str, typer.Option(help="金秋助学: its name, or a part.")] = "",
    predicate: Annotated[str, typer.Option(help="raise, give, spend, help, build …")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all of them as CSV.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many, unless --csv is given.")] = 50,
) -> None:
    """List the figures that the articles print, each with its sentence and source."""
    given = {"region": region, "programme": programme, "predicate": predicate}
    wanted = {name: typed(text, name, 200) for name, text in given.items() if text}
    with _one_line_errors(), _opened() as opened:
        from api import figures as shown  # noqa: PLC0415 - not loaded for `--help`

        found = shown.listed(opened.snapshot(), wanted, None if as_csv else limit)
        for text in shown.csv_rows(found) if as_csv else shown.lines(found):
            typer.echo(text, nl=not as_csv)


@app.command()
def doctor(
    file: Annotated[
        Path | None,
        typer.Argument(help="An article: show how it is read and cleaned. Or: wecom."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print findings for programs.")] = False,
) -> None:
    """Check the installation; with a FILE, show how it is read: text, what was dropped, figures."""
    with _one_line_errors():
        from api import doctor as checks  # noqa: PLC0415 - not loaded for `--help`

        if file == Path("wecom") and not file.exists():
            _show_findings(_wecom_findings(_settings(as_json=as_json)), as_json)
            return
        if file is not None:
            for text in checks.shown(file):
                _say(text)
            return
        _show_findings(list(checks.findings(_settings(as_json=as_json))), as_json)


@app.command()
def mcp() -> None:
    """Answer an assistant on standard input and output, by the Model Context Protocol."""
    with _one_line_errors():
        from api.mcp.stdio import serve_stdio  # noqa: PLC0415 - mcp is loaded only where used

        serve_stdio(_settings())


@app.command()
def push(
    text: Annotated[str, typer.Argument(help="What to say in the group.")] = "",
    webhook: Annotated[
        str, typer.Option(help="Key or address of the group robot; or UNIONQA_WECOM_WEBHOOK.")
    ] = "",
    digest: Annotated[
        bool, typer.Option("--digest", help="Send what was added since the last digest.")
    ] = False,
) -> None:
    """Say something in a WeCom group by its robot."""
    with _one_line_errors():
        from api.wecom import push as robot  # noqa: PLC0415 - not loaded for `--help`
        from api.wecom.inbox import Inbox  # noqa: PLC0415 - not loaded for `--help`

        settings = _settings()
        kept = settings.wecom_webhook
        if bool(text) == digest:
            fail("give a text or --digest, one of the two", 2)
        said = "" if digest else typed(text, "text", MAX_PUSH)
        try:
            key = robot.robot_key(webhook or (kept.get_secret_value() if kept else ""))
            if not digest:
                _say(f"{robot.push_now(said, key, settings)} messages sent")
                return
            with _opened() as opened:
                inbox = Inbox.open(settings.data)
                count = robot.push_digest(opened.snapshot(), inbox, settings, key)
                inbox.close()
            _say(f"{count} messages sent")
        except robot.NotPushed as exc:
            fail(str(exc), 1)


def _wecom_findings(settings: "Settings") -> "list[Finding]":
    """What `doctor wecom` looks at."""
    from api.wecom import checkup  # noqa: PLC0415 - not loaded for `--help`

    return list(checkup.findings(settings))


def _show_findings(findings: "list[Finding]", as_json: bool) -> None:
    """Print findings; a bad one ends the process with exit code 1."""
    good = all(finding.mark != "BAD" for finding in findings)
    if as_json:
        told = [{"what": one.what, "mark": one.mark, "found": one.found} for one in findings]
        _say(json.dumps({"good": good, "findings": told}, ensure_ascii=False))
    for finding in () if as_json else findings:
        _say(f"{finding.mark:<4} {finding.what}: {finding.found}")
    if not good:
        raise typer.Exit(1)


def _check_keys(settings: "Settings") -> None:
    """Nothing; ends the process where others could reach a server that asks for no key."""
    from api.key_commands import are_made  # noqa: PLC0415 - not loaded for `--help`
    from api.settings import is_loopback  # noqa: PLC0415 - not loaded for `--help`

    if not is_loopback(settings.host) and not are_made(settings.data):
        fail(
            f"UNIONQA_HOST is {settings.host!r}, which other machines can reach, and there are no "
            "keys: make one with `unionqa keys make NAME --role editor`, or listen on 127.0.0.1",
            2,
        )


def _settings(*, as_json: bool = False) -> "Settings":
    """The settings; a wrong one ends the process with exit code 2, with `as_json` told as a finding
    of the doctor.
    """
    from api.settings import (  # noqa: PLC0415 - pydantic is not loaded for `--help`
        SettingsError,
        read_settings,
        unknown_variables,
    )

    try:
        settings = read_settings()
    except SettingsError as exc:
        if as_json:
            found = {"what": "settings", "mark": "BAD", "found": str(exc)}
            _say(json.dumps({"good": False, "findings": [found]}, ensure_ascii=False))
            raise typer.Exit(2) from exc
        fail(str(exc), 2)
    for name in unknown_variables():
        typer.echo(f"unionqa: {name} is no setting and does nothing", err=True)
    return settings


def _open(settings: "Settings") -> "Index":
    """The index that the settings name; rebuilding is told on standard error."""
    from api.progress import rebuilding  # noqa: PLC0415 - not loaded for `--help`
    from api.resources import open_index  # noqa: PLC0415 - not loaded for `--help`

    return open_index(settings, rebuilding())


@contextmanager
def _opened() -> "Iterator[Index]":
    """The index that the environment names, closed afterwards; none is made where there is none."""
    from index.store import Store  # noqa: PLC0415 - not loaded for `--help`

    settings = _settings()
    if not Store.exists(settings.data):
        no_index(settings.data)
    opened = _open(settings)
    try:
        yield opened
    finally:
        opened.close()


def _models() -> "Models":
    """The models that the settings name, ready: who asks once would rather wait than go without."""
    from api.resources import open_reranker  # noqa: PLC0415 - not loaded for `--help`
    from api.reworded import Models  # noqa: PLC0415 - not loaded for `--help`
    from api.settings import read_settings  # noqa: PLC0415 - not loaded for `--help`
    from api.written import open_model  # noqa: PLC0415 - not loaded for `--help`

    settings = read_settings()
    reranker = open_reranker(settings)
    if reranker is not None:
        reranker.wait()
    return Models(reranker, open_model(settings) if settings.llm_rewrite else None)


def _announce(opened: "Index", where: str, settings: "Settings") -> None:
    """Say where the server is, what it has, which encoder reads it, and what is switched on."""
    now = opened.snapshot()
    _say(f"unionqa (工会问答) on {where}")
    _say(f"  {now.documents:,} articles, {now.chunks:,} passages in {settings.data}")
    _say(f"  encoder: {now.encoder.name}, {now.encoder.dimension} dimensions")
    if settings.llm_url:
        rewrites = ", which also words questions" if settings.llm_rewrite else ""
        _say(f"  language model: {settings.llm_model} on {settings.llm_url}{rewrites}")
    if settings.reranker:
        _say(f"  reranker: {settings.reranker}, loading; GET /readyz says when it is there")
    if settings.wecom_on:
        _say(f"  WeCom: {', '.join(name.removeprefix('wecom_') for name in settings.wecom_on)}")


def _add_seeds(opened: "Index", settings: "Settings") -> None:
    """Index the seeds, unless another process is just filling the folder."""
    from index.errors import FolderBusy  # noqa: PLC0415 - not loaded for `--help`

    try:
        summary = _index([SEEDS], opened, settings)
    except FolderBusy as exc:
        typer.echo(f"unionqa: the seeds are left out: {exc}", err=True)
        return
    if summary.interrupted:
        fail("interrupted", 130)
    _name_failures(summary)


def _index(paths: list[Path], opened: "Index", settings: "Settings") -> "Summary":
    """Index with progress on standard error."""
    from functools import partial  # noqa: PLC0415 - beside the three below

    from api.progress import shown  # noqa: PLC0415 - not loaded for `--help`
    from api.resources import encoder_options  # noqa: PLC0415 - not loaded for `--help`
    from index.build import index_paths  # noqa: PLC0415 - not loaded for `--help`
    from index.workers import open_tools  # noqa: PLC0415 - not loaded for `--help`

    with shown() as report:
        open_them = partial(open_tools, settings.terms, encoder_options(settings))
        return index_paths(paths, opened, report, open_them)


def _name_failures(summary: "Summary") -> None:
    """Say which articles could not be indexed, and why."""
    for failure in summary.failures[:FAILURES_SHOWN]:
        typer.echo(f"not indexed: {failure.message}", err=True)
    if len(summary.failures) > FAILURES_SHOWN:
        typer.echo(f"not indexed: {len(summary.failures) - FAILURES_SHOWN:,} more", err=True)


def _report(summary: "Summary") -> None:
    """Say what became of the articles."""
    _name_failures(summary)
    head = "interrupted: what was finished is kept" if summary.interrupted else "finished"
    _say(
        f"{head}: {summary.done:,} articles new or changed, {summary.unchanged:,} unchanged, "
        f"{summary.failed:,} not indexed, in {summary.seconds:.1f} s"
    )
    if summary.interrupted:
        _say("run the same command again to go on")


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """What our own rooms refuse, as one line on standard error and exit code 1."""
    from api.sqlite import StateError  # noqa: PLC0415 - not loaded for `--help`
    from index.errors import IndexingError  # noqa: PLC0415 - not loaded for `--help`

    try:
        yield
    except KeyboardInterrupt:
        fail("interrupted", 130)
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python must not complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except (IndexingError, StateError) as exc:
        fail(str(exc), 1)


def _say(text: str) -> None:
    typer.echo(text)
    sys.stdout.flush()
