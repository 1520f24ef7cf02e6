"""Here is a sentence and what is asked for; give me the spans in it that could be the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import rjieba

from index.gazetteer import Gazetteer
from index.predicates import Predicate, conflict, governing_act, near, predicates
from index.quantity import PERSONS, Quantity, quantities, read_number
from index.sentences import Sentence
from rag.enumeration import enumerations
from rag.names import ROLE, people
from rag.owned import ALIKE, ANY, Asked, asked_of, holdings
from rag.query import Query
from rag.wording import COUNTED

DATE = re.compile(
    r"(?:\d{3,4}年)?\d{1,2}月\d{1,2}日(?:至\d{1,2}日)?|(?:公元前?)?\d{3,4}年(?:\d{1,2}月(?:底|初|中旬|上旬|下旬)?|底|初|末)?|"
    r"\d{1,2}月(?:底|初|中旬|上旬|下旬)|(?:19|20)\d{2}-\d{1,2}-\d{1,2}|去年\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?|今年\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?"
    r"|(?<!\d)\d{1,2}月(?![\d底初中上下份])|\d{1,2}月份|(?:本|下|上)个?月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?|(?<=至)年底|(?<=到)年底"
)
_HAN_DIGITS = "[〇零一二三四五六七八九十百]"
# What a dictionary of days lacks: years of an era, dynasties, centuries, decades, years in words.
_ERA = (
    r"(?:民国|洪武|永乐|宣德|成化|弘治|正德|嘉靖|万历|天启|崇祯|顺治|康熙|雍正|乾隆|嘉庆|道光|咸丰|同治|光绪|"
    r"宣统|贞观|开元|天宝|明治|大正|昭和|平成|令和)(?:\d{1,2}|元|"
    + _HAN_DIGITS
    + r"{1,3})年(?:间|代)?"
    r"|(?:公元)?前?(?:\d{1,2}|"
    + _HAN_DIGITS
    + r"{1,3}|上个?|本)世纪(?:\d0年代|"
    + _HAN_DIGITS
    + r"{2}年代)?(?:[初末中]叶?期?|[早后晚]期)?|(?:\d\d)?\d0年代(?:[初末中]期?|[早后晚]期)?"
    r"|[〇零一二三四五六七八九]{4}年(?:"
    + _HAN_DIGITS
    + r"{1,2}月)?(?:"
    + _HAN_DIGITS
    + r"{1,3}日)?"
    r"|" + _HAN_DIGITS + r"{1,2}月" + _HAN_DIGITS + r"{1,3}日"
    r"|(?:先秦|春秋|战国|三国|南北朝|五代十国|民国|[西东][汉晋周]|[南北][宋魏齐周]|[秦汉晋隋唐宋辽金元明清](?=[朝代末初]))"
    r"(?:[朝代]|时[期代])?(?:[末初]年?|中[叶期]|[早晚末初后]期|年间)?"
)
WHEN = re.compile(f"{_ERA}|{DATE.pattern}")
_AGE_OF_TIME = re.compile(r"[年朝代]|世纪|时期")
_NTH = re.compile(
    r"第(?:\d+|[一二三四五六七八九十百千]+)[届次个名位任代批期轮大家座所条]?|首[届次个位任座家]|(?:位居|排名|居|名列)[^，,。；;]{0,6}首位?"
)
# Names of foreigners: what joins them, and the words beside it.
_FOREIGN = re.compile(r"[·•]")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z.'’-]+(?: [A-Z][A-Za-z.'’-]+)+")
_CALLED = re.compile(
    r"(?:名为|名叫|叫做|叫作|称为|称作|又名|又称|简称|俗称|别名|取名|命名为|改名为?|更名为|(?<=[\u4e00-\u9fff])叫)[“「《]?"
    r"(?P<name>[^，,。；;、“”「」《》（()）的]{2,16})"
)
_STANDS = re.compile(
    r"(?:位于|坐落[于在]|地处|出生于|生于|毕业于|来自|建于|葬于|迁[往至到]|前往|定居于?)(?P<where>[^，,。；;、“”（(]{2,20})"
)
_AGES = {"岁", "周岁"}
# What these follow is no number of things unless they are asked for (市县两级, 历经十七届).
_RANKS = {"级", "届"}
_COMMA = re.compile("[，,。；;]")
# A number that no measure word follows; no ordinal, no year, no part of a longer number.
_NUMBER = (
    r"(?<![\d.第年月零〇一二两三四五六七八九十百千万亿])(?P<number>\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)"
    r"(?P<power>[万亿])?(?P<mark>[多余])?"
)
_POWERS = {"万": 10_000, "亿": 100_000_000}
# What the very verb asked for adds to a figure's fit.
SAME_VERB = 0.35
# What it adds that the thing asked for is what the figure counts, said right behind it.
COUNTS_IT = 0.4
NOUN_WITHIN = 14
# Characters of whose role it is that must be the same in the question and before a name.
OWNER = 2
# And so many of them where they are a body's own name (城市|管理局 is not 绿化管理局).
OWNED = 4
# Said of one who no longer is what he was; asked of him with the same words.
_OFFICES = ("局", "厅", "部", "委", "处", "中心", "院")
FORMER = re.compile(r"此前|之前|曾任|曾|前任|上一[任届]|原(?=[省市县区州总任])|卸任|不再")
_BODY = re.compile(r"总工会|工会|人大|政协|公司|集团|协会|商会|学校|学院|医院|法院|妇联|团委")
_WHICH_YEAR = re.compile(r"哪一?年|which year|what year")
_ASKS_UNTIL = re.compile(
    r"(?:到|至|截止|截至|结束|持续|延[长续])[^，,。]{0,6}(?:哪|几|什么|何)|截止|until",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:至|到|截止|前)$")
_BARE_YEAR = re.compile(r"\d{4}年")
_TITLED = re.compile(r"[“「《]([^”」》]{2,30})[”」》]")
_SCENE = re.compile(
    r"[在到赴于]([^，,。；;、在到“”]{2,30}?)(?=举行|举办|召开|设立|成立|启动|开展|进行|落成|设置|为|开幕|[，,。])"
)
ORGANISATION = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()·]{2,24}?(?:股份有限公司|有限责任公司|有限公司|集团公司|公司|集团|总工会|工会|委员会|银行|大学|学院|中学|小学|医院|研究院|研究所|协会|联合会|基金会|法院|检察院|日报社|日报|报社|局|厅|部|厂)"
)


_NO_BODY = re.compile(r"[在这那的是了我们为对将向让被把到去来从由]|联合(?!会)")


@dataclass(frozen=True, slots=True)
class Span:
    """A possible answer: text[start:end] of its sentence.

    `fit` in [0, 1] says how well its form fits what is asked for; `quantity` is set for figures;
    `items` for lists. `act` is the class of a figure's verb; `act_differs` marks one that is not
    what is asked for, `act_conflicts` one that does quite another thing. `opens` is where a
    person's titles begin (-1: no person). `owned` says how far a figure owns less of the question
    than the figure of its sentence that owns most of it (0: it is that), as log-odds.
    """

    start: int
    end: int
    text: str
    fit: float
    quantity: Quantity | None = None
    items: tuple[str, ...] = ()
    act_conflicts: bool = False
    act_differs: bool = False
    act: str = ""
    opens: int = -1
    owned: float = 0.0


def spans_of(
    sentence: Sentence, query: Query, gazetteer: Gazetteer, asked: Asked | None = None
) -> list[Span]:
    """The spans of a sentence that could answer a query; empty where a sentence answers whole.

    `asked` is `asked_of(query)`, for a caller that has many sentences.
    """
    text = sentence.text
    kind = query.ask.kind
    if query.ask.wants_quantity:
        return _figures(text, query, gazetteer, asked or asked_of(query))
    if kind == "person":
        return _people(text, query)
    if kind == "date":
        return _dates(text, query)
    if kind == "organisation":
        return _organisations(text, query)
    if kind == "place":
        return _places(text, query, gazetteer)
    if kind == "name":
        return [*_matches(_TITLED, text, query), *_matches(_CALLED, text, query)]
    if kind == "ordinal":
        return _matches(_NTH, text, query)
    if kind == "list":
        return [
            Span(e.start, e.end, text[e.start : e.end], e.fit(query.ask), items=e.items)
            for e in (listed.of(query.ask) for listed in enumerations(text))
            if not query.ask.items or len(e.items) == query.ask.items
        ]
    return []


def _matches(pattern: re.Pattern[str], text: str, query: Query) -> list[Span]:
    """What a pattern (its first group, where it has one) finds that the question does not say."""
    group = 1 if pattern.groups else 0
    return [
        Span(m.start(group), m.end(group), m[group], 0.8)
        for m in pattern.finditer(text)
        if m[group] not in query.text
    ]


def _organisations(text: str, query: Query) -> list[Span]:
    """Names of bodies, each from behind the last word that belongs to none (在|圆通公司)."""
    spans = []
    for m in ORGANISATION.finditer(text):
        before = max((n.end() for n in _NO_BODY.finditer(m[0])), default=0)
        name = m[0][before:]
        if len(name) > 3 and name not in query.text:
            spans.append(Span(m.start() + before, m.end(), name, 0.8))
    return spans


def _dates(text: str, query: Query) -> list[Span]:
    """The dates of a sentence that the question does not name itself; with a year where one is
    asked for.
    """
    years = {f"{year}年" for year in query.years}
    until, since = bool(_ASKS_UNTIL.search(query.text)), bool(_WHICH_YEAR.search(query.text))
    return [
        Span(m.start(), m.end(), m[0], _date_fit(text, m, until=until, year=since))
        for m in WHEN.finditer(text)
        if m[0] not in query.text and m[0] not in years and (not since or _AGE_OF_TIME.search(m[0]))
    ]


def _date_fit(text: str, match: re.Match[str], *, until: bool, year: bool) -> float:
    """How well a date fits: a day better than a month, better than a bare year (unless a year is
    asked for); where an end is asked for, what stands behind 至 or 到 better than all.
    """
    fit = 1.0 if "日" in match[0] else 0.8
    if _BARE_YEAR.fullmatch(match[0]) and not year:
        fit = 0.4
    ends = _UNTIL.search(text[max(0, match.start() - 4) : match.start()]) or "至" in match[0]
    return fit + (0.8 if until and ends else 0.0)


def _figures(text: str, query: Query, gazetteer: Gazetteer, asked: Asked) -> list[Span]:
    """The quantities of the kind asked for, with their verbs checked against the question's."""
    names = [(m.start, m.end) for m in gazetteer.find(text)]
    found: list[Quantity] = []
    for q in quantities(text):
        if not any(a <= q.start < b for a, b in names) and not _of_what(found, q, query):  # 三台|县
            found.append(q)
    fits = [_unit_fit(quantity, query, asked) for quantity in found]
    if query.ask.kind == "count":  # the same thing by another measure word
        fits = [
            fit or 0.4 * (q.kind == "count" and _counts(text, q, query))
            for q, fit in zip(found, fits, strict=True)
        ]
    if not any(fits):
        return _uncounted(text, query)
    verbs, owned, spans = predicates(text), holdings(text, found, query, asked), []
    for q, fit, own in zip(found, fits, owned, strict=True):
        if fit > 0:
            spans.append(_figure(text, q, query, fit, own, governing_act(text, q, verbs)))
    return spans


