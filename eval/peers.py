"""Here are passages with their rows; give me another project's engine over them.

A peer is another project's code, in the extra `peers`; it is loaded by name, so that neither this
room nor its types need it. Each is set up as its own documentation says, for hybrid search with
equal weights where it has that. Those called plain get the text as it is.
"""

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from eval.engine import Engine, Material, Row
from eval.references import bm25s_ranker, rank_bm25_ranker

# Each retriever of an ensemble is asked this deep, as ours are.
DEPTH = 50
# Rows handed over in one call: Milvus Lite takes no more, LanceDB makes a fragment of each.
MILVUS_PART = 5_000
LANCE_PART = 50_000


@dataclass(frozen=True, slots=True)
class Peer:
    """How to build an engine, the package whose version counts, and how many passages it can take.

    `terms` says who cuts Chinese into terms for it.
    """

    build: Callable[[Material], Engine]
    package: str
    terms: str = "ours"
    most: int | None = None


def version_of(peer: Peer) -> str:
    """The version of the peer's package; "" where it is not installed."""
    try:
        return version(peer.package)
    except PackageNotFoundError:
        return ""


def _load(name: str) -> Any:  # noqa: ANN401  a peer's module has no types here
    """A peer's module."""
    return importlib.import_module(name)


def _rank_bm25(given: Material) -> Engine:
    ranker = rank_bm25_ranker([given.cut(text) for text in given.texts])
    return Engine(lambda text, k: [at for at, score in ranker(given.cut(text), k) if score > 0])


def _bm25s(given: Material) -> Engine:
    ranker = bm25s_ranker([given.cut(text) for text in given.texts])
    return Engine(lambda text, k: [at for at, score in ranker(given.cut(text), k) if score > 0])


def _langchain(given: Material) -> Engine:
    """EnsembleRetriever over BM25Retriever, which gets our terms, and FAISS."""
    return _ensemble(given, {"preprocess_func": given.cut})


def _langchain_plain(given: Material) -> Engine:
    """The same as it comes: BM25Retriever splits at white space."""
    return _ensemble(given, {})


def _ensemble(given: Material, cutting: dict[str, Any]) -> Engine:
    retrievers = _load("langchain_community.retrievers")
    stores = _load("langchain_community.vectorstores")
    embeddings = _load("langchain_core.embeddings").Embeddings

    def embed(_: object, text: str) -> list[float]:
        """Our encoder in LangChain's words."""
        return list(given.encode(text).tolist())

    def embed_all(_: object, texts: list[str]) -> list[list[float]]:
        return [list(row.tolist()) for row in map(given.encode, texts)]

    ready = type("Ready", (embeddings,), {"embed_query": embed, "embed_documents": embed_all})
    numbers = [{"number": number} for number in range(len(given.texts))]
    words = retrievers.BM25Retriever.from_texts(given.texts, metadatas=numbers, k=DEPTH, **cutting)
    pairs = zip(given.texts, given.rows.tolist(), strict=True)
    near = stores.FAISS.from_embeddings(pairs, ready(), metadatas=numbers)
    both = _load("langchain_classic.retrievers").EnsembleRetriever(
        retrievers=[words, near.as_retriever(search_kwargs={"k": DEPTH})],
        weights=[0.5, 0.5],
        id_key="number",
    )
    return Engine(lambda text, k: [hit.metadata["number"] for hit in both.invoke(text)[:k]])


def _txtai(given: Material) -> Engine:
    """Embeddings with hybrid search; it gets our terms, joined by spaces."""
    return _embeddings(given, {"whitespace": True}, lambda text: " ".join(given.cut(text)))


def _txtai_plain(given: Material) -> Engine:
    """The same as it comes: cut by Unicode's rules, Chinese character by character."""
    return _embeddings(given, {}, lambda text: text)


def _embeddings(given: Material, tokenizer: dict[str, bool], spell: Callable[[str], str]) -> Engine:
    embeddings = _load("txtai").Embeddings
    spelled = [spell(text) for text in given.texts]
    ready = dict(zip(spelled, given.rows, strict=True))
    asked: dict[str, Row] = {}

    def transform(texts: Sequence[str]) -> Row:
        """The rows that are ready; txtai asks for them by the text."""
        return np.array([asked[text] if text in asked else ready[text] for text in texts])

    scoring = {"method": "bm25", "terms": True, "normalize": True, "tokenizer": tokenizer}
    settings = {"method": "external", "transform": transform, "hybrid": True, "scoring": scoring}

    def search(text: str, k: int) -> list[int]:
        spoken = spell(text)
        asked.clear()
        asked[spoken] = given.encode(text)
        return [int(number) for number, _ in model.search(spoken, k)]

    def add(text: str, row: Row) -> None:
        spoken = spell(text)
        ready[spoken] = row
        model.upsert([(model.count(), spoken, None)])

    model = embeddings(settings)
    model.index((number, text, None) for number, text in enumerate(spelled))
    model.save(str(given.folder / "index"))
    # opening it again with rows that are ready would need txtai to import our function by name
    return Engine(search, add)


