"""Here is a sentence of a language model and the passages it cites; give me the sentences of
articles that carry it, or say why none does.

Everything is read by the code that builds extractive answers: quantities, dates, names, verbs,
places and gates. What it cannot read, it does not let through.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import rjieba

from index.gazetteer import Place
from index.quantity import Quantity, quantities
from rag.admit import Inquiry, closing_gate
from rag.claim import CLAUSE, HAN, Claim, claims_of, coverage, whole_of, window_of
from rag.gates import place_gate
from rag.modality import PLANNED, plan_of
from rag.names import ROLE, people
from rag.passage import Ground, Passage
from rag.predicates import near, predicates
from rag.sentence import clause_at
from rag.spans import DATE, ORGANISATION, Span, governing_act
from rag.wording import COMMON, names_in

# The least share of a clause's words, by characters, that the cited sentence must hold. For the
# tuning questions over the seeds, of clauses said with other verbs of the same class 97.3 % reach
# it, of clauses from elsewhere 1.8 % (at 0.6: 99.4 and 3.0 %; at 0.9: 94.2 and 1.7 %).
COVERED = 0.8
MARK = re.compile(r"\s*[\[［【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]］】]")
_BULLET = re.compile(r"^\s*(?:(?:[-*•·#]+|\d{1,2}[.、)])\s+)+")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_CODE = re.compile(r"[<>`{}\\|]|!\[|\]\(")
# Where a reader could be led: shown only where the extractive answer itself has it.
_ADDRESS = re.compile(
    r"https?:|www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b|@|\d{3,4}-\d{6,8}|"
    r"(?<![\d.])\d{7,}(?!\d*[.\u4e00-\u9fff%])|微信号?|qq|公众号|二维码|链接|网址|邮箱|账号|账户|"
    r"卡号|热线|加群|扫码|点击|转账|汇款"
)
_LATIN = re.compile(r"[a-z][a-z0-9+#._-]*")
_NUMERAL = re.compile(
    r"\d[\d,.]*[\u4e00-\u9fff%‰]?|第?[零〇一二两三四五六七八九十百千万亿]+[\u4e00-\u9fff]?"
)
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]+)[”\"」』》]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_RELATIVE = re.compile(r"前年|去年|上年|今年|本年|明年|年初|年底|上半年|下半年|当年|近[年几两三]")
# What turns a statement round.
_NOT = re.compile(
    r"没有?|未(?!来|婚|成年)|不(?!断|仅|少|同|但|久|只|足|到|懈|忘|竭|畏|惧|完全统计)|"
    r"无(?!偿|私|线|论|人机|缝|障碍)|并非|尚|拒绝|取消|停止|否认"
)
# What makes a figure another one: a share, a rate, a change, a bound, a forecast.
_QUALIFIED = re.compile(
    r"每|人均|户均|平均|最高|最低|上限|下限|预计|预算|同比|环比|增长|增加|新增|下降|减少|"
    r"提高|降低|剩余|缺口|目标|价值|折合"
)
# Comparisons, superlatives and questions: only as printed.
_AS_PRINTED = re.compile(
    r"多少|什么|哪|谁|吗|怎|如何|是否|"
    r"更|最|首|唯一|第一|比|超过|高于|低于|多于|少于|优于|领先|倍|大幅|显著|全国|全省|所有|全部|都"
)
_PROPER = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})
# Characters at the end of an organisation's name that must be as printed (市总工会).
_NAME_END = 4
# How near a fault came to no fault: the last one is told.
_ORDER = ("sense", "place", "date", "name", "quotation", "words", "figure")


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence without its marks, and the sentences of articles that carry it, in order.

    `fault` is "" where it holds; else what was wrong: citation, form, address, figure, date, name,
    place, quotation, sense or words.
    """

    text: str
    grounds: tuple[Ground, ...]
    fault: str = ""


def check(sentence: str, passages: Sequence[Passage], extractive: str) -> Checked:
    """A sentence held against the passages it cites; `extractive` is the answer without a model."""
    numbers = {int(n) for m in MARK.finditer(sentence) for n in re.findall(r"\d+", m[1])}
    text = _BULLET.sub("", MARK.sub("", sentence)).replace("**", "").strip()
    grounds = [g for passage in passages if passage.number in numbers for g in passage.grounds]
    if not numbers or not grounds or not numbers <= {passage.number for passage in passages}:
        return Checked(text, (), "citation")
    normalise = grounds[0].inquiry.analyzer.normalise
    plain = normalise(text)
    if not _readable(text, plain):
        return Checked(text, (), "form")
    if any(m[0] not in normalise(extractive) for m in _ADDRESS.finditer(plain)):
        return Checked(text, (), "address")
    carrying: dict[int, Ground] = {}
    for claim in claims_of(plain, grounds[0].inquiry):
        faults = [_fault(claim, ground) for ground in grounds]
        # one sentence that carries everything is better than several
        ordered = sorted(range(len(grounds)), key=lambda i: (i not in carrying, i))
        found = next((i for i in ordered if not faults[i]), None)
        if found is None:
            return Checked(text, (), max(faults, key=_ORDER.index))
        carrying[found] = grounds[found]
    return Checked(text, tuple(carrying[i] for i in sorted(carrying)), "" if carrying else "words")


