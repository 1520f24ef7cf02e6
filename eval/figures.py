"""Here are an engine's figures; give me a table and a page with a plot."""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import plots
from eval.results import percentile

STYLE = Path(__file__).with_name("report.css")


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of one operation in ms, and the share of its answers that were right."""

    count: int
    p50: float
    p95: float
    p99: float
    right: float


def timing(times: Sequence[float], right: float) -> Timing:
    """Times in ms as a Timing; `right` is the share of right answers."""
    ordered = sorted(times)
    p50, p95, p99 = (round(percentile(ordered, p), 3) for p in (50, 95, 99))
    return Timing(len(ordered), p50, p95, p99, right)


@dataclass(frozen=True, slots=True)
class Figures:
    """One engine at one size. None is what it does not have; `note` says why it has nothing."""

    engine: str
    articles: int
    passages: int
    build_s: float = 0.0
    articles_s: float = 0.0
    peak_mb: float = 0.0
    search: Timing | None = None
    ask: Timing | None = None
    add: Timing | None = None
    disk_mb: float | None = None
    startup_ms: float | None = None
    version: str = ""
    note: str | None = None


Read = Callable[[Figures], float | None]


def read_figures(body: Mapping[str, Any]) -> Figures:
    """The figures of a result file's object."""
    timings = {
        name: Timing(**body[name]) if body.get(name) else None for name in ("search", "ask", "add")
    }
    return Figures(**{**body, **timings})


HEAD = (
    "engine", "articles", "passages", "build s", "articles/s", "peak MB", "disk MB", "start ms",
    "search", "ask", "add one",
)  # fmt: skip


def as_markdown(found: Sequence[Figures]) -> str:
    """The figures as a table; times in ms as p50 / p95 / p99, with the share of right answers."""
    lines = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD)]
    lines += [f"| {' | '.join(_cells(figures))} |" for figures in found]
    return "\n".join(lines) + "\n"


def as_html(found: Sequence[Figures], made: str) -> str:
    """The table and the plot of search times as one page; `made` says how it was measured."""
    head = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in HEAD)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(figures)) + "</tr>"
        for figures in found
    )
    names = list(dict.fromkeys(figures.engine for figures in found))
    drawn = "".join(
        f"<h2>{html.escape(title)}</h2><div class='scroll' tabindex='0'>"
        f"{plots.against_size(_series(found, read), 'passages', unit, names)}</div>"
        for title, unit, read in PLOTS
        if _series(found, read)
    )
    style = STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>unionqa benchmark</title><style>{style}</style></head><body><main>"
        f"<h1>How fast it is</h1><p>{html.escape(made)}</p>"
        f"<div class='scroll' tabindex='0'><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
        f"{drawn}</main></body></html>\n"
    )


def _series(found: Sequence[Figures], read: Read) -> dict[str, list[tuple[float, float]]]:
    """Engine → (passages, figure) of each size at which it has one."""
    series: dict[str, list[tuple[float, float]]] = {}
    for figures in found:
        value = None if figures.note else read(figures)
        if value:
            series.setdefault(figures.engine, []).append((float(figures.passages), value))
    return series


def _p50(timing: Timing | None) -> float | None:
    return timing.p50 if timing and timing.count else None


PLOTS: tuple[tuple[str, str, Read], ...] = (
    ("Search", "ms for one (p50)", lambda f: _p50(f.search)),
    ("Answer", "ms for one (p50)", lambda f: _p50(f.ask)),
    ("Building", "passages a second", lambda f: f.passages / f.build_s if f.build_s else None),
    ("Memory", "MB at most", lambda f: f.peak_mb),
    ("Disk", "MB", lambda f: f.disk_mb),
    ("Start-up", "ms", lambda f: f.startup_ms),
    ("Adding one article", "ms (p50)", lambda f: _p50(f.add)),
)


def _cells(f: Figures) -> list[str]:
    name = f"{f.engine} {f.version}".strip()
    if f.note is not None:
        return [name, f"{f.articles:,}", f"{f.passages:,}", f.note, *[""] * (len(HEAD) - 4)]
    numbers = (f.build_s, f.articles_s, f.peak_mb, f.disk_mb, f.startup_ms)
    return [
        name, f"{f.articles:,}", f"{f.passages:,}", *map(_short, numbers),
        *map(_timing, (f.search, f.ask, f.add)),
    ]  # fmt: skip


def _short(value: float | None) -> str:
    """A number with three digits that count; all of them before the point."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _timing(timing: Timing | None) -> str:
    if timing is None or not timing.count:
        return "–"
    times = " / ".join(_short(value) for value in (timing.p50, timing.p95, timing.p99))
    return f"{times} ({100 * timing.right:.0f} %)"
