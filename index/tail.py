"""Here are the lines of an article; give me the furniture that runs on behind its last sentence."""

import re
from collections.abc import Sequence

from index.align import Edit
from index.furniture import Line
from index.headline import Facts, read_credit

_REACH = 400  # characters from the end of the article in which its tail is looked for
_MOST_PIECES = 8
_NOT_SENTENCE = "[^。！？!?]"
# What feeds put behind an article on the same line; each ends the text.
_TAIL = re.compile(
    rf"(?:(?P<editor>[(（\[【]?\s*(?:责任编辑|责编|编辑|编审|校对|监制|审核|流程编辑|"
    rf"来源[:：]\S{{2,20}}\s*编辑)[:：/ |]{_NOT_SENTENCE}{{0,50}}(?:转载请注明出处。)?)"
    r"|(?P<legal>(?:风险提示|"
    r"(?<![一-龥])声明)[:：].{2,320}|本文属于原创文章,?，?如若转载.*|(?:未经|"
    r"任何).{0,20}授权.{0,60}|.{0,12}转载请注明.{0,30}"
    r"|本文(?:来源|来自|转自).{2,40}|图片来源.{2,20})"
    r"|(?P<appeal>【(?:投稿|爆料|免责).{2,120}】|此文内容为企业供稿.{0,12}|"
    r"新闻线索报料通道.*|【爆料】.*|(?:扫码|长按|点击|识别|"
    r"戳)[^。]{0,20}(?:关注|下载|二维码|原文|订阅).{0,40}|(?:设为|加)星标.{0,60})"
    rf"|(?P<source>[(（\[【—]*\s*(?:来源|转自|稿源)[:：]{_NOT_SENTENCE}{{2,40}})"
    rf"|(?P<credit>[(（\[【]?\s*(?:文[/／]|图[/／]|采写[:：]|"
    rf"作者[:：])?[^。！？!?，,“”]{{0,14}}(?:记者|通讯员){_NOT_SENTENCE}{{2,50}})"
    r"|(?P<end>[(（]完[)）]|[(（]央视新闻客户端[)）]))\s*$"
)
# Words of the page itself, which may follow the last word without any mark.
_SITE = re.compile(
    rf"(?:返回搜狐，?,?查看更多(?:\s*责任编辑[:：]{_NOT_SENTENCE}{{0,8}})?|"
    rf"分享让更多人看到|更多精彩内容请进入.{{2,8}}|"
    r"翻译搜索复制|本版导读|(?:广告|免责|特别|版权)声明[:：].{8,320})\s*$"
)
_HINT = re.compile(
    "责编|编辑|编审|校对|监制|审核|声明|原创|授权|转载|来源|来自|转自|稿源|通道|爆料|"
    "扫码|长按|点击|星标|记者|通讯员|完[)）]|客户端|风险提示"
)
_STARTS = re.compile(r"(?<=[。！？!?”’）)】\]…])|\s+|^")
_SHORTEST_BODY = 20


def tail_cuts(lines: Sequence[Line], facts: Facts) -> tuple[list[Line], list[Edit]]:
    """The lines without their tail, and what was cut; its credits go to `facts`."""
    kept = list(lines)
    cuts: list[Edit] = []
    for _ in range(_MOST_PIECES):
        if not kept:
            break
        line = kept[-1]
        cut = _piece(line.text)
        if cut is None or (len(kept) == 1 and cut[0] < _SHORTEST_BODY):
            break
        at, reason = cut
        if reason in ("source", "credit", "editor"):
            read_credit(line.text[at:], facts)
        cuts.append(Edit(line.start + at, line.end, "", _REASONS[reason]))
        rest = line.text[:at].rstrip()
        kept.pop()
        if rest:
            kept.append(Line(line.start, line.start + len(rest), rest))
    return kept, cuts


_REASONS = {
    "site": "navigation", "editor": "editor", "legal": "legal notice", "appeal": "appeal",
    "source": "credit", "credit": "credit", "end": "end mark",
}  # fmt: skip


def _piece(text: str) -> tuple[int, str] | None:
    """Where the last piece of furniture of `text` begins, and its kind."""
    floor = max(0, len(text) - _REACH)
    site = _SITE.search(text, floor)
    if site:
        return site.start(), "site"
    if not _HINT.search(text, floor):
        return None
    for start in _STARTS.finditer(text, floor):
        match = _TAIL.match(text, start.end())
        if match and match.lastgroup:
            return start.end(), match.lastgroup
    return None
