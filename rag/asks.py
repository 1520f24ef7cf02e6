"""Here is a question; tell me what kind of thing would answer it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.quantity import read_number, unit_kind
from rag.wording import counter

_WHICH_N = re.compile(r"哪(?P<n>[两二三四五六七八九十]|\d+)(?P<noun>[\u4e00-\u9fff])?")
# What the items of a numbered name are called (三必访: 必访), where the question only says 哪三样.
_NUMBERED = re.compile(r"[两二三四五六七八九十]([\u4e00-\u9fff]{1,2})")
_NUMBERED_NAME = re.compile(r"(?P<n>[两二三四五六七八九十])(?P<noun>[\u4e00-\u9fff]{1,2})")
_NUMBERED_ASKED = re.compile(
    r"(?<!第)(?P<n>[两二三四五六七八九十])(?P<noun>[\u4e00-\u9fff]{1,2}?)(?=[\"”」』]?(?:是|指|包括|分别|都有|有哪))"
)
_NUMBERED_KIND = re.compile(
    r"(?<!第)(?P<n>[两二三四五六七八九十])(?P<noun>[大个项种类])(?=[\u4e00-\u9fff]{2,8}?(?:是|有|包括|指|分别)[^几多]*$)"
)
_GENERAL = frozenset("个样项种点类条件")
_MONEY = re.compile(
    r"(?:筹|募|拨|投|花|补|捐|发|领|资助|补助|补贴|奖励|列支|拿出)(?:集|措|到|得|放|入|了|过)*(?:一共|总共|共)?多少(?=$|[?？,，。])|"
    r"价?值(?:为|是|达)?多少|多少[\u4e00-\u9fff]{0,5}?(?:[助慰救奖基补]金|补助|补贴|津贴|经费|费用|资金)|"
    r"多少(?:万|亿)?(?:元|钱|资金|经费|善款|款|助学金|慰问金|补贴|奖金|金额)|几(?:万|千|百|亿)?(?:块|元)"
    r"|(?:资金|经费|金额|款项|善款|[金款费]|工资|收入|津贴|补贴|补助|资助|造价|价格|售价|成本|花费|损失|收益|利润|产值|营收|销售额|营业额|税收|余额|善款|欠薪|钱)(?:总额|总数|共|一共|合计)?(?:分别)?(?:是|有|为|高?达|约)?(?:多少|几)(?![个家名人户次件])"
    r"|(?:金额|资金|经费)(?:是|有|为)?$|花(?:了|费)多少|(?:筹|(?<!招)募)(?:集|措|得|款|到|资|捐)?了?多少(?!人|户|家|名|个|次)"
)
# The weather, the time, oneself: asked of a person who is there, not of articles.
_NOW = re.compile(
    r"(?:今天|明天|现在|此刻|刚才|今晚).{0,4}(?:天气|几点|几号|星期几|股价|汇率|气温)|^你(?:是谁|叫什么|会什么|好吗)"
)
# What is counted in persons though the question names no measure word: 多少学生, 多少困难职工.
_PEOPLE = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:学生|孩子|儿童|志愿者|选手|老人|考生|职工|工人|员工|农民工|会员|人员|子女|青年|干部|劳模|群众|居民|者)"
)
_PEOPLE_BEFORE = re.compile(
    r"(?:学生|考生|职工|工人|员工|农民工|会员|人员|子女|青年|干部|劳模|群众|居民|者|选手)(?:一共|总共)?有?多少[?？]?$"
)
# To write, to draw, to translate: nothing an article could answer.
_ORDER = re.compile(
    r"^\s*(?:请|麻烦)?(?:你|您)?(?:帮我|给我|替我|为我|帮忙)?(?:写|作|编|画|翻译|创作|生成|起草|讲|唱)(?:一|个|首|篇|段|封|份|下)"
)
# A figure of every place there is.
_SURVEY = re.compile(r"(?:哪些|哪几个|哪个|各个?|每个)(?:城市|市|地区|地方|省|县|区|州)")
# The places where something was done (哪些城市开展了金秋助学).
_SURVEY_NAMED = re.compile(
    r"(?:哪些|哪几个)(?:城市|市|地区|地方|省|县|区|州)[^多几]{0,6}?[开举推启实建有设]"
)
# Which of two is more: a figure of each is asked for.
_MORE = re.compile(
    r"(?:哪个|谁|哪里|哪边|哪一?[家座])[^，,。?？]{0,16}(?:更|最)[多少高低大]"
    r"|(?:哪个|谁|哪里|哪边|哪一?[家座])的?[^，,。?？]{0,4}[多少高低大](?=$|[?？,，。 ])"
    r"|[多少高低]还是|谁(?:多|少|高|低|大)|哪[^，,。?？]{0,10}得[更最]?[多少](?=$|[?？,，。\s])|更[多少高低](?=$|[?？])|比[^，,。]{1,8}[多少高低](?=$|[?？])"
)
OF_MONEY = re.compile(r"钱|资金|经费|金额|款|花|筹|拨|投入|补贴|补助|[助慰救奖]金")
# A telephone or account number is no quantity; what has one prints so many digits.
DIGITS = re.compile(r"\d{3}")
NUMBER_OF_A_THING = re.compile(r"(?:号码|电话|手机号|邮编|账号|编号|网址|车牌|学号)(?:是|为)?多少")
_RATIO = re.compile(
    r"百分之(?:几|多少)|几成|百分比|(?:比例|占比|比重|率)(?:是|为|有|达|达到|均|高达|约)?(?:多少|几|多高)|多少个?百分点|(?:率|比例)$"
)
_WHICH_NTH = re.compile(r"第几|排名(?:是|为)?(?:多少|几)")
# What a thing that is no person is called.
_CALLED = re.compile(
    r"叫(?:什么|啥)(?:名[字称]?)?(?=$|[?？。 ])|(?:什么|啥)名[字称]?(?=$|[?？。 ])|名称是什么"
)
_OF_A_PERSON = re.compile(
    r"(?:主席|书记|主任|经理|长|员|人|师|她|他|劳模|代表|工|手|者)[的]?(?:姓名|名字)?(?:叫|是|姓)?(?:叫)?(?:什么|啥)"
)
_SIZE = re.compile(r"面积|占地|规模|体积|容积|范围|直径|半径|校[园区]")
_AGE = re.compile(r"几岁|几周岁|多大(?:的?[孩娃小子年岁]|了?$|[?？])|年龄(?:是|为)?(?:多少|多大)?")
_WHEN = re.compile(
    r"(?:西元|公元|[在于是])几年|几世纪|什么时候|何时|什么时间|哪一?年|哪一?天|哪一?日|几月|几号|哪个月|日期|什么日子|时间是|(?:哪一?个?|什么)(?:朝代?|年代|世纪|时[代期])"
)
_HOW_LONG = re.compile(r"多久|多长时间|几年|几天|多少年|多少天|几个月|几小时")
_WHO = re.compile(
    r"谁|(?:主席|书记|主任|经理|长)叫(?:什么|啥)|哪位|哪一位|何人|叫什么名|姓名|什么人|哪个人"
)
_WHERE = re.compile(r"哪里|哪儿|何地|何处|在哪|什么地方|什么地点|地点|什么位置|地址")
_WHICH_PLACE = re.compile(
    r"(?:哪个|哪座|哪一个|什么)(?:城市|市|省|县|区|镇|乡|村|地区|国家|街道|州)"
)
_WHICH_ORGANISATION = re.compile(
    r"(?:哪家|哪个|哪一家|什么)(?:公司|企业|单位|机构|部门|工会|学校|医院|银行|媒体|报纸|集团)"
)
_LIST = re.compile(r"哪些|哪几|分别是|有什么|包括什么|包含什么|都有谁|什么内容|包括哪|列举")
_WHY = re.compile(r"为什么|为何|原因|怎么会")
_WHAT_IS = re.compile(r"什么是|是什么|指什么|指的是|做什么|干什么|什么意思|是干嘛|有什么用")

_EN_MORE = re.compile(r"\b(?:more|most|fewer|less)\b", re.IGNORECASE)
_EN_MONEY = re.compile(
    r"(?:筹|募|拨|投|花|补|捐|发)(?:集|措|到|得|放|入|了)*多少[?？]?$|"
    r"价值(?:为|是|达)?多少|多少[\u4e00-\u9fff]{0,5}?(?:[助慰救奖基补]金|补助|补贴|津贴|经费|费用|资金)|"
    r"\bhow much\b|\bamount of money\b|\bhow many (?:yuan|rmb|dollars)\b",
    re.IGNORECASE,
)
_EN = (
    ("ratio", re.compile(r"\b(?:percentage|per ?cent|proportion|share|rate)\b", re.IGNORECASE)),
    ("money", _EN_MONEY),
    ("count", re.compile(r"\bhow many\b|\bnumber of\b|\b(?:more|most|fewer)\b", re.IGNORECASE)),
    ("duration", re.compile(r"\bhow long\b", re.IGNORECASE)),
    ("person", re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE)),
    ("date", re.compile(r"\bwhen\b|\bwhat (?:year|date|day|time)\b|\bwhich year\b", re.IGNORECASE)),
    ("reason", re.compile(r"\bwhy\b", re.IGNORECASE)),
    (
        "place",
        re.compile(r"\bwhere\b|\b(?:which|what) (?:city|place|county|province)\b", re.IGNORECASE),
    ),
    ("list", re.compile(r"\bwhich\b|\bwhat are\b|\blist\b", re.IGNORECASE)),
    ("definition", re.compile(r"\bwhat is\b|\bwhat does\b", re.IGNORECASE)),
)

# The five homes: how many items a list should have.
_EN_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_EN_NUMBERED = re.compile(
    rf"\b(?:what|which) (?:are|is|were) (?:the|\w+['’]s) ({'|'.join(_EN_NUMBERS)})\b", re.IGNORECASE
)

# What is asked of an article itself.
_ARTICLE = r"(?:文章|报道|新闻|稿件|稿子|通讯)"
_OF_ARTICLE = {
    "date": re.compile(
        rf"{_ARTICLE}[^，,。]{{0,6}}(?:什么时候|何时|哪一?[天年日月]|几[月号])[^，,。]{{0,3}}(?:发|刊|登|写|出)"
        rf"|{_ARTICLE}的?(?:发表|刊登|发布)?(?:日期|时间)"
    ),
    "author": re.compile(
        rf"{_ARTICLE}[^，,。]{{0,6}}(?:谁写|作者|记者|谁采写|哪位)|谁写的"
        r"|作者(?:是|叫|为)?(?:谁|哪|什么)|(?:》|[”\"」』])的?(?:作者|记者|撰稿人)|的作者[?？]?$"
    ),
    "paper": re.compile(
        rf"{_ARTICLE}[^，,。]{{0,8}}(?:哪[家个份张]|什么)(?:报|媒体|网站|刊)|{_ARTICLE}的?(?:出处|来源)"
    ),
}
# The words such a question is asked with, which no article need hold.
OF_ARTICLE_WORDS = re.compile(
    r"篇?(?:文章|报道|新闻|稿件)|时候|发表|刊登|报纸|作者|记者|网站|媒体|出处"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What would answer.

    `kind` is money, count, ratio, duration, ordinal (第几), person, name (of what is no person),
    date, place, organisation, list, reason, definition, fact, or order (to write something).
    `unit` is the measure word asked for ("" for any), `items` how many items a list should have
    (0 unknown), `noun` what each is called (五家: 家). `ranks` asks which place has
    more, `surveys` for a figure of every place there is.
    """

    kind: str
    unit: str = ""
    items: int = 0
    noun: str = ""
    ranks: bool = False
    surveys: bool = False

    @property
    def wants_quantity(self) -> bool:
        """Whether a figure with a unit is asked for."""
        return self.kind in {"money", "count", "ratio", "duration"}


