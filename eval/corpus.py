"""Here are articles; give me an open index of them, built once for the same data and code."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from eval.dataset import ROOT, file_sha256
from eval.errors import SystemFailed
from eval.formats import squad_corpus
from index.build import Summary, index_paths
from index.index import Index
from index.workers import open_tools

# Where the indexes of evaluations are kept; git-ignored like every data folder.
CACHE = ROOT / "data" / "eval"
# Indexes kept of one corpus, so that the code before a change can be asked again at once.
KEPT = 2
# Share of articles that may be unreadable; of the 68,747 news articles none is.
MOST_FAILED = 0.01


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles to index: whole files or folders, and perhaps a part of a BEIR corpus.

    `sample` None takes all of `news`; a number takes that many articles by the lowest hash of
    their id, and always those named in `keep`.
    """

    paths: tuple[Path, ...]
    news: tuple[Path, ...] = ()
    sample: int | None = None
    keep: tuple[str, ...] = ()

    def sha256(self) -> str:
        """One hash over the files' bytes and the choice made from them."""
        choice = json.dumps([self.sample, sorted(self.keep) if self.sample is not None else []])
        files = file_sha256((*self.paths, *self.news))
        return hashlib.sha256(f"{files} {choice}".encode()).hexdigest()


@contextmanager
def open_corpus(
    corpus: Corpus, *, cache: Path = CACHE, encoder: str | None = None
) -> Iterator[Index]:
    """An index of the corpus, closed at the end.

    It lies in `cache` under a name made of the data's and the index room's hash, so changed code
    never meets an index that older code made.
    """
    folder = cache / f"{corpus.sha256()[:12]}-{code_sha256()[:12]}-{encoder or 'shipped'}".replace(
        "/", "_"
    )
    index = open_index(folder / "index", encoder)
    try:
        done = folder / "complete"
        if not done.exists():
            tools = partial(open_tools, None, encoder)
            _check(index_paths(corpus_files(corpus, folder), index, lambda progress: None, tools))
            done.touch()
            _forget_older(cache, corpus)
        yield index
    finally:
        index.close()


def _check(summary: Summary) -> None:
    """Nothing; SystemFailed where articles are missing, since every figure would be about less."""
    if summary.interrupted or summary.failed > MOST_FAILED * (summary.done + summary.failed):
        first = summary.failures[0] if summary.failures else "interrupted"
        raise SystemFailed(
            f"{summary.failed} of {summary.done + summary.failed} articles were not indexed "
            f"({first}); mend that and run again"
        )


def _forget_older(cache: Path, corpus: Corpus) -> None:
    """Nothing; of the indexes that older code made of this corpus only the newest stay."""
    same = sorted(
        (done.stat().st_mtime, str(done.parent))
        for done in cache.glob(f"{corpus.sha256()[:12]}-*/complete")
    )
    for _, folder in same[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)


def open_index(folder: Path, encoder: str | None = None) -> Index:
    """The index in a folder, with our analyzer and gazetteer and the encoder named."""
    tools = open_tools(encoder=encoder)
    return Index.open(
        folder,
        analyzer=tools.analyzer,
        encoder=tools.encoder,
        gazetteer=tools.gazetteer,
    )


def code_sha256() -> str:
    """One hash over everything in the index room that decides what an index holds."""
    files = [
        path
        for path in sorted((ROOT / "index").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    return file_sha256(files)


def corpus_files(corpus: Corpus, folder: Path) -> list[Path]:
    """The files to index; SQuAD files and samples are written beside the index as BEIR lines."""
    files = []
    for path in corpus.paths:
        if path.suffix == ".json":
            beir = folder / f"{path.stem}.jsonl"
            _write_lines(beir, squad_corpus(path))
            files.append(beir)
        else:
            files.append(path)
    if corpus.news and corpus.sample is not None:
        part = folder / "sample.jsonl"
        _write_lines(part, sample(corpus.news, corpus.sample, corpus.keep))
        files.append(part)
    else:
        files.extend(corpus.news)
    return files


def _write_lines(path: Path, lines: Iterator[dict[str, str]] | Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for line in lines:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def sample(paths: Sequence[Path], count: int, keep: Sequence[str]) -> list[dict[str, str]]:
    """`count` lines of BEIR files, in file order: those named in `keep`, then the lowest hashes.

    The hash is SHA-256 of the id: which articles are taken depends on nothing else.
    """
    lines = [line for path in paths for line in beir_lines(path)]
    wanted = set(keep)
    ordered = sorted(
        range(len(lines)),
        key=lambda i: (
            lines[i]["_id"] not in wanted,
            hashlib.sha256(str(lines[i]["_id"]).encode()).digest(),
        ),
    )
    return [lines[i] for i in sorted(ordered[: max(count, len(wanted))])]


def beir_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a corpus.jsonl, packed or not."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rt", encoding="utf-8") if packed else path.open(encoding="utf-8") as f:
        for line in f:
            if line.strip():
                yield json.loads(line)
