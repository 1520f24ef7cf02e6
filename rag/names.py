"""Here is a Chinese text; give me the people it names, and what each of them is."""

import re
from dataclasses import dataclass

import rjieba

ROLE = re.compile(
    r"(?:(?:常务)?副?(?:主席|书记|主任|局长|部长|厅长|市长|县长|区长|省长|镇长|校长|院长|所长|站长|处长|科长|队长|组长|班长|"
    r"厂长|董事长|总经理|经理|会长|理事长|秘书长|总裁|馆长|负责人)|巡视员|调研员|委员|督学|"
    r"记者|通讯员|教授|院士|医生|护士|教师|老师|职工|工人|劳模|律师|"
    r"代表|选手|队员|员工|民警|同志|先生|女士|总统|首相|发言人|专家|博士|导演|演员|作家|歌手|教练|CEO|创始人)"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,8})+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
# The commonest surnames; the two-character ones among them.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃"
    "武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮"
    "柯纪梅童凌毕季裴霍涂苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶牟艾尤阳穆农司卓古"
    "吉缪简芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬边卞姬师仇栾隋商刁沙荣巫"
    "寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
) | frozenset("欧阳 上官 司马 诸葛 司徒 皇甫 尉迟 慕容 夏侯 令狐".split())
# Rarer ones, more often a word's first character (代表, 应邀): the word itself must be a name.
_RARE_SURNAMES = frozenset(
    "郁洪洛单杭嵇荀惠芮储封富车班伊厉祖束郜蔺屠胥闻莘贡劳扶宰雍濮寿燕冀浦阎茹容戈暨衡匡阙沃蔚隆晁勾阚鞠丰巢荆权桓湛项解应展战代鹿綦修初矫逄"
)
_NO_GIVEN_NAME = frozenset(
    "向 在 和 与 为 是 说 等 到 来 对 将 曾 已 也 就 还 又 都 从 把 被 让 给 跟 及 以 的 了 率 "
    "率领 表示 介绍 告诉 认为 指出 先后 亲自 出席 参加 带领 一行 来到 走进 率队 在内 "
    "等人 受邀 应邀 宣布 主持 致辞 讲话 陪同 当选 带队".split()
)
_SAYS = (
    "[在说带率等和与及、，。,:：为向对是的致赴到来讲作（(]|表示|介绍|出席|参加|一行|主持|宣布|代表|指出|"
    "强调|认为"
)
# 伊力都斯·木拉提, 罗布顿珠，男: names that no surname begins.
_DOTTED = re.compile(rf"[\u4e00-\u9fff]{{1,6}}(?:·[\u4e00-\u9fff]{{1,8}}?)+(?={_SAYS}|$)")
_SEXED = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,3}(?=，[男女]，)|(?<=的)[\u4e00-\u9fff]{2,5}(?=，[男女]，)"
)
_CLAUSE_END = "，,。；;：:！!？?\n"
# 唐明英当选新一届自治区总工会主席: what a person is, said behind the name.
_TAKES = re.compile(
    r"(?:同志)?(?:当选|担任|出任|就任|被任命|被选举|被选|任|是|为)+(?P<what>[^，,。；;：:、]{2,40})"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A name in a text, text[start:end], and the titles that go with it.

    `titles` are those right before it, parted by 、 (威海市总工会党组书记、常务副主席 → two), and
    what it is said to become (当选…); `opens` is where the first begins. `in_role`: one of them
    stands right before the name.
    """

    start: int
    end: int
    name: str
    titles: tuple[str, ...]
    opens: int
    in_role: bool


def people(text: str) -> list[Person]:
    """The people of a text, in order.

    A name behind a role is read by its surname; elsewhere jieba's tagger decides, and a Chinese
    name must begin with a surname.
    """
    found: dict[int, tuple[str, bool]] = {}
    for role in ROLE.finditer(text):
        at = role.end() + (text[role.end() : role.end() + 1] == "的")
        name = name_at(text, at)
        if name:
            found[at] = (name, True)
    for pattern in (_DOTTED, _SEXED):
        for match in pattern.finditer(text):
            role_ends = [r.end() for r in ROLE.finditer(match[0])]
            start = match.start() + max(role_ends, default=0)
            found.setdefault(start, (text[start : match.end()], bool(role_ends)))
    at = 0
    for word, tag in rjieba.tag(text):
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        inside = any(a <= start < a + len(name) for a, (name, _) in found.items())
        if tag.startswith("nr") and _NAME.fullmatch(word) and not inside:
            name = word if "·" in word or tag == "nrt" else name_at(text, start)
            if name:
                found[start] = (name, False)
    return _with_titles(text, found)


def _with_titles(text: str, found: dict[int, tuple[str, bool]]) -> list[Person]:
    """The people found, each with the titles around it."""
    persons: list[Person] = []
    for start in sorted(found):
        name, in_role = found[start]
        end = start + len(name)
        opens = max((text.rfind(mark, 0, start) for mark in _CLAUSE_END), default=-1) + 1
        if persons and persons[-1].end > opens:
            opens = persons[-1].end
        before = text[opens:start].lstrip("、和与及以")
        opens = start - len(before)
        takes = _TAKES.match(text, end)
        titles = [part for part in before.split("、") if part]
        if takes and ROLE.search(takes["what"]):
            titles = [takes["what"]]
        persons.append(Person(start, end, name, tuple(titles), opens, in_role))
    return persons


def name_at(text: str, start: int) -> str:
    """The Chinese name of two or three characters that begins at `start`, "" where none does.

    Words as jieba cuts them are joined until a surname has its given name (张富|良, 王|建之).
    A word of its own that is no name (应邀, 计划) begins none.
    """
    rest = text[start : start + 8]
    dotted = _DOTTED.match(text, start)
    if dotted:
        return dotted[0]
    rare = rest[:1] in _RARE_SURNAMES
    if not rare and rest[:1] not in _SURNAMES and rest[:2] not in _SURNAMES:
        return ""
    name = ""
    for word in rjieba.cut(rest, False):
        if name and (len(name) + len(word) > 3 or word in _NO_GIVEN_NAME):
            break
        if not _HAN.fullmatch(word) or (not name and word in _NO_GIVEN_NAME):
            break
        if not name and len(word) > 1 and not _may_be_name(word, rare=rare):
            return ""
        name += word
        if len(name) == 3:
            break
    return name if 2 <= len(name) <= 3 else ""


def _may_be_name(word: str, *, rare: bool) -> bool:
    """Whether jieba takes a word for a name, or (unless its surname is `rare`) for a noun."""
    tags = [tag for _, tag in rjieba.tag(word)]
    usual = ("nr", "nz", "x") if rare else ("n", "x", "i", "z", "a")
    return len(tags) != 1 or tags[0].startswith(usual)
