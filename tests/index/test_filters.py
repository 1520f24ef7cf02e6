"""Show what a filter means, by hand-worked values."""

import pytest

from index.filters import Filters, Scope, days, scope
from tests.fakes import FewPlaces


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2021", 20210101, 20211231),
        ("2021-03", 20210301, 20210331),
        ("2021-03-07", 20210307, 20210307),
    ],
)
def test_a_date_is_all_the_days_it_may_mean(date: str, first: int, last: int) -> None:
    assert days(date) == (first, last)


@pytest.mark.parametrize("date", ["", "去年", "21-03", "2021/03/07", "2021-03-07T10:00"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(ValueError, match="is not YYYY"):
        days(date)


def test_a_typed_place_is_its_codes_and_its_possible_full_names() -> None:
    found = scope(Filters(regions=("乙州",)), FewPlaces())
    assert found.codes == ("9101",)
    assert {"乙州", "乙州市"} <= set(found.names)
    assert found.placed


def test_an_ambiguous_place_is_all_it_may_be() -> None:
    assert scope(Filters(regions=("东阳区",)), FewPlaces()).codes == ("910101", "910203")


def test_an_unknown_place_still_limits() -> None:
    found = scope(Filters(regions=("无名镇",)), FewPlaces())
    assert found.placed
    assert not found.everything
    assert found.codes == ()
    assert "无名镇" in found.names


def test_no_filter_is_everything() -> None:
    assert scope(Filters(), FewPlaces()) == Scope()
    assert Scope().everything
    assert Scope().where() == ("1", [])
