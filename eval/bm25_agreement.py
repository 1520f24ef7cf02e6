"""Here are news passages; tell me how far our BM25 ranks like rank_bm25, and why not where not.

    python -m eval.bm25_agreement --news FOLDER

The queries are sentences of articles that are not indexed. Both sides get the same terms. The
references: rank_bm25's BM25Okapi as it comes (k1 = 1.2, b = 0.75), and the same with one or both
of the differences that tantivy documents: Lucene's idf, which is never negative and so needs no
floor for very common terms, and lengths rounded down to 256 values. Prints one JSON object, in it
each query whose ranking differs from the plain formula's with what explains it, and ends with exit
code 1 where nothing does.
"""

import argparse
import json
import math
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.analyzer import Analyzer
from index.bm25 import BM25, BULK_HEAP, Posting
from index.chunk import chunk
from index.clean import clean
from index.document import Article
from index.errors import EmptyDocument
from index.filters import Scope
from index.gazetteer import Gazetteer
from index.read import iter_paths, read_path
from index.sentences import sentences

K1, B = 1.2, 0.75
DEPTH = 10
MANTISSA_BITS = 3
FREE = 24
"""Lucene's and tantivy's length table: 24 exact values, then 3 bits of mantissa on top of 24."""


def rounded_length(length: int) -> int:
    """The length that tantivy keeps: the largest entry of its table that is not above `length`.

    Exact up to 40, then in steps of 2, 4, 8 …: 41 → 40, 57 → 56, 100 → 96.
    https://github.com/quickwit-oss/tantivy/blob/main/src/fieldnorm/code.rs
    """
    if length <= FREE:
        return length
    shift = max(0, (length - FREE).bit_length() - (MANTISSA_BITS + 1))
    return FREE + ((length - FREE) >> shift << shift)


class LuceneBM25(BM25Okapi):  # type: ignore[misc]
    """rank_bm25's BM25Okapi with Lucene's idf, never negative, and tantivy's rounded lengths."""

    def __init__(
        self, corpus: Sequence[Sequence[str]], idf: bool = True, rounded: bool = True
    ) -> None:
        self._lucene_idf = idf
        super().__init__(corpus, k1=K1, b=B)
        if rounded:
            self.doc_len = [rounded_length(len(terms)) for terms in corpus]

    def _calc_idf(self, nd: dict[str, int]) -> None:
        """Set ln(1 + (N − df + 0.5) / (df + 0.5)) for each term."""
        if not self._lucene_idf:
            super()._calc_idf(nd)
            return
        size = self.corpus_size
        self.idf = {term: math.log(1 + (size - df + 0.5) / (df + 0.5)) for term, df in nd.items()}


REFERENCES = (
    ("plain formula", False, False),
    ("rounded lengths", False, True),
    ("lucene's idf", True, False),
    ("lucene's idf and rounded lengths", True, True),
)
"""(name, with Lucene's idf, with rounded lengths), the fewest differences from the plain first."""
EXPLANATIONS = {
    "rounded lengths": "rounding of lengths",
    "lucene's idf": "treatment of very common terms",
    "lucene's idf and rounded lengths": "treatment of very common terms, and rounding of lengths",
}
UNEXPLAINED = "nothing"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one query: whether the best passage is the same, and the share of the same first ten."""

    top1: bool
    top10: float

    @property
    def whole(self) -> bool:
        """Whether nothing differs."""
        return self.top1 and self.top10 == 1


def tantivy_ranks(
    passages: Sequence[str], queries: Sequence[Sequence[str]], folder: Path
) -> list[list[tuple[int, float]]]:
    """For each query the (passage number, score) that our BM25 ranks first; terms are joined."""
    index = BM25.create(folder / "bm25", "agreement", "agreement")
    index.prepare(BULK_HEAP)
    index.add(
        Posting(number, number, terms, "", "", None, None, None)
        for number, terms in enumerate(passages)
    )
    index.commit(1)
    searcher = index.searcher()
    found = [searcher.search(terms, DEPTH, Scope())[:DEPTH] for terms in queries]
    if writer := index.detach():
        writer.wait_merging_threads()
    return found


def agreement(ours: Sequence[tuple[int, float]], reference: NDArray[np.float64]) -> Agreement:
    """How far a ranking agrees with a reference's scores of all passages.

    Where the reference has a tie, any of the tied passages is right: a passage counts as in the
    first ten if its reference score is at least the tenth, up to float rounding.
    """
    depth = min(DEPTH, int((reference > 0).sum()))
    if not len(ours) or not depth:
        return Agreement(not ours, float(not ours))
    floors = np.sort(reference)[::-1][:depth]
    best = bool(reference[ours[0][0]] >= floors[0] * (1 - 1e-6))
    within = sum(bool(reference[key] >= floors[-1] * (1 - 1e-6)) for key, _ in ours)
    return Agreement(best, within / depth)


def explained(by_reference: dict[str, Agreement]) -> str | None:
    """Why a ranking differs from the plain formula's; None where it does not."""
    if by_reference["plain formula"].whole:
        return None
    for name, why in EXPLANATIONS.items():
        if by_reference[name].whole:
            return why
    return UNEXPLAINED


