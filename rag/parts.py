"""Here is a question over several things; give me the single questions that it consists of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer
from index.predicates import predicates
from index.programmes import COMMON
from rag.asks import OF_MONEY, asks_for
from rag.conversation import Conversation, Turn
from rag.english import language_of
from rag.follow import standalone
from rag.pinyin import from_pinyin
from rag.places import find_places, several
from rag.wording import names_in

# What a question over several things has somewhere; one without it is not looked at further.
_SEVERAL = re.compile(
    r"[和与跟同及、,，;；?？ ]|还是|各|分别|比|\b(?:and|or|vs|versus|than|each|both)\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"各(?![级类项界行地县市区族种方])|分别|哪|谁|比|一共|合计|总共|共计|加起来|相加|总和|相差"
)
_PIECE = re.compile(
    r"[,，;；?？。!！]|、(?=多少|几)|\band\s+(?=(?:how|when|who|where|what)\b)", re.IGNORECASE
)
_ASKING = re.compile(r"多少|几|百分之|谁|哪|\b(?:how|which|what|who|when)\b", re.IGNORECASE)
_JOIN_END = re.compile(
    r"(?:[和与跟同及、,，;；\s]|还是|或者?|以及|还有|相?比|\b(?:and|or|vs|versus|than)\b)+\s*$",
    re.IGNORECASE,
)
_JOIN = re.compile(r"[”』」》]?\s*(?:和|与|跟|、|及|以及|还有|,|，|\band\b)+\s*[“『「《]?")
_OFFICE = re.compile(r"[市县区省州]?(?:总?工会|市?政府)的?")
_BODY = (
    r"公司|集团|银行|医院|大学|学院|学校|[一二三四五六七八九十]局|总?工会|联合会|油田|法院|委员会"
)
_ORGANISATION = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9]{{2,14}}?(?:{_BODY})")
# A figure of every place there is (哪些城市) is no question over named ones.
_ALL_PLACES = re.compile(r"哪些|哪几|各个?(?:城市|地区|市|县|区|省)")
# 晋城城区, 山西省总: goes with the place's name, and says nothing of what is asked.
_OF_NAME = re.compile(r"[\u4e00-\u9fff]{0,4}[区县市镇乡]|[省市县区]?总")
_QUOTED = re.compile(r"[“「《『][^”」》』]*[”」》』]")
# 株洲多还是菏泽多: which of the two is more.
_MORE_OR = re.compile(r"更?[多少高低大](?=还是|或)|(?<=[\u4e00-\u9fff])更?[多高大](?=[?？]?$)")
# 多少工会组织和会员: two things counted.
_TWO_COUNTED = re.compile(
    r"(?P<head>^.*(?:多少|几)[个家名项]?)(?P<a>[^和及、,，]{2,8})[和及、](?P<b>[^和及、,，的]{2,4})$"
)
# 两地, 哪些城市, 这几个市: the places that a filter names.
_WHICH_PLACES = re.compile(
    r"^(?:这)?(?:[两三四五几]|哪些|哪几)(?:个)?(?:地方?|城市|市|县|区|省)(?:各自?|分别)?"
)
# Two figures asked for with no mark between (筹了多少钱慰问了多少户).
_UNPARTED = re.compile(
    r"(?:多少|几)(?:钱|资金|经费|金额|[万亿]?元|[个家名人户次件份场位]|人次|户次)"
    r"(?=[和与及]?(?![,，])[\u4e00-\u9fff]{0,6}?(?:多少|几[个家名户次件场]))"
)
# Two numbered names at once (三必贺三必访是什么).
_TWO_NAMES = re.compile(
    r"[“\"「]?(?P<a>[两三四五六七八九十][\u4e00-\u9fff]{1,2})[和与、]?(?P<b>[两三四五六七八九十][\u4e00-\u9fff]{1,2})"
    r"[”\"」]?(?:各自?|分别)?(?:活动|制度|机制)?(?:各自?|分别)?(?:是|指|有)(?:哪[两三四五六七八九十些]|什么)"
)
# People of two sorts are mostly counted together (多少职工和农民工).
_PEOPLE = re.compile(r"(?:[工员者户手生人]|家庭|子女|家属|干部|青年|群众)$")
_ENDS_AS_BODY = re.compile(rf"(?:{_BODY})$")
_YEAR = re.compile(r"(?:19|20)\d{2}年|今年|去年|前年")
_PART_END = re.compile(r"[,，;；。?？]|各|分别|哪|谁|比|多少|几|相差")
_THINGS = re.compile(
    r"(?P<a>[^,，、和与跟及的各:：()（）\s]{2,12}的?)(?:和|与|跟|及|、)(?P<b>[^,，、和与跟及的各:：()（）\s]{2,12}?的?)"
    r"(?=各|分别|的[^,，]{1,10}(?:各|分别))"
)
# How a question over several becomes a question after one: what compares is left out.
_DIFFERENCE = re.compile(r"(?:相差|差)(?:了|着)?(?=多少|几)|[多少](?=多少)|[多少](?=几[个家名])")
_DIFFERENCE_ASKED = re.compile(r"^(?:相差|差|[多少])(?:了)?(?:多少|几)")
_TOGETHER = re.compile(
    r"能(?:不能)?(?:加起来|相加)吗?|一共|合计|总共|共计|加起来|相加|总和|总数"
    r"|\b(?:in total|altogether|together|combined)\b"
)
_ALONE = re.compile(
    r"各自?(?![级类项界行地县市区族种方])|分别|对比(?:一下)?|比一?比|比较(?:一下)?|排个?[名序]次?"
    r"|(?:相比|比)呢?$|有(?:啥|什么)(?:不同|区别|差别)|[两三四五六][地市县区家者边](?!方)"
    r"|\b(?:each|both|respectively)\b"
)
MORE = re.compile(
    r"(?:哪一?[个家边里座]|谁)(?:城市|地区|地方|单位|医院|[市县区省州镇])?(?:的)?"
    r"(?P<what>[^,，?？]{0,14}?)得?(?:更|最|较)?[多少高低大](?:一些|些|一点)?(?=$|[,，?？。\s])"
)
_ENDS_ASKING = re.compile(r"[,，]\s*(?=多少|有多少)")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked for: the question after it alone, whose it is, and its column.

    `side` is a place, a body, a programme or a year ("" where the question has one side only);
    `kind` says which of them (place, body, thing, year).
    """

    question: str
    side: str
    kind: str
    column: int


