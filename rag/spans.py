"""Here is a sentence and what is asked for; give me the spans in it that could be the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import rjieba

from index.gazetteer import Gazetteer
from index.quantity import PERSONS, Quantity, quantities
from rag.enumeration import enumerations
from rag.predicates import Predicate, conflict, predicates
from rag.query import Query
from rag.sentence import Sentence

_DATE = re.compile(
    r"(?:(?:19|20)\d{2}年)?\d{1,2}月\d{1,2}日(?:至\d{1,2}日)?|(?:19|20)\d{2}年(?:\d{1,2}月(?:底|初|中旬|上旬|下旬)?|底|初|末)?|"
    r"\d{1,2}月(?:底|初|中旬|上旬|下旬)|(?:19|20)\d{2}-\d{1,2}-\d{1,2}|去年\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?|今年\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?"
)
_ROLE = re.compile(
    r"(?:副?(?:主席|书记|主任|局长|部长|厅长|市长|县长|区长|省长|镇长|校长|院长|所长|站长|处长|科长|队长|组长|班长|厂长|董事长|总经理|经理|会长|理事长|秘书长|总裁)"
    r"|记者|通讯员|教授|院士|医生|护士|教师|老师|职工|工人|劳模|代表|选手|队员|员工|民警|同志|先生|女士|总统|首相|发言人|专家|博士|导演|演员|作家|歌手|教练|CEO|创始人)"
)
# Measure words that may stand for each other: things counted, and times something was held.
_ALIKE = (
    frozenset("个家处所座间站项户条类种"),
    frozenset({"次", "场", "期", "届", "轮", "场次", "期次"}),
)
# The commonest surnames; the two-character ones among them.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴"
    "霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚"
    "岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
) | frozenset({"欧阳", "上官", "司马", "诸葛", "司徒", "皇甫", "尉迟", "慕容", "夏侯", "令狐"})
_NO_GIVEN_NAME = frozenset(
    "向在和与为是说等到来对将曾已也就还又都从把被让给跟及以的了率带领表示介绍告诉认为指出先后亲自出席参加"
) | frozenset(
    {"表示", "介绍", "告诉", "认为", "指出", "先后", "亲自", "出席", "参加", "带领", "一行"}
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SCENE = re.compile(
    r"[在到赴于]([^，,。；;、在到]{2,20}?)(?=举行|举办|召开|设立|成立|启动|开展|进行|落成|设置|为|开幕|[，,。])"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,8})+")
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()·]{2,24}?(?:股份有限公司|有限责任公司|有限公司|集团公司|公司|集团|总工会|工会|委员会|银行|大学|学院|中学|小学|医院|研究院|研究所|协会|联合会|基金会|法院|检察院|日报社|日报|报社|局|厅|部|厂)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A possible answer: text[start:end] of its sentence.

    `fit` in [0, 1] says how well its form fits what is asked for; `quantity` is set for figures;
    `items` for lists; `act_conflicts` marks a figure whose verb does another thing than asked.
    """

    start: int
    end: int
    text: str
    fit: float
    quantity: Quantity | None = None
    items: tuple[str, ...] = ()
    act_conflicts: bool = False


def spans_of(sentence: Sentence, query: Query, gazetteer: Gazetteer) -> list[Span]:
    """The spans of a sentence that could answer a query; empty where a sentence answers whole."""
    text = sentence.text
    kind = query.ask.kind
    if query.ask.wants_quantity:
        return _figures(text, query)
    if kind == "person":
        return _people(text)
    if kind == "date":
        return [Span(m.start(), m.end(), m[0], _date_fit(m[0])) for m in _DATE.finditer(text)]
    if kind == "organisation":
        return [Span(m.start(), m.end(), m[0], 0.8) for m in _ORGANISATION.finditer(text)]
    if kind == "place":
        return _places(text, query, gazetteer)
    if kind == "list":
        return [
            Span(e.start, e.end, text[e.start : e.end], e.fit(query.ask), items=e.items)
            for e in (listed.of(query.ask) for listed in enumerations(text))
            if not query.ask.items or len(e.items) == query.ask.items
        ]
    return []