def read_passages(
    news: Path, count: int, queries: int, chance: random.Random
) -> tuple[list[str], list[str]]:
    """`count` passages, and `queries` sentences of the articles after them, which are not indexed.

    The articles come in an order drawn by `chance`.
    """
    found = (one for path in iter_paths([news]) for one in read_path(path))
    articles = [one for one in found if isinstance(one, Article)]
    chance.shuffle(articles)
    gazetteer = Gazetteer.open()
    passages: list[str] = []
    asked: list[str] = []
    for article in articles:
        try:
            document = clean(article, gazetteer)
        except EmptyDocument:
            continue
        if len(passages) < count:
            passages += [one.text for one in chunk(document)]
        else:
            texts = [document.text[start:end] for start, end in sentences(document.text)]
            asked += [text for text in texts if 8 <= len(text) <= 40][:1]
        if len(asked) >= queries:
            break
    return passages[:count], asked


def measure(news: Path, passages: int, queries: int, seed: int) -> dict[str, Any]:
    """The agreement with each reference, how it was had, and why each query differs."""
    analyzer = Analyzer.open()
    texts, asked = read_passages(news, passages, queries, random.Random(seed))
    corpus = [analyzer.terms(text) for text in texts]
    questions = [analyzer.terms(text) for text in asked[:queries]]
    with tempfile.TemporaryDirectory() as folder:
        ours = tantivy_ranks([" ".join(terms) for terms in corpus], questions, Path(folder))
    result: dict[str, Any] = {"passages": len(corpus), "queries": len(questions), "seed": seed}
    found: list[dict[str, Agreement]] = [{} for _ in questions]
    for name, idf, rounded in REFERENCES:
        reference = LuceneBM25(corpus, idf, rounded)
        started = time.perf_counter()
        for ranking, terms, by_reference in zip(ours, questions, found, strict=True):
            by_reference[name] = agreement(ranking, np.asarray(reference.get_scores(terms)))
        took = (time.perf_counter() - started) / len(questions)
        with_it = [by_reference[name] for by_reference in found]
        result[name] = {
            "top1_equal": round(float(np.mean([one.top1 for one in with_it])), 4),
            "top10_overlap": round(float(np.mean([one.top10 for one in with_it])), 4),
            "reference_ms_per_query": round(1e3 * took, 1),
        }
    whys = {at: why for at, one in enumerate(found, 1) if (why := explained(one))}
    result["why"] = dict(Counter(whys.values()).most_common())
    result["differs"] = [f"query {at}: {why}" for at, why in whys.items()]
    return result


def main() -> None:
    """Measure and print; exit code 1 where a difference has no explanation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", type=Path, required=True, help="folder of corpus.jsonl files")
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = measure(given.news, given.passages, given.queries, given.seed)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    if UNEXPLAINED in found["why"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
