"""Here is a query; give me the terms that each of the two BM25 indexes is asked for."""

import re

from index.index import Filters, Snapshot
from index.windows import pairs
from rag.query import Query

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
# The words of an English question: `rag.expand` says what they stand for.
_LATIN = re.compile("[a-z]+")


def terms_of(query: Query, snapshot: Snapshot, filters: Filters) -> list[str]:
    """The BM25 terms of a query for whole chunks.

    Those of the question, and of its places where they are not written in characters. A place
    counts once: its pinyin, which stands beside its name in the index, is left out, and within a
    place so is its name, which says nothing there. A word that the index does not hold was cut
    another way in the articles (三必贺 in 三必|贺三必访): its pairs and single characters stand in
    for it.
    """
    analyzer = snapshot.analyzer
    names = set(analyzer.terms(" ".join(query.place_names)))
    text = f"{query.text} {' '.join(query.search_words)} {query.mainland}"
    terms = list(dict.fromkeys(analyzer.terms(text)))
    if query.language == "en":
        terms = [term for term in terms if not _LATIN.fullmatch(term)]
    if filters.codes and query.search_words:
        terms = [term for term in terms if term not in names]
    else:
        written = [term for term in terms if term in names and not term.isascii()]
        terms = [term for term in terms if term not in names or term in written]
        if not written:
            terms += [name for name in dict.fromkeys(query.place_names) if name in names]
    unseen = [t for t in terms if _HAN.fullmatch(t) and snapshot.df(t) == 0]
    pieces = [t[i : i + size] for t in unseen for size in (2, 1) for i in range(len(t) - size + 1)]
    return list(dict.fromkeys([*terms, *pieces]))


def pairs_of(query: Query, snapshot: Snapshot, filters: Filters) -> list[str]:
    """The BM25 terms of a query for windows: as `terms_of`, in pairs of characters."""
    text = f"{query.text} {query.mainland}"
    if query.language == "en":
        text = f"{text} {' '.join(query.search_words)}"
    if filters.codes and query.search_words:
        for name in sorted(query.place_names, key=len, reverse=True):
            text = text.replace(name, " ")
    elif not any(name in text for name in query.place_names):
        text = f"{text} {' '.join(query.place_names)}"
    terms = dict.fromkeys(pairs(snapshot.analyzer.normalise(text)))
    return [term for term in terms if query.language == "zh" or not _LATIN.fullmatch(term)]
