"""What is measured of a served folder was really asked and added, and the folder is as before."""

from pathlib import Path

import httpx
import pytest

from eval.apart import Bounds
from eval.errors import SystemFailed
from eval.interval import bootstrap_percentile
from eval.served import Served, index_rate, measure_folder, rows, serving

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
QUESTIONS = ("双鸭山金秋助学筹了多少钱?", "白城建成多少家户外劳动者服务站?")


def documents(url: str) -> list[str]:
    with httpx.Client(base_url=url, trust_env=False) as client:
        listed = client.get("/v1/documents", params={"limit": 100}).json()["documents"]
    return sorted(one["source"] for one in listed)


def test_the_seeds_served_have_every_figure(tmp_path: Path) -> None:
    found = measure_folder(tmp_path, QUESTIONS, added=3)
    assert (found.documents, len(found.ask_ms), len(found.add_ms)) == (5, 2, 3)
    assert min(found.ask_ms) > 0
    assert min(found.add_ms) > 0
    assert found.startup_ms
    assert found.resident_mb
    assert found.peak_mb
    assert found.peak_mb >= found.resident_mb * 0.9
    with serving(tmp_path) as again:
        assert documents(again.url) == sorted(path.name for path in SEEDS.glob("*.txt"))


def test_a_folder_that_cannot_be_served_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemFailed, match=r"no server over .* cannot be used"):
        measure_folder(tmp_path / "file", QUESTIONS)


def test_the_rate_is_of_articles_that_were_indexed(tmp_path: Path) -> None:
    rate, peak = index_rate(SEEDS, Bounds(300.0, 8_000.0))
    assert rate > 0
    assert peak > 0
    with pytest.raises(SystemFailed, match="was not indexed"):
        index_rate(tmp_path, Bounds(300.0, 8_000.0))


def test_rows_say_what_was_measured() -> None:
    served = Served(5, 62, (3.0, 1.0, 2.0), (9.0, 8.0), 1900.0, 516.0, 723.0, (811.0, 900.0))
    said = rows(served)
    for shown in (
        "p50 2.0 ms [",
        "longest 3.0 ms",
        "p50 8.0 ms [",
        "longest of 2 9.0 ms",
        "1.9 s",
        "516 MB, at most 723 MB",
        "811 articles/s",
        "5 articles, 62 passages; commit ",
    ):
        assert shown in said  # fmt: skip
    unseen = rows(Served(5, 62, (1.0,), (1.0,)))
    assert "start-up" not in unseen
    assert "memory" not in unseen


def test_a_percentile_is_a_measured_value_within_its_interval() -> None:
    values = [float(n) for n in range(1, 101)]
    found = bootstrap_percentile(values, 95)
    assert found.mean == 95.0
    assert found.low < 95.0 < found.high
    assert bootstrap_percentile([7.0], 50).low == bootstrap_percentile([7.0], 50).high == 7.0
    assert bootstrap_percentile([], 50).count == 0
