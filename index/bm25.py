"""Here are a query's terms; give me the chunks that BM25 ranks first.

tantivy, with our own analyzer's terms: they are joined by spaces and split at white space again.
A chunk's text and its context (title, heading, place, publisher) are two fields, each scored by
    ln(1 + (N − df + 0.5) / (df + 0.5)) · tf · (k1 + 1) / (tf + k1 · (1 − b + b · dl / avgdl))
for each term of the query, with k1 = 1.2 and b = 0.75, and summed. Against `rank_bm25.BM25Okapi`
two things differ, and `python -m eval.bm25_agreement` says for every query whose ranking is another
which of them it is: the idf is Lucene's, never negative, where rank_bm25's is ln((N − df + 0.5) /
(df + 0.5)) with a floor for terms in more than half of the chunks; and dl is rounded down to one of
256 lengths (exact up to 40 terms).
A chunk may also be given in parts (see `index.windows`): it then scores as its best part, and N, df
and avgdl are of parts. Removed chunks count in N, df and avgdl until tantivy merges their segment.
Formula: https://github.com/quickwit-oss/tantivy/blob/main/src/query/bm25.rs
"""

import json
import shutil
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from index.errors import ForeignFormat, StoreError
from index.filters import Scope
from index.manifest import Manifest, quarantine, read_manifest, sync_folder, write_manifest

FORMAT = "2"
CONTEXT_BOOST = 0.25
"""A query term in the title or place counts a quarter of one in the text: it says what the article
is about, not that this chunk says it. With 0.5 held-out titles and DRCD's questions lost up to two
points, with 0 the project's own questions one."""
FIELDS = (("text", 1.0), ("context", CONTEXT_BOOST))
"""The fields a term is looked for in, and what its score in each is multiplied by."""
HEAP = 15_000_000
"""The least memory tantivy's writer takes, in bytes: enough for single documents."""
BULK_HEAP = 120_000_000
"""Memory for bulk writing: fewer, larger segments."""
MARGIN = 16
"""How many more hits to ask for than wanted, so that ties at the cut are broken by us."""
FOOTER_MAGIC = 1337
"""Ends every tantivy file, after a JSON footer with the CRC-32 of what stands before it
(https://github.com/quickwit-oss/tantivy/blob/main/src/directory/footer.rs)."""
UNSEALED = {"meta.json", ".managed.json", "manifest.json", "manifest.json.new"}
"""Files of the folder that have no footer: replaced whole, and read as JSON."""


Group = Mapping[str, float]
"""Terms that stand for one word of a query, with their weights."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A chunk or a part of it as BM25 sees it: keys of the store, terms joined by spaces, filters.

    `first` marks one part of each chunk, so that chunks can be counted.
    """

    chunk: int
    document: int
    terms: str
    context: str
    source: str
    region: str | None
    region_code: str | None
    date: tuple[int, int] | None
    first: bool = True


