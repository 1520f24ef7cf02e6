"""What keeps a span out: a name is said whole, by its core, or by all its words."""

import pytest

from index.analyzer import Analyzer
from rag.admit import says


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("建成工会户外劳动者服务站41家", "户外劳动者服务站", True),
        ("建成户外劳动者工会服务站41家", "户外劳动者服务站", True),
        ("开展夏日清凉活动", "夏送清凉", True),
        ("开展金秋助老活动", "金秋助学", False),
        ("开展送温暖活动", "送清凉", False),
    ],
)
def test_a_name_is_said_whole_or_by_all_its_words(
    analyzer: Analyzer, text: str, name: str, said: bool
) -> None:
    assert says(text, name, analyzer) is said
