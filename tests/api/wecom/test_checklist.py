"""Every item of the conformance checklist is run by a test, or says why it is not."""

from tests.api.wecom.checklist import ITEMS, NOT_RUN, SHOULD, carried


def test_every_item_is_run_by_a_test() -> None:
    assert set(ITEMS) == set(range(1, 101))
    found = carried()
    assert set(found) <= set(ITEMS)
    missing = {number: ITEMS[number] for number in ITEMS if number not in {*found, *NOT_RUN}}
    assert not missing


def test_only_what_should_be_may_be_left_out() -> None:
    assert set(NOT_RUN) <= SHOULD
    assert not set(NOT_RUN) & set(carried())
