"""Here is a sentence of a language model and the passages it cites; give me the sentence of an
article that carries it, or say why none does.

A sentence holds where it is one sentence of an article with parts left out, or says whose office
somebody holds as printed; before it may stand the place and programme asked for.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.gazetteer import Place
from index.modality import PLANNED, plan_of
from index.quantity import Quantity, quantities
from rag.admit import closing_gate
from rag.gates import person_gate, place_gate
from rag.names import Person, people
from rag.passage import Ground, Passage
from rag.shorten import TURNING, clauses_of, kept_of, read, when_of, without_brackets
from rag.spans import FORMER, Span

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
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]+)[”\"」』》]")
_QUOTES = re.compile(r"[“”\"「」『』《》]")
# How near a fault came to no fault: the last one is told.
_ORDER = ("words", "quotation", "sense", "figure", "place")


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence without its marks, and the sentences of articles that carry it.

    `fault` is "" where it holds; else what was wrong: citation, form, address, words (not printed
    so), quotation, sense (a plan), figure (of something else) or place.
    """

    text: str
    grounds: tuple[Ground, ...]
    fault: str = ""


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
    if _leads_away(plain, inquiry.analyzer.normalise(extractive), inquiry.query.text):
        return Checked(text, (), "address")
    fault = "words"
    for ground in grounds:
        found = _fault(plain, ground)
        if not found:
            return Checked(text, (ground,))
        fault = max(fault, found, key=_ORDER.index)
    return Checked(text, (), fault)


def _leads_away(plain: str, extractive: str, question: str) -> bool:
    """Whether a sentence names an address that was not asked for or that we do not answer with."""
    asked = ASKS_ADDRESS.search(question) is not None
    found = [m[0] for pattern in (ADDRESS, _LURE) for m in pattern.finditer(plain)]
    return any(not asked or address not in extractive for address in found)


def _readable(text: str, plain: str) -> bool:
    """Whether a sentence is plain text in characters that the checks below can read."""
    letters = (c for c in plain if c.isalpha() and not c.isascii())
    return (
        not _CODE.search(plain)
        and not any(unicodedata.category(c) in _HIDDEN for c in text)
        and all(_HAN.match(c) for c in letters)
        and any(c.isalnum() for c in plain)
    )


def _fault(plain: str, ground: Ground) -> str:
    """Why a sentence of an article does not carry a plain one; "" where it does."""
    sentence = ground.sentence
    printed = ground.inquiry.analyzer.normalise(sentence.text)
    text = clauses_of(plain)
    if not text:
        return "words"
    fault = "words"
    for rest, led in _leads(text, ground):
        if _holds_office(rest, ground, led=led):
            return "" if _quoted_so(plain, printed) else "quotation"
        found = _shortened(rest, printed, ground, led=led)
        if not found:
            return _said_so(plain, printed, ground)
        fault = max(fault, found, key=_ORDER.index)
    return fault


def _said_so(plain: str, printed: str, ground: Ground) -> str:
    """What is wrong with a sentence in printed words: quotation, sense, or nothing."""
    sentence = ground.sentence
    if not _quoted_so(plain, printed):
        return "quotation"
    planned = plan_of(sentence.document, sentence.start, sentence.end) is not None
    return "sense" if planned != bool(PLANNED.search(plain)) else ""


def _quoted_so(plain: str, printed: str) -> bool:
    """Whether everything in quotation marks is printed in them."""
    quoted = {m[1] for m in _QUOTED.finditer(printed)}
    left = _QUOTED.sub("", plain)
    return not _QUOTES.search(left) and all(m[1] in quoted for m in _QUOTED.finditer(plain))


def _leads(text: str, ground: Ground) -> Iterator[tuple[str, bool]]:
    """The text as it is, and without the place and programme asked for at its beginning."""
    yield text, False
    ways = "|".join(re.escape(name.lower()) for name in ground.inquiry.query.programmes)
    during = rf"(?:在?(?:{ways})(?:活动|工作|行动)?中?)" if ways else "(?!)"
    for name in dict.fromkeys(n for place in _places(ground) for n in (place.name, place.short)):
        for more in (f"{during},?", ",?"):
            lead = re.match(f"在?{re.escape(name)}{more}", text)
            if lead and lead.end() < len(text):
                yield text[lead.end() :], True
        when = when_of(text)
        if when and text[len(when) :].lstrip(",").startswith(name):
            yield when + text[len(when) :].lstrip(",")[len(name) :], True
    lead = re.match(f"{during},?", text)
    if lead and lead.end() < len(text):
        yield text[lead.end() :], False


