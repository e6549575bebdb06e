"""Cells are read as people type them; what can't be meant is named."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain import cells
from accounts.domain.cells import (
    CellFault,
    decimal_cell,
    list_cell,
    mail_cell,
    moment_cell,
    slug_cell,
    text_cell,
)


def fault_of(parse, text: str) -> str:
    with pytest.raises(CellFault) as caught:
        parse(text)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    ["2026-04-01", "2026/04/01", "2026/4/1", "２０２６/４/１", "2026年4月1日", "20260401",
     "2026.4.1", "2026/04/01 0:00", "2026/04/01(水)"],
)  # fmt: skip
def test_dates_are_read_in_the_forms_people_use(text):
    assert cells.date_cell(text) == "2026-04-01"


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"]))
def test_a_written_date_is_read_back(day, form):
    assert cells.date_cell(day.strftime(form)) == day.isoformat()


@pytest.mark.parametrize("text", ["令和8年4月1日", "R8.4.1", "H30/4/1", "平成元年1月8日"])
def test_years_of_an_era_are_refused_by_name(text):
    assert fault_of(cells.date_cell, text) == "era"


@pytest.mark.parametrize("text", ["2026-02-30", "4/1/2026", "soon", "2026-13-01", "=TODAY()", "1"])
def test_what_is_no_date_is_refused(text):
    assert fault_of(cells.date_cell, text) == "date"


@pytest.mark.parametrize(
    ("text", "value"),
    [("¥1,200,000", "1200000.00"), ("￥１，２００", "1200.00"), ("1200000円", "1200000.00"),
     ("0", "0.00"), ("1200000.505", "1200000.50"), ("$ 1,200.5", "1200.50")],
)  # fmt: skip
def test_amounts_are_read_with_signs_groups_and_full_width_digits(text, value):
    assert cells.amount_cell(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [("-1", "amount"), ("1,20", "number"), ("120万", "number"), ("1e9", "number"),
     ("9" * 17, "amount"), ("", "number"), ("=1+1", "number"), ("NaN", "number")],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text, code):
    assert fault_of(cells.amount_cell, text) == code


@given(st.decimals(min_value=0, max_value=10**15, places=2))
def test_a_written_amount_is_read_back(amount):
    assert cells.amount_cell(f"¥{amount:,}") == f"{amount:f}"


def test_whole_numbers_stay_whole_and_in_range():
    parse = cells.integer_cell(0, 100)
    assert parse("１２") == "12"
    assert fault_of(parse, "1.5") == "whole"
    assert fault_of(parse, "101") == "range"
    assert cells.month_cell("３月") == "3"


@pytest.mark.parametrize("text", ["taro@aomine.example", "ＴＡＲＯ＠aomine.example"])
def test_a_mail_address_is_folded(text):
    assert cells.mail_cell(text) == "taro@aomine.example"


@pytest.mark.parametrize("text", ["taro", "a@b", "a b@c.example", "a@b..example", "=a@b.example,x"])
def test_what_is_no_mail_address_is_refused(text):
    assert fault_of(cells.mail_cell, text) == "mail"


def test_a_text_keeps_a_formula_as_text_and_loses_line_breaks_it_may_not_have():
    assert cells.text_cell(50)("=cmd|' /C calc'!A0") == "=cmd|' /C calc'!A0"
    assert cells.text_cell(50)("株式会社\n青嶺精機") == "株式会社 青嶺精機"
    assert cells.text_cell(50, lines=True)("a\nb") == "a\nb"
    assert fault_of(cells.text_cell(3), "abcd") == "too_long"
    assert fault_of(cells.text_cell(9), "a\x07b") == "control"


def test_words_are_compared_without_width_case_or_space():
    parse = cells.word_cell({"highmodel": "high"}, "high")
    assert parse("Ｈｉｇｈ Model") == "high"
    assert fault_of(parse, "medium") == "choice"


TOKYO = dt.timezone(dt.timedelta(hours=9))
moment = moment_cell(TOKYO)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-04-01", "2026-04-01T00:00:00+09:00"),
        ("2026/4/1 9:05", "2026-04-01T09:05:00+09:00"),
        ("２０２６年４月１日 １７：３０：０５", "2026-04-01T17:30:05+09:00"),
        ("2026-04-01T09:05:00Z", "2026-04-01T09:05:00+00:00"),
        ("2026-04-01T09:05:00.123456+0530", "2026-04-01T09:05:00.123456+05:30"),
    ],
)
def test_a_moment_is_read_in_the_zone_unless_it_says_another(text, instant):
    assert moment(text) == instant


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-04-01 24:00", "moment"),
        ("2026-04-01 9:60", "moment"),
        ("2026-04-01 9:00+99:99", "moment"),
        ("1812-04-01", "moment"),
        ("tomorrow", "date"),
        ("2026-02-30 9:00", "date"),
        ("令和8年4月1日 9:00", "era"),
    ],
)
def test_what_is_no_moment_is_refused(text, code):
    with pytest.raises(CellFault) as fault:
        moment(text)
    assert fault.value.code == code


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)), st.times())
def test_a_moment_survives_its_own_spelling(day, time):
    seconds = dt.datetime.combine(day, time.replace(microsecond=0), TOKYO)

    assert dt.datetime.fromisoformat(moment(seconds.isoformat())) == seconds
    assert dt.datetime.fromisoformat(moment(f"{seconds:%Y/%m/%d %H:%M:%S}")) == seconds


def test_several_values_are_apart_by_what_people_use_for_it():
    several = list_cell(text_cell(20))

    assert several("P-1, P-2;P-3、P-1\nP-4") == '{"P-1","P-2","P-3","P-4"}'
    assert several('a"b, c\\d') == '{"a\\"b","c\\\\d"}'
    assert several(" , ") == "{}"
    with pytest.raises(CellFault):
        list_cell(mail_cell)("taro@aomine.example, nobody")
    with pytest.raises(CellFault):
        list_cell(text_cell(20), most=2)("a,b,c")


@given(st.floats(-1e300, 1e300))
def test_any_finite_number_is_read(number):
    assert float(decimal_cell(repr(number))) == number


@pytest.mark.parametrize("text", ["nan", "inf", "1e301", "1_000", "0x10", "", "--1"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(CellFault):
        decimal_cell(text)


@pytest.mark.parametrize(("text", "key"), [("open_orders", "open_orders"), ("ｎｐｓ", "nps")])
def test_a_key_is_plain(text, key):
    assert slug_cell(60)(text) == key
    with pytest.raises(CellFault):
        slug_cell(2)(text)
    with pytest.raises(CellFault):
        slug_cell(60)("no key")
