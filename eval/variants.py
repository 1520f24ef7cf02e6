"""Here are articles and a way to index them that is not ours; give me an index of them.

Only for measuring what a part is worth: without what is indexed beside a chunk, with longer or
shorter chunks, or with the text as received.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from eval.corpus import CACHE, Corpus, code_sha256, corpus_files, open_index
from index.chunk import chunk, context
from index.clean import clean
from index.document import Article, Document
from index.entry import Entry, Tools, find_figures, join, passage, revision
from index.errors import EmptyDocument
from index.index import Index
from index.read import iter_paths, read_path
from index.vectors import quantize
from index.windows import windows

BATCH = 256


@dataclass(frozen=True, slots=True)
class Making:
    """How an index is made; the defaults make it as `index` does.

    `scale` multiplies the lengths of chunks, `titles` puts title, heading and place beside them,
    `cleaned` False indexes the text as received.
    """

    scale: float = 1.0
    titles: bool = True
    cleaned: bool = True


USUAL = Making()


@contextmanager
def open_variant(corpus: Corpus, making: Making, *, cache: Path = CACHE) -> Iterator[Index]:
    """An index of the corpus made in another way, kept as `eval.corpus` keeps the usual one."""
    name = sha256(f"{code_sha256()} {json.dumps(asdict(making))}".encode()).hexdigest()
    folder = cache / f"{corpus.sha256()[:12]}-{name[:12]}-variant"
    index = open_index(folder / "index")
    try:
        done = folder / "complete"
        if not done.exists():
            _fill(index, corpus_files(corpus, folder), making)
            done.touch()
        yield index
    finally:
        index.close()


def _fill(index: Index, paths: Sequence[Path], making: Making) -> None:
    """Index all articles; those that cannot be read or are empty are left out, as usual."""
    found = (article for path in iter_paths(paths) for article in read_path(path))
    articles = (article for article in found if isinstance(article, Article))
    with index.writing():
        while batch := list(islice(articles, BATCH)):
            documents = []
            for article in batch:
                try:
                    documents.append(_document(article, index, making))
                except EmptyDocument:
                    continue
            index.put([made(one, making, index.tools) for one in documents])


def _document(article: Article, index: Index, making: Making) -> Document:
    """The clean document, or its facts over the text as received."""
    document = clean(article, index.gazetteer)
    if making.cleaned:
        return document
    return replace(
        document,
        text=article.body.text,
        alignment=article.body.alignment,
        headings=(),
        dropped=(),
    )


def made(document: Document, making: Making, tools: Tools) -> Entry:
    """The entry of one document."""
    analyzer = tools.analyzer
    chunks = tuple(chunk(document, making.scale))
    beside = [context(document, one) if making.titles else "" for one in chunks]
    encoded = [passage(document, one) if making.titles else one.text for one in chunks]
    return Entry(
        document=document,
        chunks=chunks,
        terms=tuple(join(analyzer.terms(one.text)) for one in chunks),
        contexts=tuple(join(analyzer.terms(text)) for text in beside),
        windows=tuple(tuple(windows(analyzer.normalise(one.text))) for one in chunks),
        rows=quantize(tools.encoder.encode_passages(encoded)),
        revision=revision(document, chunks),
        figures=find_figures(document, chunks, tools.figures),
    )