@dataclass(frozen=True, slots=True)
class _Side:
    """A span that stands beside another, and what it is called."""

    start: int
    end: int
    name: str
    kind: str


def parts_of(question: str, analyzer: Analyzer, gazetteer: Gazetteer) -> tuple[Part, ...]:
    """The parts of a standalone question in the order named; () where it asks for one thing.

    株洲和白城各有多少服务站 has two sides; 筹了多少钱,救助多少人 two columns; a question that
    names another place in each clause has a side for each of them.
    """
    if not (_SEVERAL.search(question) or _UNPARTED.search(question) or _TWO_NAMES.search(question)):
        return ()
    text = analyzer.normalise(from_pinyin(question, analyzer, gazetteer) or question)
    if _ALL_PLACES.search(text):
        return ()
    names = _TWO_NAMES.search(text)
    if names:
        lead = text[: names.start()]
        both = (names["a"], names["b"])
        return tuple(Part(f"{lead}{one}是什么", one, "thing", 0) for one in both)
    text = _UNPARTED.sub(r"\g<0>,", text)
    if "还是" in text:
        text = _MORE_OR.sub("", text)
    asked = _asked(text, analyzer, gazetteer)
    parts: list[Part] = []
    for column, single in enumerate(asked):
        sides = _sides(single, analyzer, gazetteer)
        parts += [Part(alone, name, kind, column) for name, kind, alone in sides]
        if not sides:
            _, places = find_places(single, gazetteer)
            side = places[0][0].name if len(asked) > 1 and places else ""
            parts.append(Part(single, side, "place", column))
    if len(parts) < 2:
        return ()
    named = [part.side for part in parts]
    if len(set(named) - {""}) == 1 and len(asked) == len(parts):  # one place, named once
        return tuple(Part(p.question, "", p.kind, p.column) for p in parts)
    if len(asked) == len(parts) and len(set(named)) == len(named) and "" not in named:
        return tuple(Part(p.question, p.side, p.kind, 0) for p in parts)
    return tuple(parts)


