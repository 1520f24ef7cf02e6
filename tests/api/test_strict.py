"""JSON as the standard has it: what is written can be read, what is not JSON cannot."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import RequestError
from api.strict import strict_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@given(VALUES)
@settings(derandomize=True)
def test_json_is_read_as_written(value: object) -> None:
    assert strict_json(json.dumps(value).encode()) == value
    assert strict_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary())
@settings(derandomize=True)
def test_bytes_are_json_or_refused(data: bytes) -> None:
    with suppress(RequestError):
        value = strict_json(data)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")


@pytest.mark.parametrize(
    "text", ["NaN", "[1e999]", "-Infinity", '"\\ud800"', '{"\\udc00": 1}', "[" * 5_000, "9" * 5_000]
)
def test_what_would_break_an_answer_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        strict_json(text.encode())