def _places(ground: Ground) -> tuple[Place, ...]:
    """The place asked for, else the article's own."""
    asked, region = ground.inquiry.place, ground.sentence.document.region
    if asked is not None:
        return asked
    return tuple(ground.inquiry.gazetteer.by_name(region)) if region else ()


def _shortened(text: str, printed: str, ground: Ground, *, led: bool) -> str:
    """Why a text is not the printed sentence with parts left out; "" where it is."""
    inquiry, sentence = ground.inquiry, ground.sentence
    home = sentence.document.region_code
    own = [place.code for place in _places(ground)] + ([home] if home else [])
    for version in dict.fromkeys((printed, without_brackets(printed))):
        source = read(version, inquiry.gazetteer, own)
        kept = kept_of(text, source)
        if kept is None:
            continue
        figures = [_as_printed(source.figures[index], sentence.text) for index in kept]
        if any(figure is None or not _open(figure, ground) for figure in figures):
            return "figure"
        if not all(_here(figure, ground, led=led) for figure in figures if figure):
            return "place"
        return "" if figures or not led or _of_one_place(ground) else "place"
    return "words"


def _as_printed(figure: Quantity, text: str) -> Quantity | None:
    """A figure of the normalised sentence in the sentence itself; None where it is unlike."""
    alike = [q for q in quantities(text) if (q.value, q.unit) == (figure.value, figure.unit)]
    return min(alike, key=lambda q: abs(q.start - figure.start), default=None)


def _open(figure: Quantity, ground: Ground) -> bool:
    """Whether every gate lets a figure through for what is asked."""
    sentence = ground.sentence
    span = Span(figure.start, figure.end, figure.text, 0.0, figure)
    plan = plan_of(sentence.document, sentence.start, sentence.end)
    return not closing_gate(sentence, span, plan, ground.inquiry)


def _here(figure: Quantity, ground: Ground, *, led: bool) -> bool:
    """Whether a figure is of the place asked for, or of the one said before it."""
    inquiry = ground.inquiry
    places = _places(ground) if led else inquiry.place
    if places is None:
        return True
    at = figure.start
    return place_gate(ground.sentence, at, places, inquiry.gazetteer, strict=True) == "same"


def _of_one_place(ground: Ground) -> bool:
    """Whether a sentence names no place beside the one asked for, or its article's own.

    Of a figure the place that governs it is known; of other words it is not.
    """
    asked, home = ground.inquiry.place, ground.sentence.document.region_code
    own = [place.code for place in asked or ()] or ([home] if home else [])
    named = [m.places for m in ground.inquiry.gazetteer.find(ground.sentence.text) if m.places]
    return bool(own) and all(
        any(p.code.startswith(o) or o.startswith(p.code) for o in own for p in places)
        for places in named
    )


def _holds_office(text: str, ground: Ground, *, led: bool) -> bool:
    """Whether a text says no more than whose office somebody holds, title and name as printed."""
    normalise = ground.inquiry.analyzer.normalise
    printed = ground.sentence.text
    for person in people(printed):
        if not person.in_role or FORMER.search(printed[: person.start]):
            continue
        if printed[person.end : person.end + 1] in {"的", "等", "、"}:
            continue
        name = normalise(person.name)
        forms = {
            form
            for title in _titles(person, ground)
            for form in (
                f"{title}{name}",
                f"{title}是{name}",
                f"{name}是{title}",
                f"{name},{title}",
            )
        }
        if text in forms and _office_here(person, ground):
            return True
    return False


def _titles(person: Person, ground: Ground) -> Iterator[str]:
    """A person's titles, each also without the places it begins with."""
    inquiry = ground.inquiry
    for title in map(inquiry.analyzer.normalise, person.titles):
        if TURNING.search(title.replace("副", "").replace("代表", "")):
            continue
        yield title
        ends = [m.end for m in inquiry.gazetteer.find(title) if m.places]
        if ends and max(ends) < len(title) and not re.search("的", title[: max(ends)]):
            yield title[max(ends) :]
        if title[:1] in "省市州县区旗" and len(title) > 1:
            yield title[1:]


def _office_here(person: Person, ground: Ground) -> bool:
    """Whether a person's office is one of the place asked for."""
    inquiry, places = ground.inquiry, _places(ground)
    at = (person.opens, person.start)
    return not places or (person_gate(ground.sentence, *at, places, inquiry.gazetteer) == "same")
