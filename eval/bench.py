"""Here is a number of passages; tell me how fast each engine builds, searches and answers.

Every engine gets the same passages, rows and questions, runs in a process of its own within the
same bounds, has its memory (resident, all its processes together) looked at from outside, and has
its answers checked while it is timed.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from eval.apart import Bounds, Child, leave_task, run_apart, run_child
from eval.dataset import DATA_ROOT
from eval.engine import Outcome
from eval.errors import SystemFailed
from eval.figures import Figures, as_html, as_markdown, read_figures, timing
from eval.our_child import ADDED, OURS, WARM, K, leave_articles
from eval.results import provenance
from eval.workload import Sought, generated, made_texts, questions

# Questions of a run: sentences of indexed articles, each of which must find its own article.
QUESTIONS = 200
# Bytes of disk that a passage takes for a while: article, index, passage, row and a peer's index.
BYTES_A_PASSAGE = 12_000
# What is measured beside ours where nobody asks for more.
USUAL = ("rank-bm25", "bm25s")


@dataclass(frozen=True, slots=True)
class Rivals:
    """Which engines are measured beside ours, by which Python; the bounds are for ours, too."""

    names: tuple[str, ...] = USUAL
    python: Path | None = None
    bounds: Bounds = field(default_factory=Bounds)


def bench(
    sizes: Sequence[int],
    data_root: Path = DATA_ROOT,
    *,
    rivals: Rivals | None = None,
    report: Callable[[str], None],
) -> list[Figures]:
    """The figures of every engine at every size (about so many passages), ours first.

    SystemFailed where the disk for temporary files is too small for the largest size.
    """
    rivals = rivals or Rivals()
    _check_disk(max(sizes))
    found: list[Figures] = []
    for passages in sizes:
        with tempfile.TemporaryDirectory(prefix="unionqa-bench-") as name:
            folder = Path(name)
            report(f"{passages:,} passages are made")
            paths = generated(folder, passages, data_root)
            sought = questions(paths[1:], QUESTIONS) or questions(paths, QUESTIONS)
            found += _at_one_size(folder, passages, (paths, sought), rivals, report)
    return found


def _check_disk(passages: int) -> None:
    """Nothing; SystemFailed where there is not enough room."""
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free < passages * BYTES_A_PASSAGE:
        raise SystemFailed(
            f"{passages:,} passages need {passages * BYTES_A_PASSAGE / 1e9:.1f} GB for a while, "
            f"{folder} has {free / 1e9:.1f} GB; name another folder in TMPDIR"
        )


def _at_one_size(
    folder: Path,
    passages: int,
    asked: tuple[list[Path], list[Sought]],
    rivals: Rivals,
    report: Callable[[str], None],
) -> list[Figures]:
    """The figures of ours over files and questions, and of the others over our passages."""
    paths, sought = asked
    report(OURS)
    leave_articles(folder, paths, sought)
    child = Child("eval.our_child", (str(folder),), folder / f"{OURS}.txt")
    peak, error = run_child(child, None, rivals.bounds)
    if error:
        note = f"no passages: {OURS} {error}"
        failed = Figures(OURS, 0, passages, note=error)
        return [failed, *(replace(failed, engine=name, note=note) for name in rivals.names)]
    body = json.loads((folder / f"{OURS}.json").read_text(encoding="utf-8"))
    ours = replace(read_figures(body), peak_mb=round(peak, 1))
    shutil.rmtree(folder / "index", ignore_errors=True)
    leave_task(folder, [one.text for one in sought], K, warm=WARM, added=made_texts(ADDED))
    found = [ours]
    for rival in rivals.names:
        report(f"{rival}, {ours.passages:,} passages")
        outcome = run_apart(rival, folder, ours.passages, rivals.python, rivals.bounds)
        found.append(_figures(outcome, ours, sought, folder))
    return found


def _figures(outcome: Outcome, ours: Figures, sought: Sequence[Sought], folder: Path) -> Figures:
    """An engine's figures, its answers checked; where it has none, the reason."""
    if outcome.error is not None:
        return Figures(outcome.engine, ours.articles, ours.passages, note=outcome.error)
    with (folder / "documents.jsonl").open(encoding="utf-8") as stream:
        documents = [json.loads(line) for line in stream]
    right = [
        one.is_in([documents[number] for number in numbers])
        for one, numbers in zip(sought, outcome.found, strict=True)
    ]
    return Figures(
        engine=outcome.engine,
        articles=ours.articles,
        passages=ours.passages,
        build_s=round(outcome.build_s, 2),
        articles_s=round(ours.articles / outcome.build_s, 1),
        peak_mb=round(outcome.peak_mb, 1),
        search=timing(outcome.took_ms, sum(right) / max(1, len(right))),
        add=timing(outcome.add_ms, outcome.add_right) if outcome.add_ms else None,
        disk_mb=None if outcome.disk_mb is None else round(outcome.disk_mb, 1),
        startup_ms=None if outcome.startup_ms is None else round(outcome.startup_ms, 1),
        version=outcome.version,
    )


def save_bench(found: Sequence[Figures], folder: Path) -> Path:
    """Where the figures stand now, with what made them; beside it the page and the table."""
    made = provenance(hashlib.sha256(repr([f.articles for f in found]).encode()).hexdigest(), {})
    body = {"provenance": asdict(made), "figures": [asdict(figures) for figures in found]}
    text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"bench-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
    path.write_text(text, encoding="utf-8")
    said = f"commit {made.commit[:12]}, {made.date}, {made.machine}; {made.command}"
    path.with_suffix(".html").write_text(as_html(found, said), encoding="utf-8")
    path.with_suffix(".md").write_text(as_markdown(found) + f"\n{said}\n", encoding="utf-8")
    return path
