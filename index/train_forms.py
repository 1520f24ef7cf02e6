"""Here are the words of WordNet; give me the stem of each of their inflected forms."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

_HEADWORD = re.compile(r"^'?([a-z]{2,})'?:$")
_CLASS = re.compile(r"^  ([nvars]):$")
_FORM = re.compile(r"^    - '?([a-z]+)'?$")
_VOWELS = "aeiou"
_HISSING = ("s", "x", "z", "ch", "sh")


def read_forms(folder: Path) -> dict[str, str]:
    """Inflected form → stem, of the nouns, verbs and adjectives in `entries-*.yaml` of `folder`.

    Irregular and doubled forms are those that the entries name, the others follow the rules of
    English spelling. A form that is a word of the same class itself (found, of found) is left out.
    """
    stems: dict[str, str] = {}
    words: defaultdict[str, set[str]] = defaultdict(set)
    found = []
    for path in sorted(folder.glob("entries-*.yaml")):
        for word, kind, named in _entries(path.read_text("utf-8").splitlines()):
            words[kind].add(word)
            found += [(form, word, kind) for form in (*named, *regular(word, kind))]
    for form, word, kind in found:
        if form not in words[kind]:
            stems.setdefault(form, word)
    return stems


def _entries(lines: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Each headword of one word, its word class, and the forms its entry names."""
    word, kind = "", ""
    forms: list[str] = []
    listing = False
    for line in lines:
        head, part, form = _HEADWORD.match(line), _CLASS.match(line), _FORM.match(line)
        if not line.startswith("  ") or part:
            if word and kind:
                yield word, kind, forms
            word = word if part else (head[1] if head else "")
            kind, forms = (part[1] if part else ""), []
        listing = line == "    form:" or (listing and form is not None)
        if listing and form:
            forms.append(form[1])
    if word and kind:
        yield word, kind, forms


def regular(word: str, kind: str) -> tuple[str, ...]:
    """The regular forms of a noun (n), verb (v) or adjective (a, s); none of an adverb (r).

    Consonants are not doubled: whether they are depends on the stress, so entries name such forms.
    """
    soft = word.endswith("y") and word[-2] not in _VOWELS
    stem = word[:-1] + "i" if soft else word.removesuffix("e")
    plural = stem + "es" if soft or word.endswith(_HISSING) else word + "s"
    if kind == "n":
        return (plural,)
    if kind == "v":
        if word.endswith("o") and word[-2] not in _VOWELS:
            plural = word + "es"
        ing = word + "ing" if soft or word.endswith("ee") else word.removesuffix("e") + "ing"
        return plural, stem + "ed", ing
    return (stem + "er", stem + "est") if kind in "as" else ()
