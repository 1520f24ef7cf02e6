"""Here is a Chinese text; give me the names of people in it."""

import re

import rjieba

ROLE = re.compile(
    r"(?:副?(?:主席|书记|主任|局长|部长|厅长|市长|县长|区长|省长|镇长|校长|院长|所长|站长|处长|科长|队长|组长|班长|"
    r"厂长|董事长|总经理|经理|会长|理事长|秘书长|总裁)|记者|通讯员|教授|院士|医生|护士|教师|老师|职工|工人|劳模|"
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
_NO_GIVEN_NAME = frozenset(
    "向 在 和 与 为 是 说 等 到 来 对 将 曾 已 也 就 还 又 都 从 把 被 让 给 跟 及 以 的 了 率 "
    "表示 介绍 告诉 认为 指出 先后 亲自 出席 参加 带领 一行 来到 走进 率队 在内 等人".split()
)


def people(text: str) -> list[tuple[int, str, bool]]:
    """(offset, name, whether a role stands right before it), in order.

    A name behind a role is read by its surname; elsewhere jieba's tagger decides, and a Chinese
    name must begin with a surname.
    """
    found: dict[int, tuple[int, str, bool]] = {}
    for role in ROLE.finditer(text):
        name = name_at(text, role.end())
        if name:
            found[role.end()] = (role.end(), name, True)
    at = 0
    for word, tag in rjieba.tag(text):
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        if tag.startswith("nr") and _NAME.fullmatch(word) and start not in found:
            name = word if "·" in word or tag == "nrt" else name_at(text, start)
            if name:
                found[start] = (start, name, False)
    return [found[start] for start in sorted(found)]


def name_at(text: str, start: int) -> str:
    """The Chinese name of two or three characters that begins at `start`, "" where none does.

    Words as jieba cuts them are joined until a surname has its given name (张富|良, 王|建之).
    """
    rest = text[start : start + 8]
    if rest[:1] not in _SURNAMES and rest[:2] not in _SURNAMES:
        return ""
    name = ""
    for word in rjieba.cut(rest, False):
        if name and (len(name) + len(word) > 3 or word in _NO_GIVEN_NAME):
            break
        if not _HAN.fullmatch(word):
            break
        name += word
        if len(name) == 3:
            break
    return name if 2 <= len(name) <= 3 else ""
