"""What was asked and not found: grouped, counted, exported, and never computed by a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from api.asked import FORMULA, harmless
from api.report import report
from api.resources import Resources
from api.state import StoredTurn
from tests.api.running import Running, serving

REFUSED = "株洲金秋助学筹了多少钱?"
ANSWERED = "双鸭山金秋助学筹了多少钱?"


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder: Path = tmp_path_factory.mktemp("asked")
    running: Running
    with serving(folder / "data") as running, running.client() as client:
        for question in (REFUSED, "株洲金秋助学筹了多少钱？", ANSWERED, ANSWERED):
            answer = client.post("/v1/ask", json={"question": question}).json()
        vote = {"answer_id": answer["answer_id"], "vote": "down", "comment": "=去年的数"}
        assert client.post("/v1/feedback", json=vote).status_code == 200
        yield client


def test_the_report_counts(asking: httpx.Client) -> None:
    found = asking.get("/v1/asked").json()
    (group,) = found["refused"]
    assert group["times"] == 2
    assert {group["question"], *group["others"]} == {REFUSED, "株洲金秋助学筹了多少钱？"}
    (vote,) = found["down"]
    assert (vote["question"], vote["comment"]) == (ANSWERED, "=去年的数")
    assert "163万元" in vote["answer"]
    titles = {used["title"]: used["times"] for used in found["documents"]}
    assert titles["咱们工会有作为"] >= 2
    assert sum(day["questions"] for day in found["days"]) == 4
    assert sum(day["refused"] for day in found["days"]) == 2


def test_the_table_is_the_same_and_harmless(asking: httpx.Client) -> None:
    response = asking.get("/v1/asked.csv", params={"days": 1})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {"未答问题", "不对", "常用文章", "每日提问"} <= {row[0] for row in rows}
    assert "'=去年的数" in {row[4] for row in rows}
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA)]


@pytest.mark.parametrize("days", ["0", "367", "x"])
def test_a_wrong_span_is_refused(asking: httpx.Client, days: str) -> None:
    assert asking.get("/v1/asked", params={"days": days}).status_code == 422


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1+1", "＠a"])
def test_no_cell_computes(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("163万元=") == "163万元="


SAME = (
    (
        "白城金秋助学筹了多少钱?",
        "白城市金秋助学筹集了多少资金?",
        "请问白城的金秋助学筹措了多少钱呢",
        "白城金秋助学筹款多少",
    ),
    ("火星工会有多少人", "火星工会有几个人"),
    ("株洲金秋助学筹了多少钱",),
    ("白城金秋助学发放了多少钱",),
    ("白城2019年金秋助学筹了多少钱",),
    ("火星医院有多少人",),
    ("白城培训了多少人",),
    ("白城培训了多少场",),
)
"""Each asks what its like do, however they are worded, and no other does."""


def test_questions_that_ask_the_same_are_one_group(opened: Resources) -> None:
    asked = [question for group in SAME for question in group]
    for at, question in enumerate(asked):
        turn = StoredTurn(
            f"a{at}", question, question, "", '{"status": "not_found"}', "2026-11-20T20:30:00Z"
        )
        opened.state.add_turn(f"c{at}", turn)
    found = report(opened.state, opened.index.snapshot(), "2026-11-20", timedelta(hours=8))
    groups = {frozenset((one.question, *one.others)) for one in found.refused}
    assert groups == {frozenset(group) for group in SAME}
    # half past eight in the evening in Greenwich is the next day in Beijing
    assert [(one.day, one.questions) for one in found.days] == [("2026-11-21", len(asked))]
