"""Here are results; give me one page that a person can read, and the same as Markdown.

The page is one file without outside hosts or scripts; the drill-down is plain <details>.
"""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval import plots
from eval.compare import HIDDEN, LESS_IS_BETTER, as_markdown, changes, compare
from eval.interval import Interval
from eval.question import KINDS
from eval.results import Result, ResultRow

STYLE = Path(__file__).with_name("report.css")
SHOWN = (
    "good", "right", "refused", "false_refusal", "wrong_place", "wrong_year", "wrong_figure",
    "exact", "f1", "first_quote", "citation_valid", "citation_precision", "citation_recall",
    "recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10", "answer@1", "answer@5", "language",
    "length",
)  # fmt: skip

_MANY = (
    "<p><small>Plots with a colour a run show the first run and those furthest from it.</small></p>"
)


def as_html(results: Sequence[Result], *, show_test: bool = False) -> str:
    """The page for one or more results; the first is the one drilled into.

    Questions set aside for testing are counted, and shown only with `show_test`.
    """
    first = results[0]
    parts = [
        "<h1>How good the answers are</h1>",
        _provenance(results),
        *([_MANY] if len(results) > plots.MOST else []),
        _section("Quality by kind", _plot(plots.quality_by_kind(results)) + _kinds_table(first)),
        _section("Recall against passages read", _plot(plots.recall_against_k(results))),
        _section(
            "Time until the answer", _plot(plots.latency_distribution(results)) + _latency(results)
        ),
        _section("Refusals", _plot(plots.refusal_trade_off(results))),
    ]
    if len(results) > 1:
        parts.append(_section("Differences", _differences(results, show_test)))
    parts.append(_section("Question by question", _questions(first, show_test)))
    style = STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>unionqa evaluation</title><style>{style}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def markdown(results: Sequence[Result]) -> str:
    """The tables of the page for a pull request: quality and latency in one row a kind."""
    parts = []
    for result in results:
        made = result.provenance
        parts.append(
            f"### {result.name}\n\n{len(result.rows)} questions, commit `{made.commit[:12]}`"
            f"{' (changed)' if made.changed else ''}, {made.date[:10]}, {made.machine}, "
            f"data `{made.data_sha256[:12]}`\n\n`{made.command}`\n"
        )
        parts.append(_kinds_markdown(result))
    for later in results[1:]:
        parts.append(f"### {results[0].name} → {later.name}\n")
        parts.append(as_markdown(compare(results[0], later), changes(results[0], later)))
    return "\n".join(parts)


