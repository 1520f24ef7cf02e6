"""Other forms of a question ask the same, and a different answer to one is seen."""

from dataclasses import replace

from eval.forms import FORMS, place_last, plain, polite, robustness, typo
from eval.reply import Short
from tests.eval.made import QUESTION, REFUSAL, REPLY, Scripted

ASKED = replace(QUESTION, text="甲乙市金秋助学,筹了多少钱?", region="甲乙市")


def test_each_form_by_hand() -> None:
    assert plain(ASKED) == "甲乙市金秋助学筹了多少钱"
    assert polite(ASKED) == "您好,麻烦请教一下,我想了解的是:甲乙市金秋助学,筹了多少钱?十分感谢!"
    assert place_last(ASKED) == "金秋助学,筹了多少钱?我问的是甲乙市"


def test_a_typo_changes_one_character_outside_the_place() -> None:
    changed = typo(ASKED)
    assert changed is not None
    differing = [i for i, (a, b) in enumerate(zip(changed, ASKED.text, strict=True)) if a != b]
    assert len(differing) == 1
    assert differing[0] >= 3
    assert typo(ASKED) == changed


def test_a_form_that_does_not_apply_is_left_out() -> None:
    assert plain(replace(ASKED, text="筹了多少钱")) is None
    assert place_last(replace(ASKED, region=None)) is None
    assert place_last(replace(ASKED, text="金秋助学筹了多少钱")) is None
    assert typo(replace(ASKED, text="how many 163?")) is None


def test_robustness_compares_status_and_short_answers() -> None:
    forms = {name: form(ASKED) or "" for name, form in FORMS.items()}
    other = replace(REPLY, short_answers=(Short("1元", 1, None, 1.0, "元"),))
    replies = {
        ASKED.text: REPLY,
        forms["plain"]: replace(REPLY, text="换了说法[1]"),
        forms["polite"]: other,
        forms["place-last"]: REFUSAL,
    }
    rows = robustness(Scripted(replies), [ASKED, replace(ASKED, history=("先问",))])
    assert {row.kind: row.measures["same"] for row in rows} == {
        "typo": 0.0,
        "plain": 1.0,
        "polite": 0.0,
        "place-last": 0.0,
    }
    assert [row.error for row in rows if row.kind == "typo"] == ["nothing scripted"]
    assert robustness(Scripted({}), [ASKED]) == []