def _of_what(before: Sequence[Quantity], quantity: Quantity, query: Query) -> bool:
    """Whether a figure, not asked for, only says of what kind those counted are (15名|4-12岁的)."""
    asked = query.ask.kind == "duration" or quantity.unit == query.ask.unit
    of_kind = quantity.kind in {"time", "measure"} and not asked
    return of_kind and bool(before) and before[-1].end == quantity.start


def _figure(
    text: str, quantity: Quantity, query: Query, fit: float, owned: float, act: Predicate | None
) -> Span:
    """The span of one quantity, whose fit grows with what it counts and with its verb."""
    conflicts = differs = False
    if query.acts and act is not None:
        differs = not any(near(asked, act.kind) for asked in query.acts)
        conflicts = any(conflict(asked, act.kind) for asked in query.acts)
        fit += 0.2 * (act.kind in query.acts) + SAME_VERB * (act.verb in query.verbs)
        fit -= 0.2 * (act.kind not in query.acts)
    fit += COUNTS_IT * _counts(text, quantity, query)
    start, end, kind = quantity.start, quantity.end, act.kind if act is not None else ""
    return Span(start, end, quantity.text, fit, quantity, (), conflicts, differs, kind, owned=owned)


def _uncounted(text: str, query: Query) -> list[Span]:
    """The numbers right before what a question counts, without a measure word (58博物馆, 三子)."""
    if query.ask.kind != "count":
        return []
    counted = "|".join(re.escape(word.text) for word in query.words if word.focus == COUNTED)
    found = []
    for m in re.finditer(rf"{_NUMBER}(?={counted})", text) if counted else ():
        value = read_number(m["number"])
        if value is not None:
            value *= _POWERS.get(m["power"] or "", 1)
            precision = "above" if m["mark"] else "exact"
            quantity = Quantity(m.start(), m.end(), m[0], value, "", precision, "count")
            found.append(Span(m.start(), m.end(), m[0], 0.6, quantity))
    return found


