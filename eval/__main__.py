"""Here is a command line; run the evaluation it asks for (`python -m eval --help`)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from eval.ablate import THRESHOLDS, VARIANTS, ablate
from eval.alone import measure_alone
from eval.apart import Bounds
from eval.bench import USUAL, Rivals, bench, save_bench
from eval.compare import as_markdown, changes, compare
from eval.competition import TASKS, as_table, compete
from eval.corpus import CACHE
from eval.dataset import (
    DATA_ROOT,
    ROOT,
    UNION,
    entries,
    file_sha256,
    size,
)
from eval.errors import EvaluationError
from eval.figures import as_markdown as figures_table
from eval.formats import read_union
from eval.gate import gate
from eval.grow import check_, draft_
from eval.peer_quality import USUAL as ANSWERING
from eval.peer_quality import compare_peers
from eval.peers import PEERS
from eval.readme import TABLES, tables, write_tables
from eval.report import as_html, markdown
from eval.results import RESULTS, Result, load, save
from eval.runs import Plan, run, run_forms, run_http
from eval.served import index_rate, measure, measure_folder, rows
from eval.systems import Http
from eval.tune import tuned, tuning_sets
from index.errors import IndexingError

app = typer.Typer(add_completion=False, no_args_is_help=True, help="How good is it, and why?")

app.command("draft")(draft_)
app.command("check")(check_)

DataRoot = Annotated[Path, typer.Option(help="Folder with news/, train/ and test/.")]
Data = Annotated[str, typer.Option(help="Name of a data set, as `list` shows it.")]
Split = Annotated[str | None, typer.Option(help="Only this split: tune or test.")]
News = Annotated[
    int | None,
    typer.Option(help="Index this many news articles beside the seeds; -1 for all."),
]
Squad = Annotated[
    list[Path] | None,
    typer.Option("--set", help="A SQuAD-format file, or a folder filled by draft, as a set."),
]
Use = Annotated[
    str, typer.Option(help="What the run is for: test, tune or train; refused where not allowed.")
]
Limit = Annotated[int | None, typer.Option(help="Only the first questions.")]
Out = Annotated[Path, typer.Option(help="Folder of the result files.")]
Engines = Annotated[
    str, typer.Option("--peers", help=f"Names by commas, usual, all, none: {', '.join(PEERS)}.")
]
Python = Annotated[
    Path | None, typer.Option(help="Python that has the extra `peers`; without it, this one.")
]
Seconds = Annotated[float, typer.Option(help="An engine is ended after this long.")]
Megabytes = Annotated[float, typer.Option(help="An engine is ended at this much memory.")]
LOCAL = RESULTS / "local"
app.command("encoder")(measure_alone)


@app.command("list")
def list_(data_root: DataRoot = DATA_ROOT, squad: Squad = None) -> None:
    """Every data set: licence, what it may be used for, questions, size and hash."""
    for entry in entries(data_root, squad or ()):
        uses = "; ".join(f"{split}: {', '.join(uses)}" for split, uses in entry.uses.items())
        if not entry.present:
            typer.echo(f"{entry.name:18} not on this machine  {uses}  {entry.licence}")
            continue
        count = len(entry.reader(entry.files))
        kilobytes = size((*entry.files, *entry.corpus)) / 1000
        sha256 = file_sha256((*entry.files, *entry.corpus))
        typer.echo(
            f"{entry.name:18} {count:6} questions {kilobytes:10.0f} kB  {sha256[:12]}  {uses}  "
            f"{entry.licence}{'  ' + entry.note if entry.note else ''}"
        )


@app.command("run")
def run_(  # noqa: PLR0913  every option of a command is a parameter to typer
    data: Data = "union",
    system: Annotated[str, typer.Option(help="local, or http with --url.")] = "local",
    url: Annotated[str | None, typer.Option(help="A running server.")] = None,
    key: Annotated[str | None, typer.Option(help="Its key.", envvar="UNIONQA_EVAL_KEY")] = None,
    split: Split = None,
    news: News = None,
    limit: Limit = None,
    use: Use = "test",
    name: Annotated[str | None, typer.Option(help="Name of the result file.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of the result file.")] = RESULTS / "local",
    data_root: DataRoot = DATA_ROOT,
    squad: Squad = None,
) -> None:
    """Ask every question of a data set and write a result file."""
    plan = Plan(
        data=data, split=split, use=use, news=news, limit=limit, data_root=data_root,
        added=tuple(squad or ()),
    )  # fmt: skip
    title = name or data.rpartition("/")[2]
    if url or system == "http":
        result = run_http(plan, title, Http(url or "http://127.0.0.1:8000", key), report=_progress)
    else:
        (result,) = run(plan, title, report=_progress)
    _say(result, save(result, out))


@app.command("compare")
def compare_(before: Path, after: Path) -> None:
    """Better, worse or cannot tell, for every tracked measure; and what changed sides."""
    old, new = load(before), load(after)
    typer.echo(as_markdown(compare(old, new), changes(old, new)), nl=False)


@app.command("report")
def report_(
    results: list[Path],
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("report.html"),
    as_text: Annotated[bool, typer.Option("--markdown", help="Markdown instead.")] = False,
    show_test: Annotated[
        bool, typer.Option("--show-test", help="Show the questions set aside, too.")
    ] = False,
) -> None:
    """One page from one or more result files; the first is the one drilled into."""
    loaded = [load(path) for path in results]
    if as_text:
        typer.echo(markdown(loaded), nl=False)
        return
    out.write_text(as_html(loaded, show_test=show_test), encoding="utf-8")
    typer.echo(f"wrote {out}")


@app.command("gate")
def gate_(
    data_root: DataRoot = DATA_ROOT,
    set_floors: Annotated[bool, typer.Option(help="Write new bounds instead.")] = False,
    out: Annotated[Path, typer.Option(help="Folder of the result files.")] = RESULTS / "local",
) -> None:
    """Fail where a tracked figure fell below its committed interval."""
    said, passed = gate(data_root, out, set_floors=set_floors)
    for line in said:
        typer.echo(line)
    if not passed:
        raise typer.Exit(1)


@app.command("ablate")
def ablate_(  # noqa: PLR0913  every option of a command is a parameter to typer
    data: Data = "union",
    variant: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(VARIANTS)}; all by default.")
    ] = None,
    split: Split = None,
    news: News = None,
    limit: Limit = None,
    use: Use = "test",
    out: Out = LOCAL / "ablate",
    data_root: DataRoot = DATA_ROOT,
) -> None:
    """What each part contributes; writes a result file a variant, and report.html and .md."""
    unknown = sorted(set(variant or ()) - set(VARIANTS))
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: no such variant")
    plan = Plan(data=data, split=split, use=use, news=news, limit=limit, data_root=data_root)
    _keep(ablate(plan, variant or list(VARIANTS), report=_progress), out)


@app.command("tune")
def tune_(limit: Limit = None, data_root: DataRoot = DATA_ROOT) -> None:
    """The weights of BM25 over chunks and windows and of the encoder, tried on tuning data."""
    typer.echo(tuned(tuning_sets(data_root, CACHE, limit)), nl=False)


@app.command("retrieval")
def retrieval_(
    only: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(TASKS)}; all by default.")
    ] = None,
    beside: Annotated[
        list[str] | None, typer.Option(help="Only this ranking beside the hybrid, as printed.")
    ] = None,
    limit: Limit = None,
    data_root: DataRoot = DATA_ROOT,
) -> None:
    """Retrieval on the test sets: each retriever, the controls, and all together."""
    for name in only or list(TASKS):
        typer.echo(as_table(name, compete(name, data_root, CACHE, limit, beside)), nl=False)


@app.command("robust")
def robust_(
    split: Split = None,
    news: News = None,
    limit: Limit = None,
    out: Annotated[Path, typer.Option(help="Folder of the result file.")] = RESULTS / "local",
    data_root: DataRoot = DATA_ROOT,
) -> None:
    """Ask each question with a typo, without punctuation, politely, and with the place last."""
    plan = Plan(split=split, news=news, limit=limit, data_root=data_root)
    result = run_forms(plan, "robust")
    for form, means in result.means().items():
        same, good = means["same"], means["good"]
        typer.echo(
            f"{form:11} {same.count:4} asked: same result {same.mean:.3f} "
            f"[{same.low:.3f}, {same.high:.3f}], good {good.mean:.3f}"
        )
    typer.echo(f"wrote {save(result, out)}")


@app.command("refusals")
def refusals_(
    split: Split = None,
    news: News = 2_000,
    use: Use = "test",
    out: Out = LOCAL / "refusals",
    data_root: DataRoot = DATA_ROOT,
) -> None:
    """The trade-off between refusing too much and too little, with the working point."""
    plan = Plan(split=split, use=use, news=news, data_root=data_root)
    results = ablate(plan, list(THRESHOLDS), with_references=False, report=_progress)
    _keep(results, out)


@app.command("peers")
def peers_(  # noqa: PLR0913  every option of a command is a parameter to typer
    engines: Engines = "usual",
    python: Python = None,
    split: Split = None,
    news: News = 2_000,
    use: Use = "test",
    seconds: Seconds = 600.0,
    megabytes: Megabytes = 12_000.0,
    out: Out = LOCAL / "peers",
    data_root: DataRoot = DATA_ROOT,
) -> None:
    """The same questions to other engines, whose first passage is their answer."""
    plan = Plan(split=split, use=use, news=news, data_root=data_root)
    rivals = Rivals(_engines(engines, ANSWERING), python, Bounds(seconds, megabytes))
    results, failed = compare_peers(plan, rivals, report=_progress)
    _keep(results, out)
    for outcome in failed:
        typer.echo(f"{outcome.engine}: {outcome.error}")


@app.command("sets")
def sets_(
    news: News = 2_000,
    limit: Limit = None,
    out: Out = LOCAL / "sets",
    data_root: DataRoot = DATA_ROOT,
) -> None:
    """Run every registered test set that is on this machine, with one setting."""
    results = []
    for entry in entries(data_root):
        if entry.present and any("test" in uses for uses in entry.uses.values()):
            plan = Plan(data=entry.name, news=news, limit=limit, data_root=data_root)
            typer.echo(entry.name, err=True)
            (result,) = run(plan, entry.name.rpartition("/")[2], report=_progress)
            results.append(result)
            _say(result, save(result, out))
    seeds = Plan(limit=limit, data_root=data_root)
    (result,) = run(seeds, "union-seeds", report=_progress)
    _say(result, save(result, out))


@app.command("bench")
def bench_(  # noqa: PLR0913  every option of a command is a parameter to typer
    sizes: Annotated[
        list[int] | None, typer.Option("--passages", help="About so many passages; repeat.")
    ] = None,
    engines: Engines = "usual",
    python: Python = None,
    seconds: Seconds = 3_600.0,
    megabytes: Megabytes = 12_000.0,
    out: Out = LOCAL,
    data_root: DataRoot = DATA_ROOT,
) -> None:
    """How fast it builds, searches and answers, beside other engines."""
    rivals = Rivals(_engines(engines, USUAL), python, Bounds(seconds, megabytes))
    found = bench(
        sizes or [10_000, 100_000],
        data_root,
        rivals=rivals,
        report=lambda line: typer.echo(line, err=True),
    )
    path = save_bench(found, out)
    typer.echo(figures_table(found), nl=False)
    typer.echo(f"wrote {path}")


@app.command("served")
def served_(
    data: Annotated[Path | None, typer.Option(help="A folder with an index, to serve.")] = None,
    url: Annotated[str | None, typer.Option(help="Or a running server.")] = None,
    questions: Annotated[
        Path, typer.Option(help="Questions as in union.jsonl; its tune split is asked.")
    ] = UNION,
    articles: Annotated[
        Path | None, typer.Option(help="Also index these into a new folder, for the rate.")
    ] = None,
) -> None:
    """README's rows on latency, adding, start-up, memory and indexing, of a served folder."""
    if (data is None) == (url is None):
        raise typer.BadParameter("give --data or --url, one of the two")
    asked = [q.text for q in read_union([questions]) if q.split == "tune" and not q.history]
    found = measure_folder(data, asked) if data else measure(url or "", asked)
    if articles:
        found = replace(found, indexing=index_rate(articles, Bounds(3_600.0, 12_000.0)))
    typer.echo(rows(found), nl=False)