def schema() -> tantivy.Schema:
    """The fields of our index; FORMAT goes up when they change."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("context", tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("chunk", fast=True)
    builder.add_integer_field("document", indexed=True)
    builder.add_integer_field("first", indexed=True)
    for name in ("code", "region", "source"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("first_day", "last_day"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


class BM25:
    """The tantivy index of one data folder: memory-mapped, many searchers, one writer."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self._manifest = manifest
        self._schema = schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.config_reader("manual", 0)
        self._index.reload()
        self._writer: tantivy.IndexWriter | None = None

    @staticmethod
    def open(folder: Path, store: str, analyzer: str) -> "BM25 | None":
        """The index in `folder`, verified; None where it is absent, damaged or not ours."""
        found = read_manifest(folder)
        if found is None or (found.store, found.parameters) != (store, _parameters(analyzer)):
            return None
        if not is_whole(folder):
            return None
        try:
            return BM25(folder, found)
        except (ValueError, OSError):
            return None

    @staticmethod
    def create(folder: Path, store: str, analyzer: str) -> "BM25":
        """A new index, at generation 0, built beside `folder`; see `move_into_place`."""
        beside = folder.with_name(folder.name + ".new")
        if beside.exists():
            shutil.rmtree(beside)
        beside.mkdir()
        manifest = Manifest(store, 0, _parameters(analyzer))
        write_manifest(beside, manifest)
        return BM25(beside, manifest)

    def move_into_place(self, folder: Path) -> "BM25":
        """The same index in `folder`; what was there is quarantined."""
        if writer := self.detach():
            writer.wait_merging_threads()
        write_manifest(self.folder, self._manifest)
        if folder.exists():
            quarantine(folder)
        self.folder.replace(folder)
        sync_folder(folder.parent)
        return BM25(folder, self._manifest)

    @property
    def generation(self) -> int:
        """The store's last commit this index holds."""
        return self._manifest.generation

    def searcher(self) -> "Searcher":
        """The index as it is now; later changes do not show in it."""
        return Searcher(self._index.searcher(), self._schema)

    def reload(self) -> None:
        """See what another process has committed."""
        found = read_manifest(self.folder)
        if found is not None and found.parameters == self._manifest.parameters:
            self._index.reload()
            self._manifest = found

    def add(self, postings: Iterable[Posting]) -> None:
        """Take in chunks; `commit` makes them visible. Needs the folder's lock."""
        writer = self._writing()
        for posting in postings:
            writer.add_document(self._document(posting))

    def delete(self, documents: Iterable[int]) -> None:
        """Take out all chunks of these document keys; `commit` makes it visible."""
        writer = self._writing()
        for key in documents:
            writer.delete_documents_by_query(Query.term_query(self._schema, "document", key))

    def commit(self, generation: int) -> None:
        """Make what was added and deleted durable and visible, as of this commit of the store.

        StoreError where tantivy cannot (a full disk, files that are not its own).
        """
        if self._writer is not None:
            try:
                self._writer.commit()
            except ValueError as error:
                raise StoreError(f"{self.folder}: {error}") from error
        self._manifest = replace(self._manifest, generation=generation)
        write_manifest(self.folder, self._manifest)
        self._index.reload()

    def detach(self) -> "tantivy.IndexWriter | None":
        """The writer, given up: whoever has it calls `wait_merging_threads` on it.

        What was not committed is lost. Nobody can write until the last merge is done.
        """
        writer, self._writer = self._writer, None
        return writer

    def prepare(self, heap: int) -> None:
        """Take the writer, with this much memory in bytes, unless it is taken.

        ForeignFormat where another process has put an index of other parameters in its place.
        """
        if self._writer is not None:
            return
        found = read_manifest(self.folder)
        if found is None or found.parameters != self._manifest.parameters:
            raise ForeignFormat(
                f"{self.folder} was rebuilt by another version or with another dictionary;"
                " restart this process"
            )
        # one thread: with more, which chunk lands in which segment depends on chance
        self._writer = self._index.writer(heap, 1)
        # subtle: a writer killed in its commit leaves files that the next one, which counts on
        # from the same commit, would want to create under the same names
        self._writer.garbage_collect_files()

    def _writing(self) -> tantivy.IndexWriter:
        """The writer, taken if need be."""
        self.prepare(HEAP)
        assert self._writer is not None
        return self._writer

    def _document(self, posting: Posting) -> tantivy.Document:
        """A chunk in tantivy's form."""
        fields: dict[str, object] = {
            "text": posting.terms,
            "context": posting.context,
            "chunk": posting.chunk,
            "document": posting.document,
            "source": posting.source,
            "first": int(posting.first),
        }
        if posting.region:
            fields["region"] = posting.region
        if code := posting.region_code:
            fields["code"] = [code[:end] for end in range(1, len(code) + 1)]
        if posting.date:
            fields["first_day"], fields["last_day"] = posting.date
        # subtle: without the schema a Python int becomes the wrong type and kills the writer
        return tantivy.Document.from_dict(fields, self._schema)


