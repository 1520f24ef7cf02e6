"""Furniture: named with a reason at both ends of a page, left alone between them."""

import pytest

from index.furniture import furniture, split_lines, unwrapped

PROSE = "甲县总工会今年建成户外劳动者服务站41家,覆盖户外劳动者3万余人,解决了喝水难、休息难的问题。"


def _reasons(text: str) -> list[str]:
    return furniture(split_lines(text))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("APP下载", "navigation"),
        ("您当前位置:甲网 > 要闻 > 正文", "navigation"),
        ("首页 > 新闻 > 正文", "navigation"),
        ("放大 缩小 默认", "navigation"),
        ("3上一篇  下一篇4", "navigation"),
        ("关闭", "navigation"),
        ("编辑:RW001", "editor"),
        ("责任编辑：张三", "editor"),
        ("▲职工在服务站休息", "caption"),
        ("图为活动现场", "caption"),
        ("职工在读书。张三 摄", "caption"),
        ("甲报社版权所有。未经许可,不得转载或镜像。", "legal notice"),
        ("蜀ICP14000428", "legal notice"),
        ("人民网 新华网 央视网 中国网 光明网", "links"),
    ],
)
def test_a_line_of_furniture_goes_with_its_reason(line: str, reason: str) -> None:
    assert _reasons(f"{PROSE}\n{line}") == ["", reason]


@pytest.mark.parametrize(
    "line",
    [
        "一、抓好组织建设",
        "地址:甲市乙路43号",
        "分享改革发展成果",
        "举报电话:12351",
        "编辑部工会的做法",
        "切实维权,让职工信家",
        "关闭了三家服务站",
        "下一步工作",
        "“五家”建设",
    ],
)
def test_a_line_of_the_article_stays(line: str) -> None:
    assert _reasons(f"{PROSE}\n{line}\n{PROSE}又。") == ["", "", ""]


def test_an_address_below_goes_only_where_a_publisher_signs() -> None:
    assert _reasons(f"{PROSE}\n地址:甲市乙路43号 电话:12351") == ["", ""]
    signed = f"{PROSE}\n甲报社版权所有\n地址:甲市乙路43号 邮编:137000"
    assert _reasons(signed) == ["", "legal notice", "address"]


def test_related_articles_go_up_to_the_next_prose() -> None:
    text = f"{PROSE}\n猜你喜欢\n动物劳模竞选\n劳模村\n{PROSE}完。"
    assert _reasons(text) == ["", "related articles", "related articles", "related articles", ""]


def test_a_newspaper_pages_list_of_headlines_goes_and_the_headline_below_stays() -> None:
    text = f"第01版:头版新闻\n下一版4\n春耕生产\n忠诚事业\n版面导航\n忠诚事业\n{PROSE}"
    assert _reasons(text) == [
        "navigation",
        "navigation",
        "headline list",
        "headline list",
        "navigation",
        "",
        "",
    ]


def test_wide_gaps_between_sentences_are_ends_of_lines() -> None:
    assert [line.text for line in split_lines("甲。   乙 丙。\u3000\u3000丁")] == [
        "甲。",
        "乙 丙。",
        "丁",
    ]


def test_a_page_broken_at_its_right_edge_is_put_together_again() -> None:
    text = PROSE * 4 + "\n第二段\n" + PROSE * 3
    page = "\n".join(
        line[at : at + 30] for line in text.split("\n") for at in range(0, len(line), 30)
    )
    assert [line.text for line in unwrapped(split_lines(page))] == text.split("\n")
    assert unwrapped(split_lines(text)) == split_lines(text)