def _kinds_markdown(result: Result) -> str:
    means = result.means()
    columns = (
        "good",
        "right",
        "refused",
        "wrong_place",
        "wrong_figure",
        "citation_valid",
        "mrr@10",
    )
    lines = [
        f"| kind | n | {' | '.join(columns)} | ms p50 / p95 / p99 |",
        f"|---|---|{'---|' * len(columns)}---|",
    ]
    for kind in _kinds(means):
        count = sum(kind in ("all", row.kind) for row in result.rows)
        cells = [_number(means[kind].get(name)) for name in columns]
        times = " / ".join(f"{value:.1f}" for value in result.latency(kind).values())
        cells.append(times if result.timed else "–")
        lines.append(f"| {kind} | {count} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _kinds(means: dict[str, dict[str, Interval]]) -> list[str]:
    return [kind for kind in ("all", *KINDS) if kind in means]


def _number(interval: Interval | None) -> str:
    if interval is None:
        return "–"
    return f"{interval.mean:.3f} [{interval.low:.2f}, {interval.high:.2f}]"


def _provenance(results: Sequence[Result]) -> str:
    """What made the runs: a line for those made alike."""
    made: dict[tuple[str, ...], list[str]] = {}
    for result in results:
        p = result.provenance
        commit = p.commit[:12] + (" (changed)" if p.changed else "")
        made.setdefault((commit, p.date[:10], p.machine, p.data_sha256[:12], p.command), []).append(
            f"{result.name} ({len(result.rows)})"
        )
    return "".join(
        f"<p><strong>{html.escape(', '.join(names))}</strong> questions<br>"
        f"commit {html.escape(commit)}, {html.escape(date)}, {html.escape(machine)}, "
        f"data {html.escape(data)}<br><code>{html.escape(command)}</code></p>"
        for (commit, date, machine, data, command), names in made.items()
    )


def _kinds_table(result: Result) -> str:
    means = result.means()
    kinds = _kinds(means)
    rows = []
    for name in SHOWN:
        if any(name in means[kind] for kind in kinds):
            arrow = " ↓" if name in LESS_IS_BETTER else ""
            cells = [_cell(name, means[kind].get(name)) for kind in kinds]
            rows.append((name + arrow, *cells))
    if result.timed:
        times = [result.latency(kind) for kind in kinds]
        rows += [(f"{p} ms ↓", *(f"{one[p]:.1f}" for one in times)) for p in times[0]]
    return _table(("measure", *kinds), rows)


def _cell(name: str, interval: Interval | None) -> str:
    if interval is None:
        return ""
    if name == "length":
        return f"{interval.mean:.0f}"
    return f"{100 * interval.mean:.1f}"


def _latency(results: Sequence[Result]) -> str:
    rows = [
        (result.name, *(f"{value:.1f}" for value in result.latency().values()))
        for result in results
        if result.timed
    ]
    return _table(("run", "p50 ms", "p95 ms", "p99 ms"), rows)


def _differences(results: Sequence[Result], show_test: bool) -> str:
    """What each later run does to `good`, and every tracked measure beside the first run."""
    named, parts = [], []
    for later in results[1:]:
        comparisons = compare(results[0], later)
        named += [(later.name, c) for c in comparisons if c.measure == "good"]
        rows = [
            (
                c.measure, f"{c.before:.3f}", f"{c.after:.3f}",
                f"{c.difference.mean:+.3f} [{c.difference.low:+.3f}, {c.difference.high:+.3f}]",
                c.verdict,
            )
            for c in comparisons
        ]  # fmt: skip
        changed = [
            (c.id, c.question, "right" if c.after > c.before else "wrong", c.answer_after)
            for c in changes(results[0], later, show_test=show_test)
        ]
        parts.append(f"<h3>{html.escape(later.name)}</h3>")
        parts.append(_table(("measure", "before", "after", "difference", "verdict"), rows))
        if changed:
            body = _table(("id", "question", "now", "answer"), changed)
            parts.append(
                f"<details><summary>{len(changed)} changed sides</summary>{body}</details>"
            )
    return _plot(plots.differences(named)) + "".join(parts)


def _questions(result: Result, show_test: bool) -> str:
    """Each question with what was asked, expected, answered, cited and found; wrong ones first."""
    shown = [row for row in result.rows if show_test or row.split != HIDDEN]
    ordered = sorted(shown, key=lambda row: (row.measures.get("good", 0.0), row.id))
    hidden = len(result.rows) - len(shown)
    note = f"<p>{hidden} questions set aside for testing are counted, not shown.</p>"
    return (note if hidden else "") + "".join(_question(row) for row in ordered)


def _question(row: ResultRow) -> str:
    side = "right" if row.measures.get("good", 0.0) == 1.0 else "wrong"
    asked = " → ".join([*row.history, row.question])
    expected = " · ".join(row.expected) or row.expected_status
    cited = "".join(
        f"<li>[{c['id']}] {html.escape(str(c['region'] or '–'))}, "
        f"{html.escape(str(c['date'] or '–'))}, {html.escape(c['source'])}: "
        f"{html.escape(c['quote'])}"
        f"{_near(c) if c['id'] in row.related else ''}</li>"
        for c in row.citations
    )
    found = "".join(f"<li>{_found(passage)}</li>" for passage in row.found)
    weighed = "".join(f"<li>{_weighed(one)}</li>" for one in row.weighed)
    measures = ", ".join(f"{name} {value:.3g}" for name, value in sorted(row.measures.items()))
    error = f"<p class='wrong'>{html.escape(row.error)}</p>" if row.error else ""
    return (
        f"<details class='{side}'><summary><span class='mark'>{side}</span> "
        f"<code>{html.escape(row.id)}</code> {html.escape(asked)}</summary>{error}"
        f"<dl><dt>expected</dt><dd>{html.escape(expected)} "
        f"<small>({html.escape(row.expected_status)})</small></dd>"
        f"<dt>answered</dt><dd>{html.escape(row.answer)} "
        f"<small>({html.escape(row.status)}, {row.took_ms:.1f} ms)</small></dd></dl>"
        f"<h4>Cited</h4><ul>{cited or '<li>nothing</li>'}</ul>"
        f"{f'<h4>Weighed</h4><ul>{weighed}</ul>' if weighed else ''}"
        f"<h4>Found</h4><ol>{found}</ol><p><small>{html.escape(measures)}</small></p></details>"
    )


def _near(cited: dict[str, Any]) -> str:
    """Why a citation is only near: what the gate says of it."""
    note = cited.get("note")
    return f" <em>(only near{': ' + html.escape(str(note)) if note else ''})</em>"


def _weighed(one: dict[str, Any]) -> str:
    """A sentence that might have answered, and which gate was closed to it."""
    gate = f"gate closed: {one['closed']}" if one["closed"] else "every gate open"
    said = f"{one['region'] or 'no place'}, {one['source']}; covers {one['covers']:.2f}"
    marked = f" → <strong>{html.escape(one['span'])}</strong>" if one["span"] else ""
    sentence = f"{html.escape(one['sentence'])}{marked} <em>({gate})</em>"
    return f"{sentence} <small>({html.escape(said)})</small>"


def _found(passage: dict[str, Any]) -> str:
    ranks = ", ".join(f"{name} #{rank}" for name, rank in sorted(passage["ranks"].items()))
    mark = " <strong>holds the answer's sentence</strong>" if passage["gold"] else ""
    return f"{html.escape(passage['text'])}… <small>({html.escape(ranks)})</small>{mark}"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{html.escape(title)}</h2>{body}</section>"


def _plot(svg: str) -> str:
    """A plot that keeps its letters readable and scrolls by itself on a phone."""
    return f"<div class='scroll' tabindex='0'>{svg}</div>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that scrolls by itself where the screen is narrow."""
    top = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>"
        + f"<th scope='row'>{html.escape(row[0])}</th>"
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        "<div class='scroll' tabindex='0'><table><thead><tr>"
        f"{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