@app.command("readme-tables")
def readme_tables(
    folder: Annotated[Path, typer.Argument(help="Folder of the result files.")] = LOCAL,
    only: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(TABLES)}; all by default.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Put them into README.md.")] = False,
    readme: Annotated[Path, typer.Option(help="The file to write.")] = ROOT / "README.md",
) -> None:
    """The README's tables in Markdown, from the newest result files of each command."""
    if not write:
        typer.echo(tables(folder, only or list(TABLES)), nl=False)
        return
    done, missing = write_tables(readme, folder)
    typer.echo(f"wrote {', '.join(done) or 'nothing'} into {readme}")
    for name in missing:
        typer.echo(f"{name}: no results in {folder}; `{TABLES[name][1]}` makes them")


def _progress(done: int, total: int) -> None:
    """One line at every tenth of the questions."""
    if done == total or done % max(1, total // 10) == 0:
        typer.echo(f"{done}/{total}", err=True)


def _engines(names: str, usual: Sequence[str]) -> tuple[str, ...]:
    """The engines named; typer.BadParameter where one is not known."""
    groups = {"all": tuple(PEERS), "none": (), "usual": tuple(usual)}
    if names in groups:
        return groups[names]
    found = tuple(name.strip() for name in names.split(","))
    unknown = sorted(set(found) - set(PEERS))
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: no such engine; {', '.join(PEERS)}")
    return found


def _keep(results: Sequence[Result], out: Path) -> None:
    """Save results that belong together, and their page and Markdown."""
    for result in results:
        _say(result, save(result, out))
    (out / "report.html").write_text(as_html(results), encoding="utf-8")
    (out / "report.md").write_text(markdown(results), encoding="utf-8")
    typer.echo(f"wrote {out / 'report.html'} and .md")


def _say(result: Result, path: Path) -> None:
    """The run in four lines."""
    means = result.means().get("all", {})
    shown = ("good", "right", "refused", "false_refusal", "wrong_place", "wrong_figure", "mrr@10")
    figures = ", ".join(f"{name} {means[name].mean:.3f}" for name in shown if name in means)
    failed = sum(row.error is not None for row in result.rows)
    times = ", ".join(f"{name} {value:.1f} ms" for name, value in result.latency().items())
    typer.echo(f"{result.name}: {len(result.rows)} questions, {failed} failed; {figures}; {times}")
    typer.echo(f"wrote {path}")


def main() -> None:
    """Run the command line; our own errors are one line and exit code 1."""
    try:
        app()
    except (EvaluationError, IndexingError) as exc:
        typer.echo(f"error: {exc}", err=True)
        raise SystemExit(1) from exc


if __name__ == "__main__":
    main()
