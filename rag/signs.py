"""Here are sentences and a question; tell me what speaks for each as the one that answers."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.sentences import Sentence
from rag.form import form_fits
from rag.query import Query
from rag.wording import bare, share

# A run of so many characters in common is as good as any longer one.
LONG_RUN = 12
# How many characters on each side of the words that ask are looked for in a sentence.
BESIDE = 6
# A sentence whose context holds less of the question than this is neither an answer nor near one.
SCANT = 0.3
# Sentences of so many characters are neither short nor long.
USUAL_LENGTH = 40
BRIEF = 12
# A list of so many parts is as good as any longer one.
MANY_PARTS = 4
# Sentences with fewer characters between them are neighbours.
TOUCHING = 3
# The rank at which a passage's place in the ranking counts half.
RANK_HALF = 6.0
# How much of its weight a word loses that every sentence of an article holds.
COMMON_PLACE = 0.6
_SEGMENT = re.compile(r"[a-z0-9.%]+|[\u3400-\u9fff]+")
_ASKS = re.compile(
    r"什么|哪[一二两三四五六七八九十些几个家位里儿年天座样项种]*|谁|多少|几|何|怎么样?|怎样|多[久长大高远]|吗"
)
_NOUN = re.compile(
    r"(?:什么|哪[一二两几]?[个种位家座些项部所条届支本首款次场门类份]?|何种)"
    r"(?P<noun>[\u4e00-\u9fff]{1,4})"
)
_NOUN_ENDS = re.compile(r"[的是在为有被由和与及中上下里来去会能可将而且之后前时等]")
_REASON = re.compile(r"因为|由于|因此|所以|导致|原因|为了|以便|从而|使得|之所以|因[^此为]|以免|故")
_DEFINES = re.compile(r"是|指|即|为|称|叫")
_LISTS = re.compile(r"[、;；]|以及|和|包括|分别")
# What a sentence holds that the question does not: a number, a time, a title or quotation, a
# foreign name.
_MARKS = {
    "digit": re.compile(
        r"\d|[一二三四五六七八九十百千万亿两]{1,6}[个名位人年月日次种条座家所部只]"
    ),
    "year": re.compile(r"\d{1,4}年|\d月|\d世纪|年间|时期|时代|[朝代]"),
    "title": re.compile(r"[《“「『\"]"),
    "foreign": re.compile(r"·|[a-z]{3,}"),
}


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for or against one sentence, and one span of it; shares lie in [0, 1].

    Of the question's pairs of characters, weighed by how few of the sentences read hold them:
    `pairs` is the share in the sentence; `pairs_lead`, `pairs_title` and `pairs_beside` what its
    lead, its title and its neighbours add; `article` the share in all that was read of its article.
    `words` and what lead and title add are the same for words, `singles` for characters. `run` and
    `runs` are the longest and all stretches in common, `order` the share of them that stand in the
    question's order, `left` and `right` how much of what stands beside the words that ask. `noun`
    says that the sentence names what is asked for (什么|大学), `noun_end` that something new in it
    ends so. `more` is how much it says that the question does not; the marks behind it say of what
    kind that is. `near`, `fit` and `spanned` are about the span.
    """

    pairs: float
    pairs_lead: float
    pairs_title: float
    pairs_beside: float
    article: float
    singles: float
    words: float
    words_lead: float
    words_title: float
    run: float
    runs: float
    order: float
    left: float
    right: float
    noun: float
    noun_end: float
    verb: float
    dense: float
    rank: float
    first_article: float
    opens: float
    length: float
    brief: float
    more: float
    asks: float
    form: float
    digit: float
    year: float
    title: float
    reason: float
    defines: float
    lists: float
    foreign: float
    near: float = 0.0
    fit: float = 0.0
    spanned: float = 0.0