def _counts(text: str, quantity: Quantity, query: Query) -> bool:
    """Whether what is counted is what the question counts (240余名|农民工子女)."""
    behind = _COMMA.split(text[quantity.end : quantity.end + NOUN_WITHIN])[0].split("、")[0]
    return any(word.focus == COUNTED and word.text in behind for word in query.words)


def _places(text: str, query: Query, gazetteer: Gazetteer) -> list[Span]:
    """Places named in a sentence other than those of the question, and scenes (在牡丹广场举行)."""
    asked = {place.code for places in query.places for place in places}
    spans = [
        Span(m.start, m.end, m.text, 0.8)
        for m in gazetteer.find(text)
        if not any(place.code in asked for place in m.places)
    ]
    for pattern in (_SCENE, _STANDS):
        spans += [Span(m.start(1), m.end(1), m[1], 0.7) for m in pattern.finditer(text)]
    return [span for span in spans if span.text not in query.text]


def _unit_fit(quantity: Quantity, query: Query, asked: Asked) -> float:
    """How well a quantity's unit fits the one asked for, in [0, 1]; 0 keeps it out.

    Where no unit is asked for, an amount fits too if money is spoken of (消费券多少). 个 may stand
    for what is counted by any other measure word (几个劳模: 7名).
    """
    kind, unit = query.ask.kind, query.ask.unit
    if kind in {"money", "ratio"}:
        return 0.7 if quantity.kind == kind else 0.0
    if kind == "duration":
        same = unit in {"", quantity.unit} or {unit, quantity.unit} == _AGES
        return 0.7 if quantity.kind == "time" and same else 0.0
    if quantity.kind == "money" and not unit and asked.money:
        return 0.5
    if quantity.kind not in {"count", "person", "measure", "time"}:
        return 0.0
    if not unit:
        counts = quantity.kind in {"count", "person"}
        return 0.0 if quantity.unit in _RANKS else 0.5 if counts else 0.2
    if unit == quantity.unit:
        return 0.7
    if unit in PERSONS:
        return 0.6 if quantity.kind == "person" else 0.0
    if any(unit in group and quantity.unit in group for group in ALIKE):
        return 0.4
    return 0.3 if unit == ANY and quantity.kind in {"count", "person"} else 0.0


