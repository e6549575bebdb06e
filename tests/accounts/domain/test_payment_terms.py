import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.payment_terms import (
    MONTH_END,
    BadTerms,
    ClosingTerms,
    NetDays,
    agreed_day,
    parse_terms,
)
from accounts.models.terms import terms_in_words

ISSUED = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))
DAY = st.one_of(st.integers(1, 28), st.just(MONTH_END))
CLOSING = st.builds(ClosingTerms, DAY, st.integers(0, 3), DAY).filter(lambda t: t.is_possible)
NET = st.builds(NetDays, st.integers(0, 3650))
ONE_DAY = dt.timedelta(days=1)


def is_day(day, number):
    return (day + ONE_DAY).day == 1 if number == MONTH_END else day.day == number


@given(NET, ISSUED)
def test_net_days_count_from_the_invoice(terms, issued_on):
    assert (agreed_day(terms, issued_on) - issued_on).days == terms.days


@given(CLOSING, ISSUED)
def test_closing_terms_are_paid_on_their_day_and_never_before_the_invoice(terms, issued_on):
    day = agreed_day(terms, issued_on)

    assert is_day(day, terms.payment_day)
    assert issued_on <= day
    assert (day.year - issued_on.year) * 12 + day.month - issued_on.month in {
        terms.months,
        terms.months + 1,
    }


@given(CLOSING, ISSUED)
def test_all_of_one_closing_period_is_paid_on_one_day(terms, issued_on):
    closing = issued_on
    while not is_day(closing, terms.closing_day):
        closing += ONE_DAY

    assert agreed_day(terms, closing) == agreed_day(terms, issued_on)
    assert agreed_day(terms, closing + ONE_DAY) > agreed_day(terms, issued_on)


@given(st.one_of(NET, CLOSING), ISSUED, ISSUED)
def test_a_later_invoice_is_never_due_earlier(terms, one, other):
    first, second = sorted([one, other])

    assert agreed_day(terms, first) <= agreed_day(terms, second)


@pytest.mark.parametrize(
    ("text", "issued_on", "day"),
    [
        ("月末締め翌月末払い", dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        ("月末締め翌月末払い", dt.date(2026, 2, 1), dt.date(2026, 3, 31)),
        ("20日締め翌月10日払い", dt.date(2026, 6, 20), dt.date(2026, 7, 10)),
        ("20日締め翌月10日払い", dt.date(2026, 6, 21), dt.date(2026, 8, 10)),
        ("15日締め当月末払い", dt.date(2026, 12, 16), dt.date(2027, 1, 31)),
        ("月末締め翌々月5日払い", dt.date(2026, 11, 30), dt.date(2027, 1, 5)),
        ("net 30", dt.date(2026, 6, 1), dt.date(2026, 7, 1)),
    ],
)
def test_worked_examples(text, issued_on, day):
    assert agreed_day(parse_terms(text), issued_on) == day


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("月末締め翌月末払い", ClosingTerms(31, 1, 31)),
        ("月末締翌月末払", ClosingTerms(31, 1, 31)),
        ("末日〆 翌月末日支払い", ClosingTerms(31, 1, 31)),
        ("毎月20日締め、翌月10日払い", ClosingTerms(20, 1, 10)),
        ("２０日締め翌月末日お支払い", ClosingTerms(20, 1, 31)),
        ("20日締め翌翌月15日払い", ClosingTerms(20, 2, 15)),
        ("20日締め再来月15日", ClosingTerms(20, 2, 15)),
        ("25日締め3か月後5日払い", ClosingTerms(25, 3, 5)),
        ("25日締め３ヶ月後末日払い", ClosingTerms(25, 3, 31)),
        ("月末締2ヵ月後末払い", ClosingTerms(31, 2, 31)),
        ("月末締め翌月末振込", ClosingTerms(31, 1, 31)),
        ("月末締め翌月末現金払い", ClosingTerms(31, 1, 31)),
        ("within 32767 days", NetDays(32767)),
        ("10日締め当月25日払い", ClosingTerms(10, 0, 25)),
        ("31日締め翌月31日払い", ClosingTerms(31, 1, 31)),
        ("net 30", NetDays(30)),
        ("Net30", NetDays(30)),
        ("45 days", NetDays(45)),
        ("within 10 days", NetDays(10)),
        ("30日以内", NetDays(30)),
        ("請求書発行後60日以内", NetDays(60)),
        ("60日サイト", NetDays(60)),
        ("14", NetDays(14)),
        ("closes on day 20, paid on day 10 of the next month", ClosingTerms(20, 1, 10)),
        ("Closes at month's end, paid at the end of the month after next", ClosingTerms(31, 2, 31)),
    ],
)
def test_terms_are_read_as_people_write_them(text, terms):
    assert parse_terms(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "",
        "前払い",
        "翌月末払い",
        "月末締め",
        "30日締め翌月末払い",
        "0日締め翌月末払い",
        "20日締め当月10日払い",
        "20日締め4か月後10日払い",
        "net 99999",
        "月末締め翌月末払い(手形)",
        "closes on day 30, paid on day 10 of the next month",
    ],
)
def test_what_says_no_terms_is_refused(text):
    with pytest.raises(BadTerms):
        parse_terms(text)


@pytest.mark.parametrize("language", ["en", "ja"])
@given(terms=st.one_of(NET, CLOSING))
def test_the_words_of_terms_are_read_back(language, terms):
    with translation.override(language):
        assert parse_terms(terms_in_words(terms)) == terms


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        terms = parse_terms(text)
    except BadTerms:
        return
    assert isinstance(terms, NetDays) or terms.is_possible


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("EOM", ClosingTerms(31, 0, 31)),
        ("End of month", ClosingTerms(31, 0, 31)),
        ("end of the month", ClosingTerms(31, 0, 31)),
        ("Net 30 EOM", ClosingTerms(31, 1, 31)),
        ("net 30 days, end of month", ClosingTerms(31, 1, 31)),
        ("60 days EOM", ClosingTerms(31, 2, 31)),
        ("EOM + 30 days", ClosingTerms(31, 1, 31)),
        ("EOM+10", ClosingTerms(31, 1, 10)),
        ("15 days after end of month", ClosingTerms(31, 1, 15)),
        ("End of following month", ClosingTerms(31, 1, 31)),
        ("the 10th of the next month", ClosingTerms(31, 1, 10)),
        ("10th prox.", ClosingTerms(31, 1, 10)),
    ],
)
def test_english_month_ends_are_closing_terms(text, terms):
    assert parse_terms(text) == terms


@pytest.mark.parametrize("text", ["net 45 EOM", "EOM + 29", "30th of next month", "eom eom"])
def test_english_terms_no_month_has_are_refused(text):
    with pytest.raises(BadTerms):
        parse_terms(text)
