"""A place is the same place in characters, in pinyin, and as an owner."""

import pytest

from index.gazetteer import Gazetteer
from rag.places import find_places


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("what did zhuzhou's union do", ["株洲市"]),
        ("how much did baicheng city’s federation raise", ["白城市"]),
        ("what did xi'an union do", ["西安市"]),
        ("what did xi'an's union do", ["西安市"]),
        ("the workers' union of zhuzhou and baicheng's", ["株洲市", "白城市"]),
        ("what is the union's fund", []),
    ],
)
def test_a_place_may_own_something(text: str, named: list[str], gazetteer: Gazetteer) -> None:
    _, places = find_places(text, gazetteer)
    assert [candidates[0].name for candidates in places] == named
