"""Dates, publishers and authors as pages print them; years that a text only implies."""

import pytest

from index.dates import find_date, find_feed_date, infer_year
from index.furniture import split_lines
from index.headline import Facts, lead, read_credit, read_dateline, read_feed
from index.tail import tail_cuts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-10-26 09:25", "2018-10-26"),
        ("2021年4月30日 放大", "2021-04-30"),
        ("2023/8/3", "2023-08-03"),
        ("2023.08.15", "2023-08-15"),
        ("2023-13-45", None),
        ("编号12023-08-151", None),
        ("8月3日", None),
    ],
)
def test_a_date_is_read_as_pages_print_it(text: str, expected: str | None) -> None:
    assert find_date(text) == expected


def test_a_feed_that_lost_digits_of_its_date_gives_only_what_is_certain() -> None:
    assert find_feed_date("23-08-09 05:27，", "") == ("2023-08-09", False)
    assert find_feed_date("8-3 22:15，", "近日全市工会行动。") == (None, False)
    assert find_feed_date("8-3 22:15，", "今年是2023年，全市工会行动。") == ("2023-08-03", True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("过去的2020年,成绩很大。到2035年,建成强市。", "2021"),
        ("2021年 工会工作这样干", "2021"),
        ("去年11月24日,2020年全国大会举行。", "2021"),
        ("今年是2019年,我们继续。2018年建站。", "2019"),
        ("2015年共筹集473万元,2016年更多。", None),
        ("过去的2010年很好,2019年更好。", None),
        ("没有写任何时间", None),
    ],
)
def test_a_year_is_inferred_only_where_the_text_speaks_from_it(
    text: str, expected: str | None
) -> None:
    assert infer_year(text) == expected


@pytest.mark.parametrize(
    ("text", "publisher", "author"),
    [
        ("作者: 时苏建 来源: 菏泽日报 发表时间: 2020-11-02", "菏泽日报", "时苏建"),
        ("2023年1月3日　巴中日报", "巴中日报", None),
        ("巴中日报 2023-01-03 08:30", "巴中日报", None),
        ("2023年1月10日 来源：平凉日报", "平凉日报", None),
        ("2022-11-05 08:30 来源：遂宁日报 作者：赵丽", "遂宁日报", "赵丽"),
        ("●于国林 刘建军", None, "于国林 刘建军"),
        ("2018-02-03王超明", None, "王超明"),
        ("本报记者 张三丰 通讯员 李四", None, "张三丰"),
        ("【来源：九派新闻】", "九派新闻", None),
        ("记者了解到，情况如下", None, None),
        ("记者会上表示，", None, None),
    ],
)
def test_credits_name_publisher_and_author(
    text: str, publisher: str | None, author: str | None
) -> None:
    facts = Facts()
    read_credit(text, facts)
    assert (facts.publisher, facts.author) == (publisher, author)


def test_a_dateline_names_agency_day_and_reporter() -> None:
    facts = Facts()
    read_dateline("深圳新闻网2023年8月7日讯（记者 叶玉燕 通讯员 唐永国）连日来，工会行动。", facts)
    assert (facts.publisher, facts.date, facts.author) == ("深圳新闻网", "2023-08-07", "叶玉燕")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("原标题：银行开展关爱活动当今社会发展很快。", None),
        (
            "原标题：银行开展关爱活动在甲市举行银行开展关爱活动在甲市举行 7月1日",
            "银行开展关爱活动在甲市举行",
        ),
        (
            "原标题：首个全国生态日 用镜头记录好山水近日，大赛启动。",
            "首个全国生态日 用镜头记录好山水",
        ),
        ("原标题：关于“近日，天气”的说明书文件大家都来读一读吧。", None),
    ],
)
def test_a_feeds_headline_is_taken_where_its_end_is_certain(text: str, title: str | None) -> None:
    assert read_feed("2023-08-16 18:24，正文：" + text).title == title


def test_a_title_made_from_the_text_leaves_dateline_and_day_out() -> None:
    assert (
        lead("中新网8月9日电，近日，交口县总工会慰问一线职工，送去物资。")
        == "交口县总工会慰问一线职工"
    )
    assert (
        lead("7月19日，由省教育厅主办的启动仪式在郑州举行。")
        == "由省教育厅主办的启动仪式在郑州举行"
    )


@pytest.mark.parametrize(
    "tail",
    [
        "返回搜狐，查看更多责任编辑：",
        "(责任编辑：周晶晶 CN032)",
        "分享让更多人看到",
        "（完）",
        "【编辑:曹子健】",
        "来源：交口融媒",
        "新民晚报记者 梅璎迪",
        "广告声明：文内含有的对外跳转链接用于传递更多信息，结果仅供参考。",
        "新闻线索报料通道：下载APP！",
    ],
)
def test_what_feeds_put_behind_an_article_goes_and_the_article_stays(tail: str) -> None:
    body = "交口县总工会慰问职工1387人，发放物资13万元，大家很高兴。"
    lines, cuts = tail_cuts(split_lines(body + tail), Facts())
    assert [line.text for line in lines] == [body]
    assert len(cuts) == 1


def test_a_last_sentence_about_an_editor_stays() -> None:
    body = "这位编辑说：他做校对三十年了，从来没有写过来源：一次也没有，工会都知道。"
    lines, cuts = tail_cuts(split_lines(body), Facts())
    assert [line.text for line in lines] == [body]
    assert cuts == []
