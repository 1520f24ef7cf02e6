"""Here are result files; give me the README's tables, or put them where it marks their places.

Each table ends with what made it: commit, date, machine, data and command. Square brackets hold
95 % intervals from resampling whole articles.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from eval.compare import Comparison, compare
from eval.errors import BadResult
from eval.figures import Figures, read_figures
from eval.figures import as_markdown as figures_table
from eval.interval import Interval
from eval.question import KINDS
from eval.results import Provenance, Result, load

MEASURES = {
    "good": "good", "right": "right", "refused": "refused", "wrong_place": "wrong place",
    "wrong_figure": "wrong figure", "answer@5": "answer in 5", "mrr@10": "MRR@10",
}  # fmt: skip
# Where a Python or a folder lies is nobody else's concern.
_ABSOLUTE = re.compile(r"(?<=\s)/\S+")
EFFECTS = ("good", "false_refusal", "wrong_place", "citation_valid", "recall@5", "mrr@10")


def tables(folder: Path, names: Sequence[str]) -> str:
    """The tables named, in Markdown; one that has no result files yet says which command to run."""
    parts = []
    for name in names:
        title, command, make = _table(name)
        made = make(folder)
        parts.append(f"### {title}\n\n{made or f'No results yet: `{command}`.'}\n")
    return "\n".join(parts)


def write_tables(readme: Path, folder: Path) -> tuple[list[str], list[str]]:
    """The names of the tables written between their marks, and of those without results.

    A place is `<!-- table NAME -->` up to `<!-- end NAME -->`, each on a line of its own. What is
    between others, and the text around, stays as it is to the byte. BadResult for a name that is
    no table's and for a file without marks.
    """
    text = readme.read_bytes().decode("utf-8")
    done: list[str] = []
    missing: list[str] = []

    def put(place: re.Match[str]) -> str:
        """The place with its table; as it was where there is none."""
        name = place["name"]
        made = _table(name)[2](folder)
        (done if made else missing).append(name)
        return f"{place['begin']}\n{made}\n\n{place['end']}" if made else place.group()

    written = _PLACE.sub(put, text)
    if not done and not missing:
        raise BadResult(f"{readme.name}: no place is marked, expected <!-- table NAME -->")
    readme.write_bytes(written.encode("utf-8"))
    return done, missing


def newest(folder: Path, pattern: str = "*.json") -> dict[str, Result]:
    """The newest result of each name in a folder, the oldest name first."""
    found: dict[str, Result] = {}
    results = [load(path) for path in folder.glob(pattern)]
    for result in sorted(results, key=lambda one: (one.provenance.date, one.name)):
        found.pop(result.name, None)
        found[result.name] = result
    return found


def _sets(folder: Path) -> str:
    """One row a data set, the union set by split."""
    rows = []
    results = newest(folder / "sets")
    for result in results.values():
        splits = sorted({row.split for row in result.rows})
        for split in splits:
            part = replace(result, rows=tuple(r for r in result.rows if r.split == split))
            title = result.name if len(splits) == 1 else f"{result.name}, {split}"
            rows.append(_quality_row(title, part))
    return _with_heads(("questions", "n", *MEASURES.values(), "ms p50 / p95 / p99"), rows, results)


def _kinds(folder: Path) -> str:
    """One row a kind of the union set over seeds and news."""
    results = {name: one for name, one in newest(folder / "sets").items() if name == "union"}
    rows = []
    for result in results.values():
        for kind in KINDS:
            part = tuple(row for row in result.rows if row.kind == kind)
            if part:
                rows.append(_quality_row(kind, replace(result, rows=part)))
    return _with_heads(("kind", "n", *MEASURES.values(), "ms p50 / p95 / p99"), rows, results)


def _peers(folder: Path) -> str:
    """One row an engine, ours first."""
    results = newest(folder / "peers")
    first = [name for name in results if name == "unionqa"]
    order = [*first, *(name for name in results if name not in first)]
    rows = []
    for name in order:
        system = results[name].provenance.system
        title = f"{name} {system.get('version', '')}".strip()
        rows.append(_quality_row(title, results[name]))
    return _with_heads(("engine", "n", *MEASURES.values(), "ms p50 / p95 / p99"), rows, results)


def _quality_row(title: str, result: Result) -> tuple[str, ...]:
    means = result.means().get("all", {})
    times = " / ".join(f"{value:.1f}" for value in result.latency().values())
    cells = (interval(means.get(name)) for name in MEASURES)
    return (title, str(len(result.rows)), *cells, times if result.timed else "–")


def interval(value: Interval | None) -> str:
    """A share in percent with its interval."""
    if value is None:
        return "–"
    return f"{100 * value.mean:.1f} [{100 * value.low:.0f}, {100 * value.high:.0f}]"


def _ablation(folder: Path) -> str:
    """One row a variant: the difference to the whole system, bold where its interval leaves 0."""
    results = newest(folder / "ablate")
    if "whole" not in results:
        return ""
    whole = results["whole"]
    means = whole.means()["all"]
    rows = [("whole", *(interval(means.get(name)) for name in EFFECTS))]
    for name, result in results.items():
        if name != "whole":
            found = {one.measure: one for one in compare(whole, result)}
            rows.append((name, *(_difference(found.get(m)) for m in EFFECTS)))
    heads = ("variant", *(name.replace("_", " ") for name in EFFECTS))
    return _with_heads(heads, rows, results)


def _difference(one: Comparison | None) -> str:
    """A difference in percentage points with its interval."""
    if one is None:
        return "–"
    difference = one.difference
    said = f"{100 * difference.mean:+.1f}"
    if difference.low == difference.high == 0.0:
        return "0"
    sure = difference.low > 0 or difference.high < 0
    bounds = f"[{100 * difference.low:+.1f}, {100 * difference.high:+.1f}]"
    return f"**{said}** {bounds}" if sure else f"{said} {bounds}"


def _refusals(folder: Path) -> str:
    """One row a threshold, in its order; the working point in bold."""
    results = newest(folder / "refusals")
    found = []
    for result in results.values():
        enough = float(result.provenance.system["settings"]["enough"])
        means = result.means()["all"]
        cells = (interval(means.get(m)) for m in ("refused", "false_refusal", "right", "good"))
        shown = f"**{enough:.2f}**" if result.name == "whole" else f"{enough:.2f}"
        found.append((enough, (shown, *cells)))
    heads = ("least probability", "rightly refused", "wrongly refused", "right", "good")
    return _with_heads(heads, [row for _, row in sorted(found)], results)


def _speed(folder: Path) -> str:
    """The newest benchmark at each size, biggest last, each with what made it."""
    bodies = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("bench-*.json")]
    runs = [
        (Provenance(**body["provenance"]), [read_figures(one) for one in body["figures"]])
        for body in bodies
    ]
    runs.sort(key=lambda run: run[0].date)
    found: dict[int, tuple[Provenance, list[Figures]]] = {}
    for made, figures in runs:
        for passages, at_size in _by_size(figures).items():
            found[passages] = (made, at_size)
    return "\n\n".join(
        f"{figures_table(figures)}\n{_made([made])}" for _, (made, figures) in sorted(found.items())
    )


def _by_size(figures: Sequence[Figures]) -> dict[int, list[Figures]]:
    """The figures of one run by the power of ten that their number of passages is nearest to."""
    found: dict[int, list[Figures]] = {}
    for one in figures:
        found.setdefault(round(math.log10(max(1, one.passages))), []).append(one)
    return found


def _gate(folder: Path) -> str:
    """One row a corpus of the gate, tuning questions and those set aside together."""
    results = newest(folder, "gate-*.json")
    rows = []
    for name, result in sorted(results.items()):
        means = result.means()["all"]
        system = result.provenance.system
        title = f"{name.removeprefix('gate-')}: {system['documents']:,} articles"
        cells = (interval(means.get(measure)) for measure in GATED)
        rows.append((title, str(len(result.rows)), *cells))
    heads = ("articles", "n", *(measure.replace("_", " ") for measure in GATED))
    return _with_heads(heads, rows, results)


def _table(name: str) -> tuple[str, str, Callable[[Path], str]]:
    """A table by its name; BadResult where there is none."""
    if name not in TABLES:
        raise BadResult(f"there is no table {name!r}; expected one of {', '.join(TABLES)}")
    return TABLES[name]


def _with_heads(
    heads: Sequence[str], rows: Sequence[Sequence[str]], results: dict[str, Result]
) -> str:
    """A Markdown table and what made it; "" without rows."""
    if not rows:
        return ""
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n\n" + _made([one.provenance for one in results.values()])


def _made(provenances: Sequence[Provenance]) -> str:
    """What made results: one line."""
    commits = dict.fromkeys(f"{p.commit[:12]}{'+' if p.changed else ''}" for p in provenances)
    dates = sorted({p.date[:10] for p in provenances})
    machines = dict.fromkeys(p.machine for p in provenances)
    commands = dict.fromkeys(_ABSOLUTE.sub("PATH", p.command) for p in provenances)
    said = ", ".join(f"`{command}`" for command in commands)
    busy = [p.others for p in provenances if p.others is not None]
    shared = f" (other work took {_share_of_cores(busy)} of the cores' time)" if busy else ""
    return f"Commit {', '.join(commits)}, {' to '.join(dict.fromkeys((dates[0], dates[-1])))}, " + (
        f"{', '.join(machines)}{shared}; {said}."
    )


def _share_of_cores(shares: Sequence[float]) -> str:
    """The least and the greatest of some shares, in percent."""
    ends = dict.fromkeys(f"{100 * share:.0f}" for share in (min(shares), max(shares)))
    return f"{' to '.join(ends)} %"


_PLACE = re.compile(
    r"^(?P<begin><!-- table (?P<name>[\w-]+) -->)\n.*?^(?P<end><!-- end (?P=name) -->)$",
    re.S | re.M,
)
GATED = (
    "good", "refused", "false_refusal", "wrong_place", "wrong_year", "wrong_figure",
    "citation_valid",
)  # fmt: skip
TABLES: dict[str, tuple[str, str, Callable[[Path], str]]] = {
    "gate": ("Quality on the project's own questions", "python -m eval gate", _gate),
    "sets": ("Quality", "python -m eval sets", _sets),
    "kinds": ("Quality by kind of question", "python -m eval sets", _kinds),
    "peers": ("Beside other engines", "python -m eval peers --python PATH", _peers),
    "ablation": ("What each part is worth", "python -m eval ablate --news 2000", _ablation),
    "refusals": ("Refusing too much, too little", "python -m eval refusals", _refusals),
    "speed": ("Speed", "python -m eval bench --passages 10000 --peers all --python PATH", _speed),
}
