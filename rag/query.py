"""Here is a question and what was said before; give me what we search for and what would answer."""

import re
from dataclasses import dataclass
from itertools import pairwise

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer, Place
from index.modality import PLANNED
from index.predicates import asked_acts, english_predicates
from index.programmes import COMMON
from rag.asks import OF_ARTICLE_WORDS, Ask, asked_of_article, asks_for, numbered
from rag.english import known_english, language_of, to_chinese
from rag.pinyin import from_pinyin
from rag.places import find_places, goes_to, several
from rag.spelling import respell
from rag.taiwan import in_mainland_words
from rag.wording import (
    Word,
    bare,
    counter,
    focused,
    foreign_names,
    names_a_thing,
    names_in,
    proper_in,
    subjects_in,
    words_of,
)

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|\D|$)年?")
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{2,20})[”\"」』》]")
_HAN = re.compile(r"[\u3400-\u9fff]+")
# 株洲县: the name of a known place with a rank it does not have is another place.
_UNKNOWN_RANK = re.compile(r"[^省市州县区旗镇乡]{2,}[县区镇乡]$")
_COURTESY = re.compile(r"[我你您咱]|谢|麻烦|请|劳驾|材料|领导|着急|需要|辛苦|好[!！]?$|问一?[下句]")
# From so many characters on, a third of them different is the least that says anything.
_REPEATS_FROM = 6
_CLAUSE = re.compile(r"[，,。;；!！?？：:]")


