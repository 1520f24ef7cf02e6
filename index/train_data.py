"""Here are the folders of training files; give me all pairs and dictionaries, and no test set."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from index.analyzer import PLACES, TERMS
from index.errors import ForbiddenData
from index.train_forms import read_forms
from index.train_lexicon import (
    Link,
    Synset,
    by_chinese,
    in_one_script,
    read_cedict,
    read_frequencies,
    read_glossary,
    read_names,
    read_synsets,
    read_wiktionary,
    synonyms,
)
from index.train_pairs import (
    Pairs,
    WordByWord,
    clozes,
    paragraphs,
    read_news,
    read_parallel,
    read_questions,
    read_sentences,
    read_titles,
    translated,
)

TEST_SETS = {
    "d460725a7eef8fd3": "XQuAD",
    "1e083604abc4bb75": "XQuAD",
    "7ec0accd06f2c9f0": "XQuAD",
    "ee8ea77e33cc892e": "XQuAD",
    "6743bed622c9b4e7": "XQuAD",
    "2b33041a20de128a": "XQuAD",
    "a610fc4222c84aaf": "CMRC dev",
    "d4bfa4beff92f49e": "CMRC dev",
    "9a1b84ce1b8c0681": "CMRC dev",
    "8bcd6f0868d33f26": "NTREX",
    "389e8f5796c66db4": "NTREX",
    "2a8bf6effcd8fb62": "NTREX",
    "ecf36f33ae2fd028": "the news questions",
}
"""The start of the SHA-256 of every file that may not be trained on, and of which set it is."""

HELD_OUT = 1000  # titles and sentence pairs kept for tuning
REPEATED = 5  # translations of a question, each with other words
SYNONYM = 0.5  # WordNet's Chinese names are less sure than a dictionary's


@dataclass(frozen=True, slots=True)
class Data:
    """Everything that training reads."""

    training: list[Pairs]
    tuning: list[Pairs]
    links: list[Link]
    names: list[Link]
    stems: dict[str, str]
    counts: Counter[str]  # of English words in a large corpus
    bodies: list[str]  # of news articles
    english: list[str]  # texts in English
    chinese: list[str]  # texts in Chinese beside the news


def check_files(*paths: Path) -> Iterator[str]:
    """The start of the SHA-256 and the name of every file below `paths`, and of our own lists.

    Raises ForbiddenData at a file of a test set, whatever it is called.
    """
    files = [
        file
        for path in paths
        for file in ([path] if path.is_file() else sorted(path.rglob("*")))
        if file.is_file()
    ]
    for file in (*files, TERMS, PLACES):
        found = sha256(file.read_bytes()).hexdigest()[:16]
        if found in TEST_SETS:
            raise ForbiddenData(
                f"{file} is a file of {TEST_SETS[found]}, which is for testing only; leave it out"
            )
        yield f"{found} {file.name}"


def read_data(train: Path, words: Path, news: Path, glossary: Path, chance: random.Random) -> Data:
    """All pairs and dictionaries of the folders."""
    names = in_one_script(read_names([words / "wd_chinese_80", words / "wd_chinese_20"]))
    synsets = read_synsets(
        words / "wordnet", words / "ili-map-pwn30.tab", words / "wn-data-cmn.tab"
    )
    dictionary = [
        *read_cedict(train / "cedict.u8.gz"),
        *in_one_script(read_wiktionary(words / "en-cmn-enwiktionary.txt")),
        *(Link(one.english, one.chinese, SYNONYM * one.weight) for one in synonyms(synsets)),
        *read_glossary(glossary),
    ]
    stems = read_forms(words / "wordnet")
    counts = read_frequencies(words / "wordfreq_en.tsv")
    bodies = read_news(news)
    into = WordByWord(by_chinese([*dictionary, *names]), stems, chance)
    parallel = parallel_sentences(train)
    questions = list(_questions(train, into))
    training = [
        *questions,
        Pairs("tatoeba", 2.0, parallel.left[HELD_OUT:], parallel.right[HELD_OUT:]),
        *_news(bodies, _titles(news), into, chance),
        Pairs("dictionary", 1.0, *_unzip((one.english, one.chinese) for one in dictionary)),
        Pairs("names", 1.0, *_unzip((one.english, one.chinese) for one in names)),
        _definitions(synsets),
    ]
    tuning = [*held_out(train, news), *_wikipedia(words)]
    english = [*parallel.left[HELD_OUT:], *(one.definition for one in synsets)]
    chinese = list(
        dict.fromkeys([*parallel.right[HELD_OUT:], *(t for q in questions for t in q.right)])
    )
    links = [*dictionary, *names]
    return Data(training, tuning, links, names, stems, counts, bodies, english, chinese)


def held_out(train: Path, news: Path) -> list[Pairs]:
    """The pairs that are never trained on, whatever the seed, of each kind that is."""
    titles, parallel = _titles(news), parallel_sentences(train)
    return [
        Pairs("drcd", 0, *read_questions(train / "drcd_dev", held_out=True)),
        Pairs("cmrc", 0, *read_questions(train / "cmrc_trial", held_out=True)),
        Pairs("titles", 0, titles.left[:HELD_OUT], titles.right[:HELD_OUT]),
        Pairs("tatoeba en-zh", 0, parallel.left[:HELD_OUT], parallel.right[:HELD_OUT]),
    ]


def _titles(news: Path) -> Pairs:
    """Titles and bodies of the news, in file order."""
    return Pairs("titles", 1.5, *read_titles(news))


def parallel_sentences(train: Path) -> Pairs:
    """Tatoeba's sentences, English and Chinese; the first `HELD_OUT` are not trained on.

    They are in an order of their own, since the file goes from short to long.
    """
    english, chinese = read_sentences(train / "tatoeba_cmn.tsv.gz")
    order = list(range(len(english)))
    random.Random(7).shuffle(order)
    return Pairs("tatoeba", 2.0, [english[i] for i in order], [chinese[i] for i in order])


def _news(
    bodies: list[str], titles: Pairs, into: WordByWord, chance: random.Random
) -> Iterator[Pairs]:
    """Titles with bodies and sentences with their windows, in Chinese and put into English."""
    left, right = titles.left[HELD_OUT:], titles.right[HELD_OUT:]
    yield Pairs("titles", 1.5, left, right)
    yield Pairs("titles en", 1.0, *_unzip(translated(zip(left, right, strict=True), into)))
    cloze = [*clozes(bodies, chance), *clozes(bodies, chance)]
    yield Pairs("cloze", 3.0, *_unzip(cloze))
    yield Pairs("cloze en", 3.0, *_unzip(translated(cloze[::2], into)))


def _definitions(synsets: list[Synset]) -> Pairs:
    """Definitions of WordNet with the names of what they define, in both languages."""
    named = [(one.definition, " ".join((*one.english, *one.chinese))) for one in synsets]
    return Pairs("definitions", 0.7, *_unzip(pair for pair in named if all(pair)))


def _questions(train: Path, into: WordByWord) -> Iterator[Pairs]:
    """Questions with their passages, in Chinese and put into English."""
    for name, weight in (("drcd", 1.0), ("cmrc", 0.3)):
        folder = train / {"drcd": "drcd_dev", "cmrc": "cmrc_trial"}[name]
        left, right = read_questions(folder, held_out=False)
        yield Pairs(name, weight, left, right)
        pairs = list(zip(left, right, strict=True)) * REPEATED
        yield Pairs(f"{name} en", weight, *_unzip(translated(pairs, into)))


def _wikipedia(words: Path) -> list[Pairs]:
    """English news and encyclopedia sentences with their Chinese ones, never trained on."""
    english, chinese = read_parallel(
        words / "en_pud-ud-test.conllu", words / "zh_pud-ud-test.conllu"
    )
    return [
        Pairs("pud en-zh", 0, english, chinese),
        Pairs("pud paragraphs", 0, *paragraphs(english, chinese, random.Random(7))),
    ]


def _unzip(pairs: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Left and right texts."""
    some = list(pairs)
    return [left for left, _ in some], [right for _, right in some]
