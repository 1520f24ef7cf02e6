"""Here are tuning data; tell me which weights of the retrievers are best, never asking a test set.

Only what the encoder was not trained on: the passages that `index.train_pairs` keeps out with
their questions, the first titles and the first sentence pairs. Titles are cut out of the articles
that they are asked about. English questions are made from Chinese ones word by word with a
dictionary, beside the sentence pairs; sentences are asked of sentences where one English sentence
has several Chinese translations.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from pathlib import Path

import opencc

from eval.corpus import Corpus, beir_lines, open_corpus
from eval.dataset import SEEDS, UNION
from eval.formats import read_union
from eval.interval import Interval
from eval.judged import Judged, Wanted, judge, mean_of, mixed, reciprocal_rank
from eval.qrels import read_qrels
from index.analyzer import Analyzer
from index.index import Filters, Index, Snapshot
from index.train_data import parallel_sentences
from index.train_lexicon import by_chinese, read_cedict
from index.train_pairs import read_titles
from rag.query import understand
from rag.retrieve import DEPTH, Retrieval, ranked, retrieve
from rag.search import SEARCHED

WINDOWS = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)
DENSE = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 1.0)
# One passage in five was kept out of training, in file order (see `index.train_pairs`).
KEPT_OUT = 5
TITLES = 500
SENTENCES = 1_000
NEWS = 12_000
SEED = 11
TRANSLATIONS = "tatoeba zh→zh"
LANGUAGES = ("zh", "en", "zh sentences")
ORDERS: dict[str, Retrieval] = {
    "scores": Retrieval(features=False),
    "features": Retrieval(),
    "sentences": SEARCHED,
}
"""The orders of `rag.retrieve.ranked`, each with more than the one before."""


@dataclass(frozen=True, slots=True)
class Set:
    """A tuning set with the rankings of its queries, and what `ORDERS` are worth for each."""

    name: str
    language: str
    queries: tuple[Judged, ...]
    orders: tuple[tuple[float, ...], ...] = ()


def tuning_sets(root: Path, cache: Path, limit: int | None = None) -> list[Set]:
    """Every tuning set that the data folder has, asked of one index each; at most `limit` each."""
    folder = cache / "tune"
    folder.mkdir(parents=True, exist_ok=True)
    asked, paths = _mixed_corpus(root, folder)
    with open_corpus(Corpus(paths), cache=cache) as index:
        asked |= _union(index)
        found = [_asked(name, index, wanted[:limit]) for name, wanted in asked.items()]
    sentences, path = _sentences(root, folder)
    with open_corpus(Corpus((path,)), cache=cache) as index:
        found.append(_asked("tatoeba en→zh", index, sentences[:limit]))
        found.append(_asked(TRANSLATIONS, index, _translations(root)[:limit]))
    return found


def _asked(name: str, index: Index, wanted: Sequence[Wanted]) -> Set:
    """The set with its rankings; a set whose name has an arrow is in English."""
    snapshot = index.snapshot()
    queries = tuple(judge(one, snapshot) for one in wanted)
    orders = tuple(_ordered(query, snapshot) for query in queries)
    chinese = "zh sentences" if name == TRANSLATIONS else "zh"
    return Set(name, "en" if "en→" in name else chinese, queries, orders)


def _ordered(judged: Judged, snapshot: Snapshot) -> tuple[float, ...]:
    """The reciprocal rank that each of `ORDERS` gives."""
    text = judged.wanted.text
    query = understand(text, text, snapshot.analyzer, snapshot.gazetteer)
    rankings = retrieve(query, snapshot)
    found = (ranked(query, snapshot, rankings, DEPTH, how) for how in ORDERS.values())
    return tuple(reciprocal_rank(judged.found(hits), judged.gold) for hits in found)


def _mixed_corpus(root: Path, folder: Path) -> tuple[dict[str, list[Wanted]], tuple[Path, ...]]:
    """Queries by set over one corpus: both question sets, news, and the seeds."""
    sets: dict[str, list[Wanted]] = {}
    paths: list[Path] = [SEEDS]
    meanings = by_chinese(read_cedict(root / "train" / "cedict.u8.gz"))
    glosses = {word: phrases for word, (phrases, _) in meanings.items()}
    for name in ("drcd_dev", "cmrc_trial"):
        source = root / "train" / name
        sets[name] = _questions(source)
        paths.append(source / "corpus.jsonl")
    to_traditional = opencc.OpenCC("s2t").convert
    sets["cmrc_trial traditional"] = _changed(sets["cmrc_trial"], to_traditional)
    translate = _translator(glosses)
    sets["drcd_dev en→zh"] = _changed(sets["drcd_dev"], translate)
    sets["cmrc_trial en→zh"] = _changed(sets["cmrc_trial"], translate)
    news = folder / "news.jsonl"
    sets["titles"] = _titles(root / "news", news)
    return sets, (*paths, news)


def _questions(folder: Path) -> list[Wanted]:
    """The questions on passages that were not trained on."""
    passages = [line["_id"] for line in beir_lines(folder / "corpus.jsonl") if line["text"]]
    kept = set(passages[::KEPT_OUT])
    texts = {line["_id"]: line["text"] for line in beir_lines(folder / "queries.jsonl")}
    return [
        Wanted(texts[query], frozenset(gold), min(gold))
        for query, gold in read_qrels(folder / "qrels.tsv").items()
        if texts.get(query) and kept & set(gold)
    ]


def _changed(wanted: Sequence[Wanted], change: Callable[[str], str]) -> list[Wanted]:
    """The same queries in another form; those of which nothing is left are left out."""
    forms = ((change(one.text), one) for one in wanted)
    return [Wanted(text, one.gold, one.cluster) for text, one in forms if text]


def _translator(glosses: dict[str, list[str]]) -> Callable[[str], str]:
    """Chinese to English word by word, with a chance gloss for each word, always the same."""
    analyzer = Analyzer.open()
    chance = random.Random(SEED)

    def translate(text: str) -> str:
        words = analyzer.cut(analyzer.normalise(text))
        return " ".join(
            chance.choice(glosses[word]) if word in glosses else word
            for word in words
            if word in glosses or (word.isascii() and word.isalnum())
        )

    return translate


def _titles(folder: Path, path: Path) -> list[Wanted]:
    """Titles of the first news, written to `path` with others; theirs are cut out."""
    kept = set(islice(dict.fromkeys(read_titles(folder)[0]), SENTENCES))
    wanted: list[Wanted] = []
    with path.open("w", encoding="utf-8") as out:
        for line in islice(_news(folder), NEWS):
            title = next((one for one in kept if one in line["text"]), "")
            if title and len(wanted) < TITLES:
                kept.discard(title)
                line["text"] = line["text"].replace(title, "").replace("原标题：", "")
                wanted.append(Wanted(title, frozenset({line["_id"]}), line["_id"]))
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return wanted


def _news(folder: Path) -> Iterator[dict[str, str]]:
    """The lines of the news in file order."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _union(index: Index) -> dict[str, list[Wanted]]:
    """The project's own questions to tune on, by language; a passage is right if it answers."""
    names = tuple(path.name for path in sorted(SEEDS.glob("*.txt")))
    stored, _ = index.snapshot().list_documents(len(names), filters=Filters(sources=names))
    ids = {one.document.source: one.document.document_id for one in stored}
    sets: dict[str, list[Wanted]] = {"union": [], "union en→zh": []}
    for question in read_union([UNION]):
        gold = frozenset(ids[one.source] for one in question.gold if one.source in ids)
        if question.split == "tune" and not question.history and gold and question.answers:
            wanted = Wanted(question.text, gold, min(gold), partial(_answers, question.answers))
            sets["union en→zh" if question.language == "en" else "union"].append(wanted)
    return sets


