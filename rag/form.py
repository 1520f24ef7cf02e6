"""Here is a sentence and a question; tell me whether it is said in the form of an answer."""

import re

from rag.query import Query

# What a sentence of this form adds to its score, where no span of it can be judged.
FITS = 0.3
_FORMS = {
    "reason": re.compile(r"因为|由于|因此|所以|导致|原因|为了|以便|从而|使得|之所以"),
    "definition": re.compile(
        r"是(?:一|指|由|我|全|中|位于|[^，,。]{0,12}的)|指的是|即为?|被称为|又称|是为"
    ),
}


def form_fits(text: str, query: Query) -> float:
    """`FITS` where a sentence gives a reason, or says what something is, as asked; else 0.

    A definition names what is asked about before the words that define it.
    """
    pattern = _FORMS.get(query.ask.kind)
    match = pattern.search(text) if pattern else None
    if match is None:
        return 0.0
    if query.ask.kind == "definition":
        before = text[: match.start()]
        return FITS if any(word.text in before for word in query.words) else 0.0
    return FITS
