"""The region: the place an article reports on, at the right level, or none."""

import pytest

from index.gazetteer import Gazetteer
from index.region import find_region

GAZETTEER = Gazetteer.open()


@pytest.mark.parametrize(
    ("title", "text", "publisher", "expected"),
    [
        (
            "交口县“夏送清凉”启动",
            "8月11日，交口县总工会慰问职工。县委要求全县工会行动。交口县交警参加。",
            None,
            "交口县",
        ),
        (
            "工会工作综述",
            "襄阳市总工会全市建站。襄阳市各级工会行动。枣阳市、宜城市工会也参加。全市职工受益。",
            None,
            "襄阳市",
        ),
        (
            "综述",
            "全省工会行动。兰州市、天水市、酒泉市都建站。甘肃省总工会部署，甘肃各地响应。",
            None,
            "甘肃省",
        ),
        (
            "普陀暑托班",
            "上海市普陀区总工会开班，普陀区的孩子来了。全区共8个点，普陀区教育局支持。",
            None,
            "普陀区",
        ),
        ("台风路径", "福建、浙江、山东、河北、吉林都有雨。武汉、长沙、成都、西安晴。", None, None),
        (
            "日本外相访韩",
            "日本外务大臣在东京说，日本与韩国、美国磋商。中国驻日本大使馆北京时间发布。",
            None,
            None,
        ),
        ("全国工会行动", "全国总工会要求各级工会关心职工。", None, None),
        (
            "市总工会综述",
            "我市工会建站41家。全市工会行动。“白城工匠”评选。白城市创业标兵十名。",
            "白城日报",
            "白城市",
        ),
        (
            "快讯",
            "新华社北京8月5日电 贵阳市总工会建站。贵阳市各区参加，贵阳市财政支持。",
            "新华社",
            "贵阳市",
        ),
    ],
)
def test_an_article_reports_on_one_place_or_none(
    title: str, text: str, publisher: str | None, expected: str | None
) -> None:
    place = find_region(title, text, publisher, GAZETTEER)
    assert (place.name if place else None) == expected
