"""Here is a model's sentence; give me what it claims, clause by clause, and how much of a claim a
text holds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

import rjieba

from index.gazetteer import PlaceMention
from index.quantity import Quantity, quantities
from rag.admit import Inquiry
from rag.passage import Ground
from rag.predicates import near, predicates
from rag.spans import DATE
from rag.wording import STOP

# What a longer word may count that stands there in parts only.
IN_PARTS = 0.8
CLAUSE = re.compile(r"(?<!\d)[,:]|[,:](?!\d)|[;。!?\n]")
_ENDS = ",:;。!?、\n "
HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """The clause [start, end) of a plain sentence; all other offsets are the sentence's too.

    `apart` has the spans that are checked by what they are, not as words: figures, dates, known
    places and the programmes asked for.
    """

    whole: str
    start: int
    end: int
    figures: tuple[Quantity, ...]
    mentions: tuple[PlaceMention, ...]
    apart: tuple[tuple[int, int], ...]

    @property
    def text(self) -> str:
        """The characters of the clause."""
        return self.whole[self.start : self.end]


def claims_of(plain: str, inquiry: Inquiry) -> Iterator[Claim]:
    """The clauses of a sentence that say something."""
    mentions = tuple(inquiry.gazetteer.find(plain))
    figures = quantities(plain)
    names = [re.finditer(re.escape(name.lower()), plain) for name in inquiry.query.programmes]
    apart = (
        *((figure.start, figure.end) for figure in figures),
        *((mention.start, mention.end) for mention in mentions),
        *(m.span() for m in chain(DATE.finditer(plain), *names)),
    )
    bounds = [0, *(m.end() for m in CLAUSE.finditer(plain)), len(plain)]
    for start, end in pairwise(bounds):
        inside = tuple(q for q in figures if start <= q.start < end)
        if inside or words_in(plain[start:end].strip(_ENDS)) or re.search(r"\d", plain[start:end]):
            yield Claim(plain, start, end, inside, mentions, apart)


def window_of(ground: Ground, text: str) -> str:
    """What the words of a claim may come from: a part of the cited sentence, the article's place,
    and of what leads up to it the words of the question.

    subtle: not all that leads up to it, since no one sees that under the citation.
    """
    sentence, query = ground.sentence, ground.inquiry.query
    normalise = ground.inquiry.analyzer.normalise
    document = sentence.document
    before = normalise("\n".join((document.title, sentence.heading, sentence.lead)))
    led = [word.text for word in query.words if word.text in before]
    return "\n".join((*led, document.region or "", normalise(text)))


def whole_of(ground: Ground) -> str:
    """The window of the whole sentence."""
    return window_of(ground, ground.sentence.text)


def words_in(text: str) -> list[str]:
    """The Han words of a clause that say something."""
    return [word for word in rjieba.cut(text) if HAN.fullmatch(word) and word not in STOP]


def coverage(claim: Claim, window: str) -> float:
    """The share of a claim's words, by characters, that a text holds, in [0, 1]; 1 without words.

    What is checked apart does not count; another verb of the same class does.
    """
    text = claim.text
    for start, end in claim.apart:
        a, b = max(start - claim.start, 0), max(end - claim.start, 0)
        text = text[:a] + " " * len(text[a:b]) + text[b:]
    done = {p.verb: p.kind for p in predicates(text)}
    kinds = {p.kind for p in predicates(window)}
    total = held = 0.0
    for word in words_in(text):
        total += len(word)
        alike = word in done and any(near(done[word], kind) for kind in kinds)
        held += len(word) * (1.0 if alike else _held(word, window))
    return held / total if total else 1.0


def _held(word: str, window: str) -> float:
    """How much of a word a text holds, in [0, 1]."""
    if word in window:
        return 1.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    if len(pairs) < 2:
        return 0.0
    return IN_PARTS * sum(pair in window for pair in pairs) / len(pairs)
