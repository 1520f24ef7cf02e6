"""Here is a question's text; tell me its words: which ask, which count, what it is about."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import rjieba

from index.analyzer import Analyzer
from index.quantity import COUNTS, MEASURES, MONEY, PERSONS, TIMES
from rag.names import people

STOPWORDS = Path(__file__).with_name("stopwords.txt")
_UNITS = frozenset((*COUNTS, *PERSONS, *MEASURES, *TIMES, *MONEY))
STOP = frozenset(
    word
    for line in STOPWORDS.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
_HOW_MANY = re.compile(r"(?:多少|(?<![哪\d十百千万])几)(?:十|百|千|万|亿)?")
# The words of asking and of courtesy: they say what is wanted, not what it is about.
_SCAFFOLD = re.compile(
    r"请问一下|请教一下|请教|请问|十分感谢|非常感谢|感谢|您好|你好|麻烦|劳驾|问一句|问一下|谢谢[您你]?|想了解一下|想了解|了解一下|我想知道|想知道|"
    r"想问一下|想问|能不能|能否|可以|告诉我|告诉|查一下|帮我|帮忙|这项活动当中|这项活动中|"
    r"是做什么的|是干什么的|做什么的|是什么意思|指的是什么|指的是|是什么|什么是|做什么|干什么|"
    r"什么时候|什么时间|什么地方|为什么|百分之[几多]少?|多少钱|多少|多久|多长时间|多长|多大|"
    r"哪[一二两三四五六七八九十几些个家位里儿年天座样项种]*|几(?=[个家名位人户项次件场条年天月所座样])|"
    r"什么|怎么样|怎么|怎样|如何|为何|何时|何地|何人|谁|吗|呢|吧|啊|呀|嘛|"
    r"分别|一共|总共|共计|合计|共有|有没有|是否|是不是|已经|"
    r"有(?=多少|几|哪|什么|何|谁|$)|(?:叫|占|达|为|是|有|指)(?=多少|几|什么|哪|谁|百分|做|$)|"
    r"(?<=[\u4e00-\u9fff])了(?=$|[?？,，。 ]|多少|几|什么|哪)|"
    r"的(?=$|[?？ ])|各(?=$|[有筹发建投资评调办是自 ])|[?？!！。,，;；:：、]"
)
# One-character verbs right before the words that ask (收几岁, 配了多少): what was done, not a part
# of the word before them.
_VERB_BEFORE = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})[收配办花招搞用发拨送捐评设派领补占贴投筹给做上讲](?:了|过|到|出)?(?=\s|多少|多久|多长|几|哪|什么|谁|多大)"
)
# 哪边筹得多, 哪个县花得更多: what is compared stands elsewhere.
_WHICH_MORE = re.compile(
    r"(?:哪|谁)(?:一?个|边|家|里)?(?:城市|地区|地方|市|县|区|省|州)?[^，,。?？\s]{0,2}?(?:得)?[更最]?[多少高低大](?=$|[?？,，。\s])"
)
# How people talk: it points or softens, and says nothing of what is asked.
_COLLOQUIAL = re.compile(
    r"咱们?|[那这](?:批|位|场|期|次|会儿|阵子|一?年|边|边儿|家|个)|阵子|里头|一块儿|一共|总共|最后|最终|到底|究竟|前前后后|"
    r"大概|差不多|比一?比|对比|比较一下|各自|两地|两边|东西|啥|姓甚名谁|甚名|一把手|头(?=一[个家])|具体|估计|是不是|都"
)
# The focus of the word right behind those that ask: what is counted or listed.
COUNTED = 1.6
# That of the word right before them (号码|是多少).
NAMED_BEFORE = 1.5
_ASKED = re.compile(
    r"(?:多少|几|哪些|哪几|什么|哪一?[个家种位座条所项部本类首门])[个家名户项次件场条座所]?"
)
_GENERAL = re.compile(
    r"学生|人员|工人|员工|群众|人数|人|子女|家庭|同学|青年|孩子|地方|地区|城市|方面|内容|情况|部门|单位|办法"
)
_ORGANISATION = re.compile(
    r"(?P<name>[\u4e00-\u9fffA-Za-z0-9]{2,12}?)(?:股份|有限|责任)*(?:公司|集团|银行|医院|大学|学院|电视台|法院|工会)"
)
# jieba's tags for names of places, bodies and foreigners.
_PROPER_TAGS = frozenset({"ns", "nt", "nrt"})
# Said of a whole country or province: an article about one city does not answer for it.
_SCOPE = re.compile(r"全国|全省|我国")
# Tagged like names, but what anybody may hold: no article need say them so.
_NO_SUBJECT = frozenset(
    "联谊会 法律咨询 惠及 比比 东西 集体婚礼 西瓜 新建 交友会 座谈会 运动会".split()
)
_NOUN_TAGS = frozenset({"vn", "an", "j", "eng", "x", "b", "l", "i"})
# What is no part of a name though it may look so: 于|北魏, 刘裕|最, 何|原因.
_NO_PART = re.compile(
    r"^(?:[于和向从时](?=[\u4e00-\u9fff]{2})|何(?:时|处|地|人|种|事|年|日|原因).*|比[达为是])|[最一是的了在何曾于因从对向和与被将为谁哪几]+$"
)
_COMMON_OWNER = re.compile(
    r"总$|[各基层级]|企业|机关|产业|行业|职工|建立|新建|成立|加入|多少|哪|什么|市|县|区|省|街道|乡|镇|村|的|全|家|本|我|有|会$|非公|民营|国有|社区|联合|女"
)
_MEASURED = "率数量额"
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Counter:
    """The words that ask for a number: [start, end) with the measure word behind them, if any."""

    start: int
    end: int
    unit: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of what a question is about, and the shorter index terms inside it.

    `focus` multiplies its weight: above 1 for what is counted or listed, below for who is.
    """

    text: str
    parts: tuple[str, ...] = ()
    focus: float = 1.0


