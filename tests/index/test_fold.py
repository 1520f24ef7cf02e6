"""Folding: known damage gives known text, and every character knows where it came from."""

import pytest
from hypothesis import given, settings

from index.align import Aligned
from index.fold import fold, simplified
from tests.index.articles import damaged_texts


def _folded(text: str) -> str:
    return fold(Aligned.identity(text))[0].text


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("習(xí)近平總書記", "习近平总书记"),
        ("會（huì）議（yì）", "会议"),
        ("習(xí)近(jìn)平(píng)來了(le)", "习近平来了"),
        ("登录APP(ios)和系统(xi)", "登录APP(ios)和系统(xi)"),
        ("中国(china)很大(dà)", "中国(china)很大"),
        ("１２３％的ＡＰＰ用户，（共５家）。", "123%的APP用户，（共5家）。"),
        ("工\u200b会\ufeff的\u202e职\x00工\ufffd之\ue001家", "工会的职工之家"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("⼯会", "工会"),
        ("乾隆與乾坤，頭髮發財", "乾隆与乾坤，头发发财"),
        ("幫你爭(zhēng)?。粰?quán)益有侵害", "帮你争。益有侵害"),
        ("來(lái)源: 菏澤日?qǐng)?bào) 時(shí)間", "来源: 菏泽日报 时间"),
        ("勞動獎(jiǎng)?wù)隆?月31日", "劳动奖月31日"),
        ("慰問職工。" * 12 + "勞動獎(jiǎng)?wù)隆?月31日", "慰问职工。" * 12 + "劳动奖\n\f月31日"),
        ("慰問職工。" * 12 + "通報表(biǎo)?yáng),分別", "慰问职工。" * 12 + "通报表\n\f分别"),
        ("她就是媽(mā)媽?qǐng)!?/p>\n好", "她就是妈妈!\n好"),
        ("真的吗?好。为什么?", "真的吗?好。为什么?"),
        ("工会</p><br/>家", "工会家"),
    ],
)
def test_damage_gives_the_text_a_reader_would_write(received: str, expected: str) -> None:
    assert _folded(received) == expected


@settings(max_examples=150, derandomize=True, deadline=None)
@given(damaged_texts())
def test_what_a_character_came_from_folds_to_it(text: str) -> None:
    folded, dropped = fold(Aligned.identity(text))
    seen = [False] * len(text)
    for at in range(len(folded.text)):
        start, end = folded.alignment.source_span(at, at + 1)
        seen[start:end] = [True] * (end - start)
        if end - start == 1 and text[start] != folded.text[at]:
            assert folded.text[at] in (simplified(folded.text)[at], "\n")
    for span in dropped:
        seen[span.source_start : span.source_end] = [True] * (span.source_end - span.source_start)
    assert all(seen), "a character of the source is neither kept nor told as dropped"


@settings(max_examples=80, derandomize=True, deadline=None)
@given(damaged_texts())
def test_script_changes_never_change_the_length(text: str) -> None:
    assert len(simplified(text)) == len(text)
