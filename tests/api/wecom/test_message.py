"""A mention is the bot's name and nothing else; what follows it stays as it was typed."""

import pytest

from api.wecom.message import bot_body, without_mention
from tests.api.wecom.checklist import item
from tests.api.wecom.rig import bot_text


@item(67)
@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("@RobotA 年假", "年假"),
        ("@RobotA  年假", "年假"),
        ("@RobotA\u2005年假", "年假"),
        ("@RobotA\u00a0年假", "年假"),
        ("@RobotA\u3000年假", "年假"),
        ("@RobotA\n年假", "年假"),
        ("＠RobotA 年假", "年假"),
        ("@RobotAB 年假", "@RobotAB 年假"),
        ("@RobotA 邮箱 a@b.com 是谁的", "邮箱 a@b.com 是谁的"),
        ("@RobotA @张三 的年假", "@张三 的年假"),
        ("请问 @RobotA 是什么", "请问 @RobotA 是什么"),
        ("@张三 的年假", "@张三 的年假"),
        ("@RobotA", ""),
    ],
)
def test_only_the_bots_name_at_the_beginning_is_taken_off(typed: str, asked: str) -> None:
    assert without_mention(typed, "RobotA") == asked
    kind = "question" if asked else "nothing"
    message = bot_body(bot_text(typed, chat="G1"), "AIBOTID", "RobotA")
    assert (message.kind, message.text) == (kind, asked)


@item(67)
def test_a_name_may_have_spaces_and_may_be_unknown() -> None:
    assert without_mention("@工会 小助手 /stop", "工会 小助手") == "/stop"
    assert without_mention("@工会 小助手 年假", None) == "@工会 小助手 年假"