def _people(text: str, query: Query) -> list[Span]:
    """Names of people; where the question names a role, only those who hold it.

    The more of the question's own words stand in a name's titles (市总工会主席|王建之), the better.
    Whose role it is (市总工会) must stand there too, where any owner does.
    """
    role, owner = _asked_role(query)
    words = [word.text for word in query.words if word.text != role]
    former = bool(FORMER.search(query.text))
    spans = []
    for person in people(text):
        if person.name in query.text or (not person.in_role and _is_word(person.name)):
            continue
        held = "、".join(person.titles)
        fit = 0.5
        if role:
            owned = _holds_role(person.titles, role, owner)
            if not owned:
                continue
            fit = 1.0 + 0.3 * owned
        elif person.in_role:
            fit = 1.0
        fit += 0.3 * min(4, sum(word in held for word in words))
        before = text[max(0, person.opens - 12) : person.start]
        fit -= 0.8 * (bool(FORMER.search(before)) != former)
        spans.append(Span(person.start, person.end, person.name, fit, opens=person.opens))
    if role:
        return spans
    foreign = _foreigners(text, query)
    apart = [s for s in spans if not any(f.start <= s.start < f.end for f in foreign)]
    return apart + foreign


def _is_word(name: str) -> bool:
    """Whether jieba takes what looks like a name for another word (文明, 卓越)."""
    tags = rjieba.tag(name)
    return len(tags) == 1 and not tags[0][1].startswith("nr")


