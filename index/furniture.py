"""Here are the lines of a page; give me those that are no part of the article, with a reason.

Bold at both ends of a page, careful between them: a line of prose is dropped only as a repetition.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A paragraph is prose when it is this long, or ends a sentence and is half as long.
_PROSE = 50
_REPEATED = 20  # characters; shorter lines recur for good reasons (是。 一、 记者)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of folded text, [start, end) without the white space around it."""

    start: int
    end: int
    text: str

    @property
    def is_prose(self) -> bool:
        """Whether it reads as a paragraph rather than a heading, a caption or a link."""
        size = len(self.text)
        if size < _PROSE // 2:
            return False
        if size < _PROSE:
            return self.text[-1] in "。！？!?”；"
        return size >= 2 * _PROSE or _SENTENCE.search(self.text) is not None


# A line ends at its end; text that lost its line ends keeps wide gaps between paragraphs.
_BREAK = re.compile(r"\n\s*|(?<=[。！？!?”」』…)）】])[^\S\n]{2,}")
_SENTENCE = re.compile("[。！？；，,;]")

_NEWSPAPER = re.compile(
    r"(?:第?\d+版[:：].*|第[A-Z]?\d+版.{0,12}|\d?上一版\d?|\d?下一版\d?|"
    r"\d?上一版.*下一版\d?|版面导航|版面目录|标题导航|"
    r"本版(?:导航|新闻|导读)|站内检索|往期回顾|.{0,6}上一篇.{0,4}下一篇.*|数字报.{0,10}|"
    r"PDF版.{0,6}|版面概览)"
)
_NAVIGATION = re.compile(
    r"(?:APP下载|下载APP|客户端下载|关闭(?:窗口|本页)?|打印(?:本页)?|收藏|评论|点赞|举报|"
    r"纠错|返回(?:首页|顶部|目录|列表|上一页)?|首页|"
    r"放大.{0,3}缩小.{0,3}默认|放大|缩小|默认|字[号体](?:[:：].{0,12})?|"
    r"[【\[]?大 ?中 ?小[】\]]?|分享(?:(?:到|至)[:：]?.{0,24}|[:：].{0,24})?|"
    r"扫一扫.{0,24}|微信扫.{0,24}|手机(?:看新闻|看|版|访问)|.{0,4}当前(?:的)?位置.{0,60}|"
    r"您的位置.{0,60}|"
    r"(?:首页|主页|新闻|.{2,10}网)(?: ?[>»›] ?[^>»›]{1,14}){1,5}|阅读全文|查看(?:更多|"
    r"原文|详情).{0,8}|点击(?:查看|进入|加载).{0,12}|"
    r"更多.{0,8}(?:>+|»)|加载更多|登录|注册|设为首页|加入收藏|上一篇.{0,40}|下一篇.{0,40}|"
    r"上一页|下一页|浏览(?:次数|量)?[:：]?.{0,8}|"
    r"网友评论.{0,10}|返回搜狐,?，?查看更多|分享让更多人看到)"
)
_LEGAL = re.compile(
    r"版权所有|copyright|©|ICP ?(?:备|证)?\d|ICP备|公网安备|all rights reserved|登载服务许可", re.I
)
# Also said in articles; furniture only below the last prose.
_LEGAL_BELOW = re.compile(
    r"未经.{0,10}(?:许可|授权).{0,16}(?:转载|镜像|使用|复制)|不良信息举报|许可证(?:号|编号)?[:：]|"
    r"广播电视节目制作|技术支持[:：]"
)
_ADDRESS = re.compile(
    r"(?:(?:联系|单位|社|公司|报社|本报)?(?:地址|邮编|邮政编码|电话|传真|邮箱|热线|网址|"
    r"E-?mail)[:：]|https?://|www\.).*|"
    r".{2,14} ?(?:https?://|www\.)[\w./-]+",
    re.I,
)
_EDITOR = re.compile(
    r"[(（\[【]?(?:责任编辑|责编|编辑|编审|校对|监制|审核|审校|终审|一审|二审|三审|"
    r"值班编委|值班总编|流程编辑|网络编辑)"
    r"[:：/ ].{0,40}"
)
_RELATED = re.compile(
    r"[【\[—·\- ]*(?:猜你喜欢|你可能(?:还)?喜欢|相关(?:新闻|链接|阅读|推荐|文章|报道|资讯|"
    r"内容|专题)|推荐(?:阅读|文章|新闻)|延伸阅读|"
    r"热门(?:推荐|文章|新闻|评论)|精彩推荐|更多阅读|大家都在看|为您推荐|为你推荐|阅读推荐|"
    r"友情链接|点击排行|新闻排行|图片推荐|"
    r"往期回顾|最新(?:评论|文章)|今日热点|编辑推荐)[】\]—·\-:： ]*"
)
# One sentence at most: what says more is content, even under a picture.
_CAPTION = re.compile(
    r"(?:[▲△▼▽↑↓◀▶◆]|图为|图[一二三四五六七八九十\d]{0,2}[:：]|图说[:：]|资料图|"
    r"配图)[^。！？!?]{0,80}"
    r"(?:[。！!]\s*(?:[^。！？!?，,]{0,14}[(（]?\S{2,8} ?(?:摄|供图)[)）]?)?)?|"
    r"[^。！？!?]{2,60}(?:[/ )）。]\S{2,8} ?摄|摄影[:：]\S{2,8}|供图|图片来源.{0,14}|"
    r"资料图片?)[)）。]?"
)
_LINK_NAME = re.compile(
    r"\S{0,10}(?:网|局|报|站|频道|政府|论坛|信息港|委|办|委员会|在线|传媒|热线|社区|集团|"
    r"大学|协会|总工会)"
)