@dataclass(frozen=True, slots=True)
class Query:
    """A question as we search for it.

    `text` is the standalone question as the analyzer normalises it (Simplified, lower case),
    union terms spelt right.
    `places` has one tuple of candidate places for each place named; `words` are what the question
    is about (no places, years or words of asking); `programmes` the names (quoted, or in the
    dictionary of union terms) an answer must be about, `subjects` the people and organisations,
    `proper` other words that look like names, `mainland` the question in the mainland's words,
    where Traditional characters have others;
    `acts` the predicate classes asked for and
    `verbs` the words that say them; `years` the calendar years named; `plans` whether
    a plan is asked for, and `goal` whether the place is where something went (派…去新兴县).
    """

    question: str
    standalone: str
    text: str
    language: str
    ask: Ask
    places: tuple[tuple[Place, ...], ...]
    words: tuple[Word, ...]
    programmes: tuple[str, ...]
    subjects: tuple[str, ...]
    acts: tuple[str, ...]
    verbs: tuple[str, ...]
    years: tuple[int, ...]
    plans: bool
    goal: bool = False
    proper: tuple[str, ...] = ()
    mainland: str = ""

    @property
    def owners(self) -> tuple[Word, ...]:
        """The words that say whose figure is asked for, as an article must.

        Those before the first programme (火星|金秋助学); where no place is named, the first word of
        all too: what we do not know as a place may be one.
        """
        found = [at for name in self.programmes if (at := self.text.find(name)) >= 0]
        at = min(found, default=0)
        named = [word for word in self.words if names_a_thing(word.text)]
        first = () if self.places else tuple([w for w in named if w.focus <= 1][:1])
        before = (
            word
            for word in named
            if 0 <= self.text.find(word.text) < at
            and word.focus >= 1
            and not COMMON.search(word.text)
        )
        return tuple(dict.fromkeys((*first, *before)))

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is named that a sentence could be about (职工职工职工, 工×2000),
        or only the same few characters over and over.
        """
        said = _HAN.findall(self.text)
        letters = "".join(said)
        if len(letters) >= _REPEATS_FROM and 3 * len(set(letters)) <= len(letters):
            return True
        named = {*self.programmes, *self.subjects, *(word.text for word in self.words)}
        return self.ask.kind == "fact" and all(COMMON.search(n) or len(n) < 2 for n in named)

    @property
    def search_text(self) -> str:
        """The text given to the encoder: the question with the Chinese of its English terms."""
        if self.language == "zh":
            return f"{self.standalone} {self.mainland}".strip()
        words = " ".join((*self.search_words, *self.place_names))
        return f"{self.standalone} {words}".strip()

    @property
    def search_words(self) -> tuple[str, ...]:
        """The words given to BM25, without the places: what it is about, what was done, years."""
        years = [f"{year}年" for year in self.years]
        return tuple(dict.fromkeys((*(w.text for w in self.words), *self.verbs, *years)))

    @property
    def place_names(self) -> tuple[str, ...]:
        """The first reading of each place, in full and short."""
        return tuple(n for places in self.places for p in places[:1] for n in (p.name, p.short))


def understand(question: str, standalone: str, analyzer: Analyzer, gazetteer: Gazetteer) -> Query:
    """The Query of a question whose references to earlier turns are resolved in `standalone`."""
    spelled = from_pinyin(standalone, analyzer, gazetteer)
    text = respell(analyzer.normalise(spelled or standalone), analyzer)
    language = language_of(text)
    spans, places = find_places(text, gazetteer)
    others = _towns(text, gazetteer)
    if len(places) > 1 and not several(text, spans):
        others += [place[0].short for place in places[1:]]
        places = places[:1]
    rest = _YEAR.sub(" ", _blank(text, spans))
    quoted = [m[1] for m in _QUOTED.finditer(text)]
    if language == "en":
        body = " ".join([*_HAN.findall(rest), *to_chinese(rest)])
        verbs = [(p.verb, p.kind) for p in english_predicates(rest)]
        said: list[str] = []
    else:
        rest = _relevant(rest, [*quoted, *names_in(rest, analyzer)], spans)
        asked = counter(rest)
        verbs = asked_acts(rest, asked.start if asked else len(rest))
        body, said = bare(rest), [verb for verb, _ in verbs]
    names = [*quoted, *(name for name in names_in(body, analyzer) if name not in quoted)]
    programmes = [name for name in names if not COMMON.search(name)]
    if language == "zh":
        misread = [text[a : b + 1] for a, b in spans if _UNKNOWN_RANK.match(text[a : b + 1])]
        subjects = tuple(dict.fromkeys([*subjects_in(rest, names), *misread, *others]))
    else:
        familiar = [*known_english(rest), *(text[a:b] for a, b in spans)]
        subjects = tuple(foreign_names(standalone, familiar))
    words = [w for w in words_of(_of_subject(body, text), analyzer) if w.text not in said]
    if language == "zh":
        words = focused(words, rest)
    return Query(
        question=question,
        standalone=standalone,
        text=text,
        language=language,
        ask=_of_a_person(numbered(asks_for(text, language), quoted, text), subjects, text),
        places=tuple(places),
        words=tuple(words),
        programmes=tuple(dict.fromkeys(programmes)),
        plans=bool(PLANNED.search(rest)),
        goal=bool(spans) and goes_to(text, spans[0][0]),
        subjects=subjects,
        mainland=in_mainland_words(standalone) if language == "zh" else "",
        proper=tuple(proper_in(rest, [*names, *subjects])) if language == "zh" else (),
        acts=tuple(dict.fromkeys(kind for _, kind in verbs)),
        verbs=tuple(dict.fromkeys(said)),
        years=tuple(dict.fromkeys(int(m[1]) for m in _YEAR.finditer(_QUOTED.sub(" ", text)))),
    )


def _of_subject(body: str, text: str) -> str:
    """The body of a question; without the words that ask of an article itself, where it does."""
    return OF_ARTICLE_WORDS.sub(" ", body) if asked_of_article(text) else body


def _towns(text: str, gazetteer: Gazetteer) -> list[str]:
    """The towns and streets of a question, which no table has: an article must name them so."""
    return [mention.text for mention in gazetteer.find(text) if not mention.places]


def _of_a_person(ask: Ask, subjects: tuple[str, ...], text: str) -> Ask:
    """刘静是谁 asks what is said of a person, not for a name."""
    if ask.kind == "person" and any(f"{name}是谁" in text for name in subjects):
        return Ask("fact")
    return ask


def _relevant(text: str, names: list[str], spans: list[tuple[int, int]]) -> str:
    """The clauses of a Chinese question without those that are courtesy.

    A clause that asks, or names a place or a programme, is none (我们单位写材料需要用到 is). A
    question of one clause stays whole.
    """
    bounds = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    clauses = [(a, b) for a, b in pairwise(bounds) if text[a:b].strip()]
    kept = [
        text[a:b]
        for a, b in clauses
        if any(a <= start < b for start, _ in spans)
        or any(name in text[a:b] for name in names)
        or asks_for(text[a:b], "zh").kind != "fact"
        or not _COURTESY.search(text[a:b])
    ]
    return " ".join(kept) if kept else text


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with the spans replaced by spaces, one for each character."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
