"""Here are figures of runs; give me plots as SVG text that can stand inside a page.

Text stays text (the reader's fonts draw it), and the same figures give the same bytes.
"""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from eval.compare import Comparison
from eval.interval import Interval
from eval.metrics import CUTS
from eval.results import Result

matplotlib.use("svg")
_COLOURS = ("#b3261e", "#1f5fa8", "#4a7a2c", "#8a5a00", "#6a3d9a", "#555555")
_MARKS = ("o", "s", "^", "D")
# Runs that one plot can show.
MOST = len(_COLOURS)
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "unionqa",
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def furthest(results: Sequence[Result], measure: str) -> list[Result]:
    """The first run and those furthest from it in a measure, as many as there are colours.

    They stay in their order. More lines than colours could not be told apart.
    """
    known = [result for result in results if measure in result.means().get("all", {})]
    if len(known) <= len(_COLOURS):
        return known
    value = {result.name: result.means()["all"][measure].mean for result in known}
    first = value[known[0].name]
    ordered = sorted(known[1:], key=lambda one: (-abs(value[one.name] - first), one.name))
    kept = {known[0].name, *(one.name for one in ordered[: len(_COLOURS) - 1])}
    return [result for result in known if result.name in kept]


def quality_by_kind(results: Sequence[Result]) -> str:
    """Bars of `good` for each kind, with 95 % intervals; one colour a run."""
    asked = furthest([result for result in results if result.timed], "good")
    kinds = list(dict.fromkeys(kind for result in asked for kind in result.means()))
    with matplotlib.rc_context(_STYLE):
        figure, axes = _figure(7.2, len(kinds) * (0.3 + 0.08 * len(asked)) + 1.2)
        thickness = 0.8 / max(1, len(asked))
        for at, result in enumerate(asked):
            means = [result.means().get(kind, {}).get("good") for kind in kinds]
            places = [i + at * thickness for i in range(len(kinds))]
            _bars(axes, places, means, thickness, _COLOURS[at % len(_COLOURS)], result.name)
        axes.set_yticks([i + 0.4 - thickness / 2 for i in range(len(kinds))], kinds)
        axes.set_ylim(len(kinds), -0.3)
        axes.set_xlim(0, 1.02)
        axes.set_xlabel("share of questions answered or refused as they should be")
        if len(asked) > 1:
            _legend(figure, len(asked))
        return _svg(figure)


def _bars(
    axes: Axes,
    places: Sequence[float],
    means: Sequence[Interval | None],
    thickness: float,
    colour: str,
    label: str,
) -> None:
    """Horizontal bars with their intervals; a missing mean leaves its place empty."""
    values = [mean.mean if mean else 0.0 for mean in means]
    below = [mean.mean - mean.low if mean else 0.0 for mean in means]
    above = [mean.high - mean.mean if mean else 0.0 for mean in means]
    errors = [[max(0.0, v) for v in below], [max(0.0, v) for v in above]]
    axes.barh(places, values, thickness * 0.9, color=colour, label=label)
    axes.errorbar(values, places, xerr=errors, fmt="none", ecolor="#222222", capsize=2, lw=0.8)


def recall_against_k(results: Sequence[Result]) -> str:
    """Recall of the gold sentences against the number of passages read."""
    with matplotlib.rc_context(_STYLE):
        shown = furthest(results, "recall@10")
        figure, axes = _figure(7.2, 3.0 + _legend_height(len(shown)))
        for at, result in enumerate(shown):
            means = result.means()["all"]
            known = [k for k in CUTS if f"recall@{k}" in means]
            points = [means[f"recall@{k}"] for k in known]
            colour = _COLOURS[at % len(_COLOURS)]
            axes.plot(known, [p.mean for p in points], "o-", color=colour, label=result.name)
            axes.fill_between(
                known, [p.low for p in points], [p.high for p in points], color=colour, alpha=0.12
            )
        axes.set_xscale("log")
        axes.set_xticks(CUTS, [str(k) for k in CUTS])
        axes.minorticks_off()
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("passages")
        axes.set_ylabel("recall")
        _legend(figure, len(shown))
        return _svg(figure)


def latency_distribution(results: Sequence[Result]) -> str:
    """The share of questions answered within a time, in ms."""
    with matplotlib.rc_context(_STYLE):
        shown = furthest([result for result in results if result.timed], "good")
        figure, axes = _figure(7.2, 3.0 + _legend_height(len(shown)))
        for at, result in enumerate(shown):
            times = sorted(row.took_ms for row in result.rows if row.took_ms > 0)
            shares = [(i + 1) / len(times) for i in range(len(times))]
            axes.step(times, shares, where="post", color=_COLOURS[at % 6], label=result.name)
        axes.set_xscale("log")
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("ms until the answer")
        axes.set_ylabel("share of questions")
        _legend(figure, len(shown))
        return _svg(figure)