def _answers(forms: Sequence[str], text: str) -> bool:
    """Whether a passage has one of an answer's forms."""
    return any(form in text for form in forms)


def _sentences(root: Path, folder: Path) -> tuple[list[Wanted], Path]:
    """English sentences that were not trained on, and the file of all Chinese sentences."""
    pairs = parallel_sentences(root / "train")
    english, chinese = pairs.left, pairs.right
    path = folder / "tatoeba.jsonl"
    numbers = {text: f"t{number}" for number, text in enumerate(dict.fromkeys(chinese))}
    lines = ({"_id": number, "text": text} for text, number in numbers.items())
    path.write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
    )
    golds: dict[str, set[str]] = {}
    for source, target in zip(english, chinese, strict=True):
        golds.setdefault(source, set()).add(numbers[target])
    kept = list(dict.fromkeys(english[:SENTENCES]))
    return [Wanted(text, frozenset(golds[text]), min(golds[text])) for text in kept], path


def _translations(root: Path) -> list[Wanted]:
    """Chinese sentences that were not trained on, each to find others for the same English one."""
    pairs = parallel_sentences(root / "train")
    numbers = {text: f"t{number}" for number, text in enumerate(dict.fromkeys(pairs.right))}
    kept = dict.fromkeys(pairs.left[:SENTENCES])
    said: dict[str, dict[str, None]] = {english: {} for english in kept}
    for english, chinese in zip(pairs.left, pairs.right, strict=True):
        if english in said:
            said[english][chinese] = None
    return [
        Wanted(text, frozenset(numbers[t] for t in texts if t != text), english, own=numbers[text])
        for english, texts in said.items()
        for text in texts
        if len(texts) > 1
    ]


