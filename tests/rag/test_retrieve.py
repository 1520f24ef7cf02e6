"""What is weighed when: sentences asked of sentences, and the best sentence where it is wanted."""

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from index.index import Snapshot
from rag.fuse import DENSE_WEIGHT, SENTENCE_DENSE_WEIGHT, fuse
from rag.query import Query, understand
from rag.retrieve import SENTENCE, Retrieval, are_short, ranked, retrieve
from rag.telling import by_sentence
from tests.rag.conftest import Made

SENTENCES = ("市总工会开展金秋助学活动。", "工会慰问环卫工人。", "博物馆展出青铜器，观众排队参观。")
LONG = tuple(text * (1 + 2 * SENTENCE // len(text)) for text in SENTENCES)
ASKED = "总工会今年开展金秋助学"


def query(text: str, analyzer: Analyzer, gazetteer: Gazetteer) -> Query:
    return understand(text, text, analyzer, gazetteer)


def index(made: Made, texts: tuple[str, ...]) -> Snapshot:
    return made([(f"{number}.txt", text) for number, text in enumerate(texts)])


def test_only_passages_as_short_as_the_query_are_weighed_as_sentences(
    made: Made, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    for texts, asked, short in (
        (SENTENCES, ASKED, True),
        (SENTENCES, "助学", False),  # a keyword is no sentence
        (LONG, LONG[0], False),  # nor is a passage, asked of passages
        (SENTENCES, "The union helped many students in autumn", True),
        (SENTENCES, "union aid", False),
        (LONG, "The union helped many students in autumn", False),
    ):
        snapshot = index(made, texts)
        understood = query(asked, analyzer, gazetteer)
        rankings = retrieve(understood, snapshot)
        assert are_short(understood, snapshot, rankings) is short, asked


def test_among_sentences_the_encoder_decides_and_else_bm25(
    made: Made, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    plain = Retrieval(features=False, sentences=True)
    understood = query(ASKED, analyzer, gazetteer)
    for texts, share in ((SENTENCES, SENTENCE_DENSE_WEIGHT), (LONG, DENSE_WEIGHT["zh"])):
        snapshot = index(made, texts)
        rankings = retrieve(understood, snapshot)
        wanted = fuse(rankings, {"bm25": 1 - share, "dense": share}, 3)
        assert ranked(understood, snapshot, rankings, 3, plain) == wanted
        given = Retrieval(dense_weight=0.5, features=False, sentences=True)
        half = fuse(rankings, {"bm25": 0.5, "dense": 0.5}, 3)
        assert ranked(understood, snapshot, rankings, 3, given) == half
        usual = fuse(rankings, {"bm25": 1 - DENSE_WEIGHT["zh"], "dense": DENSE_WEIGHT["zh"]}, 3)
        without = Retrieval(features=False)
        assert ranked(understood, snapshot, rankings, 3, without) == usual


def test_sentences_are_read_where_they_are_wanted(
    made: Made, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    snapshot = index(made, LONG)
    understood = query(ASKED, analyzer, gazetteer)
    rankings = retrieve(understood, snapshot)
    hits = ranked(understood, snapshot, rankings, 9)
    read = ranked(understood, snapshot, rankings, 9, Retrieval(sentences=True))
    assert read == by_sentence(understood, snapshot, hits) != hits


def test_an_english_question_without_a_place_keeps_its_order(
    made: Made, analyzer: Analyzer, gazetteer: Gazetteer
) -> None:
    snapshot = index(made, tuple(f"株洲市{text}" for text in LONG))
    for asked, read in (("What did the union do", False), ("What did the Zhuzhou union do", True)):
        understood = query(asked, analyzer, gazetteer)
        rankings = retrieve(understood, snapshot)
        plain, wanted = (
            ranked(understood, snapshot, rankings, 9, Retrieval(sentences=sentences))
            for sentences in (False, True)
        )
        assert (plain != wanted) is read
