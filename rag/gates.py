"""Here is a sentence and a query; tell me whether it may answer, and if not, why not."""

from index.gazetteer import Gazetteer, Place
from index.sentences import Sentence
from index.when import RELATIVE, year_of, years_before, years_in, years_of
from index.where import Where, place_of, place_of_person
from rag.query import Query


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


def time_gate(sentence: Sentence, at: int, query: Query) -> bool:
    """Whether the character `at` of a sentence may speak of the years asked for.

    A sentence without a year of its own goes on with the last one named before it in the article;
    without any it is taken to report on the year of publication or the one before. 去年 in a
    question does not open the gate to a sentence about 今年.
    """
    asked = {back for word, back in RELATIVE if word in query.text}
    said = {back for word, back in RELATIVE if word in sentence.text}
    if asked and said and not asked & said:
        return False
    if not query.years:
        return True
    whole = years_in(sentence.text) if at >= len(sentence.text) else ()
    years = whole if set(whole) & set(query.years) else years_of(sentence, at)
    years = years or years_before(sentence)
    if years:
        return any(year in years for year in query.years)
    published = year_of(sentence.document)
    return published is not None and any(published - 1 <= year <= published for year in query.years)
