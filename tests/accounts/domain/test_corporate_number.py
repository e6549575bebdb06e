import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts.domain.corporate_number import (
    BadCorporateNumber,
    check_digit,
    parse_corporate_number,
)

BASES = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize(
    "number",
    ["7000012050002", "1180301018771"],  # National Tax Agency, Toyota Motor Corporation
)
def test_published_numbers_are_accepted(number):
    assert parse_corporate_number(number) == number


@pytest.mark.parametrize(
    "typed",
    ["7-0000-1205-0002", " T7000012050002 ", "７０００ ０１２０５０００２", "t7000012050002"],
)
def test_a_number_may_be_typed_in_any_width_with_hyphens_spaces_or_a_t(typed):
    assert parse_corporate_number(typed) == "7000012050002"


@pytest.mark.parametrize(
    "typed",
    ["", "700001205000", "70000120500022", "700001205000a", "8000012050002", "٧٠٠٠٠١٢٠٥٠٠٠٢"],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(BadCorporateNumber):
        parse_corporate_number(typed)


@given(BASES)
def test_every_twelve_digits_have_a_check_digit_from_one_to_nine(base):
    assert 1 <= check_digit(base) <= 9
    assert parse_corporate_number(f"{check_digit(base)}{base}")


@given(BASES, st.integers(0, 11), st.integers(1, 8))
def test_a_single_wrong_digit_is_noticed_unless_it_swaps_0_and_9(base, place, by):
    digit = (int(base[place]) + by) % 10
    assume((digit - int(base[place])) % 9)
    wrong = base[:place] + str(digit) + base[place + 1 :]
    with pytest.raises(BadCorporateNumber):
        parse_corporate_number(f"{check_digit(base)}{wrong}")
