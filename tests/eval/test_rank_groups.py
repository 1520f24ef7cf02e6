"""The right candidates of a question are those of its own article that hold its answer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eval.corpus import open_index
from eval.question import Gold, Question
from eval.rank_groups import groups_of
from index.clean import clean
from index.index import Snapshot
from index.read import read_bytes
from rag.signs import NAMES

ARTICLES = {
    "厂.txt": "红星机床厂创办于1952年，厂址在东山脚下。红星机床厂首任厂长是赵立本。",
    "报.txt": "有人写道，红星机床厂首任厂长是赵立本。此事无从查考。",
}
QUESTION = Question(
    id="q",
    kind="fact",
    split="all",
    text="红星机床厂首任厂长是谁",
    answers=("赵立本",),
    gold=(Gold("厂.txt", None, None, None),),
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    index = open_index(tmp_path_factory.mktemp("groups"))
    for name, text in ARTICLES.items():
        index.add(clean(read_bytes(name, text.encode()), index.gazetteer))
    yield index.snapshot()
    index.close()


def test_right_is_the_answer_in_its_own_article(snapshot: Snapshot) -> None:
    (group,) = groups_of("made", [QUESTION], snapshot, weight=2.0)
    assert group.features.shape == (len(group.right), len(NAMES))
    assert (group.data, group.kind, group.cluster) == ("made", "person", "厂.txt")
    assert group.weight == 2.0
    assert group.right.sum() == 1
    # the other article says the same words, but is not the one to be learned from
    assert group.holding.sum() == 2


def test_most_of_a_long_answer_is_right_where_no_sentence_has_all(snapshot: Snapshot) -> None:
    long = replace(QUESTION, answers=("红星机床厂首任厂长是赵立本，他是本地人",))
    (group,) = groups_of("made", [long], snapshot)
    assert group.right.sum() >= 1
    assert not group.holding.any()


def test_a_question_whose_answer_is_nowhere_is_left_out(snapshot: Snapshot) -> None:
    nowhere = replace(QUESTION, answers=("钱",))
    refused = replace(QUESTION, status="not_found")
    assert list(groups_of("made", [nowhere, refused], snapshot)) == []
