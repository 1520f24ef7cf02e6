"""Here is the name of a data set and how to reach a system; give me the whole result."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from eval.corpus import CACHE, Corpus, open_corpus
from eval.dataset import DATA_ROOT, SEEDS, Dataset, Entry, entries, find_entry, open_dataset
from eval.evaluate import evaluate
from eval.forms import robustness
from eval.results import Result, provenance
from eval.systems import Http, Local, System
from rag.ask import RetrievalSettings


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: `news` None leaves the news out of the union set's corpus, -1 takes all of it.

    `split` None runs every question; `use` guards test sets (see `eval.dataset`).
    """

    data: str = "union"
    split: str | None = None
    use: str = "test"
    news: int | None = None
    limit: int | None = None
    encoder: str | None = None
    data_root: Path = DATA_ROOT
    cache: Path = CACHE
    added: tuple[Path, ...] = ()


Report = Callable[[int, int], None]


def prepare(plan: Plan) -> tuple[Dataset, Corpus]:
    """The questions that the plan's corpus can answer, and the corpus."""
    entry = find_entry(plan.data, entries(plan.data_root, plan.added))
    dataset = open_dataset(entry, use=plan.use, split=plan.split)
    corpus = corpus_of(entry, dataset, plan)
    questions = dataset.questions
    if not corpus.news and entry.name == "union":
        questions = tuple(q for q in questions if q.needs == "seeds")
    return replace(dataset, questions=questions[: plan.limit]), corpus


def corpus_of(entry: Entry, dataset: Dataset, plan: Plan) -> Corpus:
    """The articles of a data set; for the union set the seeds, and the news the plan names."""
    keep = tuple(
        dict.fromkeys(g.document_id for q in dataset.questions for g in q.gold if g.document_id)
    )
    if entry.name == "union":
        news = tuple(sorted((plan.data_root / "news").glob("*.jsonl.gz")))
        if plan.news is None or not news:
            return Corpus((SEEDS,))
        return Corpus((SEEDS,), news, None if plan.news < 0 else plan.news, keep)
    if entry.name == "test/news_qa" and plan.news is not None and plan.news >= 0:
        return Corpus((), entry.corpus, plan.news, keep)
    return Corpus(entry.corpus)


@contextmanager
def local_system(
    corpus: Corpus, plan: Plan, settings: RetrievalSettings | None = None
) -> Iterator[System]:
    """The system of this process over an index of the corpus."""
    with open_corpus(corpus, cache=plan.cache, encoder=plan.encoder) as index:
        yield Local(index, settings)


def run(
    plan: Plan,
    name: str,
    *,
    settings: Sequence[RetrievalSettings] = (),
    report: Report = lambda done, total: None,
) -> list[Result]:
    """One result for each settings (the default where none is given), over one open index."""
    dataset, corpus = prepare(plan)
    sha256 = data_sha256(dataset, corpus)
    results = []
    with open_corpus(corpus, cache=plan.cache, encoder=plan.encoder) as index:
        for setting in settings or (RetrievalSettings(),):
            system = Local(index, setting)
            rows = evaluate(system, dataset, report=report)
            results.append(Result(name, tuple(rows), provenance(sha256, system.described())))
    return results


def run_forms(plan: Plan, name: str) -> Result:
    """The result of asking every question in other forms (see `eval.forms`)."""
    dataset, corpus = prepare(plan)
    with local_system(corpus, plan) as system:
        rows = robustness(system, dataset.questions)
        return Result(
            name, tuple(rows), provenance(data_sha256(dataset, corpus), system.described())
        )


def run_http(
    plan: Plan,
    name: str,
    system: Http,
    *,
    report: Report = lambda done, total: None,
) -> Result:
    """The result of a running server; what it has indexed is its own affair."""
    dataset, corpus = prepare(plan)
    rows = evaluate(system, dataset, report=report)
    return Result(name, tuple(rows), provenance(data_sha256(dataset, corpus), system.described()))


def data_sha256(dataset: Dataset, corpus: Corpus) -> str:
    """One hash over questions and articles."""
    return f"{dataset.sha256[:32]}{corpus.sha256()[:32]}"
