"""Here is a name; give me its questions, where its articles are, and what it may be used for."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.errors import MissingDataset, UnknownDataset, UseForbidden
from eval.formats import read_beir, read_crossed, read_news, read_squad, read_union
from eval.question import Question

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
UNION = ROOT / "eval" / "data" / "union.jsonl"
DATA_ROOT = ROOT.parent / "shared" / "data"

# What a folder of the caller's own set holds.
QUESTIONS = "questions.jsonl"
ARTICLES = "articles"
USES = ("train", "tune", "test")
Reader = Callable[[Sequence[Path]], list[Question]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered data set: `files` hold its questions, `corpus` its articles.

    `uses` says what each split may be used for; a set of one split calls it "all".
    """

    name: str
    licence: str
    reader: Reader
    files: tuple[Path, ...]
    corpus: tuple[Path, ...]
    uses: Mapping[str, tuple[str, ...]]
    note: str = ""

    @property
    def present(self) -> bool:
        """Whether every file is on this machine."""
        return all(path.exists() for path in (*self.files, *self.corpus))


@dataclass(frozen=True, slots=True)
class Dataset:
    """The questions of an entry, in file order, with the hash of what they were read from."""

    name: str
    questions: tuple[Question, ...]
    corpus: tuple[Path, ...]
    sha256: str
    licence: str


def entries(root: Path = DATA_ROOT, added: Sequence[Path] = ()) -> list[Entry]:
    """Every registered data set, ours first; `added` are the caller's.

    One added is a SQuAD-format file, or a folder with questions.jsonl and articles (see
    `eval.grow`).
    """
    news = tuple(sorted((root / "news").glob("*.jsonl.gz"))) or (
        root / "news" / "news-00.jsonl.gz",
    )
    ours = Entry(
        "union",
        "Apache-2.0 (questions); the articles' rights stay with their publishers",
        read_union,
        (UNION,),
        (SEEDS,),
        {"tune": ("tune",), "test": ("test",)},
        "the project's own questions",
    )
    found = [ours, *_beir(root), _crossed(root)]
    found.append(
        Entry(
            "test/news_qa",
            "articles' rights stay with their publishers; never shipped",
            read_news,
            (root / "test" / "news_qa.jsonl",),
            news,
            {"all": ("test",)},
            "found by matching, not all hand-checked",
        )
    )
    return [*found, *map(_added, added)]


def _added(path: Path) -> Entry:
    """The caller's own set."""
    if path.is_dir():
        files, articles = (path / QUESTIONS,), (path / ARTICLES,)
        uses = {"tune": ("tune",), "test": ("test",)}
        return Entry(path.resolve().name, "the caller's", read_union, files, articles, uses)
    return Entry(path.stem, "the caller's", read_squad, (path,), (path,), {"all": ("test",)})


def _beir(root: Path) -> list[Entry]:
    """The data sets that are BEIR folders."""
    return [
        Entry(
            name,
            licence,
            read_beir,
            (root / name / "queries.jsonl", root / name / "qrels.tsv"),
            (root / name / "corpus.jsonl",),
            {"all": uses},
        )
        for name, licence, uses in _BEIR
    ]


def _crossed(root: Path) -> Entry:
    """XQuAD's English questions over its Chinese articles."""
    english, chinese = root / "test" / "xquad_en", root / "test" / "xquad_zh"
    return Entry(
        "test/xquad_en_zh",
        "CC BY-SA 4.0",
        read_crossed,
        (english / "queries.jsonl", chinese / "qrels.tsv", chinese / "queries.jsonl"),
        (chinese / "corpus.jsonl",),
        {"all": ("test",)},
        "English questions over the Chinese articles",
    )


_BEIR: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("train/drcd_dev", "CC BY-SA 3.0", ("train", "tune")),
    ("train/cmrc_trial", "CC BY-SA 4.0", ("train", "tune")),
    ("test/xquad_zh", "CC BY-SA 4.0", ("test",)),
    ("test/xquad_en", "CC BY-SA 4.0", ("test",)),
    ("test/cmrc_dev", "CC BY-SA 4.0", ("test",)),
)


def find_entry(name: str, known: Sequence[Entry]) -> Entry:
    """The entry of this name; the folder in front may be left out. Raises UnknownDataset."""
    for entry in known:
        if name in {entry.name, entry.name.rpartition("/")[2]}:
            return entry
    names = ", ".join(entry.name for entry in known)
    raise UnknownDataset(f"no data set is called {name!r}; there are: {names}")


def open_dataset(entry: Entry, *, use: str, split: str | None = None) -> Dataset:
    """The questions of one split (or all) of an entry, for one use.

    Raises UseForbidden where a split asked for may not be used so, MissingDataset where a file is
    not on this machine.
    """
    require_use(entry, use, split)
    for path in (*entry.files, *entry.corpus):
        if not path.exists():
            raise MissingDataset(f"{entry.name}: {path} is not there; give --data-root")
    questions = entry.reader(entry.files)
    kept = [q for q in questions if split is None or q.split == split]
    return Dataset(entry.name, tuple(kept), entry.corpus, file_sha256(entry.files), entry.licence)


def require_use(entry: Entry, use: str, split: str | None = None) -> None:
    """Nothing; UseForbidden where a split asked for may not be used so.

    Testing on everything is allowed (a report of all questions); training and tuning only on
    splits that say so.
    """
    if use not in USES:
        raise UseForbidden(f"{use!r} is no use; expected one of {', '.join(USES)}")
    asked = entry.uses if split is None else {split: entry.uses.get(split, ())}
    if use == "test" and any("test" in uses for uses in entry.uses.values()):
        return
    for name, uses in asked.items():
        if use not in uses:
            allowed = ", ".join(uses) or "nothing"
            raise UseForbidden(
                f"{entry.name} ({name}) may be used for {allowed}, not to {use}; take another set"
            )


def file_sha256(paths: Sequence[Path]) -> str:
    """One SHA-256 over all files' bytes, in the order given; folders by their sorted files."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                with file.open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def size(paths: Sequence[Path]) -> int:
    """Bytes of all files, folders included; 0 for what is missing."""
    total = 0
    for path in paths:
        files = path.rglob("*") if path.is_dir() else [path]
        total += sum(file.stat().st_size for file in files if file.is_file())
    return total
