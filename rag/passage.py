"""Here is the evidence; give me the numbered passages that a language model may write from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from index.sentences import Sentence
from rag.admit import OWN, Inquiry
from rag.evidence import Evidence
from rag.shorten import Part, part_of

# How many passages a model sees: more make it slower and say little new, since they are ranked.
MOST = 8


@dataclass(frozen=True, slots=True)
class Ground:
    """A sentence that every gate let through, the inquiry it was let through for, and what of it
    the extractive answer says, the best first.
    """

    sentence: Sentence
    inquiry: Inquiry
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The sentences of one chunk that may be cited, in reading order; numbered from 1."""

    number: int
    grounds: tuple[Ground, ...]


def passages_of(
    inquiries: Sequence[Inquiry], evidence: Sequence[Sequence[Evidence]]
) -> tuple[Passage, ...]:
    """Up to `MOST` passages, the best of each place in turn.

    They have only sentences of the place, programme and year asked for that report something done:
    what the gates keep out of an answer is not shown to a model either, and nothing that is near
    the question only by what stands around it.
    """
    open_ = [
        [(e, inquiry) for e in _telling(found, inquiry)]
        for inquiry, found in zip(inquiries, evidence, strict=True)
    ]
    by_chunk: dict[str, dict[tuple[int, int], Ground]] = {}
    for one in chain.from_iterable(zip_longest(*open_)):
        if one is not None:
            e, inquiry = one
            inside = by_chunk.setdefault(e.sentence.chunk.chunk_id, {})
            key = (e.sentence.start, id(inquiry))
            before = inside[key].parts if key in inside else ()
            part = part_of(e, inquiry.query)
            inside[key] = Ground(e.sentence, inquiry, tuple(dict.fromkeys((*before, part))))
    return tuple(
        Passage(number, tuple(inside[key] for key in sorted(inside)))
        for number, inside in enumerate(list(by_chunk.values())[:MOST], 1)
    )


def _telling(found: Sequence[Evidence], inquiry: Inquiry) -> list[Evidence]:
    """The evidence that every gate let through; where a figure or name answers, none without."""
    open_ = [e for e in found if not e.closed and _speaks_of_it(e, inquiry)]
    return [e for e in open_ if e.span is not None] or open_


def _speaks_of_it(evidence: Evidence, inquiry: Inquiry) -> bool:
    """Whether a sentence itself holds something of the question."""
    return evidence.coverage >= OWN or not inquiry.query.words
