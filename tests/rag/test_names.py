"""Who is named, and which office he holds."""

import pytest

from rag.names import people


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "7月26日，某市总工会党组书记、常务副主席、一级调研员肖怡一行走访企业",
            {"肖怡": ("某市总工会党组书记", "常务副主席", "一级调研员")},
        ),
        ("副主任唐明英当选新一届自治区总工会主席。", {"唐明英": ("新一届自治区总工会主席",)}),
        (
            "县总工会书记、副主席蓝乃夫和市总工会常务副主席韦传海出席",
            {"蓝乃夫": ("县总工会书记", "副主席"), "韦传海": ("市总工会常务副主席",)},
        ),
        ("总工会副主席伊力都斯·木拉提在致辞中表示", {"伊力都斯·木拉提": ("总工会副主席",)}),
        ("主席应邀出席,书记代表县委讲话", {}),
    ],
)
def test_a_person_has_the_titles_before_the_name(
    text: str, expected: dict[str, tuple[str, ...]]
) -> None:
    assert {person.name: person.titles for person in people(text)} == expected


def test_every_name_stands_where_it_is_said_to() -> None:
    text = "市委副书记徐爱龙，县人大常委会副主任、县总工会主席王恩茂出席活动"
    for person in people(text):
        assert text[person.start : person.end] == person.name
        assert "".join(person.titles) in text.replace("、", "")
