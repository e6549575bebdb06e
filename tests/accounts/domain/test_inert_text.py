"""Text a spreadsheet must not calculate comes back exactly."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.inert_text import make_inert, make_plain

FORMULAS = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'", "a"])


@given(st.lists(FORMULAS, max_size=4).map("".join), st.text(max_size=6))
def test_the_way_back_is_exact(start, rest):
    assert make_plain(make_inert(start + rest)) == start + rest


@given(st.lists(FORMULAS, max_size=4).map("".join), st.text(max_size=6))
def test_nothing_begins_like_a_formula(start, rest):
    assert not make_inert(start + rest).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


def test_ordinary_text_stays():
    assert make_inert("O'Hara = 1") == "O'Hara = 1"
    assert make_inert("'quoted'") == "'quoted'"