def counter(question: str) -> Counter | None:
    """Where a Chinese question asks how many, and of which unit ("" where it names none).

    The measure word is the next word as jieba cuts it: in 多少节日 the unit is not 节.
    """
    match = _HOW_MANY.search(question)
    if match is None:
        return None
    rest = question[match.end() :]
    first = next(iter(rjieba.cut(rest)), "") if rest else ""
    for word in (first, first[:1]):
        if word in _UNITS and (word == first or rest[1:2] in "，,。?？ " or len(first) > 1):
            if word != first and not _stands_alone(rest):
                continue
            return Counter(match.start(), match.end() + len(word), word)
    return Counter(match.start(), match.end(), "")


def _stands_alone(rest: str) -> bool:
    """Whether the first character of `rest` can be a measure word alone: 家|凉都, not 节|日."""
    return rest[:1] in "个家名位户" and len(rest) > 1


def bare(question: str) -> str:
    """A Chinese question without the words of asking, each replaced by a space."""
    asked = counter(question)
    if asked is not None:
        question = f"{question[: asked.start]} {question[asked.end :]}"
    question = _WHICH_MORE.sub(" ", question)
    question = _VERB_BEFORE.sub(" ", _COLLOQUIAL.sub(" ", question))
    return _SCAFFOLD.sub(" ", question)


def words_of(body: str, analyzer: Analyzer) -> list[Word]:
    """The words a text is about, in order, once each: the longest terms, with those inside them.

    Stop words and single Han characters are left out: they are verbs and measure words, which
    `index.predicates` and `counter` read.
    """
    terms = [t for t in dict.fromkeys(analyzer.terms(body)) if t in body.lower() and _tells(t)]
    longest = [t for t in terms if not any(t != other and t in other for other in terms)]
    return [Word(t, tuple(p for p in terms if p != t and p in t) or _pieces(t)) for t in longest]


def _pieces(term: str) -> tuple[str, ...]:
    """The ends of a term of three characters or more that jieba keeps whole (新会员 → 会员).

    One that names a measure it does not know is what is measured (建会率 → 建会).
    """
    if len(term) < 3 or not _HAN.match(term):
        return ()
    pieces = tuple(p for p in rjieba.cut_for_search(term, False) if 1 < len(p) < len(term))
    return pieces or ((term[:-1],) if term[-1] in _MEASURED else ())


def focused(words: Iterable[Word], question: str) -> list[Word]:
    """The words with their focus: what stands beside the words that ask (哪些|专题片, 号码|是多少)
    counts for more; a general word (学生, 地方) for less, since articles name it otherwise.
    """
    asked = _ASKED.search(question)
    before = question[: asked.start()].rstrip("是为有达的") if asked else ""
    behind = question[asked.end() :].lstrip("的") if asked else ""

    def focus(word: Word) -> float:
        if _GENERAL.fullmatch(word.text):
            return 0.4
        if behind.startswith(word.text):
            return COUNTED
        return NAMED_BEFORE if before.endswith(word.text) else 1.0

    return [replace(word, focus=focus(word)) for word in words]