NAMES = tuple(field.name for field in fields(Features))
values_of = attrgetter(*NAMES)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a question says, beside the words that ask."""

    runs: tuple[str, ...]
    left: str
    right: str
    noun: str


def features_of(
    sentences: Sequence[Sentence], query: Query, weights: Mapping[str, float], encoder: Encoder
) -> list[Features | None]:
    """The features of each sentence, in order, none of a span; `weights` are the words'.

    None for a sentence that with its context holds less than `SCANT` of the question.
    """
    said = _said(query)
    found: list[Features | None] = [None] * len(sentences)
    if not sentences:
        return found
    columns = _pairs(sentences, said.runs)
    held = columns["pairs"] + columns["pairs_lead"] + columns["pairs_title"]
    kept = _telling_enough(sentences, query, weights, held)
    if not kept:
        return found
    chosen = [sentences[at] for at in kept]
    pairs = {name: column[kept] for name, column in columns.items()}
    words = _words(chosen, query, _telling(sentences, query, weights))
    every = {**pairs, **words, "dense": _cosines(chosen, query, encoder)}
    first = sentences[0].document.document_id
    for row, (at, sentence) in enumerate(zip(kept, chosen, strict=True)):
        found[at] = Features(
            **{name: float(column[row]) for name, column in every.items()},
            **_wording(sentence.text.lower(), said, query),
            rank=RANK_HALF / (RANK_HALF + sentence.rank),
            first_article=float(sentence.document.document_id == first),
            opens=float(sentence.start == 0),
        )
    return found


def _telling_enough(
    sentences: Sequence[Sentence],
    query: Query,
    weights: Mapping[str, float],
    pairs: NDArray[np.float64],
) -> list[int]:
    """The numbers of the sentences that hold enough of the question to be looked at, by its words
    or by its pairs of characters (a place taken out may leave one or two words).
    """
    if not query.words:
        return list(range(len(sentences)))
    return [
        at
        for at, (sentence, held) in enumerate(zip(sentences, pairs.tolist(), strict=True))
        if held >= SCANT or share(query.words, weights, context_of(sentence)) >= SCANT
    ]


def context_of(sentence: Sentence) -> str:
    """A sentence with all that says what it is about, in lower case."""
    above = f"{sentence.topic}\n{sentence.document.title}\n{sentence.lead}\n{sentence.heading}"
    return f"{above}\n{sentence.text}".lower()


def _said(query: Query) -> _Said:
    """The runs of characters of a question that are no words of asking, and what these ask."""
    text = bare(query.text) if query.language == "zh" else " ".join(query.search_words)
    runs = tuple(_SEGMENT.findall(text.lower()))
    match = _ASKS.search(query.text)
    left = query.text[: match.start()] if match else query.text.rstrip("?？。的是为有 ")
    right = query.text[match.end() :].rstrip("?？。 ") if match else ""
    noun = _NOUN.search(query.text)
    name = _NOUN_ENDS.split(noun["noun"])[0] if noun else ""
    return _Said(runs, left[-BESIDE:], right[:BESIDE], name)


def _grams(runs: Iterable[str], size: int) -> list[str]:
    """The n-grams of Han runs, and other runs whole, once each in order."""
    found: dict[str, None] = {}
    for run in runs:
        if run[0] < "\u3400":
            found[run] = None
        else:
            found.update(dict.fromkeys(run[i : i + size] for i in range(len(run) - size + 1)))
    return list(found)


def _holding(texts: Sequence[str], grams: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts hold which grams, shape (texts, grams)."""
    held = [[gram in text for gram in grams] for text in texts]
    return np.array(held, dtype=np.bool_).reshape(len(texts), len(grams))


