"""Which figure of a sentence is meant: laws on sentences of places that do not exist."""

import json
from pathlib import Path

import numpy as np
import pytest

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from index.quantity import quantities
from rag.ask import ask
from rag.owned import NAMES, asked_of, claims, holdings, read_weights
from rag.query import Query, understand
from tests.rag.conftest import Made

SOLVED = "全年参与审理劳动争议案件163件,成功调解140件,接听来电245人次。"
NAMED = "推荐省级“海右大工匠”3名、“海右工匠”8名,“市五一劳动奖章”90名。"
PAID = "筹集防疫经费250余万元,发放口罩21万个,预算234万元组织疗休养。"
HELD = "举办单身职工常规交友活动64场、户外联谊15场、大型联谊活动17场。"
PART = "全区共打造助餐点49家,其中养老驿站40家、照料中心8家,覆盖153个社区。"
SHARED = "为120名患病职工发放互助金17万元,帮助16位受援人挽回损失38万元。"
PAIRED = "炼铁厂、焦化厂和运输部分别选出代表12名、8名和5名。"


@pytest.fixture
def meant(analyzer: Analyzer, gazetteer: Gazetteer) -> "Meant":
    return Meant(analyzer, gazetteer)


class Meant:
    """Asks which figure of a sentence owns most of a question."""

    def __init__(self, analyzer: Analyzer, gazetteer: Gazetteer) -> None:
        self.analyzer, self.gazetteer = analyzer, gazetteer

    def query(self, question: str) -> Query:
        """The query of a question."""
        return understand(question, question, self.analyzer, self.gazetteer)

    def __call__(self, question: str, text: str) -> str:
        query, figures = self.query(question), quantities(text)
        owned = holdings(text, figures, query, asked_of(query))
        assert max(owned) == 0.0
        return figures[owned.index(0.0)].text


@pytest.mark.parametrize(
    ("question", "text", "figure"),
    [
        ("成功调解多少件劳动争议", SOLVED, "140件"),
        ("审理劳动争议案件多少件", SOLVED, "163件"),
        ("接听来电多少", SOLVED, "245人次"),
        ("有几位海右工匠", NAMED, "8名"),
        ("有几位海右大工匠", NAMED, "3名"),
        ("市五一劳动奖章多少", NAMED, "90名"),
        ("疗休养预算多少", PAID, "234万元"),
        ("发了多少口罩", PAID, "21万个"),
        ("防疫经费筹集了多少", PAID, "250余万元"),
        ("大型联谊活动办了几场", HELD, "17场"),
        ("户外联谊几场", HELD, "15场"),
        ("打造了多少家助餐点", PART, "49家"),
        ("助餐点里照料中心有几家", PART, "8家"),
        ("助餐点覆盖多少社区", PART, "153个"),
        ("发放互助金多少", SHARED, "17万元"),
        ("给多少患病职工发放互助金", SHARED, "120名"),
        ("帮助多少受援人挽回损失", SHARED, "16位"),
        ("焦化厂选出多少名代表", PAIRED, "8名"),
        ("运输部选出代表多少", PAIRED, "5名"),
        ("炼铁厂选出代表多少名", PAIRED, "12名"),
    ],
)
def test_the_figure_that_owns_the_question_is_meant(
    question: str, text: str, figure: str, meant: Meant
) -> None:
    assert meant(question, text) == figure


@pytest.mark.parametrize(
    ("question", "answered"),
    [("新增会员中农民工多少", False), ("新增会员中女职工多少", True), ("新增会员多少", True)],
)
def test_a_part_that_is_not_named_has_no_figure(
    question: str, answered: bool, meant: "Meant"
) -> None:
    text = "新建工会221个、新增会员34万名,其中女职工9万名。"
    query = meant.query(question)
    owned = holdings(text, quantities(text), query, asked_of(query))
    assert (max(owned) == 0.0) == answered


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("省五一劳动奖章多少名", ["7名"]),
        ("市五一劳动奖章多少名", ["100名"]),
        ("五一劳动奖章多少名", ["7名", "100名"]),
        ("白城市五一劳动奖章多少名", ["7名", "100名"]),  # 市 is of the place
        ("国家级五一劳动奖章多少名", []),
    ],
)
def test_what_is_of_another_level_is_another_thing(
    question: str, kept: list[str], meant: "Meant"
) -> None:
    query, found = meant.query(question), []
    for text in ("推荐省级五一劳动奖章7名。", "选树“市五一劳动奖章”100名。"):
        (owned,) = holdings(text, quantities(text), query, asked_of(query))
        found += [figure.text for figure in quantities(text) if owned == 0.0]
    assert found == kept


def test_each_pair_of_characters_counts_once_for_each_figure(meant: Meant) -> None:
    query = meant.query("大型联谊活动办了几场")
    asked = asked_of(query)
    found = claims(HELD, quantities(HELD), query, asked)
    assert found.shape == (3, len(NAMES))
    standings = found[:, : NAMES.index("key_paired")]
    assert (standings.sum(axis=1) <= 1.0 + 1e-9).all()
    assert found[2, NAMES.index("left_near")] > found[0, NAMES.index("left_near")]


def test_the_sibling_of_the_figure_asked_for_is_no_answer_where_that_one_is_kept_out(
    made: Made,
) -> None:
    """株洲's own figure of another thing must not stand in for the one of a county in it."""
    text = "株洲市总工会工作报告\n\n株洲市总工会培训干部300人,茶陵县建成职工书屋16家。"
    answer = ask("株洲市建成职工书屋多少", made([("报告.txt", text)]))
    assert "300" not in answer.text


def test_the_shipped_weights_are_for_these_features() -> None:
    weights = read_weights()
    assert weights.values.shape == (len(NAMES),)
    assert np.isfinite(weights.values).all()


def test_weights_for_other_features_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "owned.json"
    path.write_text(json.dumps({"features": ["left_near", "moon"], "weights": [1, 2]}))
    with pytest.raises(ValueError, match="moon"):
        read_weights(path)
