"""Texts from different hands compare as they should."""

import pytest

from eval.text import fold, holds, letters, without_markers


def test_fold_takes_script_width_case_and_pinyin_away() -> None:
    assert fold("習(xí)近平 總書記 ＡＢ１") == "习近平总书记ab1"


def test_letters_keep_numbers_whole() -> None:
    assert letters("“61.19 万元”。98%!") == "61.19万元98%"
    assert letters("共3人。5家") == "共3人5家"


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("建成41家。", "41家", True),
        ("建成141家", "41家", False),
        ("投入11.5万元", "1.5万", False),
        ("投入11.5万元", "5万元", False),
        ("共41.5", "41", False),
        ("共 41。", "41", True),
        ("發放61.19萬元", "61.19万元", True),
        ("随便", "", False),
    ],
)
def test_a_number_is_never_found_inside_another(text: str, wanted: str, expected: bool) -> None:
    assert holds(text, wanted) is expected


def test_markers_go_and_other_brackets_stay() -> None:
    assert without_markers("163万元[1][12],见[注]") == "163万元,见[注]"
