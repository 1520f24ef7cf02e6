"""Here is a text; give me its small windows, and their terms for a BM25 of their own.

A fact stands in one or two sentences: BM25 over so few words tells a passage that says it from one
that has the same words far apart. The terms are pairs of neighbouring characters, not words: where
the dictionary cuts a question's words otherwise than the article's, the pairs still agree, and two
rankings that err differently are worth more together (compared on DRCD dev, CMRC trial and news
titles: words, pairs, single characters, and words with either).
"""

import re
from itertools import pairwise

from index.numerals import numerals
from index.sentences import sentences

SIZE = 60
"""Terms a window grows to, of whole sentences; 40 and 25 were worse on the tuning data."""

FORMAT = f"pairs-{SIZE}-1"
"""What windows hold; part of what an index of them is kept under."""

_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002a6df]+|[a-z0-9]+(?:\.[0-9]+)?%?")


def pairs(text: str) -> list[str]:
    """The terms of a normalised text: pairs of Han characters (a lone one alone), other runs whole.

    Numbers stand in their one spelling beside (see `index.numerals`).
    """
    terms: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii() or len(run) == 1:
            terms.append(run)
        else:
            terms += map("".join, pairwise(run))
    return terms + numerals(text)


def windows(text: str) -> list[str]:
    """The terms of each window of a normalised text, joined by spaces, in order; at least one.

    From each sentence on, as many sentences as stay within SIZE terms, at least one; the first
    window that reaches the end of the text is the last.
    """
    terms = [pairs(text[start:end]) for start, end in sentences(text)]
    found: list[str] = []
    for first in range(len(terms)):
        held = list(terms[first])
        stop = first + 1
        while stop < len(terms) and len(held) + len(terms[stop]) <= SIZE:
            held += terms[stop]
            stop += 1
        found.append(" ".join(held))
        if stop >= len(terms):
            break
    return found or [""]
