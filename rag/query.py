"""Here is a question and what was said before; give me what we search for and what would answer."""

import re
from dataclasses import dataclass

from index.analyzer import Analyzer
from index.gazetteer import Gazetteer, Place
from rag.asks import Ask, asks_for
from rag.english import language_of, to_chinese
from rag.predicates import english_predicates, predicates

# The words of asking: they say what is wanted, not what it is about.
_SCAFFOLD = re.compile(
    r"请问一下|请问|您好|你好|麻烦|想了解一下|想了解|了解一下|我想知道|想知道|想问一下|想问|能不能|能否|可以|告诉我|告诉|查一下|帮我|帮忙|"
    r"是做什么的|是干什么的|做什么的|是什么意思|指的是什么|指的是|是什么|什么是|做什么|干什么|"
    r"什么时候|什么时间|什么地方|为什么|多少钱|多少|多久|多长时间|多长|多大|哪[一二两三四五六七八九十几些个家位里儿年天座]*|"
    r"几(?=[个家名位人户项次件场条年天月所座])|什么|怎么样|怎么|怎样|如何|为何|何时|何地|何人|谁|吗|呢|吧|啊|呀|"
    r"分别|一共|总共|共计|合计|共有|有没有|是否|是不是|有(?=多少|几|哪|什么|何|谁|$)|叫(?=什么|做|$)|"
    r"(?<=[\u4e00-\u9fff])了(?=$|[?？,，。]|多少|几|什么|哪)|的(?=$|[?？])|[?？!！。,，;；:：、]"
)
_STOP = frozenset(
    "的 了 是 在 有 和 与 及 或 被 把 为 对 从 由 到 给 向 于 以 中 上 下 里 内 后 前 时 各 每 这 那 该 其 它 他 她 我 你 我们 你们 "
    "他们 个 家 名 位 人 户 项 次 件 场 条 元 万元 万 亿 钱 多 几 也 都 还 就 又 才 会 能 要 将 已 已经 曾 曾经 进行 关于 有关 "
    "情况 方面 哪些 多少 什么 一 一个 年 月 日 本 市 省 县 区 州 哪 吗 呢 a an the of in on at to for is are was were did do does "
    "how many much what which who when where why and or by with from this that it its their there have has had".split()
)  # fmt: skip
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|\D|$)")
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{2,20})[”\"」』》]")
_LATIN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")


@dataclass(frozen=True, slots=True)
class Query:
    """A question as we search for it.

    `places` has one tuple of candidate places for each place named; `topics` are the index terms of
    what the question is about (no places, no words of asking); `programmes` the names (quoted, or
    in the dictionary of union terms) an answer must be about; `acts` the predicate classes asked
    for; `years` the calendar years named.
    """

    question: str
    standalone: str
    language: str
    ask: Ask
    places: tuple[tuple[Place, ...], ...]
    topics: tuple[str, ...]
    programmes: tuple[str, ...]
    acts: tuple[str, ...]
    years: tuple[int, ...]

    @property
    def search_text(self) -> str:
        """The text given to the encoder: the question with the Chinese of its English terms."""
        if self.language == "zh":
            return self.standalone
        names = " ".join(places[0].name for places in self.places)
        return f"{self.standalone} {names} {' '.join(self.topics)}".strip()

    @property
    def search_terms(self) -> tuple[str, ...]:
        """The index terms given to BM25: topics, and the names of places in full and short."""
        names = [name for places in self.places for p in places[:1] for name in (p.name, p.short)]
        return tuple(dict.fromkeys((*self.topics, *names)))


def understand(question: str, standalone: str, analyzer: Analyzer, gazetteer: Gazetteer) -> Query:
    """The Query of a question whose references to earlier turns are resolved in `standalone`."""
    text = analyzer.normalise(standalone)
    language = language_of(text)
    spans, places = find_places(text, gazetteer)
    rest = _blank(text, spans)
    if language == "en":
        chinese = " ".join([*re.findall(r"[\u3400-\u9fff]+", rest), *to_chinese(rest)])
        acts = [p.kind for p in english_predicates(rest)] or [p.kind for p in predicates(chinese)]
        body = chinese
    else:
        body = rest
        acts = [p.kind for p in predicates(_SCAFFOLD.sub(" ", rest))]
    quoted = [m[1] for m in _QUOTED.finditer(text)]
    topics = _topics(_SCAFFOLD.sub(" ", body), analyzer)
    names = [*quoted, *named_terms(body, analyzer)]
    return Query(
        question=question,
        standalone=standalone,
        language=language,
        ask=asks_for(text, language),
        places=tuple(places),
        topics=tuple(topics),
        programmes=tuple(dict.fromkeys(names)),
        acts=tuple(dict.fromkeys(acts)),
        years=tuple(dict.fromkeys(int(m[1]) for m in _YEAR.finditer(text))),
    )


def find_places(
    text: str, gazetteer: Gazetteer
) -> tuple[list[tuple[int, int]], list[tuple[Place, ...]]]:
    """Spans and candidate places named in a question, in characters, pinyin or English.

    Two spans of one place (广东省…广东) give it once; a county named right after its city
    (白城市通榆县) stands alone, since it is what is asked about.
    """
    spans: list[tuple[int, int]] = []
    found: list[tuple[int, int, tuple[Place, ...]]] = []
    for mention in gazetteer.find(text):
        if mention.places:
            found.append((mention.start, mention.end, mention.places))
    words = list(_LATIN.finditer(text))
    at = 0
    while at < len(words):
        for size in (3, 2, 1):
            group = words[at : at + size]
            if len(group) == size and (
                places := gazetteer.by_pinyin(text[group[0].start() : group[-1].end()])
            ):
                found.append((group[0].start(), group[-1].end(), tuple(places)))
                at += size
                break
        else:
            at += 1
    places_found: list[tuple[Place, ...]] = []
    last_end = -1
    for start, end, places in sorted(found, key=lambda f: f[0]):
        spans.append((start, end))
        if places_found and start == last_end and _inside(places, places_found[-1]):
            places_found[-1] = _within(places, places_found[-1])
        elif not any(places[0].code == known[0].code for known in places_found):
            places_found.append(places)
        last_end = end
    return spans, places_found


def _inside(inner: tuple[Place, ...], outer: tuple[Place, ...]) -> bool:
    """Whether some reading of `inner` lies in some reading of `outer`."""
    return any(i.code.startswith(o.code) and i.code != o.code for i in inner for o in outer)


def _within(inner: tuple[Place, ...], outer: tuple[Place, ...]) -> tuple[Place, ...]:
    """The readings of `inner` that lie in `outer`."""
    return tuple(i for i in inner if any(i.code.startswith(o.code) for o in outer))


def named_terms(text: str, analyzer: Analyzer) -> list[str]:
    """The terms of the union dictionary in a text, in order; one inside another is left out."""
    found = [(text.index(word), word) for word in analyzer.words if word in text]
    return [
        word
        for _, word in sorted(found)
        if not any(word != other and word in other for _, other in found)
    ]


def _topics(body: str, analyzer: Analyzer) -> list[str]:
    """The index terms of the words a question is about, in order, once each."""
    return [t for t in dict.fromkeys(analyzer.terms(body)) if t not in _STOP and not t.isspace()]


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with the spans replaced by spaces, one for each character."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