def _readable(text: str, plain: str) -> bool:
    """Whether a sentence is plain text in characters that the checks below can read."""
    letters = (c for c in plain if c.isalpha() and not c.isascii())
    return (
        not _CODE.search(plain)
        and not any(unicodedata.category(c) in _HIDDEN for c in text)
        and all(HAN.match(c) for c in letters)
    )


def _fault(claim: Claim, ground: Ground) -> str:
    """Why a sentence of an article does not carry a claim; "" where it does."""
    checks: tuple[tuple[str, Callable[[Claim, Ground], bool]], ...] = (
        ("place", _places_hold),
        ("sense", _sense_holds),
        ("date", _dates_hold),
        ("name", _names_hold),
        ("quotation", _quotations_hold),
        ("figure", _numerals_hold),
    )
    for what, hold in checks:
        if not hold(claim, ground):
            return what
    asked = replace(ground, inquiry=_asked_by(claim, ground.inquiry))
    windows = [] if claim.figures else [window_of(ground, _told_of(claim, ground))]
    for said in claim.figures:
        printed = next(
            (
                q
                for q in quantities(ground.sentence.text)
                if _equal(q, said) and _figure_holds(claim, said, asked, q)
            ),
            None,
        )
        if printed is None:
            return "figure"
        windows.append(window_of(ground, _leading_to(printed, ground)))
    return "" if all(coverage(claim, window) >= COVERED for window in windows) else "words"


def _asked_by(claim: Claim, inquiry: Inquiry) -> Inquiry:
    """The inquiry, narrowed to the programmes and years that the sentence itself names."""
    query = inquiry.query
    named = [n for n in names_in(claim.whole, inquiry.analyzer) if not COMMON.search(n)]
    years = tuple(int(m[1]) for m in _YEAR.finditer(claim.whole))
    programmes = tuple(dict.fromkeys((*query.programmes, *named)))
    narrowed = replace(query, programmes=programmes, years=years or query.years)
    return replace(inquiry, query=narrowed)


def _equal(printed: Quantity, said: Quantity) -> bool:
    """Whether two quantities say the same: value, unit and how exact."""
    return (printed.value, printed.unit, printed.precision) == (
        said.value,
        said.unit,
        said.precision,
    )


def _figure_holds(claim: Claim, said: Quantity, ground: Ground, printed: Quantity) -> bool:
    """Whether a printed figure is of the place, programme, year and verb that the claim says."""
    sentence, inquiry = ground.sentence, ground.inquiry
    span = Span(printed.start, printed.end, printed.text, 0.0, printed)
    plan = plan_of(sentence.document, sentence.start, sentence.end)
    if closing_gate(sentence, span, plan, inquiry):
        return False
    places = [place for place in (_place_said(claim, said), inquiry.place) if place is not None]
    if any(
        place_gate(sentence, printed.start, place, inquiry.gazetteer, strict=True) != "same"
        for place in places
    ):
        return False
    clause = sentence.text[slice(*clause_at(sentence.text, printed.start))]
    if bool(_NOT.search(clause)) != bool(_NOT.search(claim.text)):
        return False
    said_too = {m[0] for m in _QUALIFIED.finditer(claim.whole)}
    return {m[0] for m in _QUALIFIED.finditer(clause)} <= said_too and _acts_agree(
        claim, said, ground, printed
    )


def _place_said(claim: Claim, said: Quantity) -> tuple[Place, ...] | None:
    """The last place that the sentence names before a figure."""
    named = [m.places for m in claim.mentions if m.places and m.start < said.start]
    return named[-1] if named else None


def _acts_agree(claim: Claim, said: Quantity, ground: Ground, printed: Quantity) -> bool:
    """Whether what was done to a figure is what was done to the printed one, or what is asked."""
    text, asked = ground.sentence.text, ground.inquiry.query.acts
    done = governing_act(claim.whole, said, predicates(claim.whole))
    act = governing_act(text, printed, predicates(text))
    if done is not None:
        return act is not None and near(done.kind, act.kind)
    return act is None or not asked or any(near(kind, act.kind) for kind in asked)


def _leading_to(printed: Quantity, ground: Ground) -> str:
    """The part of a sentence that a figure closes: its subject, and what stands between the figure
    before and the end of its own clause.

    What is said of another figure says nothing of this one.
    """
    text = ground.sentence.text
    subject = min((p.start for p in predicates(text)), default=0)
    before = max((q.end for q in quantities(text) if q.end <= printed.start), default=0)
    return f"{text[: min(subject, before)]}\n{text[before : clause_at(text, printed.start)[1]]}"


