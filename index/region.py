"""Here are an article and its places; give me the one place it reports on, or none."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from index.gazetteer import Gazetteer, Place, PlaceMention

# Weights of a mention; a name in the title or an organisation's name says whose article it is.
_IN_TITLE = 4.0
_AT_START = 1.5
_ORGANISATION = 1.5
_PUBLISHER = 2.0
_OPENING = 150  # characters
# Of the weight of all mentions, and of those one level down, what one place must hold.
_MAJORITY = 0.6
_ENOUGH = 3.0
_DEEP_ENOUGH = 0.4
_NEARLY_ALL = 0.75
_BODY = re.compile(
    "[省市县区州]?(?:委|总工会|工会|人民政府|政府|人大|政协|妇联|团委|公安|检察|法院|"
    "教育局|各级|人社|医保|税务|纪委|交警|消防|"
    "供电|日报|融媒|[一-龥]{1,4}局)"
)
# 陕西理工大学, 南京银行: named after a place, active anywhere.
_NAMESAKE = re.compile("[一-龥]{0,4}(?:大学|学院|银行|证券|股份|集团|啤酒|足球|国安|队)")
_AGENCY_BEFORE = re.compile("(?:社|网|报|电视台|客户端)$")
_DATELINE_AFTER = re.compile(r"\d{1,2}月\d{1,2}日")
_ELSEWHERE = re.compile("[赴援驰来往至飞]$|(?:来自|前往|对口|援助|毗邻|邻近|户籍|籍贯)$")
_OWN = re.compile(
    "(?:全|我|本)([省市县区州旗])|(?<![一-龥])([省市县区州旗])(?:委|总工会|政府|人社|教育)"
)
_FOREIGN = re.compile(
    "美国|日本|韩国|朝鲜|俄罗斯|乌克兰|英国|法国|德国|意大利|西班牙|印度|泰国|越南|缅甸|"
    "菲律宾|新加坡|马来西亚|印尼|澳大利亚|"
    "新西兰|加拿大|巴西|阿根廷|墨西哥|埃及|南非|尼日尔|伊朗|以色列|土耳其|沙特|巴基斯坦|"
    "欧盟|非洲|拜登|特朗普|联合国|北约"
)
_LEVEL_OF = {"省": 2, "市": 4, "州": 4, "县": 6, "区": 6, "旗": 6}


def find_region(title: str, text: str, publisher: str | None, gazetteer: Gazetteer) -> Place | None:
    """The county, city or province that the article reports on; None where no one dominates."""
    mentions = [m for m in gazetteer.find(text) if m.places]
    heading = [m for m in gazetteer.find(title) if m.places]
    named = [m for m in gazetteer.find(publisher) if m.places] if publisher else []
    if not mentions and not heading and not named:
        return None
    weights = _weights(text, mentions)
    for mention in heading:
        weights.append((mention.places, _IN_TITLE))
    for mention in named:
        weights.append((mention.places, _PUBLISHER))
    scores = _resolved(weights)
    total = sum(scores.values())
    if total < _ENOUGH or _abroad(title, text) > total:
        return None
    own = Counter(_LEVEL_OF[m[1] or m[2]] for m in _OWN.finditer(text))
    code = _descend(scores, own)
    while code and gazetteer.by_code(code) is None:  # 1101 only groups the districts of 11
        code = code[:-2]
    return gazetteer.by_code(code) if code else None


def _weights(text: str, mentions: Sequence[PlaceMention]) -> list[tuple[tuple[Place, ...], float]]:
    """How much each mention in the text says."""
    weights = []
    for mention in mentions:
        before = text[max(0, mention.start - 4) : mention.start]
        if _AGENCY_BEFORE.search(before) and _DATELINE_AFTER.match(text, mention.end):
            continue
        weight = 0.3 if _ELSEWHERE.search(before) else 1.0
        if _BODY.match(text, mention.end) or (mention.text[-1] in "市县" and len(mention.text) > 2):
            weight *= _ORGANISATION
        if _NAMESAKE.match(text, mention.end):
            weight *= 0.3
        if mention.start < _OPENING:
            weight *= _AT_START
        weights.append((mention.places, weight))
    return weights


def _resolved(weights: Sequence[tuple[tuple[Place, ...], float]]) -> dict[str, float]:
    """Weight by code; an ambiguous name goes to the reading that the others support."""
    scores: dict[str, float] = defaultdict(float)
    for places, weight in weights:
        if len(places) == 1:
            scores[places[0].code] += weight
    for places, weight in weights:
        if len(places) > 1:
            best = max(places, key=lambda place: (_support(place.code, scores), -len(place.code)))
            scores[best.code] += weight
    return scores


def _support(code: str, scores: dict[str, float]) -> float:
    """Weight of the places above, below or equal to `code`."""
    return sum(v for k, v in scores.items() if code.startswith(k) or k.startswith(code))


def _abroad(title: str, text: str) -> float:
    """Weight of foreign names, each counted as a mention in China is."""
    return len(_FOREIGN.findall(text)) + _IN_TITLE * len(_FOREIGN.findall(title))


def _descend(scores: dict[str, float], own: Counter[int]) -> str | None:
    """The deepest place that holds the majority at its level; "" or None where none does."""
    code = ""
    share = sum(scores.values())
    for length in (2, 4, 6):
        below: dict[str, float] = defaultdict(float)
        for place, weight in scores.items():
            if place.startswith(code) and len(place) >= length:
                below[place[:length]] += weight
        if not below:
            continue  # a municipality, or a county under its province, has no city above it
        best, weight = min(below.items(), key=lambda item: (-item[1], item[0]))
        deep = sum(below.values())
        if weight < _MAJORITY * deep or (code and deep < _DEEP_ENOUGH * share):
            break
        if length == 6 and not _is_county(weight, share, own):
            break
        if own[2] > own[4] + own[6] and length > 2 and weight < share * _MAJORITY:
            break
        code, share = best, weight
    return code or None


def _is_county(weight: float, share: float, own: Counter[int]) -> bool:
    """Whether a county, not its city, is the subject: most of the weight, and 全县 over 全市."""
    if weight < _ENOUGH:
        return False
    return weight >= (_DEEP_ENOUGH if own[6] >= own[4] else _NEARLY_ALL) * share