def parts_within(
    question: str, regions: Sequence[str], analyzer: Analyzer, gazetteer: Gazetteer
) -> tuple[Part, ...]:
    """A part for each of several places that the caller limits the articles to, in order.

    () where there is one place, or where the question names its own, or asks for no figure.
    """
    text = analyzer.normalise(from_pinyin(question, analyzer, gazetteer) or question)
    language = language_of(text)
    ask = asks_for(text, language)
    figure = ask.wants_quantity or ask.ranks
    if len(regions) < 2 or not figure or find_places(text, gazetteer)[0]:
        return ()
    names = [next((p.name for p in gazetteer.by_name(r)), r) for r in dict.fromkeys(regions)]
    asked = [alone(_WHICH_PLACES.sub("", one)) for one in _asked(text, analyzer, gazetteer)]
    english = language == "en"
    return tuple(
        Part(f"{one.rstrip('?')} in {name}?" if english else f"{name}{one}", name, "place", column)
        for column, one in enumerate(asked)
        for name in names
    )


def _asked(text: str, analyzer: Analyzer, gazetteer: Gazetteer) -> list[str]:
    """The clauses that each ask for a figure, as whole questions; the text where one does.

    A later clause that names no place is about the place of the first. One that only asks which is
    more, or how much in all, is no question of its own.
    """
    pieces: list[str] = []
    lead = ""
    for piece in _PIECE.split(text):
        own = piece.strip()
        if not _ASKING.search(own):
            lead = f"{lead}{own}," if own else lead
            continue
        of_all = _DIFFERENCE_ASKED.match(own) or MORE.match(own) or _TOGETHER.match(own)
        if not (pieces and of_all):
            pieces.append(f"{lead}{own}")
        lead = ""
    if pieces and lead:  # 筹了多少钱,双鸭山和六盘水比比
        pieces[-1] = f"{lead}{pieces[-1]}"
    language = language_of(text)
    if len(pieces) < 2 or not all(asks_for(p, language).wants_quantity for p in pieces):
        two = _TWO_COUNTED.match(pieces[0]) if len(pieces) == 1 else None
        people = two and _PEOPLE.search(two["a"]) and _PEOPLE.search(two["b"])
        if two and not people and asks_for(pieces[0], language).wants_quantity:
            return [f"{two['head']}{two['a']}", f"{two['head']}{two['b']}"]
        return pieces if len(pieces) == 1 else [text]
    return _resolved(pieces, analyzer, gazetteer)


def _resolved(pieces: Sequence[str], analyzer: Analyzer, gazetteer: Gazetteer) -> list[str]:
    """The clauses of one question, each with the place or the subject that the first one names."""
    first = pieces[0]
    before = Conversation((Turn(first, first, ""),))
    spans, _ = find_places(first, gazetteer)
    verbs = predicates(first)
    place = first[spans[0][0] : spans[-1][1]] if spans else ""
    asking = _ASKING.search(first)
    ends = verbs[0].start if verbs else asking.start() if asking else 0
    owner = re.sub(r"[\u4e00-\u9fff]了$", "", first[:ends])
    whole = [first]
    for piece in pieces[1:]:
        resolved = standalone(piece, before, analyzer, gazetteer)
        lead = place or owner
        if lead not in resolved and not find_places(resolved, gazetteer)[0]:
            resolved = f"{lead}{resolved}"
        whole.append(resolved)
    return whole


def _sides(text: str, analyzer: Analyzer, gazetteer: Gazetteer) -> list[tuple[str, str, str]]:
    """(name, kind, question after it alone) of each side that stands beside another."""
    bodies = _beside(text, _bodies(text))
    spans, places = find_places(text, gazetteer)
    quoted = [(m.start(), m.end()) for m in _QUOTED.finditer(text)]
    if any(a < start < b for a, b in quoted for start, _ in spans):
        spans, places = [], []
    if len(places) > max(1, len(bodies) - 1) and several(text, spans):
        return _of_places(text, spans, [place[0].name for place in places])
    if not _EACH.search(text):
        return []
    known = [name for name in names_in(text, analyzer) if not COMMON.search(name)]
    programmes = sorted(
        (_Side(at, at + len(n), n, "thing") for n in known if (at := text.find(n)) >= 0),
        key=lambda side: side.start,
    )
    years = [_Side(m.start(), m.end(), m[0], "year") for m in _YEAR.finditer(text)]
    ends = [end for _, end in spans]
    chain = bodies or _beside(text, years) or _beside(text, programmes) or _things(text, ends)
    if not chain:
        return []
    head, tail = text[: chain[0].start], text[chain[-1].end :]
    return [(s.name, s.kind, alone(f"{head}{text[s.start : s.end]}{tail}")) for s in chain]


