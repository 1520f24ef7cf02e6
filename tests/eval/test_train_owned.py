"""What is learned puts the right figure first, saw nothing it is tested on, is always the same."""

from pathlib import Path

import numpy as np

from eval.dataset import Dataset
from eval.question import Gold, Question
from eval.train_owned import (
    SETS,
    Choice,
    Tools,
    documents_of,
    fit,
    held_out,
    is_right,
    of_questions,
    write_weights,
)
from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from rag.owned import NAMES, read_weights


def choice(number: int, telling: int = 0) -> Choice:
    """Four figures of chance; the one highest in feature `telling` is meant."""
    found = np.random.default_rng(number).random((4, len(NAMES)))
    return Choice("made", f"article {number}", "", "", found, int(np.argmax(found[:, telling])))


def test_what_tells_is_learned_and_holds_on_other_articles() -> None:
    choices = [choice(number) for number in range(400)]
    assert sum(held_out(choices)) / len(choices) > 0.8  # by chance: one in four
    weights = fit(choices)
    assert int(np.argmax(np.abs(weights))) == 0
    assert np.array_equal(weights, fit(choices))
    assert is_right(choices[0], np.eye(len(NAMES))[0]) == 1.0


def test_what_only_its_own_article_tells_is_not_learned_from_it() -> None:
    """An article whose rule is the contrary of all others' is answered wrongly when held out."""
    choices = [choice(number) for number in range(200)]
    odd = Choice("made", "odd", "", "", -choice(999).found, choice(999).right, weight=1e4)
    assert held_out([*choices, odd])[-1] == 0.0


def test_the_weights_are_written_as_they_are_read(tmp_path: Path) -> None:
    weights = fit([choice(number) for number in range(50)])
    write_weights(weights, ["made"], tmp_path / "owned.json")
    np.testing.assert_allclose(read_weights(tmp_path / "owned.json").values, weights, rtol=1e-3)


def test_no_test_set_is_learned_from() -> None:
    assert {name.split("/")[0] for name, _, _ in SETS} == {"train", "union"}
    assert dict((name, split) for name, split, _ in SETS)["union"] == "tune"


def test_a_question_gives_the_figures_of_the_sentence_with_its_answer(tmp_path: Path) -> None:
    (tmp_path / "报.txt").write_text("工会报告\n\n审理案件63件,成功调解40件。共有40件作品。")
    tools = Tools(Analyzer.open(), Gazetteer.open())
    asked = Question(
        id="q",
        kind="figure",
        split="tune",
        text="成功调解了多少件",
        answers=("40件",),
        gold=(Gold("报.txt", None, None, None),),
    )
    dataset = Dataset("made", (asked,), (tmp_path,), "", "")
    (found,) = of_questions(dataset, documents_of(dataset.corpus, tools), 2.0, tools)
    assert (found.text, found.right, found.weight) == ("审理案件63件,成功调解40件。", 1, 2.0)
    assert found.found.shape == (2, len(NAMES))
