import datetime as dt
import json
import math
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.attributes import BadValue, stored_value

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KINDS = st.sampled_from(["text", "number", "boolean", "date", "choice"])


@given(KINDS, JSON_VALUES)
def test_whatever_comes_is_refused_or_stored_in_one_stable_form(kind, value):
    with suppress(BadValue):
        stored = stored_value(kind=kind, value=value, words={"a": "a", "b": "b"})
        assert stored_value(kind=kind, value=stored, words={"a": "a", "b": "b"}) == stored
        assert json.loads(json.dumps(stored, allow_nan=False)) == stored


@given(st.dates())
def test_a_date_is_stored_as_iso(day):
    assert stored_value(kind="date", value=day) == day.isoformat()
    assert stored_value(kind="date", value=day.isoformat()) == day.isoformat()


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_a_number_keeps_its_value(number):
    assert math.isclose(stored_value(kind="number", value=number), float(number))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", True),
        ("number", "12"),
        ("number", math.nan),
        ("number", Decimal("Infinity")),
        ("boolean", 1),
        ("text", "x" * 2001),
        ("text", "a\0b"),
        ("date", "2026-02-30"),
        ("date", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        ("choice", "c"),
        ("choice", ["a"]),
    ],
)
def test_what_a_reader_of_the_type_would_stumble_over_is_refused(kind, value):
    with pytest.raises(BadValue):
        stored_value(kind=kind, value=value, words={"a": "a", "b": "b"})
