"""A person at a real terminal adds questions to a set; the set can be run, and its gold checked."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from eval.__main__ import app
from eval.dataset import ROOT, SEEDS, UNION
from eval.errors import BadDataset
from eval.formats import read_union
from eval.grow import draft_
from eval.runs import Plan, run

ARTICLE = (
    "临江市总工会2024年工作综述\n\n2024年,临江市各级工会发放助学款57.3万元,资助学生318人。"
    "全市新建职工书屋26家,覆盖企业1204家。\n"
)
NOWHERE = Path("/nonexistent")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "linjiang.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def _at_a_terminal(arguments: list[str], typed: list[str]) -> tuple[int, str]:
    """Status and screen of `python -m eval`, typed at prompt by prompt through a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "eval", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as child:
        os.close(theirs)
        screen = b""
        waiting = iter(typed)
        while piece := _read(ours):
            screen += piece
            if screen.endswith(b": "):
                os.write(ours, next(waiting).encode())
        os.close(ours)
    return child.returncode, screen.decode()


def _read(terminal: int) -> bytes:
    """What the terminal shows next; nothing once the program has gone (Linux says EIO)."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


def test_a_person_accepts_edits_skips_and_leaves(article: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    arguments = ["draft", str(article), "--set", str(own)]
    status, screen = _at_a_terminal(
        arguments, ["a\n", "e\n", "新建了多少家职工书屋?\n", "\n", "q\n"]
    )
    assert status == 0, screen
    assert "57.3万元" in screen
    assert "2 questions appended" in screen
    first, second = read_union([own / "questions.jsonl"])
    assert first.answers == ("57.3万元",)
    assert second.text == "新建了多少家职工书屋?"
    assert (first.gold[0].source, first.needs) == (None, "own")
    assert (own / "articles" / article.name).read_text(encoding="utf-8") == ARTICLE
    # again: what was accepted is not proposed twice; leaving by Ctrl-D keeps what there is
    status, screen = _at_a_terminal(arguments, ["\x04"])
    assert status == 0, screen
    assert "2 are in questions.jsonl already" in screen
    assert len(read_union([own / "questions.jsonl"])) == 2


def test_a_set_of_ones_own_can_be_run_and_checked(
    article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    monkeypatch.setattr("builtins.input", lambda prompt: "a")
    draft_(article, own)
    plan = Plan(data="own", added=(own,), data_root=NOWHERE, cache=tmp_path / "cache")
    (result,) = run(plan, "own")
    assert len(result.rows) >= 3
    assert [row.error for row in result.rows if row.error] == []
    assert all(row.measures["recall@10"] == 1.0 for row in result.rows)
    clean_set = CliRunner().invoke(app, ["check", "--set", str(own)])
    assert (clean_set.exit_code, clean_set.output) == (0, "")
    questions = own / "questions.jsonl"
    questions.write_text(questions.read_text(encoding="utf-8").replace("57.3", "75.3"))
    wrong = CliRunner().invoke(app, ["check", "--set", str(own)])
    assert wrong.exit_code == 1
    assert "does not hold '75.3万元'" in wrong.output


def test_an_article_that_is_no_seed_never_joins_our_own_set(article: Path) -> None:
    before = UNION.read_bytes()
    with pytest.raises(BadDataset, match="give --set FOLDER"):
        draft_(article)
    assert UNION.read_bytes() == before


def test_wrong_gold_of_the_committed_set_would_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gold of every figure, moved to where no figure has room, is found."""
    lines = [json.loads(line) for line in UNION.read_text(encoding="utf-8").splitlines()]
    seeds = [
        line
        for line in lines
        if line["status"] == "answered" and line.get("value") and line["gold"][0].get("source")
    ]
    assert len(seeds) > 40
    for line in seeds:
        for gold in line["gold"]:
            gold["source_start"] = max(0, gold["source_start"] - 900)
            gold["source_end"] = gold["source_start"] + 3
    moved = tmp_path / "union.jsonl"
    moved.write_text("".join(json.dumps(line) + "\n" for line in seeds))
    monkeypatch.setattr("eval.dataset.UNION", moved)
    found = CliRunner().invoke(app, ["check"])
    named = {line.split(" ")[1].rstrip(":") for line in found.output.splitlines()}
    assert found.exit_code == 1
    assert {line["id"] for line in seeds} <= named
    assert isinstance(found.exception, typer.Exit | SystemExit)
    assert all((SEEDS / line["gold"][0]["source"]).exists() for line in seeds)
