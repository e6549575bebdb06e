"""Text a spreadsheet must not calculate comes back exactly."""

import sys
import unicodedata

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.domain.inert_text import FORMULA, make_inert, make_plain

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦")
SKIPPED = (*" \t\r\n\v\x00\x1f\xa0　", "\u200b", "\ufeff", "\u202e", "'")
PARTS = st.sampled_from((*SIGNS, *SKIPPED, "a", "1", "表"))
TEXTS = st.lists(PARTS, max_size=5).map("".join) | st.text(max_size=6)
HIDDEN = [
    sign
    for sign in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(sign) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
]


@given(TEXTS, TEXTS)
@example("'", "=1")
def test_the_way_back_is_exact(start, rest):
    assert make_plain(make_inert(start + rest)) == start + rest


@given(st.lists(st.sampled_from(SKIPPED), max_size=4).map("".join), st.sampled_from(SIGNS), TEXTS)
def test_nothing_begins_like_a_formula_whatever_stands_before_it(skipped, sign, rest):
    assert make_inert(skipped + sign + rest) == f"'{skipped}{sign}{rest}"


def test_no_sign_that_nobody_sees_hides_a_formula():
    assert [sign for sign in HIDDEN if not make_inert(f"{sign}=1").startswith("'")] == []


@pytest.mark.parametrize("text", ["O'Hara = 1", "'quoted'", " 表 =1", "1-2", "a@b.example", "'"])
def test_ordinary_text_stays(text):
    assert make_inert(text) == make_plain(text) == text


@pytest.mark.django_db
@given(TEXTS.map(lambda text: text.replace("\x00", "")))
def test_the_database_knows_formulas_as_python_does(text):
    text = text.encode("utf-8", "ignore").decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~ %s", [text, FORMULA.replace("\x00", "\x01")])
        [is_formula] = cursor.fetchone()

    assert is_formula == (make_inert(text) != text)