def _lancedb(given: Material) -> Engine:
    """A table with a full-text index over our terms, and hybrid search by its own fusion."""
    lancedb = _load("lancedb")
    match_query = _load("lancedb.query").MatchQuery

    def line(number: int, text: str, row: Row) -> dict[str, Any]:
        return {"number": number, "terms": " ".join(given.cut(text)), "vector": row}

    def engine() -> Engine:
        table = lancedb.connect(str(given.folder)).open_table("passages")

        def search(text: str, k: int) -> list[int]:
            words = match_query(" ".join(given.cut(text)), "terms")
            asked = table.search(query_type="hybrid").vector(given.encode(text)).text(words)
            return [hit["number"] for hit in asked.select(["number"]).limit(k).to_list()]

        def add(text: str, row: Row) -> None:
            table.add([line(table.count_rows(), text, row)])

        return Engine(search, add, engine)

    table: Any = None
    for start, texts, rows in _parts(given, LANCE_PART):
        pairs = zip(texts, rows, strict=True)
        lines = [line(number, text, row) for number, (text, row) in enumerate(pairs, start)]
        if table is None:
            table = lancedb.connect(str(given.folder)).create_table("passages", lines)
        else:
            table.add(lines)
    table.create_fts_index(
        "terms", base_tokenizer="whitespace", stem=False, remove_stop_words=False,
        ascii_folding=False, with_position=False, max_token_length=None,
    )  # fmt: skip
    return engine()


def _parts(given: Material, size: int) -> Iterator[tuple[int, Sequence[str], Row]]:
    """The passages in parts: number of the first, texts and rows."""
    for start in range(0, len(given.texts), size):
        yield start, given.texts[start : start + size], given.rows[start : start + size]


def _milvus_lite(given: Material) -> Engine:
    """A collection with its BM25 function (it cuts with jieba itself) and flat vectors."""
    milvus = _load("pymilvus")
    path = str(given.folder / "milvus.db")

    def engine(client: Any) -> Engine:  # noqa: ANN401
        near = {"anns_field": "vector", "param": {}, "limit": DEPTH}
        words = {"anns_field": "sparse", "param": {}, "limit": DEPTH}

        def search(text: str, k: int) -> list[int]:
            requests = [
                milvus.AnnSearchRequest(data=[given.encode(text).tolist()], **near),
                milvus.AnnSearchRequest(data=[text], **words),
            ]
            (hits,) = client.hybrid_search("passages", requests, milvus.RRFRanker(), limit=k)
            return [int(hit["number"]) for hit in hits]

        def add(text: str, row: Row) -> None:
            number = client.get_collection_stats("passages")["row_count"]
            client.insert("passages", [_milvus_line(number, text, row)])

        def reopen() -> Engine:
            client.close()
            return engine(milvus.MilvusClient(path))

        return Engine(search, add, reopen)

    client = milvus.MilvusClient(path)
    _milvus_collection(milvus, client, given.rows.shape[1])
    for start, texts, rows in _parts(given, MILVUS_PART):
        pairs = zip(texts, rows, strict=True)
        lines = [_milvus_line(number, text, row) for number, (text, row) in enumerate(pairs, start)]
        client.insert("passages", lines)
    client.flush("passages")
    return engine(client)


def _milvus_collection(milvus: Any, client: Any, dimension: int) -> None:  # noqa: ANN401
    """Make the collection: number, text with its BM25 function, and the row."""
    kinds = milvus.DataType
    schema = client.create_schema(auto_id=False)
    schema.add_field("number", kinds.INT64, is_primary=True)
    schema.add_field(
        "text", kinds.VARCHAR, max_length=60_000, enable_analyzer=True,
        analyzer_params={"tokenizer": "jieba"},
    )  # fmt: skip
    schema.add_field("sparse", kinds.SPARSE_FLOAT_VECTOR)
    schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
    schema.add_function(
        milvus.Function(
            name="bm25", input_field_names=["text"], output_field_names=["sparse"],
            function_type=milvus.FunctionType.BM25,
        )
    )  # fmt: skip
    indexes = client.prepare_index_params()
    indexes.add_index(field_name="vector", index_type="FLAT", metric_type="IP")
    indexes.add_index(field_name="sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    client.create_collection("passages", schema=schema, index_params=indexes)


def _milvus_line(number: int, text: str, row: Row) -> dict[str, Any]:
    return {"number": number, "text": text, "vector": row.tolist()}


# rank_bm25 and everything built on it score every passage in Python for every question; Milvus
# Lite keeps its postings as Python objects.
PEERS: dict[str, Peer] = {
    "rank-bm25": Peer(_rank_bm25, "rank-bm25", most=150_000),
    "bm25s": Peer(_bm25s, "bm25s"),
    "langchain": Peer(_langchain, "langchain-classic", most=150_000),
    "langchain-plain": Peer(_langchain_plain, "langchain-classic", "its own", most=150_000),
    "txtai": Peer(_txtai, "txtai"),
    "txtai-plain": Peer(_txtai_plain, "txtai", "its own"),
    "lancedb": Peer(_lancedb, "lancedb"),
    "milvus-lite": Peer(_milvus_lite, "milvus-lite", "its own jieba", most=150_000),
}