def refusal_trade_off(results: Sequence[Result]) -> str:
    """Each run as a point: refused what should be refused, against refused what should not.

    Runs that differ only in the threshold of the gate draw the trade-off curve; the first run
    given is the working point. Runs at the same point share one label.
    """
    with matplotlib.rc_context(_STYLE):
        figure, axes = _figure(7.2, 3.8)
        named: dict[tuple[float, float], list[str]] = {}
        for result in results:
            means = result.means().get("all", {})
            if "refused" in means and "false_refusal" in means:
                point = (means["false_refusal"].mean, means["refused"].mean)
                named.setdefault(point, []).append(result.name)
        curve = sorted(point for point, names in named.items() if _alike(results, names))
        axes.plot([x for x, _ in curve], [y for _, y in curve], color="#999999", lw=1)
        for at, (x, y) in enumerate(named):
            axes.plot([x], [y], "o" if at else "D", color=_COLOURS[min(at, 1)], ms=5 if at else 9)
        for at, (x, y) in enumerate(sorted(named)):
            names = named[x, y]
            label = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
            above = at % 2 == 0
            axes.annotate(
                label, (x, y), (6, 8 if above else -14), textcoords="offset points", fontsize=9
            )
        axes.margins(x=0.18, y=0.15)
        axes.set_xlabel("share of answerable questions refused")
        axes.set_ylabel("share of unanswerable refused")
        return _svg(figure)


def _alike(results: Sequence[Result], names: Sequence[str]) -> bool:
    """Whether one of the runs named differs from the first in the gate's threshold alone."""

    def kind(result: Result) -> dict[str, Any]:
        settings = {**result.provenance.system.get("settings", {}), "enough": None}
        return {**result.provenance.system, "settings": settings}

    return any(kind(one) == kind(results[0]) for one in results if one.name in names)


def differences(named: Sequence[tuple[str, Comparison]]) -> str:
    """Bars of the difference that leaving a part out makes, with 95 % intervals."""
    with matplotlib.rc_context(_STYLE):
        figure, axes = _figure(7.2, 0.4 * len(named) + 1.2)
        places = list(range(len(named)))
        found = [comparison.difference for _, comparison in named]
        values = [interval.mean for interval in found]
        errors = [
            [max(0.0, i.mean - i.low) for i in found],
            [max(0.0, i.high - i.mean) for i in found],
        ]
        axes.barh(places, values, 0.7, color=_COLOURS[1])
        axes.errorbar(values, places, xerr=errors, fmt="none", ecolor="#222222", capsize=2, lw=0.8)
        axes.axvline(0, color="#222222", lw=0.8)
        axes.set_yticks(places, [name for name, _ in named])
        axes.invert_yaxis()
        axes.set_xlabel("difference to the whole system")
        return _svg(figure)


def against_size(
    series: Mapping[str, Sequence[tuple[float, float]]], x: str, y: str, names: Sequence[str]
) -> str:
    """One line a series over sizes, both axes logarithmic.

    Colour and mark are by the place in `names`, so that a name looks alike in several plots.
    """
    with matplotlib.rc_context(_STYLE):
        figure, axes = _figure(7.2, 3.0 + _legend_height(len(series)))
        for name, points in series.items():
            ordered, at = sorted(points), names.index(name)
            axes.plot(
                [p[0] for p in ordered],
                [p[1] for p in ordered],
                "-",
                marker=_MARKS[at // MOST % len(_MARKS)],
                color=_COLOURS[at % MOST],
                label=name,
            )
        axes.set_xscale("log")
        axes.set_yscale("log")
        sizes = sorted({p[0] for points in series.values() for p in points})
        axes.set_xticks(sizes, [f"{size:,.0f}" for size in sizes])
        axes.minorticks_off()
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter("{x:,g}")
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        _legend(figure, len(series))
        return _svg(figure)


def _legend(figure: Figure, count: int) -> None:
    """Names under the plot, where they hide nothing; none where nothing was drawn."""
    if count:
        figure.legend(frameon=False, loc="outside lower center", ncols=3)


def _legend_height(count: int) -> float:
    """Inches that the names under a plot take."""
    return 0.25 * -(-count // 3)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _svg(figure: Figure) -> str:
    """The figure as an <svg> element without a fixed size, date or outside reference."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    svg = text[text.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    return re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