def _foreigners(text: str, query: Query) -> list[Span]:
    """Names that no surname begins: joined by a dot (威廉·琼斯) or in Latin letters."""
    ends = list(accumulate(len(word) for word in rjieba.cut(text, False)))
    starts = [0, *ends[:-1]]
    spans: list[tuple[int, int]] = []
    for dot in _FOREIGN.finditer(text):
        start = max((at for at in starts if at < dot.start()), default=0)
        end = min((at for at in ends if at > dot.end()), default=len(text))
        if spans and start <= spans[-1][1]:  # 约翰·罗纳德·鲁埃尔
            start = spans.pop()[0]
        spans.append((start, end))
    spans += [m.span() for m in _LATIN_NAME.finditer(text)]
    return [Span(a, b, text[a:b], 0.8) for a, b in spans if text[a:b] not in query.text]


def _asked_role(query: Query) -> tuple[str, str]:
    """The role a question names and the two characters of whose it is before it (总工会|主席)."""
    text = query.text
    if query.language == "en":
        role = next((word.text for word in query.words if ROLE.fullmatch(word.text)), "")
        others = [word.text for word in query.words if word.text != role]
        return role, next((o[-OWNER:] for o in others if o.endswith("工会")), "")
    found = list(ROLE.finditer(text))
    if not found:
        return "", ""
    before = text[: found[-1].start()].removesuffix("党组").removesuffix("的")
    for name in query.place_names:
        before = before.replace(name, "")
    body = _BODY.findall(before)
    if body:
        return found[-1][0], body[-1]
    size = OWNED if before.endswith(_OFFICES) else OWNER
    return found[-1][0], before[-size:] if len(before) >= OWNER else ""


def _holds_role(titles: Sequence[str], role: str, owner: str) -> float:
    """How surely titles, first to last, hold a role of an owner: 1, ½ (owner not said), 0."""
    said = ""
    for title in titles:
        at = title.find(role)
        while at >= 0:
            said_here = said + title[:at]
            if role.startswith(("副", "常务")) or not title[:at].endswith("副"):
                if not owner or owner in said_here:
                    return 1.0
                if not re.search(r"[\u4e00-\u9fff]{2}", said_here):
                    return 0.5
            at = title.find(role, at + 1)
        said += title
    return 0.0
