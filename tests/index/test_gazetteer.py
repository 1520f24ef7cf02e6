"""The gazetteer: places by name, pinyin and code, and the names that are none."""

import pytest
from hypothesis import given, settings

from index.gazetteer import Gazetteer
from tests.index.articles import damaged_texts

GAZETTEER = Gazetteer.open()


def _found(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(m.text, tuple(place.name for place in m.places)) for m in GAZETTEER.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("白城建成多少家", [("白城", ("白城市",))]),
        ("吉林省白城市中兴西大路", [("吉林省", ("吉林省",)), ("白城市", ("白城市",))]),
        ("吉林市总工会", [("吉林市", ("吉林市",))]),
        ("海南省与海南州", [("海南省", ("海南省",)), ("海南州", ("海南藏族自治州",))]),
        ("恩施州总工会", [("恩施州", ("恩施土家族苗族自治州",))]),
        ("水城县已招考", [("水城县", ("水城区",))]),
        ("双牌县委书记", [("双牌县", ("双牌县",))]),
        ("海口金秋助学", [("海口", ("海口市",))]),
        ("建成开发区、景区等示范点16个", []),
        (
            "北京市朝阳区建外街道",
            [("北京市", ("北京市",)), ("朝阳区", ("朝阳区",)), ("建外街道", ())],
        ),
    ],
)
def test_places_are_found_by_their_longest_name(
    text: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert _found(text) == expected


def test_a_name_borne_by_several_is_theirs_until_the_place_above_is_named() -> None:
    (alone,) = GAZETTEER.find("朝阳区总工会")
    assert {place.code for place in alone.places} == {"110105", "220104"}
    _, below = GAZETTEER.find("长春市朝阳区总工会")
    assert [place.code for place in below.places] == ["220104"]


@pytest.mark.parametrize(
    "text",
    [
        "孙中山先生",
        "江西安排",
        "扩大同步部署",
        "上海南站",
        "云南通报",
        "安康杯竞赛",
        "南京路步行街",
        "长治久安",
        "全县和县委",
        "和平发展",
        "平安建设",
        "新华社记者",
        "朝阳产业",
        "东方红",
        "城区道路",
        "中山路",
        "日照时间",
    ],
)
def test_words_that_hold_a_name_by_chance_are_no_places(text: str) -> None:
    chance = {
        "西安",
        "大同",
        "海南",
        "南通",
        "安康",
        "南京",
        "长治",
        "和县",
        "和平",
        "平安",
        "新华",
    }
    chance |= {"朝阳", "东方", "城区", "中山", "日照"}
    assert [name for name, _ in _found(text) if name in chance] == []


def test_a_countys_short_name_counts_where_the_text_names_what_is_around_it() -> None:
    filler = "今天我们在这里举办活动大家都很高兴并且希望以后还能再来一次。" * 4
    assert "岳西" not in [name for name, _ in _found(filler + "岳西的工会")]
    assert "岳西" in [name for name, _ in _found(filler + "安庆市说岳西的工会")]


@pytest.mark.parametrize(
    ("above", "word", "full"),
    [("南昌市", "新建", "新建区"), ("德州市", "平原", "平原县"), ("台州市", "三门", "三门县")],
)
def test_a_countys_name_that_is_a_frequent_word_needs_its_level(
    above: str, word: str, full: str
) -> None:
    assert word not in [name for name, _ in _found(f"{above}总工会{word}工会50家")]
    assert full in [name for name, _ in _found(f"{above}{full}总工会")]


@pytest.mark.parametrize(
    ("spelling", "first"),
    [
        ("zhuzhou", "株洲市"),
        ("Zhu Zhou", "株洲市"),
        ("shuangyashan", "双鸭山市"),
        ("Liupanshui", "六盘水市"),
        ("baicheng", "白城市"),
        ("Zhuzhou City", "株洲市"),
        ("zhuzhoushi", "株洲市"),
        ("Xi'an", "西安市"),
        ("Hunan Province", "湖南省"),
        ("Guangzhou", "广州市"),
        ("zhengzhou shi", "郑州市"),
        ("Shaanxi", "陕西省"),
        ("Shanxi", "山西省"),
        ("Hong Kong", "香港特别行政区"),
        ("Tibet", "西藏自治区"),
        ("Harbin", "哈尔滨市"),
        ("Inner Mongolia", "内蒙古自治区"),
        ("Urumqi", "乌鲁木齐市"),
        ("Changzhi", "长治市"),
        ("Luohe", "漯河市"),
        ("Chongqing", "重庆市"),
        ("Xiamen", "厦门市"),
        ("Lu'an", "六安市"),
    ],
)
def test_pinyin_and_english_names_lead_to_the_place(spelling: str, first: str) -> None:
    assert GAZETTEER.by_pinyin(spelling)[0].name == first


def test_places_of_one_spelling_come_together_the_larger_first() -> None:
    assert [place.name for place in GAZETTEER.by_pinyin("yichun")] == ["伊春市", "宜春市"]
    levels = [place.level for place in GAZETTEER.by_pinyin("chaoyang")]
    assert levels[0] == "city"
    assert levels == sorted(levels)
    assert GAZETTEER.by_pinyin("nowhere") == []


@pytest.mark.parametrize(
    ("name", "short", "level", "code"),
    [
        ("株洲市", "株洲", "city", "4302"),
        ("恩施土家族苗族自治州", "恩施", "city", "4228"),
        ("内蒙古自治区", "内蒙古", "province", "15"),
        ("赵县", "赵县", "county", "130133"),
        ("沙县区", "沙县", "county", "350405"),
        ("北京市", "北京", "province", "11"),
        ("石河子市", "石河子", "county", "659001"),
        ("巴音郭楞蒙古自治州", "巴音郭楞", "city", "6528"),
    ],
)
def test_a_place_has_its_name_level_and_code(name: str, short: str, level: str, code: str) -> None:
    place = GAZETTEER.by_code(code)
    assert place is not None
    assert (place.name, place.short, place.level, place.code) == (name, short, level, code)
    assert place in GAZETTEER.by_name(name)
    assert place in GAZETTEER.by_name(short)
    assert GAZETTEER.by_code("99") is None


@settings(max_examples=100, derandomize=True, deadline=None)
@given(damaged_texts())
def test_mentions_stand_in_order_where_they_say(text: str) -> None:
    at = 0
    for mention in GAZETTEER.find(text):
        assert at <= mention.start < mention.end
        assert text[mention.start : mention.end] == mention.text
        at = mention.end
