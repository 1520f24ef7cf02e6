"""Here is a clause; tell me what was done in it: raised, given, spent, helped, built, awarded …"""

import re
from dataclasses import dataclass

# Verbs of union reports by what they do to a figure. Two verbs of one class may answer for each
# other; verbs of different classes may not, except the pairs in COMPATIBLE.
CLASSES: dict[str, tuple[str, ...]] = {
    "raise": ("筹集", "筹措", "募集", "筹得", "筹资", "筹款", "募捐", "募得", "集资", "众筹", "筹到", "筹了", "筹"),
    "give": (
        "发放", "拨付", "下拨", "划拨", "拨出", "补助", "补贴", "资助", "发给", "送出", "给予", "返还", "送去",
        "兑付", "奖励", "支付", "赠送", "捐赠", "捐款", "配送", "配发",
    ),
    "spend": ("投入", "支出", "花费", "使用", "投资", "耗资", "花了", "用了", "斥资", "出资", "安排资金"),
    "help": ("帮扶", "救助", "慰问", "惠及", "受益", "覆盖", "帮助", "走访", "接待", "援助", "服务"),
    "build": (
        "建成", "建立", "建设完成", "建设", "新建", "创建", "成立", "组建", "设立", "打造", "共建", "扩建", "改建",
        "开办", "落成", "建了", "建有", "建",
    ),
    "award": ("授牌", "授予", "命名", "评选", "表彰", "选树", "挂牌", "获评", "荣获", "推荐", "评为", "入选"),
    "train": ("培训", "培养"),
    "recruit": ("招聘", "招考", "聘用", "录用", "招录"),
    "enrol": ("吸纳", "发展会员", "入会", "新增"),
    "recover": ("挽回", "追回"),
    "hold": ("举办", "组织", "开展", "举行", "召开"),
    "sign": ("签订", "签署", "签约"),
    "solve": ("调解", "化解", "解决", "受理", "处理", "审理"),
}  # fmt: skip

# What answers for what: money handed out may be asked for as spent, and help is often money given.
COMPATIBLE = frozenset(
    frozenset(pair)
    for pair in (
        ("give", "spend"), ("give", "help"), ("spend", "help"), ("hold", "train"), ("hold", "build"),
        ("enrol", "build"), ("hold", "help"), ("help", "train"), ("hold", "spend"), ("hold", "give"),
        ("recruit", "enrol"), ("award", "build"), ("spend", "build"),
    )
)  # fmt: skip

ENGLISH: dict[str, tuple[str, ...]] = {
    "raise": ("raise", "raised", "collect", "collected", "fundraise"),
    "give": ("give", "gave", "given", "grant", "granted", "hand out", "handed out", "distribute", "distributed", "pay", "paid", "allocate", "allocated"),
    "spend": ("spend", "spent", "invest", "invested", "put into"),
    "help": ("help", "helped", "assist", "assisted", "visit", "visited", "benefit", "benefited", "benefitted", "reach", "reached", "serve", "served", "cover", "covered"),
    "build": ("build", "built", "set up", "establish", "established", "create", "created", "found", "founded"),
    "award": ("award", "awarded", "honour", "honoured", "honor", "honored", "recommend", "recommended", "accredited", "certified"),
    "train": ("train", "trained"),
    "recruit": ("recruit", "recruited", "hire", "hired"),
    "enrol": ("enrol", "enrolled", "join", "joined"),
    "recover": ("recover", "recovered"),
    "hold": ("hold", "held", "organise", "organised", "organize", "organized"),
    "sign": ("sign", "signed"),
    "solve": ("mediate", "mediated", "settle", "settled", "solve", "solved", "handle", "handled"),
}  # fmt: skip

_VERB_CLASS = {verb: name for name, verbs in CLASSES.items() for verb in verbs}
_VERBS = re.compile("|".join(sorted(map(re.escape, _VERB_CLASS), key=lambda v: (-len(v), v))))
_ENGLISH_CLASS = {verb: name for name, verbs in ENGLISH.items() for verb in verbs}
_ENGLISH_VERBS = re.compile(
    r"\b(?:"
    + "|".join(sorted(map(re.escape, _ENGLISH_CLASS), key=lambda v: (-len(v), v)))
    + r")\b",
    re.IGNORECASE,
)
# subtle: these are names, not actions: 建设兵团, 服务站, 帮扶中心, 救助站, 工会组织, 培训班 …
_IN_NAMES = re.compile(
    r"(?:服务|帮扶|救助|援助|培训|慰问|建设|投资|组织|奖励|补助|补贴|接待|救助|资助)"
    r"(?:站|中心|对象|队|点|金|款|物资|品|班|师|基地|项目|团|兵团|工作|公司|局|部|厅|委|办|者|体系|平台|资金|经费|制度|工程|窗口)"
    r"|(?:工会|党|基层|社会|群团|经济|团)组织|开发建设|户外劳动者服务|志愿服务"
)


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb in a text and its class."""

    start: int
    end: int
    verb: str
    kind: str


def predicates(text: str) -> list[Predicate]:
    """The classified verbs of a Chinese text, in order; those inside names are left out."""
    names = [m.span() for m in _IN_NAMES.finditer(text)]
    return [
        Predicate(m.start(), m.end(), m[0], _VERB_CLASS[m[0]])
        for m in _VERBS.finditer(text)
        if not any(start <= m.start() < end for start, end in names)
    ]


def english_predicates(text: str) -> list[Predicate]:
    """The classified verbs of an English question, in order."""
    return [
        Predicate(m.start(), m.end(), m[0], _ENGLISH_CLASS[m[0].lower()])
        for m in _ENGLISH_VERBS.finditer(text)
    ]


def compatible(asked: str, found: str) -> bool:
    """Whether a figure reported with verb class `found` may answer a question about `asked`."""
    return asked == found or frozenset((asked, found)) in COMPATIBLE
