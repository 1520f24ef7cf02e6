"""Here is a command line; run the evaluation it asks for (`python -m eval --help`)."""

from pathlib import Path
from typing import Annotated

import typer

from eval.ablate import VARIANTS, ablate
from eval.bench import bench, save_bench
from eval.check import check, seed_source
from eval.compare import as_markdown, changes, compare
from eval.dataset import DATA_ROOT, UNION, entries, file_sha256, find_entry, open_dataset, size
from eval.draft import as_line, dialogue, drafts
from eval.errors import EvaluationError
from eval.figures import as_markdown as figures_table
from eval.gate import gate
from eval.report import as_html, markdown
from eval.results import RESULTS, Result, load, save
from eval.runs import Plan, run, run_forms, run_http
from eval.systems import Http
from index.errors import IndexingError

app = typer.Typer(add_completion=False, no_args_is_help=True, help="How good is it, and why?")

DataRoot = Annotated[Path, typer.Option(help="Folder with news/, train/ and test/.")]
Data = Annotated[str, typer.Option(help="Name of a data set, as `list` shows it.")]
Split = Annotated[str | None, typer.Option(help="Only this split: tune or test.")]
News = Annotated[
    int | None,
    typer.Option(help="Index this many news articles beside the seeds; -1 for all."),
]
Squad = Annotated[list[Path] | None, typer.Option(help="A SQuAD-format file to add as a set.")]
Use = Annotated[
    str, typer.Option(help="What the run is for: test, tune or train; refused where not allowed.")
]
Limit = Annotated[int | None, typer.Option(help="Only the first questions.")]


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
        squad=tuple(squad or ()),
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
    out: Annotated[Path, typer.Option(help="Folder of the result files.")] = RESULTS / "local",
    data_root: DataRoot = DATA_ROOT,
) -> None:
    """What each part contributes; writes a result file a variant, and report.html and .md."""
    unknown = sorted(set(variant or ()) - set(VARIANTS))
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: no such variant")
    plan = Plan(data=data, split=split, use=use, news=news, limit=limit, data_root=data_root)
    results = ablate(plan, variant or list(VARIANTS), report=_progress)
    for result in results:
        _say(result, save(result, out))
    (out / "ablation.html").write_text(as_html(results), encoding="utf-8")
    (out / "ablation.md").write_text(markdown(results), encoding="utf-8")
    typer.echo(f"wrote {out / 'ablation.html'} and .md")


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


@app.command("bench")
def bench_(
    sizes: Annotated[
        list[int] | None, typer.Option("--news", help="News articles beside the seeds; repeat.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the result file.")] = RESULTS / "local",
    data_root: DataRoot = DATA_ROOT,
) -> None:
    """How fast it builds, searches and answers, beside rank-bm25 and bm25s."""
    found = bench(
        sizes or [1_000, 10_000], data_root, report=lambda line: typer.echo(line, err=True)
    )
    path = save_bench(found, out)
    typer.echo(figures_table(found), nl=False)
    typer.echo(f"wrote {path}")


@app.command("draft")
def draft_(
    file: Path,
    out: Annotated[Path, typer.Option(help="Where accepted questions are appended.")] = UNION,
) -> None:
    """Propose questions from an article, or from a log of questions; a person accepts each."""
    accepted = dialogue(drafts(file), input, typer.echo)
    with out.open("a", encoding="utf-8") as stream:
        stream.writelines(as_line(question) + "\n" for question in accepted)
    typer.echo(f"\n{len(accepted)} questions appended to {out}")


@app.command("check")
def check_(data_root: DataRoot = DATA_ROOT) -> None:
    """Find wrong or ambiguous gold in the project's own questions."""
    entry = find_entry("union", entries(data_root))
    faults = check(open_dataset(entry, use="test").questions, seed_source)
    for fault in faults:
        typer.echo(f"{'WRONG' if fault.certain else 'look '} {fault.id}: {fault.message}")
    if any(fault.certain for fault in faults):
        raise typer.Exit(1)


def _progress(done: int, total: int) -> None:
    """One line at every tenth of the questions."""
    if done == total or done % max(1, total // 10) == 0:
        typer.echo(f"{done}/{total}", err=True)


def _say(result: Result, path: Path) -> None:
    """The run in four lines."""
    means = result.means()["all"]
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
