"""Here are the lines of an article; give me its title, date, publisher and author."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.dates import find_date, find_feed_date
from index.furniture import Line

_HAN = "\u4e00-\u9fff"
_NAME = f"[{_HAN}·]{{2,4}}"
_NOT_NAMES = (
    "会|站|节|证|团|招|微信|电话|热线|了解|获悉|从|在|采访|看到|发现|注意|走进|来到|问|"
    "说|联系|致电|查询|表示|今|昨|近|日前|"
    "随|就|对|梳理|报道|手记|观察|按|提问"
)
_NAMES = rf"{_NAME}(?:[\s、,，/]+{_NAME}){{0,4}}"
_PAPER = (
    f"[{_HAN}]{{2,8}}?(?:日报|晚报|晨报|早报|时报|商报|都市报|青年报|工人报|新闻网|融媒体?|"
    f"广播电视台|电视台|客户端)"
)
_AGENCY = (
    "中新网|中新社|中国新闻网|新华社|新华网|人民网|人民日报|央视网|央广网|光明网|环球网|"
    "中工网|工人日报|中国经济网|澎湃新闻|"
    "财联社|IT之家|智通财经|金融界|新京报|红网|荆楚网|大河网|扬子晚报网?|新民晚报|"
    "新浪财经|观察者网|正义网|中国网|界面新闻|"
    "乐居财经|深圳新闻网|证券时报网?|北京商报|经济日报|每日经济新闻|第一财经|南方网|"
    "齐鲁网|大众网|东北网|华声在线"
)
_SOURCE = re.compile(
    r"(?:来源|转自|稿源|信息来源)[:：]\s?(?P<name>[^\s,，。;；:：|()（）【】\[\]《》]{2,20}?)"
    r"(?=$|[\s,，。;；|()（）【】\[\]]|作者|发[表布](?:时间|日期|于)|时间|编辑|责任|责编|"
    r"流程|审核|校对|"
    r"记者|浏览|分享|"
    r"返回|\d{4})"
)
_DATELINE = re.compile(
    rf"[【(（ ]?(?P<name>{_AGENCY}|"
    rf"{_PAPER})[^，。,\d]{{0,12}}(?:\d{{4}} ?年)? ?\d{{1,2}} ?月 ?\d{{1,2}} ?日?(?:电|讯|"
    rf"消息|报道)"
    rf"|[【(（](?P<boxed>{_AGENCY}|{_PAPER})(?:综合)?(?:报道|讯|消息| 记者)|"
    rf"(?P<plain>{_AGENCY}|{_PAPER})(?:讯|消息)(?=[ (（：:记])|^(?P<desk>{_AGENCY}|"
    rf"{_PAPER})记者"
)
_AUTHOR = re.compile(
    rf"(?:作者|文|撰文|采写|文字)[/／:：] ?(?P<by>{_NAMES})(?![{_HAN}])|"
    rf"^[●□■◆◎] ?(?P<dot>{_NAMES})$"
    rf"|(?P<paper>{_PAPER}|本报)?(?:全媒体|融媒体|见习|首席|"
    rf"特约)*记者[/:：\s]*(?!{_NOT_NAMES})(?P<reporter>{_NAMES})(?![{_HAN}])"
)
_ROLES = re.compile("(?:通讯员|摄影|摄|图|文|编辑|实习生|报道|来源|发表|时间|特约|记者)+$")
_DATE_AND_NAME = re.compile(rf"(?:19|20)\d\d-\d\d-\d\d ?(?P<name>{_NAME})$")
# A day and a paper, and nothing else: 2023年1月3日 星期二 巴中日报. 巴中日报 2023-01-03 08:30.
_DAY = (
    r"(?:19|20)\d\d ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?"
    r"(?:\s*\d{1,2}:\d\d(?::\d\d)?)?(?:\s*星期[一二三四五六日天])?"
)
_DAY_AND_PAPER = re.compile(
    rf"{_DAY}[\s|]*(?P<after>{_PAPER}|{_AGENCY})|(?P<before>{_PAPER}|{_AGENCY})[\s|]*{_DAY}"
)
_ISSUE = re.compile(rf"(?P<name>[{_HAN}A-Za-z·]{{2,12}}) ?(?:19|20)\d\d年(?:第)?\d{{1,2}}期")
_KEYWORDS = re.compile("(?:关键词|关键字|摘要|内容提要|中图分类号|文献标识码|文章编号|DOI)[:：].*")
_OWNER = re.compile(
    rf"(?P<name>[{_HAN}]{{2,10}}?(?:日报|晚报|新闻网|报|网|台|"
    rf"传媒))社? ?(?:有限公司)? ?版权所有|^(?P<site>[{_HAN}]{{2,10}}网) ?(?:https?://|"
    rf"www\.)"
)
_CREDIT_WORDS = re.compile(
    r"(?:来源|作者|稿源|责任编辑|编辑|责编|记者|通讯员|发布|发表|更新|时间|日期|浏览|点击|"
    r"阅读|分享|评论|字号|文|图)"
    r"(?:时间|日期|次数|量|到|数)?[:：/]?|\d+|[-/:：年月日.,，;；()（）【】\[\]|●□■◆◎ ]|"
    rf"{_PAPER}|{_AGENCY}"
)
_FEED = re.compile(r"[^。！？\n]{0,120}?正文[:：]\s*")
_ORIGINAL = re.compile(r"\s*原标题[:：]\s*")
# How the body begins when the headline runs into it.
_OPENING = re.compile(
    rf"(?:【|[(（](?:记者|通讯员)|来源[:：]|作者[:：]|通讯员|(?:本报|本网|早报|新报)(?:讯|记者)|"
    rf"{_AGENCY}|[{_HAN}]{{2}}(?:新闻网|日报|晚报|晨报|早报)"
    r"|近日[,，]|日前[,，]|\d{1,2}月\d{1,2}日[,，上下晚早至]|据(?:《|[^，。]{2,10}(?:报道|"
    r"消息|介绍))|为(?:了|进一步|深入|切实|全面|认真)"
    r"|入夏以来|近年来|今年以来|随着)"
)
# 来源：人民网-安徽频道 before the first word, without a mark behind it.
_CHANNEL = re.compile(
    rf"\s*来源[:：](?P<name>{_AGENCY})[-－—–][{_HAN}]{{2,6}}?(?:频道|海外版|版)(?:原创稿)?\s*"
)
_SHORTEST_TITLE = 6
_LONGEST_TITLE = 60
_MOST_PROBED = 90
_MOST_TITLE_LINES = 3


@dataclass(slots=True)
class Facts:
    """What the page itself says about the article; filled while its lines are read."""

    title: str | None = None
    date: str | None = None
    date_inferred: bool = False
    publisher: str | None = None
    author: str | None = None
    body: int = 0  # where the text of the article begins
    weak_publisher: list[str] = field(default_factory=list)


def read_feed(text: str) -> Facts:
    """What a feed puts before an article: `2023-08-16 18:24，正文：原标题：…`.

    The title is taken only where its end is certain: the body repeats it, or opens in a way that
    news articles open.
    """
    facts = Facts()
    if "正文" not in text[:140]:
        return facts
    head = _FEED.match(text[:160])
    if not head:
        return facts
    facts.body = head.end()
    facts.date, facts.date_inferred = find_feed_date(head[0], text)
    source = _SOURCE.search(head[0].replace("，正文", " "))
    facts.publisher = source["name"] if source else None
    channel = _CHANNEL.match(text, head.end())
    if channel:
        facts.body = channel.end()
        facts.publisher = facts.publisher or channel["name"]
    original = _ORIGINAL.match(text, facts.body)
    if original:
        facts.body = original.end()
        found = _feed_title(text[facts.body : facts.body + 2 * _LONGEST_TITLE + 20])
        if found:
            facts.title = " ".join(found[0].split())
            facts.body += found[1]
            channel = _CHANNEL.match(text, facts.body)
            if channel:
                facts.body = channel.end()
                facts.publisher = facts.publisher or channel["name"]
    return facts


def _feed_title(text: str) -> tuple[str, int] | None:
    """The headline at the start of `text`, and where the body after it begins."""
    again = text.find(text[:_SHORTEST_TITLE], _SHORTEST_TITLE)
    if _SHORTEST_TITLE <= again <= _LONGEST_TITLE:
        title = text[:again].strip()
        if text.startswith(title, again):
            end = again + len(title)
            return title, end + len(text[end:]) - len(text[end:].lstrip(" "))
    gap = text.find("   ", 0, _LONGEST_TITLE)
    if gap >= _SHORTEST_TITLE:
        return text[:gap], gap
    for match in _OPENING.finditer(text[:_MOST_PROBED]):
        title = text[: match.start()]
        if match.start() > _LONGEST_TITLE or "。" in title:
            break
        if match.start() >= _SHORTEST_TITLE + 2 and _balanced(title):
            return title, match.start()
    return None


def _balanced(title: str) -> bool:
    """Whether quotes and brackets close: an opening inside them does not end a headline."""
    return all(title.count(a) == title.count(b) for a, b in ("“”", "《》", "（）", "()", "【】"))


def read_lines(lines: Sequence[Line], reasons: list[str], facts: Facts) -> None:
    """Fill `facts` from the lines above and below the prose; the lines used get their reason."""
    first = next((i for i, line in enumerate(lines) if line.is_prose), len(lines))
    for index, line in enumerate(lines):
        if index < first or index >= len(lines) - _LAST_LINES or reasons[index]:
            _read_line(index, line.text, reasons, facts)
    if first and any(not reason for reason in reasons[first:]):
        _read_title(lines, first, reasons, facts)
    if not facts.publisher and facts.weak_publisher:
        facts.publisher = facts.weak_publisher[0]


_LAST_LINES = 4
_LONGEST_CREDIT = 80


def _read_line(index: int, text: str, reasons: list[str], facts: Facts) -> None:
    """Take date, publisher and author from one line outside the prose."""
    owner = _OWNER.search(text)
    if owner:
        facts.weak_publisher.append(owner["name"] or owner["site"])
    if len(text) > _LONGEST_CREDIT or reasons[index] in ("related articles", "links", "repeated"):
        return
    date = find_date(text)
    if date and not facts.date and reasons[index] != "legal notice":
        facts.date = date
    before = (facts.publisher, facts.author, len(facts.weak_publisher))
    read_credit(text, facts)
    issue = _ISSUE.fullmatch(text)
    if issue:
        facts.publisher = facts.publisher or issue["name"]
    if reasons[index]:
        return
    found = before != (facts.publisher, facts.author, len(facts.weak_publisher))
    most = _MOST_NAMES if found or _AUTHOR.search(text) else _MOST_DAY if date else -1
    is_credit = not _SENTENCE_END.search(text) and len(_CREDIT_WORDS.sub("", text)) <= most
    if issue or _KEYWORDS.fullmatch(text) or is_credit:
        reasons[index] = "credit"


_MOST_NAMES = 20  # characters of names that a credit may hold beside its words
_MOST_DAY = 4  # characters that a line with nothing but its date may hold: 星期五
_SENTENCE_END = re.compile("[。！？!?；]")


def read_credit(text: str, facts: Facts) -> None:
    """Take publisher and author from a line or bracket that credits them."""
    source = _SOURCE.search(text)
    if source and not facts.publisher:
        facts.publisher = source["name"]
    paper = _DAY_AND_PAPER.fullmatch(text.strip())
    if paper and not facts.publisher:
        facts.publisher = paper["after"] or paper["before"]
        return
    match = _DATE_AND_NAME.match(text) or _AUTHOR.search(text)
    if match:
        names = match.groupdict()
        found = names.get("name") or names.get("by") or names.get("dot") or names.get("reporter")
        author = _names(found or "")
        if author and not facts.author:
            facts.author = author
        if names.get("paper") and names["paper"] != "本报":
            facts.weak_publisher.insert(0, names["paper"])


def read_page_credits(text: str) -> Facts:
    """Publisher and author of the lines on a page that name a source or a day."""
    facts = Facts()
    for line in text.splitlines():
        bare = " ".join(line.split())
        if len(bare) <= _LONGEST_CREDIT and (_SOURCE.search(bare) or find_date(bare)):
            read_credit(bare, facts)
    return facts


def _names(text: str) -> str:
    """The names of a credit, one space between them, without the roles that follow."""
    names = []
    for name in re.split(r"[\s、,，/]+", text):
        bare = _ROLES.sub("", name)
        if len(bare) >= 2:
            names.append(bare)
        if bare != name:
            break
    return " ".join(names)


def read_dateline(text: str, facts: Facts) -> None:
    """Take publisher, author and date from the opening of the prose (中新网8月8日电 记者 …)."""
    opening = text[:120]
    match = _DATELINE.search(opening)
    if match and match.start() < _LONGEST_TITLE and not _QUOTES.search(opening[: match.end()]):
        facts.publisher = (
            facts.publisher or match["name"] or match["boxed"] or match["plain"] or match["desk"]
        )
        if not facts.date:
            facts.date = find_date(match[0])
    if not facts.author and "记者" in opening:
        author = _AUTHOR.search(opening)
        facts.author = _names(author["reporter"] or "") or None if author else None


# 据《纽约时报》4月18日报道: another paper is quoted, not this one named.
_QUOTES = re.compile("据|援引|引述|《")


def _read_title(lines: Sequence[Line], first: int, reasons: list[str], facts: Facts) -> None:
    """The headline among the lines above the prose: the one over a subtitle, else the first."""
    free = [i for i in range(first) if not reasons[i] and _may_be_title(lines[i].text)]
    if not free or facts.title:
        return
    subtitle = next((i for i in free if lines[i].text.startswith(("—", "--"))), None)
    above = [i for i in free if subtitle is None or i < subtitle]
    if not above:
        return
    start = above[0]
    if subtitle is not None:
        start = above[-1]
        while start - 1 in above and lines[start].start - lines[start - 1].end == 1:
            start -= 1
    stop = _title_end(lines, start, above)
    if lines[start].text[-1] in "。；;":
        return
    used = [*range(start, stop), *([subtitle] if subtitle is not None else [])]
    facts.title = " ".join(" ".join(lines[i].text.split()) for i in used)
    for index in free:
        if index < stop or index in used:
            reasons[index] = "title" if index in used else "kicker"


def _title_end(lines: Sequence[Line], start: int, free: Sequence[int]) -> int:
    """Behind the last line of a headline: two or three lines, where an empty one follows them."""
    stop = start + 1
    while stop in free and lines[stop].start - lines[stop - 1].end == 1:
        stop += 1
    follows = lines[stop].start - lines[stop - 1].end if stop < len(lines) else 2
    return stop if stop - start <= _MOST_TITLE_LINES and follows > 1 else start + 1


def _may_be_title(text: str) -> bool:
    return (
        4 <= len(text) <= _LONGEST_TITLE
        and text[0] not in "【[(（▲■"
        and re.search(f"[{_HAN}A-Za-z]", text) is not None
    )


def lead(text: str) -> str:
    """The first words of the prose that can stand for a title: 12 to 60 characters to a mark."""
    opening = text[:240]
    dateline = _DATELINE.match(opening)
    opening = opening[dateline.end() if dateline else 0 :].lstrip()
    opening = _DATELINE_HEAD.sub("", opening)
    title = ""
    for part in _LEAD_PART.findall(opening):
        if not title and (len(part) < 4 or _ONLY_TIME.fullmatch(part)):
            continue
        if title and len(title) + len(part) > _LONGEST_TITLE:
            break
        title += part
        if len(title) >= 2 * _SHORTEST_TITLE:
            break
    return " ".join((title or text[:_LONGEST_TITLE]).split()).rstrip("，。；,;、：:")[
        :_LONGEST_TITLE
    ]


_LEAD_PART = re.compile("[^，。！？；,;!?\n]+[，。！？；,;!?\n]*")
_ONLY_TIME = re.compile(r"[\d年月日时点分半\s,，上下午早晚凌晨至当地间今昨近来连前几天夏冬-]+")
_DATELINE_HEAD = re.compile(
    r"^.{0,40}?(?:电|讯|消息|报道)(?:[ ]*[(（][^)）]{0,40}[)）]|[，,】 ])+|"
    r"^[(（【][^)）】]{0,40}[)）】]|"
    rf"^(?:{_AGENCY}|{_PAPER}|[{_HAN}]{{2,4}}在线)?(?:记者|通讯员)[{_HAN}、]{{2,20}}?报道[:：]?"
)


def topic(headings: Sequence[str], text: str) -> str:
    """A title for an untitled article with headings: the clause whose words recur most.

    Where a quoted term recurs (“五家”), it is a clause that holds it.
    """
    pairs = Counter(text[i : i + 2] for i in range(len(text) - 1))
    clauses = [c for c in _CLAUSE_END.split(text) if 10 <= len(c) <= 30]
    quoted = Counter(_QUOTED.findall(text)).most_common(1)
    if quoted and quoted[0][1] > 2:
        clauses = [c for c in clauses if quoted[0][0] in c] or clauses
    clauses = [c for c in clauses if _balanced(c)]
    if not clauses:
        return headings[0]
    return max(clauses, key=lambda c: sum(pairs[c[i : i + 2]] for i in range(len(c) - 1)) / len(c))


_CLAUSE_END = re.compile("[，。！？；：,;:!?\n《》]")
_QUOTED = re.compile("“[^“”]{2,8}”")