def _date_fit(text: str) -> float:
    """A full date fits better than a bare year."""
    return 1.0 if "日" in text else 0.8


def _figures(text: str, query: Query) -> list[Span]:
    """The quantities of the kind asked for, with their verbs checked against the question's."""
    verbs = predicates(text)
    spans = []
    for quantity in quantities(text):
        fit = _unit_fit(quantity, query)
        if fit <= 0:
            continue
        found = _governing_act(text, quantity, verbs)
        conflicts = False
        if query.acts and found is not None:
            conflicts = any(conflict(asked, found.kind) for asked in query.acts)
            fit += 0.2 * (found.kind in query.acts) + 0.2 * (found.verb in query.verbs)
            fit -= 0.2 * (found.kind not in query.acts)
        start, end, text_ = quantity.start, quantity.end, quantity.text
        spans.append(Span(start, end, text_, fit, quantity, act_conflicts=conflicts))
    return spans


def _governing_act(text: str, quantity: Quantity, verbs: Sequence[Predicate]) -> Predicate | None:
    """The last verb before a figure in its sentence, or the first one after it in its clause."""
    before = [v for v in verbs if v.end <= quantity.start]
    if before and not re.search(r"[。；;]", text[before[-1].end : quantity.start]):
        return before[-1]
    after = [v for v in verbs if v.start >= quantity.end]
    if after and not re.search(r"[，,。；;]", text[quantity.end : after[0].start]):
        return after[0]
    return None


def _places(text: str, query: Query, gazetteer: Gazetteer) -> list[Span]:
    """Places named in a sentence other than those of the question, and scenes (在牡丹广场举行)."""
    asked = {place.code for places in query.places for place in places}
    spans = [
        Span(m.start, m.end, m.text, 0.8)
        for m in gazetteer.find(text)
        if not any(place.code in asked for place in m.places)
    ]
    spans += [Span(m.start(1), m.end(1), m[1], 0.7) for m in _SCENE.finditer(text)]
    return spans


def _unit_fit(quantity: Quantity, query: Query) -> float:
    """How well a quantity's unit fits the one asked for, in [0, 1]; 0 keeps it out."""
    kind, unit = query.ask.kind, query.ask.unit
    if kind in {"money", "ratio"}:
        return 0.7 if quantity.kind == kind else 0.0
    if kind == "duration":
        return 0.7 if quantity.kind == "time" and unit in {"", quantity.unit} else 0.0
    if quantity.kind not in {"count", "person", "measure", "time"}:
        return 0.0
    if not unit:
        return 0.5 if quantity.kind in {"count", "person"} else 0.2
    if unit == quantity.unit:
        return 0.7
    if unit in PERSONS:
        return 0.6 if quantity.kind == "person" else 0.0
    return 0.4 if any(unit in group and quantity.unit in group for group in _ALIKE) else 0.0


def _people(text: str) -> list[Span]:
    """Names of people: behind a role, or words the tagger calls a name; the former fit better."""
    spans = {}
    for role in _ROLE.finditer(text):
        name = _name_at(text, role.end())
        if name:
            spans[role.end()] = Span(role.end(), role.end() + len(name), name, 1.0)
    at = 0
    for word, tag in rjieba.tag(text):
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        if tag.startswith("nr") and _NAME.fullmatch(word) and start not in spans:
            name = _name_at(text, start) or word
            spans[start] = Span(start, start + len(name), name, 0.5)
    return [spans[start] for start in sorted(spans)]


def _name_at(text: str, start: int) -> str:
    """The Chinese name of two or three characters that begins at `start`, "" where none does.

    Words as jieba cuts them are joined until a surname has its given name (张富|良, 王|建之).
    """
    rest = text[start : start + 8]
    if rest[:1] not in _SURNAMES and rest[:2] not in _SURNAMES:
        return ""
    name = ""
    for word in rjieba.cut(rest):
        if name and (len(name) + len(word) > 3 or word in _NO_GIVEN_NAME):
            break
        if not _HAN.fullmatch(word):
            break
        name += word
        if len(name) == 3:
            break
    return name if 2 <= len(name) <= 3 else ""
