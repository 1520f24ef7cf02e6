"""Every citation stands in the untouched file: counted over all questions that the seeds answer.

The check is slow and knows nothing of the alignment: it reads the cited span from the seed's own
bytes, takes out what cleaning takes out, and compares every character with the quote.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

import opencc
import pytest

from api.examples import examples_of, is_answered_by, questions
from eval.dataset import UNION
from index.index import Snapshot
from rag.answer import Citation
from rag.ask import ask
from tests.api.running import SEEDS

_SYLLABLE = "[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,6}"
_READING = re.compile(rf"(?<=[\u4e00-\u9fff])[(（]\s?{_SYLLABLE}\s?[)）]")
_SIMPLIFIED = opencc.OpenCC("t2s")
LEAST = 250
LONGEST_DAMAGE = 14


def plain(text: str) -> str:
    """The text in Simplified and narrow characters, without readings and white space."""
    text = _READING.sub("", unicodedata.normalize("NFC", text))
    narrow = unicodedata.normalize("NFKC", _SIMPLIFIED.convert(text))
    return "".join(one for one in narrow if not one.isspace())


def is_same(read: str, quote: str) -> bool:
    """Whether both say the same; only where the file is damaged, a `?`, may the quote lack it."""
    ours, theirs = plain(quote), plain(read)
    for kind, start, end, at, until in SequenceMatcher(None, theirs, ours, False).get_opcodes():
        damage = "?" in theirs[start:end] and end - start <= LONGEST_DAMAGE
        if kind != "equal" and not (damage and until - at <= 1):
            return False
    return bool(ours)


def asked(seeds: Snapshot) -> Iterator[str]:
    """The project's questions about the seeds, and every example that may be offered over them."""
    for line in UNION.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if question["needs"] == "seeds":
            yield question["question"]
    yield from questions(seeds)
    for stored in seeds.list_documents(100)[0]:
        for example in examples_of(stored.document):
            if is_answered_by(example, stored.document, seeds):
                yield example.question


def faults(citation: Citation, text: str, source: str) -> Iterator[str]:
    """What is wrong with a citation of a document with this clean and this source text."""
    if not 0 <= citation.start < citation.end <= len(text):
        yield "the span is not in the text"
    if citation.quote != text[citation.start : citation.end]:
        yield "the quote is not the span"
    if not 0 <= citation.source_start < citation.source_end <= len(source):
        yield "the source span is not in the file"
    read = source[citation.source_start : citation.source_end]
    if not is_same(read, citation.quote):
        yield f"the file says {read!r} for {citation.quote!r}"


def test_every_citation_is_the_same_sentence_in_the_file(seeds: Snapshot) -> None:
    sources = {path.name: path.read_bytes().decode("utf-8") for path in SEEDS.glob("*.txt")}
    wrong: list[str] = []
    counted = 0
    for question in asked(seeds):
        for citation in ask(question, seeds).citations:
            text = seeds.get_documents([citation.document_id])[citation.document_id].text
            found = list(faults(citation, text, sources[citation.source]))
            wrong += [f"{citation.source} {citation.start}: {fault}" for fault in found]
            counted += 1
    assert not wrong
    assert counted >= LEAST


@pytest.mark.parametrize("moved", [-1, 1])
def test_a_span_one_character_off_is_seen(seeds: Snapshot, moved: int) -> None:
    (citation, *_) = ask("双鸭山金秋助学筹了多少钱", seeds).citations
    text = seeds.get_documents([citation.document_id])[citation.document_id].text
    source = (SEEDS / citation.source).read_bytes().decode("utf-8")
    assert not list(faults(citation, text, source))
    before, after = citation.source_start + moved, citation.source_end + moved
    assert not is_same(source[before:after], citation.quote)
    assert text[citation.start + moved : citation.end + moved] != citation.quote


def test_what_a_reader_sees_counts() -> None:
    assert is_same("習(xí)近平 總書記，１２％", "习近平总书记,12%")
    assert is_same("幫你爭(zhēng)?。粰?quán)益", "帮你争。益")
    assert not is_same("筹集163万元", "筹集16万元")
    assert not is_same("筹集163万元。", "筹集163万元")
    assert not is_same("", "")
