"""Here is a sentence of a language model and the passages it cites; give me what is shown for it,
printed characters of an article, or say why nothing is.

A sentence holds where it is whole clauses of one printed sentence around what the extractive answer
would say of it, and before them no more than the place and programme asked for. Shown is what the
extractive answer would say, as printed.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.quantity import quantities
from rag.passage import Ground, Passage
from rag.shorten import Part, clauses_of, ends_as
from rag.spans import WHEN

MARK = re.compile(r"\s*[\[［【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]］】]")
_BULLET = re.compile(r"^\s*(?:(?:[-*•·#]+|\d{1,2}[.、)])\s+)+")
_ACCORDING = re.compile(
    r"^(?:根据|依据|按照|据)?(?:以上|上述)?(?:段落|资料|材料|文章|文中)"
    r"(?:\s*\d{1,3})?(?:内容|显示|记载|所述|可知|信息|提到|报道)*[,，:：]\s*"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_CODE = re.compile(r"[<>`{}\\|]|!\[|\]\(")
# Where a reader could be led: shown only where it was asked for and the articles answer with it.
ADDRESS = re.compile(
    r"https?(?![a-z])[^\s，。；、）)\[]*|www\.[^\s，。；、）)]*|[\w.+-]*@[\w.-]*|"
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b[/\w.?=&%-]*|\d{3,4}-\d{6,8}|"
    r"(?<![\d.])\d{7,}(?!\d*[.\u4e00-\u9fff%])|(?<!\d)1\d{10}(?!\d)|(?:微信号?|qq)[:：]?[a-z0-9_-]{5,}",
    re.IGNORECASE,
)
_LURE = re.compile(
    r"微信号?|qq|公众号|二维码|链接|网址|邮箱|账号|账户|卡号|热线|加群|扫码|点击|转账|汇款"
)
ASKS_ADDRESS = re.compile(
    r"网址|网站|链接|电话|热线|号码|邮箱|邮件|地址|联系|账号|账户|卡号|公众号|微信|二维码|扫码"
)
# What else leads somewhere, of what is shown: 88881234, 138-1234-5678, 10.20.30.40, abc12345.
_LONG_NUMBER = re.compile(r"\d(?:[-. ]?\d){4,}")
_LATIN_NUMBER = re.compile(r"[a-z][a-z_-]*[.\d]|[\d.][a-z]")


@dataclass(frozen=True, slots=True)
class Checked:
    """What is shown for a sentence, and the sentence of an article that it stands in.

    `lead` is the place and programme said before it. `fault` is "" where the sentence holds; else
    what was wrong: citation, form, address or words (not printed so), and `text` is what was said.
    """

    text: str
    grounds: tuple[Ground, ...]
    fault: str = ""
    region: str | None = None
    lead: str = ""


def check(sentence: str, passages: Sequence[Passage], extractive: str) -> Checked:
    """A sentence held against the passages it cites; `extractive` is the answer without a model."""
    numbers = {int(n) for m in MARK.finditer(sentence) for n in re.findall(r"\d+", m[1])}
    text = _BULLET.sub("", MARK.sub("", sentence)).replace("**", "").strip()
    text = _ACCORDING.sub("", text)
    grounds = [g for passage in passages if passage.number in numbers for g in passage.grounds]
    if not numbers or not grounds or not numbers <= {passage.number for passage in passages}:
        return Checked(text, (), "citation")
    inquiry = grounds[0].inquiry
    plain = inquiry.analyzer.normalise(text)
    if not _readable(text, plain):
        return Checked(text, (), "form")
    answered = inquiry.analyzer.normalise(extractive)
    if _leads_away(plain, answered, inquiry.query.text):
        return Checked(text, (), "address")
    said = clauses_of(plain)
    for ground in grounds:
        found = _carried(said, ground) if said else None
        if found is None:
            continue
        part, lead = found
        shown = ground.sentence.text[part.start : part.end]
        if _names_address(inquiry.analyzer.normalise(shown), answered, inquiry.query.text):
            return Checked(text, (), "address")
        return Checked(shown, (ground,), "", part.region, lead)
    return Checked(text, (), "words")


def _carried(said: str, ground: Ground) -> tuple[Part, str] | None:
    """What a printed sentence has of a folded text, and the lead it is said with; None where it is
    not of that sentence.
    """
    fold = ground.inquiry.analyzer.normalise
    ways = ground.inquiry.query.programmes
    for before, part in ends_as(said, ground.sentence.text, ground.parts, fold):
        if not before:
            return part, ""
        places = _names(part, ground)
        lead = _lead(places, ways).fullmatch(before)
        if lead:
            place = part.region if lead["place"] and part.region else ""
            way = next((name for name in ways if name.lower() == lead["way"]), "")
            return part, f"{place}{way}"
    return None


def _names(part: Part, ground: Ground) -> list[str]:
    """What the place may be called that a part is of."""
    places = ground.inquiry.gazetteer.by_name(part.region) if part.region else []
    return [
        name for place in places if place.name == part.region for name in (place.name, place.short)
    ]


def _lead(places: Sequence[str], ways: Sequence[str]) -> re.Pattern[str]:
    """A place and a programme before what is printed: 双鸭山市, or 双鸭山市金秋助学活动中."""
    place, way = (
        "|".join(map(re.escape, names)) or "(?!)" for names in (places, map(str.lower, ways))
    )
    return re.compile(f"(?:在?(?P<place>{place}),?)?(?:在?(?P<way>{way})(?:活动|工作|行动)?中?,?)?")


def _leads_away(plain: str, extractive: str, question: str) -> bool:
    """Whether a sentence names an address that was not asked for or that we do not answer with."""
    asked = ASKS_ADDRESS.search(question) is not None
    found = [m[0] for pattern in (ADDRESS, _LURE) for m in pattern.finditer(plain)]
    return any(not asked or address not in extractive for address in found)


def _names_address(plain: str, extractive: str, question: str) -> bool:
    """The same of what is shown, where a long number that counts nothing and Latin letters with a
    dot or digits are an address too.
    """
    if _leads_away(plain, extractive, question):
        return True
    if ASKS_ADDRESS.search(question):
        return False
    known = [(q.start, q.end) for q in quantities(plain)]
    known += [m.span() for m in WHEN.finditer(plain)]
    numbers = (m.span() for m in _LONG_NUMBER.finditer(plain))
    counted = all(any(a < end and start < b for a, b in known) for start, end in numbers)
    return not counted or _LATIN_NUMBER.search(plain) is not None


def _readable(text: str, plain: str) -> bool:
    """Whether a sentence is plain text in characters that the checks below can read."""
    letters = (c for c in plain if c.isalpha() and not c.isascii())
    return (
        not _CODE.search(plain)
        and not any(unicodedata.category(c) in _HIDDEN for c in text)
        and all(_HAN.match(c) for c in letters)
        and any(c.isalnum() for c in plain)
    )
