import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.row_ids import is_row_id


@given(st.integers(0, 10**18 - 1))
def test_what_a_row_can_be_numbered_by_is_an_id(number):
    assert is_row_id(str(number))


@pytest.mark.parametrize("text", ["", "-1", "1.5", "１２", "12\n", "\x00", "1" * 19, "9" * 5000])
def test_nothing_else_is_an_id(text):
    assert not is_row_id(text)
