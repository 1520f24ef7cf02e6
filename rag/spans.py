"""Here is a sentence and what is asked for; give me the spans in it that could be the answer."""

import re
from dataclasses import dataclass

import rjieba

from index.quantity import PERSONS, Quantity, quantities
from rag.enumeration import enumerations
from rag.predicates import compatible, predicates
from rag.query import Query
from rag.sentence import Sentence

_DATE = re.compile(
    r"(?:(?:19|20)\d{2}年)?\d{1,2}月\d{1,2}日(?:至\d{1,2}日)?|(?:19|20)\d{2}年(?:\d{1,2}月(?:底|初|中旬|上旬|下旬)?|底|初|末)?|"
    r"\d{1,2}月(?:底|初|中旬|上旬|下旬)|(?:19|20)\d{2}-\d{1,2}-\d{1,2}|去年\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?|今年\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?"
)
_ROLE = re.compile(
    r"(?:副?(?:主席|书记|主任|局长|部长|厅长|市长|县长|区长|省长|镇长|校长|院长|所长|站长|处长|科长|队长|组长|班长|厂长|董事长|总经理|经理|会长|理事长|秘书长|总裁)"
    r"|记者|通讯员|教授|院士|医生|护士|教师|老师|职工|工人|劳模|代表|选手|队员|员工|民警|同志|先生|女士|总统|首相|发言人|专家|博士|导演|演员|作家|歌手|教练|CEO|创始人)$"
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


def spans_of(sentence: Sentence, query: Query) -> list[Span]:
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
    if kind == "list":
        return [
            Span(e.start, e.end, text[e.start : e.end], e.fit(query.ask.items), items=e.items)
            for e in enumerations(text)
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
        if query.acts and found:
            conflicts = not any(compatible(asked, found) for asked in query.acts)
            fit = min(1.0, fit + 0.3) if found in query.acts else fit
        spans.append(
            Span(
                quantity.start, quantity.end, quantity.text, fit, quantity, act_conflicts=conflicts
            )
        )
    return spans


def _governing_act(text: str, quantity: Quantity, verbs: list) -> str:  # type: ignore[type-arg]
    """The class of the last verb before a figure in its clause, or of the first one after it.

    A clause that opens with no verb of its own goes on with the verb of the clause before.
    """
    before = [v for v in verbs if v.end <= quantity.start]
    if before and not re.search(r"[。；;]", text[before[-1].end : quantity.start]):
        return str(before[-1].kind)
    after = [v for v in verbs if v.start >= quantity.end]
    if after and not re.search(r"[，,。；;]", text[quantity.end : after[0].start]):
        return str(after[0].kind)
    return ""


def _unit_fit(quantity: Quantity, query: Query) -> float:
    """How well a quantity's unit fits the one asked for, in [0, 1]; 0 keeps it out."""
    kind, unit = query.ask.kind, query.ask.unit
    if kind in {"money", "ratio"}:
        return 0.7 if quantity.kind == kind else 0.0
    if kind == "duration":
        return 0.7 if quantity.kind == "time" else 0.0
    if quantity.kind not in {"count", "person", "measure", "time"}:
        return 0.0
    if not unit:
        return 0.5 if quantity.kind in {"count", "person"} else 0.3
    if unit == quantity.unit:
        return 0.7
    if unit in PERSONS:
        return 0.6 if quantity.kind == "person" else 0.0
    return 0.4 if quantity.kind == "count" and unit in {"个", "家", "项", "处", "所"} else 0.0


def _people(text: str) -> list[Span]:
    """Names of people: words the tagger calls a name; after a role or before a verb fits better."""
    spans = []
    at = 0
    for word, tag in rjieba.tag(text):
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        if tag.startswith("nr") and _NAME.fullmatch(word):
            fit = 1.0 if _ROLE.search(text[:start]) else 0.5
            spans.append(Span(start, at, word, fit))
    return spans
