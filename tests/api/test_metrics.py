"""What the service did can be read by Prometheus, strictly, and says nothing of what was asked."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from api.metrics import Metrics
from index.index import Index
from rag.answer import Answer
from tests.fakes import BigramAnalyzer, FewPlaces, HashEncoder

SEEN = "双鸭山"
# As `promtool check metrics` knows them: Prometheus counts in base units, written out.
NO_BASE_UNIT = re.compile(
    r"_(?:milli|micro|nano|kilo|mega|giga)?"
    r"(?:milliseconds?|microseconds?|minutes?|hours?|days?|kilobytes?|megabytes?|bits?|percent)(?:_|$)"
)
ABBREVIATED = re.compile(r"_(?:s|ms|us|ns|sec|b|kb|mb|gb|m|h|d)(?:_|$)")


@pytest.fixture
def empty_index(tmp_path: Path) -> Iterator[Index]:
    opened = Index.open(
        tmp_path, analyzer=BigramAnalyzer(), encoder=HashEncoder(), gazetteer=FewPlaces()
    )
    yield opened
    opened.close()


def _value(text: str, name: str) -> float:
    lines = [line for line in text.splitlines() if line.startswith(name)]
    return float(lines[0].rsplit(" ", 1)[1]) if lines else 0.0


def _busy(client: httpx.Client) -> str:
    """The figures of a server that has done a bit of everything."""
    answer = client.post("/v1/ask", json={"question": f"{SEEN}金秋助学筹了多少钱"}).json()
    client.post("/v1/ask", json={"question": "株洲金秋助学筹了多少钱"})
    client.post("/v1/ask", json={"question": ""})
    client.get(f"/{SEEN}")
    client.get("/healthz", headers={"host": "elsewhere.example"})
    client.post("/v1/feedback", json={"answer_id": answer["answer_id"], "vote": "up"})
    for _ in range(2):
        kept = client.post(
            "/v1/documents", files={"file": ("计数.txt", "白山市建成书屋9家。\n" * 3)}
        )
    client.delete(f"/v1/documents/{kept.json()['document_id']}")
    response = client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return response.text


@pytest.fixture(scope="module")
def text(client: httpx.Client) -> str:
    return _busy(client)


@pytest.fixture(scope="module")
def families(text: str) -> list[Metric]:
    return list(text_string_to_metric_families(text))


def test_each_thing_that_happens_is_counted_once(client: httpx.Client) -> None:
    counted = {
        'unionqa_questions_total{door="http",status="answered"}': 1,
        'unionqa_questions_total{door="http",status="not_found"}': 1,
        'unionqa_answer_seconds_count{step="total"}': 2,
        'unionqa_refusals_total{reason="invalid"}': 1,
        'unionqa_refusals_total{reason="not_found"}': 1,
        'unionqa_refusals_total{reason="misdirected_request"}': 1,
        'unionqa_votes_total{vote="up"}': 1,
        'unionqa_uploads_total{result="added"}': 1,
        'unionqa_uploads_total{result="replaced"}': 1,
        "unionqa_index_generation": 2,
    }
    before = client.get("/metrics").text
    after = _busy(client)
    grown = {name: _value(after, name) - _value(before, name) for name in counted}
    assert grown == counted
    assert _value(after, "unionqa_articles") >= 5


def test_no_label_says_what_was_asked(text: str, families: list[Metric]) -> None:
    assert SEEN not in text
    labels = {name for family in families for one in family.samples for name in one.labels}
    assert labels <= {
        "status",
        "door",
        "step",
        "reason",
        "vote",
        "result",
        "queue",
        "version",
        "le",
        "mode",
        "what",
    }


def test_each_family_has_help_and_type_before_its_samples(text: str) -> None:
    described: list[str] = []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            described.append(line.split()[2])
            assert len(line.split()) > 3
        elif line.startswith("# TYPE "):
            assert line.split()[2] == described[-1]
        else:
            name = re.split(r"[{ ]", line)[0]
            assert name in {described[-1] + end for end in ("", "_bucket", "_sum", "_count")}
    assert len(described) == len(set(described))
    assert text.endswith("\n")


def test_no_series_is_there_twice(families: list[Metric]) -> None:
    series = [
        (one.name, tuple(sorted(one.labels.items())))
        for family in families
        for one in family.samples
    ]
    assert len(series) == len(set(series))


def test_names_are_as_promtool_wants_them(families: list[Metric]) -> None:
    for family in families:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", family.name), family.name
        assert not ABBREVIATED.search(family.name), family.name
        assert not NO_BASE_UNIT.search(family.name), family.name
        assert not family.name.endswith(("_gauge", "_histogram", "_counter", "_summary"))
        totals = {one.name.endswith("_total") for one in family.samples}
        assert totals <= {family.type == "counter"}, family.name
        if family.type != "histogram":
            ends = ("_bucket", "_count", "_sum")
            assert not any(one.name.endswith(ends) or "le" in one.labels for one in family.samples)


def test_buckets_add_up_to_the_count(families: list[Metric]) -> None:
    (seconds,) = [family for family in families if family.type == "histogram"]
    steps = {one.labels["step"] for one in seconds.samples}
    assert steps >= {"understand", "retrieve", "evidence", "total"}
    for step in steps:
        mine: list[Sample] = [one for one in seconds.samples if one.labels["step"] == step]
        buckets = [(float(one.labels["le"]), one.value) for one in mine if "le" in one.labels]
        (count,) = [one.value for one in mine if one.name.endswith("_count")]
        assert all(low < high and few <= many for (low, few), (high, many) in pairwise(buckets))
        assert buckets[-1] == (float("inf"), count)


def test_a_queue_is_asked_how_long_it_is_whenever_somebody_reads(empty_index: Index) -> None:
    metrics = Metrics()
    waiting = [1, 2, 3]
    metrics.watch("wecom", lambda: len(waiting))
    assert b'unionqa_queue_length{queue="wecom"} 3.0' in metrics.text(empty_index)
    waiting.clear()
    assert b'unionqa_queue_length{queue="wecom"} 0.0' in metrics.text(empty_index)


def test_doors_are_counted_apart(empty_index: Index) -> None:
    metrics = Metrics()
    answer = Answer("partial", "", (), (), (), None, "问", "问", timings_ms={"total": 3.0})
    metrics.answered(answer, "mcp")
    metrics.answered(answer, "wecom")
    text = metrics.text(empty_index).decode()
    for door in ("mcp", "wecom"):
        assert f'unionqa_questions_total{{door="{door}",status="partial"}} 1.0' in text
