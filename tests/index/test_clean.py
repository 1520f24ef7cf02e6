"""Cleaning: what each seed says of itself, what goes, what stays, and the way back."""

import pytest
from hypothesis import given, settings

from index.align import Aligned
from index.clean import clean
from index.document import Article, Document
from index.errors import EmptyDocument
from index.fold import fold
from index.gazetteer import Gazetteer
from index.sentences import sentences
from tests.index.articles import article, damaged_texts, seed, seed_text

GAZETTEER = Gazetteer.open()
NUMBERS = ("000", "001", "002", "003", "004")


def _clean(source: Article) -> Document:
    return clean(source, GAZETTEER)


@pytest.mark.parametrize(
    ("number", "title", "date", "inferred", "region", "publisher", "author"),
    [
        ("000", "咱们工会有作为", "2018-02-03", False, "双鸭山市", "北方人", "王超明"),
        (
            "001",
            "忠诚党的事业 竭诚服务职工 推动新时代工会工作不断前进 ——2020年以来全市工会工作综述",
            "2021-04-30",
            False,
            "白城市",
            "白城新闻网",
            "于国林 刘建军",
        ),
        (
            "002",
            "刘静:服务职工群众 唯有全力以赴",
            "2018-10-26",
            False,
            "六盘水市",
            "中工网",
            "李献波",
        ),
        (
            "003",
            "只争朝夕促发展 不负韶华惠民生 ——市总工会“五个年”建设成果巡礼",
            "2021",
            True,
            "株洲市",
            "株洲日报",
            "马文章",
        ),
        ("004", "市总工会“五家”建设", "2020-11-02", False, "菏泽市", "菏泽日报", "时苏建"),
    ],
)
def test_each_seed_says_what_it_is(
    number: str, title: str, date: str, inferred: bool, region: str, publisher: str, author: str
) -> None:
    document = _clean(seed(number))
    assert (document.title, document.date, document.date_inferred) == (title, date, inferred)
    assert (document.region, document.publisher, document.author) == (region, publisher, author)


# Sentences that must be there, word for word, each with the words its source has at that place.
FOUND = [
    (
        "000",
        "去年,全市各级工会组织筹措助学资金163万元,救助困难职工家庭高考生902人,",
        "去年,全市各级",
    ),
    ("000", "全市各级工会组织投入培训资金364万元,培训职工、农民工2.3万人。", "全市各级"),
    ("001", "建设完成户外劳动者服务站41家,向环卫工、快递员等户外劳动者发放", "建设完成户外"),
    ("001", "“金秋助学”活动向130名困难职工子女发放助学金61.19万元;", "“金秋助学”"),
    ("002", "目前,已创建“凉都工匠场”32家,验收合格授牌17家。", "目前,已创建"),
    (
        "003",
        "近年来,我市建立工会户外劳动者服务站79个,覆盖服务户外劳动者3万余人,",
        "近年来,我市建立",
    ),
    ("003", "规范非公企业、村(社区)工会主席和社会化工会工作者的管理,", "规范非公企业"),
    ("003", "抓好夏送清凉、金秋助学、冬送温暖、大病救助、职工医疗互助等帮扶项目,", "抓好夏送清凉"),
    ("004", "全市新建产业工会50家,工友创业园工会110多家。", "全市新建產(chǎn)業(yè)工會(huì)50家"),
    ("004", "第一时间研究拨付专项资金156万元,走访慰问疫情防控一线职工。", "第一時(shí)間研究撥付"),
]


@pytest.mark.parametrize(("number", "sentence", "source"), FOUND)
def test_the_sentences_are_there_and_lead_back_to_the_file(
    number: str, sentence: str, source: str
) -> None:
    document = _clean(seed(number))
    start = document.text.index(sentence)
    first, _ = document.alignment.source_span(start, start + len(sentence))
    assert document.source_text[first:].startswith(source)


GONE = (
    "猜你喜欢",
    "版权",
    "ICP",
    "下一版",
    "下一篇",
    "版面导航",
    "站内检索",
    "APP下载",
    "关键词",
    "动物“劳模”竞选",
    "全力保障好春耕生产",
    "137000",
    "http",
    "RW001",
    "分享到",
    "▲",
    "竣工启用",
    "新华网",
    "拂晓新闻网",
    "当前位置",
    "通讯员王立武",
    "xí",
    "guó",
    "</p>",
    "?",
    "Copyright",
    "相关新闻",
    "图片新闻",
    "\n\n",
    "\xa0",
)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_furniture_is_left(number: str) -> None:
    text = _clean(seed(number)).text
    assert [word for word in GONE if word in text.replace("为什么改?怎么改?", "")] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_every_paragraph_of_prose_stays(number: str) -> None:
    text = _clean(seed(number)).text.replace(" ", "").replace("\n", "")
    for line in fold(Aligned.identity(seed_text(number)))[0].text.split("\n"):
        bare = "".join(line.split())
        if len(bare) > 60 and bare[-1] in "。!！”;":
            assert bare in text or bare.split("(蹇蛟")[0] in text


def test_a_paragraph_printed_twice_is_kept_once() -> None:
    document = _clean(seed("003"))
    assert document.text.count("就业是最大的民生。") == 1
    assert document.text.count("推荐申报“全国示范性劳模创新工作室”3个") == 1
    assert [span.reason for span in document.dropped].count("repeated") == 2


