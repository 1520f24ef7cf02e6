"""The page stands alone, shows what was asked for, and escapes what it quotes."""

import re
from xml.etree import ElementTree

from eval import plots
from eval.compare import compare
from eval.report import as_html, markdown
from eval.results import Result
from tests.eval.made import result, row


def _result(good: float = 1.0, name: str = "made") -> Result:
    measures = {"good": good, "refused": good, "false_refusal": 0.0, "recall@5": good}
    citation = {
        "id": 1, "region": "甲市", "date": None, "source": "a.txt", "quote": "<b>引文</b>",
    }  # fmt: skip
    found = {"text": "一段<i>", "ranks": {"bm25": 1}, "gold": True}
    rows = [
        row("a", good, "1", measures=measures, citations=(citation,), found=(found,)),
        row("b", 0.0, "2", kind="list", question="秘密的题", split="test", measures=measures),
    ]
    return result(rows, name)


def test_the_page_needs_nothing_from_outside_and_escapes() -> None:
    page = as_html([_result(), _result(0.0, "other")])
    assert not re.search(r"<script|<link|@import|url\(http|src=", page)
    assert "<b>引文</b>" not in page
    assert "&lt;b&gt;引文" in page
    assert "holds the answer" in page
    assert page.count("<svg") == 5


def test_questions_set_aside_are_counted_and_not_shown() -> None:
    page = as_html([_result()])
    assert "秘密的题" not in page
    assert "1 questions set aside" in page
    assert "秘密的题" in as_html([_result()], show_test=True)


def test_what_is_only_near_says_why() -> None:
    cited = {"id": 1, "region": "乙市", "date": None, "source": "b.txt", "quote": "q"}
    near = row("a", 1.0, citations=({**cited, "note": "乙市<的数字"},), related=(1,))
    assert "(only near: 乙市&lt;的数字)" in as_html([result([near])])
    assert "(only near)" in as_html([result([row("a", 1.0, citations=(cited,), related=(1,))])])


def test_runs_made_alike_are_named_in_one_line() -> None:
    page = as_html([_result(), _result(0.0, "other")])
    assert "<strong>made (2), other (2)</strong>" in page
    assert page.count("python -m eval run") == 1


def test_plots_show_the_first_run_and_those_furthest_from_it() -> None:
    goods = (0.5, 0.5, 0.6, 0.1, 0.7, 0.4, 0.9, 0.5)
    runs = [_result(good, f"r{at}") for at, good in enumerate(goods)]
    shown = [one.name for one in plots.furthest(runs, "refused")]
    assert shown == ["r0", "r2", "r3", "r4", "r5", "r6"]
    assert plots.furthest(runs[:3], "refused") == runs[:3]
    assert plots.furthest(runs, "not measured") == []
    assert "show the first run" in as_html(runs)
    assert "show the first run" not in as_html(runs[:2])


def test_markdown_has_provenance_quality_and_latency_together() -> None:
    text = markdown([_result(), _result(0.0, "other")])
    assert "commit `cccccccccccc`" in text
    assert "| all | 2 | 1.000 [1.00, 1.00]" in text
    assert re.search(r"^\| all \| 2 .* \| 1\.0 / 1\.0 / 1\.0 \|$", text, re.M)
    assert "made → other" in text


def test_plots_are_text_xml_and_the_same_each_time() -> None:
    results = [_result(), _result(0.0, "other")]
    drawn = [
        plots.quality_by_kind(results),
        plots.recall_against_k(results),
        plots.latency_distribution(results),
        plots.refusal_trade_off(results),
        plots.differences([("other", compare(*results)[0])]),
    ]
    for svg in drawn:
        ElementTree.fromstring(svg)
        assert not re.search(r'<svg[^>]* width="', svg)
    assert plots.quality_by_kind(results) == drawn[0]
    assert ">list<" in drawn[0]


def test_each_sentence_weighed_says_which_gate_was_closed() -> None:
    sentence = {
        "source": "b.txt", "sentence": "乙市筹<3万元", "span": "3万元", "region": "乙市",
        "closed": "other", "covers": 0.5,
    }  # fmt: skip
    page = as_html([result([row("a", 1.0, weighed=(sentence, {**sentence, "closed": ""}))])])
    assert "乙市筹&lt;3万元 → <strong>3万元</strong> <em>(gate closed: other)</em>" in page
    assert "(every gate open)" in page
    assert "乙市, b.txt; covers 0.50" in page
    assert "Weighed" not in as_html([result([row("a", 1.0)])])
