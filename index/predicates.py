"""Here is a clause; tell me what was done in it: raised, given, spent, helped, built, awarded …"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.quantity import Quantity

PREDICATES = Path(__file__).with_name("predicates.tsv")


def read_predicates(
    path: Path = PREDICATES,
) -> tuple[dict[str, dict[str, str]], dict[str, frozenset[frozenset[str]]]]:
    """Language → verb → class; pairs of classes that never answer for each other, and that do."""
    classes: dict[str, dict[str, str]] = {"zh": {}, "en": {}}
    pairs: dict[str, set[frozenset[str]]] = {"conflict": set(), "near": set()}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name, language, words = line.split("\t")
        listed = words.split(", ")
        if name in pairs:
            pairs[name].add(frozenset(listed))
        else:
            classes[language].update(dict.fromkeys(listed, name))
    return classes, {name: frozenset(found) for name, found in pairs.items()}


_CLASS_OF, _PAIRS = read_predicates()


def _any_of(verbs: dict[str, str]) -> str:
    """A pattern for any of the verbs, the longest first."""
    return "|".join(sorted(map(re.escape, verbs), key=lambda verb: (-len(verb), verb)))


_VERBS = re.compile(_any_of(_CLASS_OF["zh"]))
_ENGLISH_VERBS = re.compile(rf"\b(?:{_any_of(_CLASS_OF['en'])})\b", re.IGNORECASE)
# subtle: these are names, not actions: 建设兵团, 服务站, 帮扶中心, 救助站, 工会组织, 培训班 …
_IN_NAMES = re.compile(
    r"(?:服务|帮扶|救助|援助|培训|慰问|建设|投资|组织|奖励|补助|补贴|接待|救助|资助)"
    r"(?:站|中心|对象|队|点|金|款|物资|品|班|师|基地|项目|团|兵团|工作|公司|局|部|厅|委|办|者|体系|平台|资金|经费|制度|工程|窗口)"
    r"|(?:配送|接待|服务|培训|投资|招聘)(?:员|业|方|设施|质效|内容|效能|水平|能力|保障)"
    r"|(?:走访|帮扶|救助|培训|志愿服务)*慰问活动|重建|入会率"
    # a name in quotation marks: “干部进企业、服务新突破”
    r"|[“「『《][^”」』》\d，,。]{1,24}[”」』》]"
    r"|(?:调解|仲裁|审理)(?:仲裁|委员会|工作室|中心|员|机制)|(?:工会|党|基层|社会|群团|经济|团)组织|建(?:材|议|筑|档|言)|[党福共]建|筹备|[统运]筹|筹划|法律援助案件|招聘[会月周]|建会率|捐[款赠](?:总|金)?额|开发建设|户外劳动者服务|志愿服务"
)

_COMMA = re.compile("[，,。；;]")
_SENTENCE_END = re.compile(r"[。；;]")


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb in a text and its class."""

    start: int
    end: int
    verb: str
    kind: str


def zh_verbs() -> tuple[str, ...]:
    """Every Chinese verb that has a class."""
    return tuple(_CLASS_OF["zh"])


def predicates(text: str) -> list[Predicate]:
    """The classified verbs of a Chinese text, in order; those inside names are left out."""
    names = [m.span() for m in _IN_NAMES.finditer(text)]
    return [
        Predicate(m.start(), m.end(), m[0], _CLASS_OF["zh"][m[0]])
        for m in _VERBS.finditer(text)
        if not any(start <= m.start() < end for start, end in names)
    ]


def english_predicates(text: str) -> list[Predicate]:
    """The classified verbs of an English question, in order."""
    return [
        Predicate(m.start(), m.end(), m[0], _CLASS_OF["en"][m[0].lower()])
        for m in _ENGLISH_VERBS.finditer(text)
    ]


def asked_acts(question: str, ask_at: int) -> list[tuple[str, str]]:
    """The (verb, class) a question asks about: the last before the words that ask at `ask_at`.

    Verbs before it belong to what the question is about (技能培训|投了多少). Without one before,
    the first after.
    """
    found = predicates(question)
    before = [p for p in found if p.end <= ask_at]
    chosen = before[-1:] or found[:1]
    return [(p.verb, p.kind) for p in chosen]


def conflict(asked: str, found: str) -> bool:
    """Whether a figure reported with verb class `found` must not answer a question on `asked`."""
    return frozenset((asked, found)) in _PAIRS["conflict"]


def near(asked: str, found: str) -> bool:
    """Whether the two classes say nearly the same of a figure (资助 and 救助 of students)."""
    return asked == found or frozenset((asked, found)) in _PAIRS["near"]


def governing_act(text: str, quantity: Quantity, verbs: Sequence[Predicate]) -> Predicate | None:
    """The verb of a figure: the last before it in its clause, the first after it there, or the
    last of the clauses before.
    """
    before = [v for v in verbs if v.end <= quantity.start]
    after = [v for v in verbs if v.start >= quantity.end]
    if before and not _COMMA.search(text[before[-1].end : quantity.start]):
        return before[-1]
    if after and not _COMMA.search(text[quantity.end : after[0].start]):
        return after[0]
    if before and not _SENTENCE_END.search(text[before[-1].end : quantity.start]):
        return before[-1]
    return None
