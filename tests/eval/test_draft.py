"""Drafts carry their sentence, and only what a person accepts becomes a question."""

import json
from pathlib import Path

import pytest

from eval.check import check, seed_source
from eval.dataset import SEEDS
from eval.draft import Draft, as_line, carrying, dialogue, drafts, split_of
from eval.errors import BadDataset
from eval.formats import read_union
from eval.question import Question

PROPOSED = drafts(sorted(SEEDS.glob("*.txt"))[0])


def _talk(answers: list[str], proposed: list[Draft]) -> tuple[list[Question], list[str]]:
    """What was accepted by a person who types these lines, and what was shown."""
    said: list[str] = []
    lines = iter(answers)

    def ask(prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    return list(dialogue(proposed, ask, said.append)), said


def test_every_draft_of_an_article_has_right_gold() -> None:
    assert len(PROPOSED) > 20
    found = check([draft.question for draft in PROPOSED], seed_source)
    assert [f for f in found if f.certain and "asked twice" not in f.message] == []
    figures = {answer for draft in PROPOSED for answer in draft.question.answers}
    assert "163万元" in figures
    assert all("多少" in draft.question.text for draft in PROPOSED)


def test_the_person_decides() -> None:
    accepted, said = _talk(["a", "s", "e", "改过的问题?", "", "q", "a"], PROPOSED)
    assert [q.text for q in accepted] == [PROPOSED[0].question.text, "改过的问题?"]
    assert accepted[1].answers == PROPOSED[2].question.answers
    assert any(PROPOSED[0].sentence in line for line in said)
    assert _talk([], PROPOSED)[0] == []


def test_accepted_questions_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "union.jsonl"
    accepted, _ = _talk(["a"] * 3, PROPOSED)
    path.write_text("".join(as_line(q) + "\n" for q in accepted), encoding="utf-8")
    assert read_union([path]) == accepted
    assert all(q.split == split_of(q.id) for q in accepted)


def test_a_log_gives_what_went_wrong(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    logged = [
        {"question": "好的?", "status": "answered", "vote": "up"},
        {"question": "双鸭山金秋助学筹了多少钱?", "status": "not_found"},
        {"question": "不对的?", "status": "answered", "vote": "down"},
    ]
    path.write_text("\n".join(json.dumps(line) for line in logged))
    found = drafts(path)
    assert [draft.question.text for draft in found] == [logged[1]["question"], "不对的?"]
    lines = ["e", "", "163万元", "0", "e", "", ""]
    (answered, refused), _ = _talk(lines, found)
    assert (answered.kind, answered.status, answered.value) == ("figure", "answered", 1_630_000.0)
    assert check([answered], seed_source) == []
    assert (refused.status, refused.answers, refused.gold) == ("not_found", (), ())
    path.write_text("{")
    with pytest.raises(BadDataset, match=r"log.jsonl: .*line 1"):
        drafts(path)


def test_an_answer_in_no_article_stays_unanswerable(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps({"question": "几家?", "vote": "down"}))
    (kept,), said = _talk(["e", "", "987654家"], drafts(path))
    assert (kept.status, kept.gold) == ("not_found", ())
    assert any("kept as unanswerable" in line for line in said)
    assert carrying("987654家") == []


def test_what_the_service_shows_as_asked_is_read(tmp_path: Path) -> None:
    table = tmp_path / "asked.csv"
    rows = (
        "类别,内容,次数,最近,备注",
        "未答问题,几家?,3,2024-01-01,多少家",
        "不对,'=多少?,1,2024-01-02,",
        "常用文章,题目,9,,d1",
        "每日提问,2024-01-01,4,,未答 1",
    )
    table.write_text("\r\n".join(rows), encoding="utf-8-sig")
    assert [draft.question.text for draft in drafts(table)] == ["几家?", "=多少?"]
    told = tmp_path / "asked.json"
    told.write_text(
        json.dumps({"refused": [{"question": "几家?"}], "down": [{"question": "多少?"}] * 2})
    )
    assert [draft.question.text for draft in drafts(told)] == ["几家?", "多少?"]
    told.write_text('{"error": 1}')
    with pytest.raises(BadDataset, match="is no record of what was asked"):
        drafts(told)


def test_a_file_that_is_no_article_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="no such file"):
        drafts(tmp_path / "nothing.txt")
