"""A question in Taiwan's words also finds what the mainland calls otherwise."""

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from index.index import Filters
from rag.query import understand
from rag.taiwan import in_mainland_words
from rag.terms import pairs_of, terms_of
from tests.rag.conftest import Made


def test_only_other_words_are_given_and_only_for_traditional_characters() -> None:
    assert in_mainland_words("工會的網路培訓") == "工会的网络培训"
    assert in_mainland_words("工會的培訓") == ""
    assert in_mainland_words("网路") == ""  # in Simplified it is as somebody wrote it
    assert in_mainland_words("") == ""


def test_both_words_are_asked_for(made: Made, analyzer: Analyzer, gazetteer: Gazetteer) -> None:
    text = "市总工会举办网络安全培训。"
    snapshot = made([("a.txt", text), ("b.txt", "博物馆展出青铜器。")])
    asked = "工會的網路培訓"
    query = understand(asked, asked, analyzer, gazetteer)
    assert {"网络", "网路"} & set(terms_of(query, snapshot, Filters())) >= {"网络"}
    assert {"网络", "网路"} <= set(pairs_of(query, snapshot, Filters()))
    assert query.text == "工会的网路培训"  # what the question says stays what it says
    assert query.search_text.endswith("工会的网络培训")
