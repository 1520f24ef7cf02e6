"""What an empty page offers to ask is answered by the very figure that it was made from."""

import re
from pathlib import Path

import pytest

from api.examples import DOCUMENTS, ENOUGH, Examples, examples_of, is_answered_by, questions
from api.resources import open_index
from api.settings import Settings
from index.clean import clean
from index.index import Index
from index.read import read_bytes
from rag.ask import ask
from tests.api.running import SEEDS


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = open_index(Settings(data=tmp_path_factory.mktemp("seeds")))
    for path in sorted(SEEDS.glob("*.txt")):
        index.add(clean(read_bytes(path.name, path.read_bytes()), index.gazetteer))
    return index


def as_printed(question: str, place: str, figure: str) -> str:
    """The words that stand in the article if the answer is right: 建成多少家驿站 → 建成41家驿站."""
    return re.sub("多少(?:钱|[^多少?]{1,3}?(?=[?]|[^?]{4}))", figure, question.removeprefix(place))[
        :-1
    ]


def test_each_is_of_another_place_and_its_answer_is_printed_in_its_words(seeds: Index) -> None:
    snapshot = seeds.snapshot()
    offered = questions(snapshot)
    assert len(offered) == ENOUGH
    places = set()
    for question in offered:
        (short,) = ask(question, snapshot).short_answers
        assert short.region
        places.add(short.region)
        (cited,) = [one for one in ask(question, snapshot).citations if one.id == short.citation]
        assert question.startswith(short.region)
        assert cited.region == short.region
        assert as_printed(question, short.region, short.text) in cited.quote
    assert len(places) == ENOUGH


def test_articles_without_a_figure_do_not_hide_those_with_one(tmp_path: Path) -> None:
    index = open_index(Settings(data=tmp_path))
    seeds = [(path.name, path.read_bytes()) for path in sorted(SEEDS.glob("*.txt"))]
    notices = [
        (f"通知{n}.txt", f"鹤岗市总工会通知{n}\n\n请各基层工会认真学习，抓好落实。".encode())
        for n in range(DOCUMENTS + 1)
    ]
    for name, data in [*seeds, *notices]:
        index.add(clean(read_bytes(name, data), index.gazetteer))
    assert len(questions(index.snapshot())) == ENOUGH
    index.close()


def test_a_figure_that_another_article_answers_is_not_offered(tmp_path: Path) -> None:
    """Two articles of one place say two figures in the same words: one at most can be right."""
    index = open_index(Settings(data=tmp_path))
    text = (
        "石嘴山市总工会{year}年工作\n\n{year}-05-18\n\n石嘴山市总工会建成户外职工暖心驿站{n}个。\n"
    )
    made = [
        clean(read_bytes(f"{year}.txt", text.format(year=year, n=n).encode()), index.gazetteer)
        for year, n in ((2021, 57), (2022, 64))
    ]
    for document in made:
        index.add(document)
    snapshot = index.snapshot()
    examples = [(document, one) for document in made for one in examples_of(document)]
    assert [one.question for _, one in examples] == ["石嘴山市建成户外职工暖心驿站多少个?"] * 2
    right = [is_answered_by(one, document, snapshot) for document, one in examples]
    assert sum(right) <= 1
    said = {short.text for short in ask(examples[0][1].question, snapshot).short_answers}
    for (document, one), offered in zip(examples, right, strict=True):
        assert not offered or said == {document.text[one.start : one.end]}
    index.close()


def test_a_figure_without_words_of_its_own_makes_no_question(seeds: Index) -> None:
    for text in ("投入资金163万元", "发展会员5000名", "共163万元", "建成3家,", "培训“小三级12个"):
        whole = clean(read_bytes("a.txt", f"石嘴山市总工会\n\n{text}。".encode()), seeds.gazetteer)
        assert not list(examples_of(whole)), text


def test_they_are_made_anew_only_once_the_articles_changed_and_a_minute_passed(
    tmp_path: Path,
) -> None:
    now = [0.0]
    examples = Examples(lambda: now[0])
    index = open_index(Settings(data=tmp_path))
    assert examples.of(index) == []
    path = SEEDS / "000_0152ab743622947b.txt"
    index.add(clean(read_bytes(path.name, path.read_bytes()), index.gazetteer))
    first = examples.of(index)
    assert first
    index.delete(index.snapshot().list_documents(1)[0][0].document.document_id)
    assert examples.of(index) == first
    now[0] = 61.0
    assert examples.of(index) == []
    index.close()
