"""Here is a sentence; tell me whether it reports something done or announces a plan."""

import re
from dataclasses import dataclass

from index.document import Document
from index.sentences import sentences

# Words that announce: what follows has not been done yet.
_AHEAD = re.compile(
    r"下一步|今后|接下来|未来|必将|即将|将(?:要|会|继续|进一步|在|于|以|从|对|把|组织|开展|举办|投入|建|新|推|加|为|不断|持续|全面|努力|按照|围绕|深入|紧紧|启动|筹|发放|拨|资助|慰问|救助|帮扶|培训|招|评|授|达|超|新增|惠及|覆盖)|"
    r"计划|拟(?=[\u4e00-\u9fff])|力争|争取(?=到|在|今年|明年|年底|用|20)|预计|打算|准备(?=在|于|开展|投入)|目标是|有望|明年|规划到|到20\d\d年(?:底|末)?[,，]?(?:将|力争|实现|全市|全省|建成)"
)
_PLAN_TITLE = re.compile(
    r"这样干|怎么干|工作计划|工作要点|工作安排|工作打算|工作思路|工作部署|实施方案|下一步|展望|今后|未来规划|主要任务"
)
_DONE = re.compile(
    r"已(?:经)?|共(?:筹|发|建|投|计)|累计|完成|了(?=\d)|先后|去年|近年来|以来|[建办]成"
)
_ACHIEVED = re.compile(r"完成|[建办]成")
_BEHIND = re.compile(r"[，,；;。]")
_ITEM = re.compile(
    r"(?:[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.]|\d{1,2}[.、])"
)
_IMPERATIVE = re.compile(
    r"^(?:抓好|做好|加强|推进|深化|强化|完善|进一步|继续|深入|扎实|着力|大力|健全|夯实|突出|落实|坚持|提升|持续|推广|充分|制定)"
)
# A question that asks for a plan, which a plan may answer.
PLANNED = re.compile(r"计划|打算|目标|力争|将要?(?=[\u4e00-\u9fff])|预计|下一步|明年|拟")
# A line of up to so many characters is a heading.
_HEADING = 40
_YEAR = re.compile(r"((?:19|20)\d{2})年")


@dataclass(frozen=True, slots=True)
class Plan:
    """Why a sentence is a plan: clean span [start, end) of the words that say so, and the year
    planned for (None where the article names none).
    """

    start: int
    end: int
    year: int | None


def plan_of(document: Document, start: int, end: int, at: int | None = None) -> Plan | None:
    """The words that make document.text[start:end] a plan, or None where it reports.

    Looked for in the sentence itself, then (for an item of a numbered list, or a sentence that
    begins with an order such as 抓好) in the paragraph that introduces the list and in the
    headings above it. For the span that begins `at` (offset in the sentence), what is announced
    behind it (共消费100万元,接下来…) makes no plan of it.
    """
    sentence = document.text[start:end]
    own = _AHEAD.search(sentence)
    if own and at is not None and _BEHIND.search(sentence[at : own.start()]):
        own = None
    if own and not _is_done(sentence[own.end() :]):
        return Plan(start + own.start(), start + own.end(), _year_near(sentence))
    paragraph = document.text.rfind("\n", 0, start) + 1
    head = document.text[paragraph:start] + sentence
    if not (_ITEM.match(head) or _IMPERATIVE.match(sentence)):
        return None
    return _introduced(document.text, paragraph)


def _is_done(text: str) -> bool:
    """Whether what stands behind words that announce says that it was done all the same.

    In the same clause 完成 and 建成 are what is announced (将超额完成1400间).
    """
    return any(
        not _ACHIEVED.fullmatch(m[0]) or _BEHIND.search(text[: m.start()])
        for m in _DONE.finditer(text)
    )


def _introduced(text: str, paragraph: int) -> Plan | None:
    """The plan announced by the nearest paragraphs above `paragraph` that are not list items."""
    looked = 0
    at = paragraph
    while at > 0 and looked < 3:
        end = at - 1
        at = text.rfind("\n", 0, end) + 1
        line = text[at:end]
        if _ITEM.match(line):
            continue
        looked += 1
        short = len(line) <= _HEADING
        cue = _PLAN_TITLE.search(line) if short else _AHEAD.search(line)
        if cue:
            # the whole heading is the proof; of a paragraph, the sentence that announces
            start, end = (0, len(line)) if short else _sentence_at(line, cue.start())
            return Plan(at + start, at + end, _year_near(line[start:end]))
        if short and not line.endswith(("。", ".")):
            return None
    return None


def _sentence_at(line: str, position: int) -> tuple[int, int]:
    """The span of the sentence of a paragraph that holds `position`."""
    return next((a, b) for a, b in sentences(line) if position < b)


def _year_near(text: str) -> int | None:
    """The first year named in `text`."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None