def _worth(held: NDArray[np.bool_], among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The share of the grams in each row of `held`, weighed by their idf in the rows of `among`."""
    counts = among.sum(axis=0)
    weights = np.log(1 + (len(among) - counts + 0.5) / (counts + 0.5))
    return np.asarray((held @ weights) / (weights.sum() or 1.0))


def _pairs(sentences: Sequence[Sentence], runs: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """The features that count pairs of characters, and single ones."""
    texts = [sentence.text.lower() for sentence in sentences]
    pairs, singles = _grams(runs, 2), _grams(runs, 1)
    own = _holding(texts, pairs)
    leads = own | _holding([f"{s.lead}\n{s.heading}".lower() for s in sentences], pairs)
    titles = list(dict.fromkeys(s.document.title for s in sentences))
    of_titles = dict(zip(titles, _holding([t.lower() for t in titles], pairs), strict=True))
    titled = leads | np.array([of_titles[s.document.title] for s in sentences], dtype=np.bool_)
    article, beside = own.copy(), own.copy()
    articles: dict[str, list[int]] = {}
    for at, sentence in enumerate(sentences):
        articles.setdefault(sentence.document.document_id, []).append(at)
    for rows in articles.values():
        article[rows] = own[rows].any(axis=0)
        for a, b in pairwise(sorted(rows, key=lambda at: sentences[at].start)):
            if sentences[b].start - sentences[a].end < TOUCHING:
                beside[a] |= own[b]
                beside[b] |= own[a]
    share_of = _worth(own, own)
    lead = _worth(leads, own)
    by_character = _holding(texts, singles)
    return {
        "pairs": share_of,
        "pairs_lead": lead - share_of,
        "pairs_title": _worth(titled, own) - lead,
        "pairs_beside": _worth(beside, own) - share_of,
        "article": _worth(article, own),
        "singles": _worth(by_character, by_character),
    }


def _words(
    sentences: Sequence[Sentence], query: Query, telling: Mapping[str, Mapping[str, float]]
) -> dict[str, NDArray[np.float64]]:
    """The features that count words; `telling` has their weights for each document."""
    rows = []
    for sentence in sentences:
        own = telling[sentence.document.document_id]
        text = sentence.text.lower()
        around = f"{sentence.lead}\n{sentence.heading}\n{text}".lower()
        here, near = share(query.words, own, text), share(query.words, own, around)
        whole = share(query.words, own, context_of(sentence))
        rows.append((here, near - here, whole - near))
    return dict(zip(("words", "words_lead", "words_title"), np.array(rows).T, strict=True))


def _telling(
    sentences: Sequence[Sentence], query: Query, weights: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """For each document, how much each word tells its sentences apart.

    A word that most of its sentences hold (what the article is about) finds the article, not the
    sentence: its weight falls by up to `COMMON_PLACE`.
    """
    texts: dict[str, list[str]] = {}
    for sentence in sentences:
        texts.setdefault(sentence.document.document_id, []).append(sentence.text.lower())
    telling = {}
    for document_id, own in texts.items():
        found = {}
        for word in query.words:
            share_of = sum(word.text in text for text in own) / len(own) if len(own) > 2 else 0.0
            found[word.text] = weights[word.text] * (1 - COMMON_PLACE * share_of)
        telling[document_id] = found
    return telling


def _cosines(sentences: Sequence[Sentence], query: Query, encoder: Encoder) -> NDArray[np.float64]:
    """The cosine of the question's row and each sentence's."""
    row = encoder.encode_queries([query.search_text])[0]
    rows = encoder.encode_passages([sentence.text for sentence in sentences])
    return np.asarray(rows @ row, dtype=np.float64)


def _wording(text: str, said: _Said, query: Query) -> dict[str, float]:
    """The features of a sentence's own characters (lower case)."""
    common = _common(text, said.runs)
    rest = text
    for run in common:
        rest = rest.replace(run, " ")
    starts = [text.find(run) for run in common]
    ordered = [a < b for a, b in pairwise(starts)]
    return {
        "run": min(max(map(len, common), default=0), LONG_RUN) / LONG_RUN,
        "runs": min(1.0, sum(map(len, common)) / max(1, sum(map(len, said.runs)))),
        "order": sum(ordered) / len(ordered) if ordered else 0.5,
        "left": _longest([said.left[at:] for at in range(len(said.left))], text) / BESIDE,
        "right": _longest([said.right[:at] for at in range(len(said.right), 0, -1)], text) / BESIDE,
        "noun": float(bool(said.noun) and said.noun in text),
        "noun_end": float(bool(said.noun) and said.noun[-1] in rest),
        "verb": float(any(verb in text for verb in query.verbs)),
        "length": math.log((len(text) + 1) / USUAL_LENGTH),
        "brief": float(len(text) < BRIEF),
        "more": min(1.0, len(rest.replace(" ", "")) / USUAL_LENGTH),
        "asks": float("?" in text or "？" in text),
        "form": float(form_fits(text, query) > 0),
        "lists": min(1.0, len(_LISTS.findall(text)) / MANY_PARTS),
        "reason": float(bool(_REASON.search(text))),
        "defines": float(bool(_DEFINES.search(text))),
        **{name: float(bool(pattern.search(rest))) for name, pattern in _MARKS.items()},
    }


def _common(text: str, runs: Iterable[str]) -> list[str]:
    """The stretches of two characters or more that text and runs share, longest first from left."""
    found = []
    for run in runs:
        at = 0
        while at <= len(run) - 2:
            end = at + 2
            if run[at:end] not in text:
                at += 1
                continue
            while end < len(run) and run[at : end + 1] in text:
                end += 1
            found.append(run[at:end])
            at = end
    return found


def _longest(pieces: Sequence[str], text: str) -> int:
    """The length of the first piece (longest first) that a text holds, 0 for none."""
    return next((len(piece) for piece in pieces if piece in text), 0)
