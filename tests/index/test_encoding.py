"""Show that bytes become the one text they can be, or are refused by name."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoding import decode, share_of_common
from index.errors import UnknownEncoding

SIMPLIFIED = (
    "今年以来，全市各级工会组织深入基层走访慰问困难职工，送去米面油等生活用品和慰问金，"
    "把党和政府的关怀送到职工心坎上。据统计，活动共筹集资金二百三十万元，惠及职工四千余人。",
    "昨天晚上，北京国安队主场迎战上海队，两队在九十分钟内互交白卷，最终各取一分。赛后，"
    "主教练表示球员们执行了战术安排，对比赛的过程感到满意，但是结果有些遗憾。",
    "科研人员发现，这种新材料在零下四十度的环境中仍然保持稳定，可以用于制造电池。这项研究"
    "发表在最近一期的学术期刊上，论文第一作者是一位年轻的女博士。",
    "小时候，外婆家的院子里有一棵很大的枣树，每到秋天，枣子红了，我们几个孩子便拿着竹竿去打。"
    "外婆总是站在门口笑着说：“慢点儿，别摔着！”",
)
TRADITIONAL = (
    "總工會今天舉行記者會，說明勞工權益保障的最新進展。理事長表示，未來將持續與政府及企業溝通，"
    "希望在薪資、工時與職業安全三方面取得具體成果，讓每一位勞動者都能安心工作。",
    "昨天下午，臺北市立動物園宣布，園內的大貓熊順利產下一隻小寶寶，體重約一百八十公克，"
    "母子均安。園方說，民眾預計三個月之後就可以看到牠的樣子。",
    "香港天文台預測，受到東北季候風影響，未來幾天氣溫將會顯著下降，市區早上最低氣溫約為十二度，"
    "新界北部再低兩三度，市民應該注意保暖。",
    "這本小說講述了一個關於時間與記憶的故事，主人公在舊書店裡發現了一本沒有名字的日記，"
    "從此開始懷疑自己過去的一切經歷是否真實。",
)
MARKLESS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
MARKED = ("utf-8-sig", "utf-16", "utf-32")


def stretched(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


@pytest.mark.parametrize("length", [50, 500])
@pytest.mark.parametrize("text", SIMPLIFIED + TRADITIONAL, ids=lambda text: text[:4])
@pytest.mark.parametrize("encoding", MARKLESS + MARKED)
def test_chinese_in_every_encoding_is_read_exactly(text: str, encoding: str, length: int) -> None:
    text = stretched(text, length)
    assert decode(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize("length", [50, 500])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [(text, "gbk") for text in SIMPLIFIED]
    + [(text, "gb2312") for text in SIMPLIFIED]
    + [(text, "big5") for text in TRADITIONAL]
    + [(text, "cp950") for text in TRADITIONAL]
    + [(text, "big5hkscs") for text in TRADITIONAL],
    ids=lambda value: value[:4],
)
def test_legacy_encodings_are_read_exactly(text: str, encoding: str, length: int) -> None:
    text = stretched(text, length)
    assert decode(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_plain_ascii_is_read_in_each_byte_order(encoding: str) -> None:
    text = "The federation built 79 service stations in 2020.\r\n"
    assert decode(text.encode(encoding), "a.txt") == text


def test_line_ends_and_control_characters_stay() -> None:
    text = "第一行\r\n第二行\r第三行\n\x00\x0c第四行，工会经费收支情况的说明如下。"
    assert decode(text.encode(), "a.txt") == text
    assert decode(text.encode("gb18030"), "a.txt") == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("근로자의 권리를 보호하기 위하여 노동조합은 올해 장학금을 지급하였다.", "euc-kr"),
        ("労働組合は今年、奨学金を支給した。働く人々の生活を守るためである。", "shift-jis"),
        ("労働組合は今年、奨学金を支給した。東京都の労働組合連合会が発表した。", "euc-jp"),
        ("Профсоюз выделил средства на обучение детей рабочих.", "cp1251"),
        ("Le syndicat a versé des bourses aux enfants des ouvriers.", "latin-1"),
    ],
)
def test_other_legacy_encodings_are_refused_not_guessed(text: str, encoding: str) -> None:
    with pytest.raises(UnknownEncoding, match=r"^a\.txt: .*save it as UTF-8"):
        decode(text.encode(encoding), "a.txt")


def test_bytes_that_read_well_both_ways_are_refused() -> None:
    data = "度法家美程".encode("gb18030")
    assert data == "僅楊模藝最".encode("big5")
    with pytest.raises(UnknownEncoding, match="no other text for certain"):
        decode(data, "a.txt")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n1 0 obj", "holds a PDF"),
        (b"PK\x03\x04\x14\x00", "holds a zip"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "holds a PNG"),
        (bytes(4096), "not UTF-8|no other text"),
        (bytes(range(256)) * 8, "byte 128"),
    ],
)
def test_binary_files_called_text_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnknownEncoding, match=said):
        decode(data, "a.txt")


def test_one_broken_byte_is_named_with_its_place() -> None:
    data = SIMPLIFIED[0].encode()[:30] + b"\xff" + SIMPLIFIED[0].encode()[30:]
    with pytest.raises(UnknownEncoding, match=r"byte 30"):
        decode(data, "a.txt")


def test_a_false_byte_order_mark_is_refused() -> None:
    with pytest.raises(UnknownEncoding, match="UTF-16-LE"):
        decode(codecs.BOM_UTF16_LE + b"\x00\xd8\x41", "a.txt")


def test_a_declared_charset_counts_only_if_it_reads_well() -> None:
    text = SIMPLIFIED[0]
    assert decode(text.encode(), "a.html", "gb2312") == text
    assert decode(text.encode("gb18030"), "a.html", "utf-8") == text
    assert decode("工会工作".encode("gb18030"), "a.html", "GBK") == "工会工作"
    assert decode("“Unions” – a report".encode("cp1252"), "a.html", "iso-8859-1").startswith("“U")


def test_share_of_common_counts_beyond_ascii() -> None:
    assert share_of_common("abc 123") == 1.0
    assert share_of_common("的的䶮䶮 abc") == 0.5


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_clean_text_or_our_refusal(data: bytes) -> None:
    try:
        text = decode(data, "a.txt")
    except UnknownEncoding:
        return
    assert text.encode("utf-8").decode("utf-8") == text