def asks_for(question: str, language: str) -> Ask:
    """What kind of thing would answer a question in `language` ("zh" or "en")."""
    if language == "en":
        return _asked_in_english(question)
    if _ORDER.search(question) or _NOW.search(question):
        return Ask("order")
    if _WHICH_NTH.search(question):
        return Ask("ordinal")
    quantity = _asks_for_quantity(question)
    if quantity is not None:
        return quantity
    which = _WHICH_N.search(question)
    if which:
        noun = which["noun"] or ""
        named = _NUMBERED.search(question[: which.start()])
        if noun in _GENERAL and named:
            noun = named[1]
        return Ask("list", items=int(read_number(which["n"]) or 0), noun=noun)
    if _CALLED.search(question) and not _OF_A_PERSON.search(question):
        return Ask("name")
    for kind, pattern in (
        ("survey", _SURVEY_NAMED),
        ("organisation", _WHICH_ORGANISATION),
        ("place", _WHICH_PLACE),
        ("date", _WHEN),
        ("list", _LIST),
        ("person", _WHO),
        ("place", _WHERE),
        ("reason", _WHY),
        ("definition", _WHAT_IS),
    ):
        if pattern.search(question):
            return Ask("list", surveys=True) if kind == "survey" else Ask(kind)
    return Ask("fact")