def _told_of(claim: Claim, ground: Ground) -> str:
    """The part of a sentence that is told of the person in a claim: from the clause of the name to
    the next name. The whole of it for none, or several.
    """
    text = ground.sentence.text
    said = {person.name for person in people(claim.text)}
    if len(said) != 1:
        return text
    (name,) = said
    start = max(text.find(name), 0)
    others = [p.start for p in people(text) if p.start > start and p.name != name]
    end = clause_at(text, min(others))[0] if others else len(text)
    return text[clause_at(text, start)[0] : max(end, start + len(name))]


def _places_hold(claim: Claim, ground: Ground) -> bool:
    """Whether every place of a clause is the one asked for, or printed and in or around it."""
    printed = whole_of(ground)
    asked = ground.inquiry.place
    for mention in claim.mentions:
        if not claim.start <= mention.start < claim.end:
            continue
        codes = [place.code for place in mention.places]
        if asked is not None and codes:
            if any(place.code in codes for place in asked):
                continue
            if not any(c.startswith(p.code) or p.code.startswith(c) for p in asked for c in codes):
                return False
        if mention.text not in printed:
            return False
    return bool(claim.figures) or _of_one_place(ground)


def _of_one_place(ground: Ground) -> bool:
    """Whether a sentence names no place beside the one asked for, or its article's own.

    Of a figure the place that governs it is known; of other words it is not.
    """
    asked, home = ground.inquiry.place, ground.sentence.document.region_code
    own = [place.code for place in asked or ()] or ([home] if home else [])
    named = [m.places for m in ground.inquiry.gazetteer.find(ground.sentence.text) if m.places]
    if not own:
        return len({places[0].code for places in named}) < 2
    return all(
        any(p.code.startswith(o) or o.startswith(p.code) for o in own for p in places)
        for places in named
    )


def _sense_holds(claim: Claim, ground: Ground) -> bool:
    """Whether a clause denies, compares, qualifies and plans only as the cited sentence does."""
    sentence = ground.sentence
    text = ground.inquiry.analyzer.normalise(sentence.text)
    for pattern in (_AS_PRINTED, _QUALIFIED):
        if any(m[0] not in text for m in pattern.finditer(claim.text)):
            return False
    planned = plan_of(sentence.document, sentence.start, sentence.end) is not None
    if planned != bool(PLANNED.search(claim.whole)):
        return False
    if claim.figures:
        return True
    bounds = [0, *(m.end() for m in CLAUSE.finditer(text)), len(text)]
    clauses = [text[a:b] for a, b in pairwise(bounds)]
    nearest = max(clauses, key=lambda clause: coverage(claim, clause))
    return bool(_NOT.search(nearest)) == bool(_NOT.search(claim.text))


def _dates_hold(claim: Claim, ground: Ground) -> bool:
    """Whether every date that a claim stands under is printed in the cited sentence."""
    said = claim.whole if claim.figures else claim.text
    text = ground.inquiry.analyzer.normalise(ground.sentence.text)
    return all(m[0] in text for pattern in (DATE, _RELATIVE) for m in pattern.finditer(said))


def _names_hold(claim: Claim, ground: Ground) -> bool:
    """Whether every name in a clause is printed as it stands, people with the same role."""
    printed = whole_of(ground)
    text = ground.inquiry.analyzer.normalise(ground.sentence.text)
    places = [m.text for m in claim.mentions]
    for name in (person.name for person in people(claim.text)):
        if name not in text or not _roles_of(claim.text, name) <= _roles_of(text, name):
            return False
    for match in ORGANISATION.finditer(claim.text):
        name = match[0]
        for place in places:
            name = name.replace(place, "")
        if name[-_NAME_END:] not in printed:
            return False
    for word, tag in rjieba.tag(claim.text):
        if tag in _PROPER and word not in printed and not any(word in place for place in places):
            return False
    return all(m[0] in printed for m in _LATIN.finditer(claim.text))


def _roles_of(text: str, name: str) -> set[str]:
    """The roles in the clauses of a text that hold a name: {"主席"} for 市总工会主席刘静."""
    parts = re.split("[,，;；。、:：和]", text)
    return {role[0] for part in parts if name in part for role in ROLE.finditer(part)}


def _quotations_hold(claim: Claim, ground: Ground) -> bool:
    """Whether every quotation that a clause has a part of is printed so."""
    printed = whole_of(ground)
    return all(
        m[1] in printed
        for m in _QUOTED.finditer(claim.whole)
        if m.start() < claim.end and claim.start < m.end()
    )


def _numerals_hold(claim: Claim, ground: Ground) -> bool:
    """Whether the numerals of a clause that are no quantities stand in the sentence as printed."""
    text = ground.inquiry.analyzer.normalise(ground.sentence.text)
    return all(
        m[0] in text or any(a <= claim.start + m.start() < b for a, b in claim.apart)
        for m in _NUMERAL.finditer(claim.text)
    )
