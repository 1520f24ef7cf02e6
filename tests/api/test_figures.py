"""Figures are listed as they stand in the articles, for people and for tables."""

import csv
import io
from pathlib import Path

import httpx
import pytest

from api.figures import COLUMNS, csv_rows, lines
from index.figure_table import Kept
from index.figures import Figure
from tests.api.running import SEEDS, Running, unionqa

SEED = "000_0152ab743622947b.txt"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_figures_of_a_programme_are_listed_with_their_sentence(server: Running) -> None:
    done = unionqa("figures", "--region", "双鸭山", "--programme", "金秋助学", DATA=server.data)
    assert done.returncode == 0, done.stderr
    assert SEED in done.stdout
    assert "163万元  1630000元 · 助学资金 · 筹措 (raise) · 双鸭山市 · 金秋助学" in done.stdout
    other = unionqa("figures", "--region", "株洲", "--programme", "金秋助学", DATA=server.data)
    assert "163万元" not in other.stdout


def test_all_figures_come_as_csv_and_point_into_the_text(server: Running) -> None:
    done = unionqa("figures", "--csv", DATA=server.data)
    found = rows(done.stdout)
    assert len(found) > 200
    assert {row["source"] for row in found} == {path.name for path in SEEDS.glob("*.txt")}
    for row in found:
        assert set(row) == set(COLUMNS)
        assert row["figure"] in row["sentence"]
        assert int(row["end"]) - int(row["start"]) == len(row["figure"])
    raised = rows(unionqa("figures", "--csv", "--predicate", "raise", DATA=server.data).stdout)
    assert raised == [row for row in found if row["predicate"] == "raise"]
    assert raised


def test_a_list_is_as_long_as_asked_for(server: Running) -> None:
    done = unionqa("figures", "--limit", "3", DATA=server.data)
    assert sum(line.startswith("    ") for line in done.stdout.splitlines()) == 3


def test_a_place_nobody_wrote_of_has_no_figures(server: Running) -> None:
    done = unionqa("figures", "--region", "无此地", DATA=server.data)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_doctor_shows_the_figures_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    text = "平凉市总工会工作\n2022-03-05\n\n去年,全市各级工会筹集助学资金163万元。\n"
    file.write_text(text, encoding="utf-8")
    done = unionqa("doctor", str(file), DATA=tmp_path / "data")
    assert "figures: 1\n" in done.stdout
    assert "163万元  1630000元 · 助学资金 · 筹集 (raise) · 平凉市 · 去年 (2021)" in done.stdout
    assert not (tmp_path / "data").exists()


def test_no_cell_is_a_formula() -> None:
    figure = Figure(
        start=1, end=4, value=9.0, unit="元", precision="above", kind="money", sentence=(0, 9),
        counted=None, verb=None, predicate="", codes=(), region=None, stated=False,
        programme=None, time=None, years=(2016, 2020), cumulative=True, planned=True,
    )  # fmt: skip
    one = Kept("d", "=1+1", "@a", None, figure, "9元多", '=HYPERLINK("x")', None, None, None, None)
    (row,) = rows("".join(csv_rows([one])))
    assert (row["title"], row["source"], row["sentence"]) == ("'=1+1", "'@a", '\'=HYPERLINK("x")')
    assert (row["first_year"], row["last_year"]) == ("2016", "2020")
    assert list(lines([one]))[-1] == "    9元多  9元以上 · (2016–2020) · 累计 · 计划"


def test_figures_are_listed_over_http_as_they_stand_in_the_articles(client: httpx.Client) -> None:
    body = client.get("/v1/figures", params={"region": "双鸭山", "programme": "金秋助学"}).json()
    (one,) = [f for f in body["figures"] if f["text"] == "163万元"]
    assert (one["value"], one["unit"], one["predicate"]) == (1630000, "元", "raise")
    document = client.get(f"/v1/documents/{one['document_id']}").json()
    assert document["text"][one["start"] : one["end"]] == one["text"]
    assert document["text"][one["sentence_start"] : one["sentence_end"]] == one["sentence"]
    assert one["url"].endswith(f"#c{one['sentence_start']}-{one['sentence_end']}")


def test_pages_over_http_are_what_the_command_line_prints(
    server: Running, client: httpx.Client
) -> None:
    found, cursor = [], None
    while True:
        params = {"limit": "100", "predicate": "give"} | ({"cursor": cursor} if cursor else {})
        body = client.get("/v1/figures", params=params).json()
        found += body["figures"]
        cursor = body["next_cursor"]
        if cursor is None:
            break
    printed = rows(unionqa("figures", "--csv", "--predicate", "give", DATA=server.data).stdout)
    assert [(f["document_id"], str(f["start"]), f["text"]) for f in found] == [
        (row["document_id"], row["start"], row["figure"]) for row in printed
    ]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"cursor": "x"}, "cursor"),
        ({"cursor": f"{10**30}:1"}, "cursor"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"place": "株洲"}, "place"),
        ({"region": ""}, "region"),
    ],
)
def test_a_wrong_parameter_is_named(
    client: httpx.Client, params: dict[str, str], field: str
) -> None:
    answer = client.get("/v1/figures", params=params)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