def _tells(term: str) -> bool:
    """Whether a term says what a text is about."""
    return term not in STOP and not (len(term) == 1 and _HAN.match(term)) and not term.isspace()


def names_in(text: str, analyzer: Analyzer) -> list[str]:
    """The terms of the union dictionary in a text, in order; one inside another is left out."""
    found = [(text.index(word), word) for word in analyzer.words if word in text]
    return [
        word
        for _, word in sorted(found)
        if not any(word != other and word in other for _, other in found)
    ]


def subjects_in(question: str, known: Iterable[str]) -> list[str]:
    """The people and organisations a Chinese question names (刘静, 步长制药), as an article must.

    An organisation is its distinctive words, without what it is (公司, 工会); 总工会, 各级工会 and
    the like are none, and neither is what `known` names hold (金秋 in 金秋助学).
    """
    names = list(known)
    asked = bare(question)
    found = [one.name for one in people(asked) if not _overlaps(one.name, names, asked)]
    named = [name for word in found if len(name := _NO_PART.sub("", word)) > 1]
    organisations = [
        name
        for match in _ORGANISATION.finditer(asked)
        if (name := _proper_end(match["name"])) and not _COMMON_OWNER.search(name)
    ]
    scopes = [m[0] for m in _SCOPE.finditer(question)]
    return list(dict.fromkeys([*named, *organisations, *scopes]))


def proper_in(question: str, known: Iterable[str]) -> list[str]:
    """The words of a Chinese question that are tagged as names and are none in `known`.

    jieba cuts and tags rare names wrongly: what lacks one may still be about it.
    """
    names, asked = list(known), bare(question)
    return [
        word
        for word, tag in rjieba.tag(asked)
        if tag in _PROPER_TAGS
        and len(word) > 1
        and not _overlaps(word, names, asked)
        and _HAN.match(word)
        and not _GENERAL.fullmatch(word)
        and word not in _NO_SUBJECT
    ]


def _overlaps(word: str, names: Iterable[str], text: str) -> bool:
    """Whether a word stands inside a name of a text or shares characters with it (暨夏送|清凉)."""
    at = text.find(word)
    spans = [(text.find(name), len(name)) for name in names]
    return any(
        word in name or (0 <= start < at + len(word) and at < start + size)
        for name, (start, size) in zip(names, spans, strict=True)
    )


def names_a_thing(word: str) -> bool:
    """Whether a word could name whose figure it is: no verb, time or number (参加, 今年)."""
    tags = rjieba.tag(word)
    common = _GENERAL.fullmatch(word) is not None
    return not common and (len(tags) != 1 or tags[0][1][0] not in "vdtmrpqz")


def foreign_names(question: str, known: Iterable[str]) -> list[str]:
    """The capitalised words of an English question that are neither its first word nor known.

    They name a place or a body that our tables do not have (Singapore): an article must have it.
    """
    words = re.findall(r"[A-Za-z][A-Za-z'’-]*", question)
    familiar = " ".join(known).lower()
    return [
        word.lower()
        for word in words[1:]
        if word[0].isupper() and word[1:].islower() and word.lower() not in familiar
    ]


def _proper_end(text: str) -> str:
    """The nouns at the end of a text, joined (那位在步长制药 → 步长制药), if they are a name."""
    name = ""
    for word, tag in reversed(rjieba.tag(text)):
        if tag not in _NOUN_TAGS and not tag.startswith("n"):
            break
        name = word + name
    return name if len(name) > 1 else ""


def share(words: Iterable[Word], weights: Mapping[str, float], text: str) -> float:
    """The share of the words' weight that a text holds, in [0, 1]; 0 without words.

    A word counts in full where the text has it whole, and for 0.8 of its parts where it does not.
    """
    total = held = 0.0
    for word in words:
        weight = weights[word.text]
        total += weight
        held += weight * holds(word, text)
    return held / total if total else 0.0


def holds(word: Word, text: str) -> float:
    """How much of a word a lower-case text holds, in [0, 1]."""
    if word.text in text:
        return 1.0
    if not word.parts:
        return 0.0
    return 0.8 * sum(part in text for part in word.parts) / len(word.parts)