class Searcher:
    """One unchanging state of the index."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self._searcher = searcher
        self._schema = schema
        self._of_chunk = -(-self.parts // max(1, self.count))

    @property
    def count(self) -> int:
        """How many chunks there are."""
        first = Query.term_query(self._schema, "first", 1)
        return int(self._searcher.search(first, 1).count)  # type: ignore[attr-defined]

    @property
    def parts(self) -> int:
        """How many parts of chunks there are; a chunk given whole is one."""
        return int(self._searcher.num_docs)

    def df(self, term: str) -> int:
        """In how many chunks' (or parts') text a term occurs."""
        return int(self._searcher.doc_freq("text", term))

    def search(
        self, terms: Sequence[str], k: int, scope: Scope, groups: Sequence[Group] = ()
    ) -> list[tuple[int, float]]:
        """The k best (chunk key, score) and every tie with the last of them, best first.

        A term given twice counts twice; of a group only its best term counts, times its weight.
        Chunks without any of the terms are not found.
        """
        if not (terms or any(groups)) or k < 1:
            return []
        query = self._query(Counter(terms), groups, scope)
        limit = k * self._of_chunk + MARGIN
        while True:
            hits = self._searcher.search(query, limit, count=False).hits
            best = self._best(hits)
            enough = len(best) >= k and best[k - 1][1] > hits[-1][0]
            if enough or len(hits) < limit:
                return best[:k] + [pair for pair in best[k:] if pair[1] == best[k - 1][1]]
            limit *= 4

    def _best(self, hits: Sequence[tuple[float, tantivy.DocAddress]]) -> list[tuple[int, float]]:
        """(chunk key, score) of each chunk's best part, best first."""
        keys = self._searcher.fast_field_values("chunk", [address for _, address in hits])
        found: dict[int, float] = {}
        for key, (score, _) in zip(keys, hits, strict=True):
            found.setdefault(int(key or 0), float(score))
        return list(found.items())

    def _query(self, terms: Counter[str], groups: Sequence[Group], scope: Scope) -> Query:
        """Any of the terms, in either field, within the scope, which adds nothing to the score."""
        scored = [
            (Occur.Should, self._scored(field, term, count * boost))
            for term, count in terms.items()
            for field, boost in FIELDS
        ]
        scored += [
            (
                Occur.Should,
                Query.disjunction_max_query(
                    [self._scored(field, term, weight * boost) for term, weight in group.items()]
                ),
            )
            for group in groups
            if group
            for field, boost in FIELDS
        ]
        limits = [
            (Occur.Must, Query.const_score_query(limit, 0.0)) for limit in self._limits(scope)
        ]
        words = Query.boolean_query(scored)
        return Query.boolean_query([(Occur.Must, words), *limits]) if limits else words

    def _scored(self, field: str, term: str, weight: float) -> Query:
        """One term in one field, its score times `weight`."""
        one = Query.term_query(self._schema, field, term)
        return one if weight == 1.0 else Query.boost_query(one, weight)

    def _limits(self, scope: Scope) -> list[Query]:
        """One query for each thing the scope asks for."""
        limits = []
        if scope.placed:
            places = [("region", name) for name in scope.names]
            places += [("code", code) for code in scope.codes]
            limits.append(self._any(places))
        if scope.sources:
            limits.append(self._any([("source", source) for source in scope.sources]))
        kind = tantivy.FieldType.Integer
        if scope.first_day is not None:
            limits.append(Query.range_query(self._schema, "last_day", kind, scope.first_day, None))
        if scope.last_day is not None:
            limits.append(Query.range_query(self._schema, "first_day", kind, None, scope.last_day))
        return limits

    def _any(self, values: Sequence[tuple[str, str]]) -> Query:
        """Chunks with any of these (field, value)."""
        return Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, *pair)) for pair in values]
        )


def is_whole(folder: Path) -> bool:
    """Whether every sealed file in `folder` has the CRC-32 its footer states.

    tantivy itself checks only the footer's version on opening, so a flipped bit would answer.
    """
    names = [path for path in folder.iterdir() if path.name not in UNSEALED]
    return all(_is_sealed(path) for path in names if not path.name.endswith(".lock"))


def _is_sealed(path: Path) -> bool:
    """Whether one file has the checksum its footer states; a file that vanished is no damage."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return True
    if len(data) < 8 or int.from_bytes(data[-4:], "little") != FOOTER_MAGIC:
        return False
    size = int.from_bytes(data[-8:-4], "little")
    try:
        stated = json.loads(data[-8 - size : -8])["crc"]
    except (ValueError, KeyError, TypeError):
        return False
    return bool(zlib.crc32(memoryview(data)[: -8 - size]) == stated)


def _parameters(analyzer: str) -> str:
    """What an index depends on besides the store."""
    return f"{FORMAT}:tantivy-{version('tantivy')}:{analyzer}"
