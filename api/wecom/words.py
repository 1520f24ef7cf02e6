"""Here is a situation; give me what we say to a colleague in it."""

from collections.abc import Sequence

NOT_TEXT = "目前只能回答文字问题，请用文字提问。"
TOO_LONG = "问题太长了，请缩短到 2000 字以内再发。"
NOTHING = "请在 @ 之后写上您的问题。"
AFRESH = "好的，新对话开始了。之前的内容不再作为上文。"
FAILED = "抱歉，查找时出了问题，这个问题没有得到回答。请再问一次。"
BUSY = "现在提问的人很多，这个问题没有排上。请过几分钟再问。"
BUSY_USER = "您还有很多问题在等待回答，这个问题没有排上。请等前面的回答之后再问。"
LATE = "这个问题要多花一些时间，答案稍后发送。"
LATE_LOST = "这个问题没能按时回答，请再问一次。"
NO_STREAM = "这条回答已经过期，请再问一次。"
BAD_LINK = "这个链接已经过期，或不完整。请在企业微信里再问一次。"
CHANGED = "这篇文章后来改过，所引的句子已不在其中。"
DELETED = "这篇文章已被删除。"
REST = "\n……（未完，其余部分另发）"


def please_wait(before: int) -> str:
    """What somebody is told before whom others wait."""
    return f"请稍候，前面还有 {before} 个问题。"


def welcome(examples: Sequence[str]) -> str:
    """What somebody is greeted with: up to three questions that the articles answer."""
    lines = [
        "您好，我是工会问答。我只根据收录的文章回答，并给出原句和出处；文章里没有的，会直接说没有。"
    ]
    if examples:
        lines += ["您可以这样问：", *(f"· {question}" for question in examples[:3])]
    return "\n".join([*lines, "发送“帮助”看用法，发送“新对话”重新开始。"])


def help_text(examples: Sequence[str], *, links: bool) -> str:
    """What the word 帮助 is answered with; `links`: whether answers have them."""
    lines = [
        "直接用一句话提问，最好带上地方和事项，例如：",
        *(f"· {question}" for question in examples[:3]),
        "可以接着问“那白城呢？”。每个人在每个会话里的上文是分开的。",
        "“新对话”：不再参考上文。",
        "在群里请先 @ 我。",
    ]
    if links:
        lines.append("答案下面的链接打开原文，并标出所引的句子。")
    return "\n".join(lines)