def test_headings_are_found_and_spelled_as_printed() -> None:
    document = _clean(seed("003"))
    found = [document.text[h.start : h.end] for h in document.headings]
    assert "1 听党话,跟党走 用心擦亮“家”的底色" in found
    assert "2021年 工会工作这样干" in found
    assert len(found) == 8


FEED = (
    "2023-08-16 18:24，正文：原标题：甲县“送清凉”启动甲县“送清凉”启动 "
    "8月11日，甲县总工会慰问1387人。"
)


def test_a_feed_gives_date_title_and_source_and_keeps_the_news() -> None:
    tail = "共发放物资13万元。来源：甲县融媒返回搜狐，查看更多责任编辑："
    document = _clean(article(FEED + tail))
    assert document.title == "甲县“送清凉”启动"
    assert (document.date, document.publisher) == ("2023-08-16", "甲县融媒")
    assert document.text == "8月11日，甲县总工会慰问1387人。共发放物资13万元。"


def test_a_headline_whose_end_is_not_certain_stays_in_the_text() -> None:
    text = "2023-07-28，正文：原标题：身体好才能工作好大家都这样说并且这样做。没有别的。"
    document = _clean(article(text))
    assert document.text.startswith("身体好才能工作好大家都这样说")


def test_what_the_container_states_wins_over_what_is_found() -> None:
    stated = {
        "title": "甲",
        "date": "2001-02-03",
        "publisher": "乙",
        "author": "丙",
        "region": "白城",
    }
    document = _clean(article(seed_text("000"), document_id="d", url="u", **stated))
    assert (document.title, document.date, document.publisher) == ("甲", "2001-02-03", "乙")
    assert (document.author, document.region, document.region_code) == ("丙", "白城市", "2208")
    assert (document.document_id, document.url) == ("d", "u")


def test_idle_spaces_go_and_those_of_headings_and_latin_words_stay() -> None:
    prose = "工 会　在 IT 之家 办公， 共 5 家 服务站，王 五说：“ 好 ” ， 大家都说 “很好” 。"
    document = _clean(article(f"甲市总工会\n\n{prose}\n\n听党话 跟党走\n\n{prose[3:]}"))
    assert document.text.split("\n") == [
        "工会在 IT 之家办公，共 5 家服务站，王五说：“好”，大家都说“很好”。",
        "听党话 跟党走",
        "在 IT 之家办公，共 5 家服务站，王五说：“好”，大家都说“很好”。",
    ]


def test_a_line_that_names_a_day_in_passing_stays() -> None:
    text = (
        "标题在这里\n2020年10月29日总书记出席\n"
        + "全市各级工会行动，建成服务站四十一家，职工都说好。" * 3
    )
    assert _clean(article(text)).text.startswith("2020年10月29日总书记出席\n")


def test_lines_without_any_prose_are_not_taken_for_a_headline() -> None:
    assert _clean(article("春风送暖一路歌声嘹亮前行" * 12)).text == "春风送暖一路歌声嘹亮前行" * 12


@pytest.mark.parametrize("text", ["", " \n\u3000\n", "\ufeff\u200b", "关闭\n打印\n", "。。。"])
def test_an_article_without_words_is_refused(text: str) -> None:
    with pytest.raises(EmptyDocument, match="no text is left"):
        _clean(article(text))


def _check_layout(text: str) -> None:
    for line in text.split("\n"):
        assert line
        assert line == line.strip()
        assert "  " not in line


def _check_way_back(document: Document) -> None:
    """Each sentence's source, folded again, holds its characters in order."""
    for start, end in sentences(document.text):
        first, last = document.alignment.source_span(start, end)
        source = fold(Aligned.identity(document.source_text[first:last]))[0].text
        at = 0
        for character in document.text[start:end]:
            if character in " \n":
                continue
            at = source.find(character, at) + 1
            assert at, (document.text[start:end], document.source_text[first:last])


def _check_nothing_lost(document: Document) -> None:
    """Whatever of the source is neither kept nor told as dropped is white space."""
    seen = bytearray(len(document.source_text))
    for at, character in enumerate(document.text):
        if character != "\n":
            start, end = document.alignment.source_span(at, at + 1)
            seen[start:end] = b"\1" * (end - start)
    for span in document.dropped:
        seen[span.source_start : span.source_end] = b"\1" * (span.source_end - span.source_start)
    lost = [c for c, kept in zip(document.source_text, seen, strict=True) if not kept]
    assert "".join(lost).strip() == ""


@pytest.mark.parametrize("number", NUMBERS)
def test_the_laws_hold_on_the_seeds(number: str) -> None:
    document = _clean(seed(number))
    _check_layout(document.text)
    _check_way_back(document)
    _check_nothing_lost(document)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(damaged_texts())
def test_the_laws_hold_on_damaged_articles(text: str) -> None:
    try:
        document = _clean(article(text))
    except EmptyDocument:
        return
    _check_layout(document.text)
    _check_nothing_lost(document)
    if not any(span.reason in ("damaged", "repaired") for span in document.dropped):
        _check_way_back(document)
    for span in document.dropped:
        assert 0 <= span.source_start < span.source_end <= len(text)


def test_no_sentence_runs_across_a_lost_passage() -> None:
    text = _clean(seed("004")).text
    found = [text[start:end] for start, end in sentences(text)]
    assert not [s for s in found if "劳动奖月31日" in s or "通报表,分别" in s]
    assert any(s.startswith("月31日,联合团市委") for s in found)


def test_a_stated_title_is_written_in_simplified_characters() -> None:
    assert _clean(article("工会慰问职工。", title="渭南市總工會慰問")).title == "渭南市总工会慰问"