def asked_of_article(question: str) -> str:
    """What a question asks of an article itself: date, author or paper; "" for any other."""
    return next((what for what, pattern in _OF_ARTICLE.items() if pattern.search(question)), "")


def _asked_in_english(question: str) -> Ask:
    """What kind of thing would answer an English question."""
    kind = next((kind for kind, pattern in _EN if pattern.search(question)), "fact")
    counted = _EN_NUMBERED.search(question) if kind in {"list", "definition"} else None
    if counted:
        return Ask("list", items=_EN_NUMBERS.index(counted[1].lower()) + 2)
    return Ask(kind, ranks=bool(_EN_MORE.search(question)))


def _asks_for_quantity(question: str) -> Ask | None:
    """The quantity a Chinese question asks for, or None."""
    if NUMBER_OF_A_THING.search(question):
        return Ask("fact")
    if _RATIO.search(question):
        return Ask("ratio")
    surveys = bool(_SURVEY.search(question))
    if _MORE.search(question):
        kind = "money" if OF_MONEY.search(question) else "count"
        return Ask(kind, ranks=True, surveys=surveys)
    if _MONEY.search(question):
        return Ask("money", surveys=surveys)
    if _AGE.search(question) and not _SIZE.search(question):
        return Ask("duration", unit="岁")
    if _HOW_LONG.search(question) and not _WHEN.search(question):
        return Ask("duration")
    if _WHEN.search(question):
        return None
    asked = counter(question)
    if asked is not None:
        kinds = {"time": "duration", "money": "money", "ratio": "ratio"}
        kind = kinds.get(unit_kind(asked.unit), "count") if asked.unit else "count"
        people = _PEOPLE.match(question[asked.end :]) or _PEOPLE_BEFORE.search(question)
        unit = asked.unit or ("人" if people else "")
        return Ask(kind, unit=unit, surveys=surveys)
    return Ask("count") if re.search(r"数量|人数|总数$|多大", question) else None


def numbered(ask: Ask, names: Sequence[str], text: str) -> Ask:
    """What is asked for, where a numbered name (五家, 三必访) says how many items there are.

    `names` are the quoted names of the question; in its text the name must be what is asked about
    (五进是, 五送指).
    """
    if ask.items or ask.kind not in {"definition", "list", "fact", "place"}:
        return ask
    found = [match for name in names if (match := _NUMBERED_NAME.fullmatch(name))]
    asked = _NUMBERED_ASKED.search(text) or _NUMBERED_KIND.search(text)
    for match in [*found, *([asked] if asked else [])]:
        return Ask("list", items=int(read_number(match["n"]) or 0), noun=match["noun"])
    return ask