def _bodies(text: str) -> list[_Side]:
    """The organisations of a text, each from behind what joins it to the one before."""
    found = []
    for match in _ORGANISATION.finditer(text):
        joins = list(_JOIN.finditer(match[0]))
        start = match.start() + (joins[-1].end() if joins else 0)
        name = text[start : match.end()]
        if not _ASKING.search(name):
            found.append(_Side(start, match.end(), name, "body"))
    return found


def _beside(text: str, sides: Sequence[_Side]) -> list[_Side]:
    """The first row of sides with nothing but a join between them, [] without one."""
    chain: list[_Side] = []
    for one, other in pairwise(sides):
        if _JOIN.fullmatch(text[one.end : other.start]):
            chain = chain or [one]
            chain.append(other)
        elif chain:
            break
    return chain


def _things(text: str, ends: Sequence[int]) -> list[_Side]:
    """Two things of any sort before 各 or 分别 (农民工子女和职工子女各); places that end at `ends`
    are not part of the first.
    """
    found = _THINGS.search(text)
    if not found:
        return []
    start = max([found.start("a"), *(end for end in ends if end < found.end("a"))])
    names = [(start, found.end("a")), found.span("b")]
    return [_Side(a, b, text[a:b], "thing") for a, b in names if b - a > 1]


def _of_places(
    text: str, spans: Sequence[tuple[int, int]], names: Sequence[str]
) -> list[tuple[str, str, str]]:
    """The sides of a text over places, each with what is said of it alone (江岸知音号联谊和鄂州交友
    沙龙); [] where the spans are not those of the places.
    """
    merged: list[tuple[int, int]] = []
    for start, end in spans:  # 白城市通榆县 is one place
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    if len(merged) != len(names):
        return []
    own = []
    for (_, end), (start, _) in pairwise(merged):
        join = _JOIN_END.search(text[end:start])
        own.append(text[end : end + join.start() if join else start])
    last = merged[-1][1]
    until = last + _own_end(text[last:], own[0].strip())
    own.append(text[last:until])
    head, rest = text[: merged[0][0]], text[until:]
    sides = []
    for (start, end), name, said in zip(merged, names, own, strict=True):
        body = _ENDS_AS_BODY.search(said.strip())
        called = f"{text[start:end]}{said.strip()}" if body and not _OFFICE.match(said) else name
        kind = "body" if called != name else "place"
        sides.append((called, kind, alone(f"{head}{text[start:end]}{said}{rest}")))
    return sides


def _own_end(behind: str, first: str) -> int:
    """Where the words end that are said of the last place alone; `first` are those of the first.

    As those end (岢岚农商银行、河曲农商银行|金秋助学), else where the question asks.
    """
    if not first or _OF_NAME.fullmatch(first):
        office = _OFFICE.match(behind)
        return office.end() if office else 0
    for size in (2, 1):
        at = behind.find(first[-size:])
        if at >= 0 and len(first) >= size:
            return at + size
    stop = _PART_END.search(behind)
    return stop.start() if stop else len(behind)


def alone(question: str) -> str:
    """A question after one of several without what compares: 哪边花得多 asks 花多少钱."""
    money = bool(OF_MONEY.search(question))

    def asked(match: re.Match[str]) -> str:
        return f"{match['what']}{'多少钱' if money else '有多少'}"

    text = _TOGETHER.sub("", MORE.sub(asked, question))
    text = _ENDS_ASKING.sub("", _ALONE.sub("", _DIFFERENCE.sub("", text)))
    text = re.sub(r"值(?:得)?多少(?!钱)", "值多少钱", text.strip(" ,，"))
    if not _ASKING.search(text) and language_of(text) == "zh":
        text = f"{text}多少钱" if money else f"{text}有多少"
    return text