Weights = tuple[float, float]
"""Share of windows within BM25, share of the encoder in all."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What weights are worth: the mean reciprocal rank on each set, and the mean of those."""

    weights: Weights
    values: tuple[Interval, ...]

    @property
    def mean(self) -> float:
        """The mean over sets, each counted alike."""
        return sum(value.mean for value in self.values) / len(self.values)


def grid(sets: Sequence[Set]) -> list[Cell]:
    """Each weighting on each of the sets, with intervals."""
    return [
        Cell((windows, dense), tuple(_value(one, windows, dense) for one in sets))
        for windows in WINDOWS
        for dense in DENSE
    ]


def _value(one: Set, windows: float, dense: float) -> Interval:
    """The mean reciprocal rank on a set with these weights."""
    values = [reciprocal_rank(mixed(q, windows, dense), q.gold) for q in one.queries]
    return mean_of(one.queries, values)


def best(cells: Sequence[Cell]) -> Cell:
    """The best mean over sets, among those nowhere below BM25 over chunks or windows, if any."""
    alone = [cell.values for cell in cells if cell.weights in {(0.0, 0.0), (1.0, 0.0)}]
    least = [max(value.mean for value in column) for column in zip(*alone, strict=True)]
    safe = [
        cell
        for cell in cells
        if all(value.mean >= low for value, low in zip(cell.values, least, strict=True))
    ]
    return max(safe or cells, key=lambda cell: (cell.mean, cell.weights))


def tuned(sets: Sequence[Set]) -> str:
    """The grid of each language in Markdown, the best weights marked."""
    lines: list[str] = []
    for language in LANGUAGES:
        chosen = [one for one in sets if one.language == language and one.queries]
        if not chosen:
            continue
        cells = grid(chosen)
        marked = best(cells)
        names = [f"{one.name} ({len(one.queries)})" for one in chosen]
        lines += [f"| {language}: windows | dense | {' | '.join(names)} | mean |"]
        lines += ["|" + "---|" * (len(names) + 3)]
        for cell in cells:
            values = [f"{v.mean:.3f} [{v.low:.3f}, {v.high:.3f}]" for v in cell.values]
            mean = f"**{cell.mean:.4f}**" if cell is marked else f"{cell.mean:.4f}"
            shown = [f"{weight:g}" for weight in cell.weights]
            lines.append(f"| {' | '.join([*shown, *values, mean])} |")
        lines.append("")
    return "\n".join([*lines, *_order_table(sets)])


def _order_table(sets: Sequence[Set]) -> list[str]:
    """What each order is worth on each set, and what it has over the one before, in points."""
    lines = [f"| order by | {' | '.join(ORDERS)} |", "|" + "---|" * (len(ORDERS) + 1)]
    for one in sets:
        if not one.orders:
            continue
        columns = list(zip(*one.orders, strict=True))
        cells = [f"{sum(columns[0]) / len(columns[0]):.3f}"]
        for before, column in pairwise(columns):
            more = mean_of(one.queries, [b - a for a, b in zip(before, column, strict=True)])
            points = f"{100 * more.mean:+.2f} [{100 * more.low:+.2f}, {100 * more.high:+.2f}]"
            cells.append(f"{sum(column) / len(column):.3f}, {points}")
        lines.append(f"| {one.name} ({len(one.queries)}) | {' | '.join(cells)} |")
    return [*lines, ""]
