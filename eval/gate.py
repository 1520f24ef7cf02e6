"""Here is a run; tell me whether a tracked figure fell below what was committed.

`eval/gate.json` holds, for each corpus the gate runs on, the floor of every tracked figure: the
lower bound of the interval of the run that set it (for wrong figures, the upper bound as ceiling).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from eval.compare import LESS_IS_BETTER
from eval.dataset import DATA_ROOT, ROOT
from eval.errors import BadResult
from eval.results import Result, save
from eval.runs import Plan, run

FLOORS = ROOT / "eval" / "gate.json"
# Figures the gate watches, over all kinds.
WATCHED = (
    "good", "right", "refused", "false_refusal", "wrong_place", "wrong_year", "wrong_figure",
    "citation_valid", "citation_precision", "recall@5", "mrr@10", "answer@5",
)  # fmt: skip
# Floats written with 6 decimals are read back a little lower.
ROUNDING = 1e-6

# Articles of the news sample that the gate adds where the data folder is there.
SAMPLE = 2_000

Bounds = dict[str, float]


@dataclass(frozen=True, slots=True)
class Check:
    """One watched figure beside its bound."""

    corpus: str
    measure: str
    value: float
    bound: float
    passed: bool

    def line(self) -> str:
        """The check as one line for a terminal."""
        sign = "<=" if self.measure in LESS_IS_BETTER else ">="
        said = "ok  " if self.passed else "FAIL"
        return f"{said} {self.corpus} {self.measure} {self.value:.4f} {sign} {self.bound:.4f}"


def gate(
    data_root: Path = DATA_ROOT, out: Path | None = None, *, set_floors: bool = False
) -> tuple[list[str], bool]:
    """Lines for a terminal, and whether every watched figure kept its bound.

    Runs on the questions that need only the seeds, and, where `data_root` has the news, on all
    questions with a sample of 2,000 articles beside the seeds. `set_floors` writes new bounds.
    """
    plans = {"seeds": Plan(data_root=data_root)}
    said = []
    if any((data_root / "news").glob("*.jsonl.gz")):
        plans["seeds+news"] = replace(plans["seeds"], news=SAMPLE)
    else:
        said.append(f"no news under {data_root}: the gate runs on the seeds' questions only")
    floors = read_floors() if FLOORS.exists() else {}
    passed = True
    for corpus, plan in plans.items():
        (result,) = run(plan, f"gate-{corpus}")
        said.append(f"{corpus}: {len(result.rows)} questions, {_system(result)}")
        if out is not None:
            said.append(f"wrote {save(result, out)}")
        if set_floors:
            floors[corpus] = bounds_of(result)
            continue
        checks = check(corpus, result, floors)
        said += [each.line() for each in checks]
        passed = passed and all(each.passed for each in checks)
    if set_floors:
        write_floors(floors)
        said.append(f"wrote {FLOORS.relative_to(ROOT)}")
    return said, passed


def _system(result: Result) -> str:
    """What the run ran on."""
    system = result.provenance.system
    return f"{system['documents']} articles, {system['chunks']} passages"


def check(corpus: str, result: Result, floors: Mapping[str, Bounds]) -> list[Check]:
    """Every watched figure of a run against the bounds of its corpus.

    Raises BadResult where no bounds were committed for this corpus, or a watched figure is gone.
    """
    if corpus not in floors:
        raise BadResult(f"eval/gate.json has no bounds for {corpus!r}; run gate --set-floors")
    means = result.means()["all"]
    checks = []
    for measure, bound in floors[corpus].items():
        if measure not in means:
            raise BadResult(f"{corpus}: the run has no {measure}, which eval/gate.json watches")
        value = means[measure].mean
        if measure in LESS_IS_BETTER:
            passed = value <= bound + ROUNDING
        else:
            passed = value >= bound - ROUNDING
        checks.append(Check(corpus, measure, value, bound, passed))
    return checks


def bounds_of(result: Result) -> Bounds:
    """The bounds that a run sets: the worse end of the interval of each watched figure."""
    means = result.means()["all"]
    return {
        name: round(means[name].high if name in LESS_IS_BETTER else means[name].low, 6)
        for name in WATCHED
        if name in means
    }


def read_floors(path: Path = FLOORS) -> dict[str, Bounds]:
    """Corpus → figure → bound; BadResult where the file is none."""
    try:
        floors = json.loads(path.read_text(encoding="utf-8"))
        return {corpus: dict(bounds) for corpus, bounds in floors.items()}
    except (OSError, json.JSONDecodeError, AttributeError, ValueError) as exc:
        raise BadResult(f"{path}: is no file of bounds ({exc!r})") from exc


def write_floors(floors: Mapping[str, Bounds], path: Path = FLOORS) -> None:
    """Nothing; the bounds stand in the file to be committed."""
    path.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")