def split_lines(text: str, start: int = 0) -> list[Line]:
    """The lines of text[start:] that hold anything, in order."""
    lines: list[Line] = []
    at = start
    for match in _BREAK.finditer(text, start):
        _append(lines, text, at, match.start())
        at = match.end()
    _append(lines, text, at, len(text))
    return lines


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """`lines` with those joined that a page broke at its right edge (PDF, old web pages).

    A page is taken for wrapped where most of its lines are about as long as its longest.
    """
    edge = _right_edge(lines)
    if edge is None:
        return list(lines)
    joined: list[Line] = []
    broken = False
    for line in lines:
        last = joined[-1] if joined else None
        if last is not None and broken and line.start - last.end == 1:
            joined[-1] = Line(last.start, line.end, last.text + line.text)
        else:
            joined.append(line)
        broken = len(line.text) >= edge and _GOES_ON.search(line.text) is not None
    return joined


def _right_edge(lines: Sequence[Line]) -> int | None:
    """The length from which a line reaches the right edge; None where the page has none."""
    if len(lines) < _FEWEST_WRAPPED:
        return None
    lengths = sorted(len(line.text) for line in lines)
    longest = lengths[len(lengths) * 9 // 10]
    reaching = sum(longest - _RAGGED <= length <= longest + _RAGGED for length in lengths)
    if _NARROWEST <= longest <= _WIDEST and reaching * 5 >= len(lines) * 3:
        return longest - _RAGGED
    return None


_FEWEST_WRAPPED = 6  # lines
_NARROWEST, _WIDEST = 15, 80  # characters of a full line
_RAGGED = 3  # characters by which full lines differ
_GOES_ON = re.compile("[^。！？!?；;：:…”』」]$")


def _append(lines: list[Line], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        first = start + len(piece) - len(piece.lstrip())
        lines.append(Line(first, first + len(bare), bare))


def furniture(lines: Sequence[Line]) -> list[str]:
    """For each line the reason to drop it, "" for those to keep."""
    prose = [i for i, line in enumerate(lines) if line.is_prose]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    reasons = [
        _reason(line.text, above=index < first, below=index > last)
        for index, line in enumerate(lines)
    ]
    _drop_headline_list(lines, reasons, first)
    _drop_related(lines, reasons)
    _drop_addresses(lines, reasons, last)
    _drop_repeated(lines, reasons)
    return reasons


def _reason(text: str, above: bool, below: bool) -> str:
    """Why a line is no part of the article, by itself: above, below or between its prose."""
    if len(text) > 2 * _PROSE and not below:
        return ""
    is_bar = _NEWSPAPER.fullmatch(text) or _NAVIGATION.fullmatch(text)
    if is_bar and (above or below or len(text) <= _LONGEST_BETWEEN):
        return "navigation"
    if _EDITOR.fullmatch(text):
        return "editor"
    if _CAPTION.fullmatch(text):
        return "caption"
    if (len(text) < _PROSE or below) and _LEGAL.search(text):
        return "legal notice"
    if below and _LEGAL_BELOW.search(text):
        return "legal notice"
    return "links" if _is_link_list(text) else ""


_LONGEST_BETWEEN = 10  # characters of a navigation line inside an article


def _drop_addresses(lines: Sequence[Line], reasons: list[str], last_prose: int) -> None:
    """Address and telephone below the prose are the publisher's where a legal notice stands too."""
    tail = range(last_prose + 1, len(lines))
    if any(reasons[index] == "legal notice" for index in tail):
        for index in tail:
            if not reasons[index] and _ADDRESS.fullmatch(lines[index].text):
                reasons[index] = "address"


def _is_link_list(text: str) -> bool:
    """Whether a line is a row of names of sites (人民网 新华网 央视网 光明网)."""
    names = text.split()
    if len(names) < 3 or _SENTENCE.search(text):
        return False
    return sum(_LINK_NAME.fullmatch(name) is not None for name in names) * 3 > len(names) * 2


def _drop_headline_list(lines: Sequence[Line], reasons: list[str], first_prose: int) -> None:
    """A newspaper page opens with the headlines of all its articles; ours stands below them."""
    bars = [i for i in range(first_prose) if _NEWSPAPER.fullmatch(lines[i].text)]
    if len(bars) < 2 or not any(not reasons[i] for i in range(bars[-1] + 1, first_prose)):
        return
    for index in range(bars[0], bars[-1]):
        reasons[index] = reasons[index] or "headline list"


def _drop_related(lines: Sequence[Line], reasons: list[str]) -> None:
    """From 猜你喜欢 on, everything up to the next prose, or the end."""
    dropping = False
    for index, line in enumerate(lines):
        if _RELATED.fullmatch(line.text):
            dropping = True
        elif line.is_prose and not line.text.startswith("http"):
            dropping = False
        if dropping:
            reasons[index] = reasons[index] or "related articles"


def _drop_repeated(lines: Sequence[Line], reasons: list[str]) -> None:
    """The second of two paragraphs that are the same."""
    seen: set[str] = set()
    for index, line in enumerate(lines):
        if len(line.text) >= _REPEATED and not reasons[index]:
            if line.text in seen:
                reasons[index] = "repeated"
            seen.add(line.text)
