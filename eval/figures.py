"""Here are an engine's figures; give me a table and a page with a plot."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval import plots

STYLE = Path(__file__).with_name("report.css")


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of one operation in ms, and the share of its answers that were right."""

    count: int
    p50: float
    p95: float
    p99: float
    right: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One engine at one size. None is what an engine does not have."""

    engine: str
    articles: int
    passages: int
    build_s: float
    articles_s: float
    peak_mb: float
    search: Timing
    ask: Timing | None = None
    add: Timing | None = None
    disk_mb: float | None = None
    startup_ms: float | None = None


HEAD = (
    "engine", "articles", "passages", "build s", "articles/s", "peak MB", "disk MB", "start ms",
    "search", "ask", "add one",
)  # fmt: skip


def as_markdown(found: Sequence[Figures]) -> str:
    """The figures as a table; times in ms as p50 / p95, with the share of right answers."""
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
    series: dict[str, list[tuple[float, float]]] = {}
    for figures in found:
        point = (float(figures.passages), figures.search.p50)
        series.setdefault(figures.engine, []).append(point)
    plot = plots.against_size(series, "passages", "ms for one search (p50)")
    style = STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>unionqa benchmark</title><style>{style}</style></head><body><main>"
        f"<h1>How fast it is</h1><p>{html.escape(made)}</p>"
        f"<div class='scroll' tabindex='0'><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
        f"<div class='scroll' tabindex='0'>{plot}</div></main></body></html>\n"
    )


def _cells(f: Figures) -> list[str]:
    cells = [
        f.engine, f.articles, f.passages, f.build_s, f.articles_s, f.peak_mb,
        _or_dash(f.disk_mb), _or_dash(f.startup_ms), _timing(f.search), _timing(f.ask),
        _timing(f.add),
    ]  # fmt: skip
    return [str(cell) for cell in cells]


def _or_dash(value: float | None) -> str:
    return "–" if value is None else str(value)


def _timing(timing: Timing | None) -> str:
    if timing is None or not timing.count:
        return "–"
    return f"{timing.p50} / {timing.p95} ({100 * timing.right:.0f} % right)"
