"""Here is the evidence chosen and the rest; tell me who prints the same, and who says otherwise."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from index.quantity import quantities
from rag.evidence import Evidence
from rag.names import people

# What a reprint is called beside the answer that it repeats.
REPRINT = {"zh": "同文转载", "en": "the same story"}
# Sentences are one story where they share this much of their character pairs.
SAME_STORY = 0.8
# And are not of more unlike length than this: looked at first, since it costs nothing.
ALIKE_LONG = 0.7
# How much less another article may cover of the question, and score, to be heard beside the first.
AS_GOOD = 0.05
AS_HIGH = 2.5
# Who prints a sentence again leaves out or adds a word and mends a character; where so many in a
# row are others, something else is named.
ANOTHER_NAME = 2
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def reprints(chosen: Evidence, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The same sentence in other articles, one for each article, in order.

    Reports made from one template are none: place, figures and names must be the same.
    """
    found: dict[str, Evidence] = {}
    for e in evidence:
        document = e.sentence.document.document_id
        elsewhere = document != chosen.sentence.document.document_id
        placed = not (chosen.region and e.region) or chosen.region == e.region
        if elsewhere and placed and _printed_again(chosen.sentence.text, e.sentence.text):
            found.setdefault(document, e)
    return list(found.values())


def conflicting(chosen: Evidence, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The chosen figure and what other articles give for the same, newest first; [] without any.

    Only figures of the same place, unit and deed in a sentence that covers as much of the question
    and is of another date: what is told otherwise, not what is told of something else.
    """
    figure = chosen.span.quantity if chosen.span else None
    if figure is None or chosen.span is None or not chosen.sentence.document.date:
        return []
    heard = [chosen]
    for e in evidence:
        own = e.span.quantity if e.span else None
        if own is None or e.span is None or e.closed or not e.sentence.document.date:
            continue
        known = {h.sentence.document.document_id for h in heard}
        same = own.unit == figure.unit and e.span.act == chosen.span.act
        same = same and e.region is not None and e.region == chosen.region
        told = all(
            h.span is not None and h.span.quantity is not None
            and h.span.quantity.value != own.value
            and h.sentence.document.date != e.sentence.document.date
            for h in heard
        )  # fmt: skip
        level = e.coverage >= chosen.coverage - AS_GOOD and e.score >= chosen.score - AS_HIGH
        if same and told and level and e.sentence.document.document_id not in known:
            heard.append(e)
    if len(heard) < 2:
        return []
    return sorted(heard, key=lambda e: e.sentence.document.date or "", reverse=True)


def same_story(one: str, other: str) -> bool:
    """Whether two sentences are one but for a few characters, with the same figures."""
    if min(len(one), len(other)) < ALIKE_LONG * max(len(one), len(other)):
        return False
    a, b = _pairs(one), _pairs(other)
    if not a | b or len(a & b) / len(a | b) < SAME_STORY:
        return False
    return [q.value for q in quantities(one)] == [q.value for q in quantities(other)]


def _printed_again(one: str, other: str) -> bool:
    """Whether two sentences tell one story with the same numbers, people and names."""
    if not same_story(one, other) or _NUMBER.findall(one) != _NUMBER.findall(other):
        return False
    if {person.name for person in people(one)} != {person.name for person in people(other)}:
        return False
    a, b = _plain(one), _plain(other)
    edits = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return not any(
        edit == "replace" and min(until - at, to - start) >= ANOTHER_NAME
        for edit, at, until, start, to in edits
    )


def _plain(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(character for character in text if character.isalnum())


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring letters and digits of a text."""
    plain = _plain(text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
