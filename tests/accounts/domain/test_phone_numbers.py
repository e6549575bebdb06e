import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.phone_numbers import phone_digits

PUNCTUATION = st.sampled_from(["", "-", " ", "\uff0d", "\u2010", ") ", "."])


@pytest.mark.parametrize(
    "typed",
    ["03-1234-5678", "０３（１２３４）５６７８", "(03) 1234 5678", "+81 3-1234-5678",
     "03\u20101234\u20105678", "+81(0)3-1234-5678", "0312345678"],
)  # fmt: skip
@pytest.mark.parametrize("stored", ["0312345678", "81312345678", "810312345678"])
def test_one_number_is_found_however_it_was_written_down(typed, stored):
    assert stored in phone_digits(typed)


@pytest.mark.parametrize(
    "text", ["", "青嶺", "123456", "03-1234-5678 田辺", "BOOK-0312345678", "1" * 16, "+-+"]
)
def test_what_is_no_number_has_no_digits(text):
    assert phone_digits(text) == []


@given(
    st.text("0123456789", min_size=7, max_size=12), st.lists(PUNCTUATION, min_size=11, max_size=11)
)
def test_signs_between_the_digits_change_nothing(digits, signs):
    spelt = digits[0] + "".join(
        sign + digit for sign, digit in zip(signs, digits[1:], strict=False)
    )

    assert phone_digits(spelt) == phone_digits(digits)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text):
    assert all(number.isascii() and number.isdigit() for number in phone_digits(text))
