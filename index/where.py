"""Here is a sentence; tell me which place a character of it speaks of."""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.gazetteer import Gazetteer, Place, PlaceMention
from index.sentences import Sentence

# "Our city", said by an article of its own place: brings the subject back home.
_HERE = re.compile(
    r"(?=[我全本省市州县区街镇乡社])"
    r"(?:(?:我|全|本)(?:省|市|州|县|区|旗|镇|乡|街道)|全国(?=各|共|范围|有|已|累计)|(?<![\u4e00-\u9fff])(?:省|市|州|县|区)(?:总工会|委|政府|人大|各级)"
    r"|(?<![\u4e00-\u9fff])(?:街道|镇|乡|社区)(?:总?工会|办|负责人|党|领导|两级)"
    r"|(?<=[\u4e00-\u9fff])(?<![乡各镇村区级企])(?:街道|镇|乡|社区)(?:总?工会(?!联)|办事处|党工委)"
    r"|(?:(?<![\u4e00-\u9fff])|(?<=是))(?:省|市|州|县|区)(?=[\u4e00-\u9fff]{2,10}?(?:工会|学校|协会|医院|中心|局)))"
)
# After these a place is the subject or the scene of what follows, not a mention in passing.
_OPENS = re.compile(
    r"(?:^|[，,。；;：:、\s“”\"（(]|在|由|是|为|其中|目前|近日|日前|年|月|日|来|我国)$"
)
_GOES_ON = re.compile(
    r"^(?:市|省|县|区|州)?(?:各级|全|总工会|工会|[，,:：]|已|共|的|有|将|今年|去年|累计|通过|先后|建|筹|发|投)"
)
# A county without its rank may be another word (新建工会143家 is not 新建区): it needs this.
_UNION_OF = re.compile(r"总工会|各级|职工|全[县区市]")
# How long the codes of these ranks are (GB/T 2260), and how far back a county is looked for.
_RANK_LENGTHS = (("省", 2), ("市州", 4), ("县区旗", 6))
_LOOK_BACK = 1500
# What a body of the whole country publishes or awards is not counted by the place it names then.
_NATIONAL = re.compile(
    r"(?<![被获经受得由向])(?:中华(?=全国))?(?<![被获经受得由向])"
    r"(?:(?<![被获经受得由向]中华)全国总工会|全总|国务院|教育部|国家[\u4e00-\u9fff]{1,6}?[部委局署]|人力资源和?社会保障部)"
    r"[^，,。；;：:]{0,20}?(?:发布|公布|命名|表彰|通报|下发|评选|认定)[^，,。；;：:]*$"
)
_OF_ALL = re.compile(r"全国(?:共?有?|仅有?|约|首批|第[一二三四五六七八九十]+批)$")
# No division's code begins so: a figure of the whole country is no place's.
_NATION = ("00",)
_MEASURED_BY = re.compile(r"(?:在|作为|居|列|是|为|向)$")
_COMPANION = re.compile(
    r"(?:[与和同跟及、经被]|通过|获|获得|按照|根据|来自|前往|赴|援助|参与|驰援)$"
)
_BELOW_COUNTY = re.compile(r"镇|乡|街道|社区")
_HOST = re.compile(r"(?:是|由|为|、)$")
_EVENT = re.compile(r"[^，,。；;]{0,20}(?:举行|举办|召开|启动|开幕|揭牌|落幕|闭幕)")
_RANKS = "省市县区州盟旗镇乡村道"


@dataclass(frozen=True, slots=True)
class Where:
    """The place a span speaks of: GB/T 2260 codes it may have (none: no place), its printed name,
    and whether the sentence itself names it (else it is the article's own place), where.
    """

    codes: tuple[str, ...]
    name: str | None
    stated: bool
    at: int = 0


def place_of(sentence: Sentence, at: int, gazetteer: Gazetteer) -> Where:
    """The place that governs the character `at` (offset in the sentence).

    The last place before it that is a subject or a scene; "全市" and "市总工会" mean the article's
    own place. Without one in the sentence, what leads up to it in the paragraph decides, then the
    article. A place that is only mentioned in passing (参与湖北抗疫的工人) does not govern.
    """
    home = _home(sentence)
    text = sentence.text
    if _is_national(text, at, gazetteer):
        return Where(_NATION, "全国", True)
    governing = _last_subject(text[: max(at, 1)], text, sentence, gazetteer)
    if governing is not None:
        return governing
    lead = _last_subject(sentence.lead, sentence.lead, sentence, gazetteer)
    if lead is not None:
        return Where(lead.codes, lead.name, False)
    return home


def _is_national(text: str, at: int, gazetteer: Gazetteer) -> bool:
    """Whether what stands at `at` is of the whole country (全国|100个), or one of its bodies
    says it, with no place named between (全国总工会发布了第三批|100个).
    """
    before = text[:at]
    if _OF_ALL.search(before):
        return True
    body = _NATIONAL.search(before)
    if body is None:
        return False
    return not any(body.start() < m.start < at for m in places_in(gazetteer, text))


