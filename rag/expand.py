"""Here is an English question; give me the Chinese terms its words may stand for, with weights.

For words that the glossary does not have. A word has several translations, and one of them is as
good as all: so a word is a group of terms of which the best one counts.
"""

import math
import re
from collections.abc import Callable, Iterable

from index.analyzer import Analyzer
from index.neighbours import Nearest, Neighbours
from index.windows import pairs
from rag.english import uncovered
from rag.query import Query

Group = dict[str, float]

# Tuned with `python -m eval tune` on held-out sentences: how near a translation must be, how many
# a word may have, and how fast their weight falls with the cosine.
NEAR = 0.4
MOST = 5
FALL = 2.0
# English words of grammar and of asking: they have translations but say nothing.
_GRAMMAR = frozenset(
    "the of in to an is was were are be been being for and or by at on from with as that this "
    "these those it its they them their his her him he she you your we our my me us do does did "
    "done have has had will would can could should may might must shall not no nor but if than "
    "then so such what which who whom whose how when where why there here many much some any all "
    "both each other into about over under after before between during through up down out off "
    "again also only very just more most less least own same please list tell give show".split()
)
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def groups_of(query: Query, neighbours: Neighbours) -> list[Group]:
    """For each word of an English question that nothing else translates, its terms and weights.

    Weights are in (0, 1]; the word itself (nba, 5g) is one of its terms.
    """
    if query.language != "en":
        return []
    words = [
        word
        for word in dict.fromkeys(_WORD.findall(uncovered(query.text)))
        if word not in _GRAMMAR and len(word) > 1
    ]
    near = neighbours.nearest([word for word in words if not word.isdigit()])
    return [{word: 1.0} | _weighted(near.get(word, ())) for word in words]


def _weighted(near: Nearest) -> Group:
    """The nearest words with their weights: 1 for the first, less for those farther away."""
    kept = [(word, cosine) for word, cosine in near if cosine >= NEAR][:MOST]
    return {word: (cosine / kept[0][1]) ** FALL for word, cosine in kept}


def balanced(groups: Iterable[Group], df: Callable[[str], int], total: int) -> list[Group]:
    """The groups with weights that give all terms of a group the idf of the word they stand for.

    Its df is that of its terms, weighted: a rare character among the translations of a common word
    would otherwise outdo all the others. Probabilistic structured queries: Darwish and Oard,
    "Probabilistic Structured Query Methods", SIGIR 2003. Terms not in the index are left out.
    """
    found = []
    for group in groups:
        counts = {term: df(term) for term in group}
        held = {term: weight for term, weight in group.items() if counts[term] > 0}
        share = sum(held.values())
        if not held:
            continue
        mean = sum(weight * counts[term] for term, weight in held.items()) / share
        whole = _idf(mean, total)
        found.append({t: w * whole / _idf(counts[t], total) for t, w in held.items()})
    return found


def in_pairs(groups: Iterable[Group], analyzer: Analyzer) -> list[Group]:
    """The groups for windows, whose terms are pairs of characters (see `index.windows`).

    A longer word gives its pairs, each for its share; a single character none.
    """
    found = []
    for group in groups:
        terms: Group = {}
        for word, weight in group.items():
            parts = pairs(analyzer.normalise(word)) if len(word) > 1 else []
            for part in parts:
                terms[part] = max(terms.get(part, 0.0), weight / len(parts))
        found.append(terms)
    return found


def _idf(df: float, total: int) -> float:
    """BM25's idf (see `index.bm25`)."""
    return math.log(1 + (max(total, df) - df + 0.5) / (df + 0.5))
