"""Here is a sentence and the place asked for; tell me how the place it speaks of stands to that."""

from index.gazetteer import Gazetteer, Place
from index.sentences import Sentence
from index.where import Where, place_of, place_of_person


def place_verdict(where: Where, asked: tuple[Place, ...], home: str | None) -> str:
    """How a place stands to the places asked for: same, narrower, wider, other or unknown.

    A place no table knows (某某街道) lies in the article's own place, with code `home`.
    """
    if not where.codes:
        if not where.stated or home is None:
            return "unknown"
        return "narrower" if any(home.startswith(place.code) for place in asked) else "other"
    for place in asked:
        for code in where.codes:
            if code == place.code:
                return "same"
    for place in asked:
        for code in where.codes:
            if code.startswith(place.code):
                return "narrower"
            if place.code.startswith(code):
                return "wider"
    return "other"


def names_place(text: str, asked: tuple[Place, ...]) -> bool:
    """Whether a text names one of the asked places, in full or short."""
    return any(
        place.name in text or (len(place.short) > 1 and place.short in text) for place in asked
    )


def person_gate(
    sentence: Sentence, opens: int, at: int, asked: tuple[Place, ...], gazetteer: Gazetteer
) -> str:
    """The verdict for a person: whose office it is decides; "same" opens the gate."""
    where = place_of_person(sentence, opens, at, gazetteer)
    verdict = place_verdict(where, asked, sentence.document.region_code)
    if verdict == "unknown" and names_place(f"{sentence.lead}\n{sentence.text}", asked):
        return "same"
    return verdict


def place_gate(
    sentence: Sentence, at: int, asked: tuple[Place, ...], gazetteer: Gazetteer, *, strict: bool
) -> str:
    """The verdict for a span: "same" opens the gate, anything else keeps it shut.

    With `strict` (a figure is asked for) the place that governs the span decides. Without, another
    place in a sentence of an article about the place asked for is part of its story, unless the
    sentence opens with it.

    An article without a place of its own opens it where the sentence, its lead or its title names
    the place asked for and no other place governs.
    """
    where = place_of(sentence, at, gazetteer)
    verdict = place_verdict(where, asked, sentence.document.region_code)
    if verdict == "unknown":
        context = f"{sentence.document.title}\n{sentence.lead}\n{sentence.text}"
        return "same" if names_place(context, asked) else "unknown"
    loose = {"unknown", "wider"} if strict else {"unknown", "wider", "other"}
    text = sentence.text[:at] if strict else sentence.text
    named = verdict in loose and not where.stated and names_place(text, asked)
    if verdict == "same" or named:
        return "same"
    home = sentence.document.region_code or ""
    if not strict and any(place.code == home for place in asked) and where.at > 0:
        return "same"
    return verdict
