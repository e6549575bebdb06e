import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.forms.numbers import number_of, text_of


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1,234,567", 1234567), ("12%", 0.12), ("１２％", 0.12), ("−3.5", -0.035), ("0", 0)],
)
def test_numbers_are_read_as_people_type_them(typed, number):
    assert number_of(typed, 100.0 if number != 1234567 else 1.0) == pytest.approx(number)


@pytest.mark.parametrize(
    "typed", ["1,5", "12,34", "nan", "inf", "-Infinity", "1" * 60, "1e999", ""]
)
def test_what_is_no_number_anybody_means_comes_back_as_typed(typed):
    assert number_of(typed) == typed


@given(st.floats(-1e12, 1e12), st.sampled_from([1.0, 100.0]))
def test_a_number_shown_and_typed_again_is_the_same(value, scale):
    assert number_of(text_of(value, scale), scale) == value
