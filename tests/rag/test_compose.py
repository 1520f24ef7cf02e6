"""A said clause is a run of whole clauses of its sentence: no row and no bracket is cut."""

import json
from pathlib import Path

import pytest

from index.index import Snapshot
from rag.ask import ask, look
from rag.compose import clause_of, clauses
from tests.rag.conftest import Made

QUESTIONS = Path(__file__).resolve().parents[2] / "eval" / "data" / "union.jsonl"
ENDS = "，,；;：:。"
CUT = [
    ("向船工、菜农等送去雨衣6件,并道谢。", ["向船工、菜农等送去雨衣6件,", "并道谢。"]),
    ("建棚4座(其中,河东3座),修路2里", ["建棚4座(其中,河东3座),", "修路2里"]),
    ("办好“送茶水,送药箱”两件事,花1,200元", ["办好“送茶水,送药箱”两件事,", "花1,200元"]),
    ("早上8:30开门:到9人;走5人", ["早上8:30开门:", "到9人;", "走5人"]),
    ("共到3,另2人请假", ["共到3,", "另2人请假"]),
]


@pytest.mark.parametrize(("text", "parts"), CUT)
def test_where_a_clause_ends(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in clauses(text)] == parts


def told(made: Made, sentence: str, question: str) -> str:
    """The answer's text to a question on an article of one city with this sentence."""
    article = f"铜陵市工会竭诚服务职工\n\n2022-03-05\n\n铜陵市总工会用心服务。\n\n{sentence}\n"
    return ask(question, made([("a.txt", article)])).text


def test_who_is_given_something_does_not_become_its_giver(made: Made) -> None:
    said = told(
        made,
        "去年,铜陵市总工会向摆渡工、护林员等户外劳动者发放手电筒523个。",
        "铜陵发放了多少个手电筒",
    )
    assert "向摆渡工、护林员等户外劳动者发放手电筒523个。" in said


def test_two_kinds_of_people_share_a_figure_whole(made: Made) -> None:
    said = told(
        made,
        "铜陵市“灯下读书”行动开展以来,418名船工、码头工人享受到学费补贴70余万元。",
        "铜陵灯下读书补贴了多少船工",
    )
    assert "418名船工、码头工人享受到学费补贴70余万元。" in said


def test_a_quoted_name_is_not_cut_in_two(made: Made) -> None:
    said = told(
        made,
        "铜陵市推动730家企业开展“比安全、比节约、比创新”主题竞赛,职工踊跃参加。",
        "铜陵有多少家企业开展竞赛",
    )
    assert "推动730家企业开展“比安全、比节约、比创新”主题竞赛。" in said


def test_every_clause_said_of_the_seeds_is_a_run_of_whole_clauses(seeds: Snapshot) -> None:
    asked = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    seen = 0
    for question in asked:
        if question["split"] != "tune" or question["history"]:
            continue
        found = look(question["question"], seeds)
        for inquiry, evidence in zip(found.inquiries, found.evidence, strict=True):
            for e in evidence:
                text = e.sentence.text
                if e.closed:
                    continue
                said = clause_of(e, inquiry.query)
                start = text.index(said)
                end = start + len(said)
                before, after = text[:start].rstrip(), text[end:].lstrip()
                case = f"{question['question']}: {said!r} of {text!r}"
                assert not before or before[-1] in ENDS, case
                assert not after or after[0] in ENDS + ".", case
                for opening, closing in ("()", "《》"):
                    if text.count(opening) == text.count(closing):
                        assert said.count(opening) == said.count(closing), case
                seen += 1
    assert seen > 500