def place_of_person(sentence: Sentence, opens: int, at: int, gazetteer: Gazetteer) -> Where:
    """The place whose office the person named at `at` holds, whose titles begin at `opens`.

    Named in the titles (忻城县总工会主席), else of a rank there (市总工会主席): the last place of
    that rank named before in the sentence; else what governs the sentence there.
    """
    text = sentence.text
    mentions = [m for m in places_in(gazetteer, text) if m.start < at and _sure(m)]
    own = [m for m in mentions if m.start >= opens and m.places]
    if own:
        return Where(tuple(p.code for p in own[-1].places), own[-1].text, True, own[-1].start)
    ranked = _HERE.search(text[opens:at])
    length = next((n for ranks, n in _RANK_LENGTHS if ranked and ranked[0][0] in ranks), 0)
    for mention in reversed(mentions if length else []):
        codes = tuple(p.code for p in mention.places if len(p.code) == length or _municipal(p))
        if codes and not _COMPANION.search(text[: mention.start]):
            return Where(codes, mention.text, True, mention.start)
    if ranked:
        return _here(sentence, ranked[0], gazetteer, _home(sentence))
    return place_of(sentence, at, gazetteer)


def _sure(mention: PlaceMention) -> bool:
    """Whether a mention is no county's short name, which may be a person's (秦建华)."""
    return mention.text[-1:] in _RANKS or any(p.level != "county" for p in mention.places)


def _municipal(place: Place) -> bool:
    """Whether a province is called 市 (北京市)."""
    return place.level == "province" and place.name.endswith("市")


def _here(sentence: Sentence, words: str, gazetteer: Gazetteer, home: Where) -> Where:
    """The place that 全市, 全县 … mean: the article's own, or where that is wider (全县 in an
    article about its city) the last of that rank named before.
    """
    if words.startswith("全国"):
        return Where(_NATION, "全国", True)
    if _BELOW_COUNTY.search(words):
        return Where((), None, True)
    code = home.codes[0] if home.codes else ""
    length = next((n for ranks, n in _RANK_LENGTHS if any(r in words for r in ranks)), 0)
    if "市" in words and len(code) != 4:
        province = gazetteer.by_code(code[:2])
        if province is not None and _municipal(province):  # 全市 in an article about 上海市
            return Where((province.code,), province.name, True)
    ranked = (home.name or "")[-1:]
    if words.startswith("全") and len(code) > length > 0 and words[1] != ranked:
        wider = gazetteer.by_code(code[:length])  # 全市 in an article about a county
        return Where((code[:length],), wider.name if wider else None, True)
    if len(code) >= length:
        return Where(home.codes, home.name, bool(home.codes))
    before = sentence.document.text[max(0, sentence.start - _LOOK_BACK) : sentence.start]
    for mention in reversed(places_in(gazetteer, f"{sentence.document.title}\n{before}")):
        for place in mention.places:
            if len(place.code) == length and place.code.startswith(code):
                return Where((place.code,), place.name, True)
    return Where((), None, True)


@lru_cache(maxsize=1 << 12)
def places_in(gazetteer: Gazetteer, text: str) -> list[PlaceMention]:
    """The places named in a text; each span of a sentence asks again."""
    return gazetteer.find(text)


def _home(sentence: Sentence) -> Where:
    """The article's own place."""
    document = sentence.document
    return Where((document.region_code,) if document.region_code else (), document.region, False)


def _last_subject(before: str, text: str, sentence: Sentence, gazetteer: Gazetteer) -> Where | None:
    """The last place of `text` that starts inside `before` and is its subject; None without one.

    In what leads up to a sentence (`before` is all of it), a place that is only where something
    was held, or one of those it was held by, does not go on governing if another was named first.
    """
    home = _home(sentence)
    leads = before is text and text is sentence.lead
    marks = [(at, _here(sentence, words, gazetteer, home)) for at, words in _own_places(before)]
    seen = False
    reached = -1
    for mention in places_in(gazetteer, text):
        joined = mention.start == reached and mention.text[-1:] in _RANKS  # 河北省|承德市|承德县
        if mention.start < len(before) and (joined or _is_subject(text, mention)):
            reached = mention.end
            if leads and seen and _passing(text, mention):
                continue
            codes = tuple(place.code for place in mention.places)
            marks.append((mention.start, Where(codes, mention.text, True, mention.start)))
        seen = True
    return max(marks, key=lambda mark: mark[0])[1] if marks else None


@lru_cache(maxsize=1 << 10)
def _own_places(text: str) -> list[tuple[int, str]]:
    """Where a text says "our city" or the like, and how; what leads up to figures comes often.

    在全省率先 only says what something is held against.
    """
    return [
        (m.start(), m[0])
        for m in _HERE.finditer(text)
        if not _MEASURED_BY.search(text[: m.start()])
    ]


def _passing(text: str, mention: PlaceMention) -> bool:
    """Whether a place is only the scene of an event (仪式在伊犁举行) or one of its hosts."""
    before, after = text[: mention.start], text[mention.end :]
    if _HOST.search(before):
        return True
    return before.endswith("在") and _EVENT.match(after) is not None


def _is_subject(text: str, mention: PlaceMention) -> bool:
    """Whether a mention opens a clause with its rank (菏泽市…) or does what a place does.

    subtle: 山东步长制药有限公司 and 与怀化市总工会 name a place that is not the subject.
    """
    before, after = text[: mention.start], text[mention.end :]
    if _COMPANION.search(before):
        return False
    if mention.text[-1:] in _RANKS:
        return bool(_OPENS.search(before) or _GOES_ON.match(after))
    if all(place.level == "county" for place in mention.places):
        return bool(_UNION_OF.match(after))
    return bool(_GOES_ON.match(after))


def region_of(sentence: Sentence, at: int, gazetteer: Gazetteer) -> str | None:
    """The full name of the place that governs the character `at`; the article's own by default."""
    where = place_of(sentence, at, gazetteer)
    if not where.stated or not where.codes:
        return sentence.document.region
    place = gazetteer.by_code(where.codes[0])
    return place.name if place else where.name
