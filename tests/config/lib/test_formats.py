"""Dates, money and changes read as the design's table says, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from config.lib import formats
from config.lib.formats import MINUS

TODAY = date(2026, 6, 18)
DAY = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("language", "full", "short", "next_year", "stretch"),
    [
        ("ja", "2026/08/31(月)", "8/31(月)", "2027/03/31(水)", "5/7 → 6/18"),
        ("en", "Mon 31 Aug 2026", "31 Aug", "31 Mar 2027", "7 May → 18 Jun"),
    ],
)
def test_dates(language: str, full: str, short: str, next_year: str, stretch: str) -> None:
    with translation.override(language):
        assert formats.day(DAY) == full
        assert formats.day_short(DAY, TODAY) == short
        assert formats.day_short(date(2027, 3, 31), TODAY) == next_year
        assert formats.span(date(2026, 5, 7), TODAY, TODAY) == stretch


def test_a_stretch_of_another_year_says_which() -> None:
    last_year = date(2025, 10, 8), date(2025, 10, 22)
    with translation.override("ja"):
        assert formats.span(*last_year, TODAY) == "2025/10/8 → 2025/10/22"
    with translation.override("en"):
        assert formats.span(*last_year, TODAY) == "8 Oct 2025 → 22 Oct 2025"


@pytest.mark.parametrize(
    ("language", "expected"), [("ja", "6/16(火) 6:10"), ("en", "Tue 16 Jun, 6:10")]
)
def test_a_moment_is_told_in_the_readers_zone(language: str, expected: str) -> None:
    with translation.override(language), timezone.override(ZoneInfo("Asia/Tokyo")):
        assert formats.moment(datetime(2026, 6, 15, 21, 10, tzinfo=UTC), TODAY) == expected


@pytest.mark.parametrize(
    ("day", "english"),
    [
        (DAY, "in 74 days"),
        (date(2026, 4, 16), "63 days ago"),
        (TODAY, "today"),
        (date(2026, 6, 19), "in 1 day"),
    ],
)
def test_distances_in_english(day: date, english: str) -> None:
    with translation.override("en"):
        assert formats.from_today(day, TODAY) == english


@pytest.mark.parametrize(
    ("language", "amount", "short"),
    [
        ("ja", 18_000_000, "1,800万円"),
        ("ja", 1_280_000_000, "12.8億円"),
        ("ja", 9_800, "¥9,800"),
        ("en", 18_000_000, "¥18.0M"),
        ("en", 1_280_000_000, "¥1.28B"),
        ("en", -18_000_000, "−¥18.0M"),
    ],
)
def test_short_money(language: str, amount: int, short: str) -> None:
    with translation.override(language):
        assert formats.money_short(amount, "JPY") == short


@pytest.mark.parametrize("language", ["ja", "en"])
def test_money_percent_and_change_are_the_same_in_both_languages(language: str) -> None:
    with translation.override(language):
        assert formats.money(18_000_000, "JPY") == "¥18,000,000"
        assert formats.money(Decimal("1200.5"), "GBP") == "£1,200.50"
        assert formats.money(Decimal("24800.00"), "GBP") == "£24,800"
        assert formats.money(-212_000, "SGD") == "−S$212,000"
        assert formats.money(90, "CHF") == "CHF\N{NO-BREAK SPACE}90"
        assert formats.percent(0.925) == "92.5%"
        assert formats.delta(-12.5, 1) == "−12.5"
        assert formats.delta(18) == "+18"
        assert formats.delta(-0.2) == "0"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (59.96, "59.9"),
        (55.3, "55"),
        (60, "60.0"),
        (80.04, "80.1"),
        (80, "80.0"),
        (39.5, "39.5"),
        (85.9, "86"),
    ],
)
def test_a_score_near_a_threshold_is_cut_to_one_decimal(value: float, shown: str) -> None:
    assert formats.score(value) == shown


def band(value: float) -> int:
    return sum([value >= 40, value >= 60, value > 80])


@given(st.decimals(0, 100, places=4), st.sampled_from([0, 1]))
def test_the_written_score_never_contradicts_its_band(value: Decimal, places: int) -> None:
    assert band(float(formats.score(value, places=places))) == band(float(value))


@given(st.floats(-1e6, 1e6), st.integers(0, 2))
def test_a_change_reads_back_as_its_rounded_value(value: float, places: int) -> None:
    with translation.override("en"):
        text = formats.delta(value, places)
    assert "-" not in text
    number = Decimal(text.replace("−", "-").replace(",", "").replace("+", ""))
    assert abs(number - Decimal(str(value))) <= Decimal(1).scaleb(-places) / 2
    assert text.startswith("+") == (number > 0)


@pytest.mark.parametrize(
    ("page", "name", "language"),
    [
        ("en", "青嶺精機株式会社", "ja"),
        ("ja", "青嶺精機株式会社", ""),
        ("ja", "Helios Foods", "en"),
        ("en", "Helios", ""),
        ("ja", "123", ""),
    ],
)
def test_a_name_in_the_other_language_says_so(page: str, name: str, language: str) -> None:
    with translation.override(page):
        assert formats.name_language(name) == language


AMOUNTS = st.integers(-(10**15), 10**15)
NUMBERS = st.floats(-1e9, 1e9) | st.integers(-(10**12), 10**12) | st.decimals(-1e9, 1e9, places=5)


@given(NUMBERS, st.none() | st.integers(0, 4))
def test_numbers_read_as_the_locale_writes_them(value, places):
    pattern = "#,##0.###" if places is None else f"#,##0.{'0' * places}".rstrip(".")
    written = format_decimal(value, format=pattern, locale="en").replace("-", MINUS)
    assert formats.number(value, places) == written


@given(NUMBERS)
def test_percentages_read_as_the_locale_writes_them(ratio):
    written = format_decimal(Decimal(str(ratio)) * 100, format="#,##0.#", locale="en")
    assert formats.percent(ratio) == written.replace("-", MINUS) + "%"


@given(AMOUNTS, st.sampled_from(["JPY", "USD", "GBP", "EUR"]))
def test_whole_amounts_read_as_the_locale_writes_them(amount, currency):
    written = format_currency(amount, currency, "¤#,##0", locale="en", currency_digits=False)
    assert formats.money(Decimal(amount), currency) == written.replace("-", MINUS)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.times())
def test_days_and_times_read_as_the_locale_writes_them_where_the_reader_is(day, time):
    instant = datetime.combine(day, time, UTC)
    with translation.override("ja"), timezone.override(ZoneInfo("America/New_York")):
        local = timezone.localtime(instant)
        assert formats.day(instant) == format_date(local, "y/MM/dd(EEE)", locale="ja")
        assert formats.day(local.date()) == formats.day(instant)
        assert formats.clock(instant) == format_time(local, "H:mm", locale="en")


@pytest.mark.parametrize(("language", "said"), [("ja", "63日前"), ("en", "63 days ago")])
def test_a_distance_follows_the_language_of_who_reads(language, said):
    with translation.override(language):
        assert formats.from_today(date(2026, 4, 16), TODAY) == said


@pytest.mark.parametrize(("language", "said"), [("ja", "1、2"), ("en", "1, 2")])
def test_words_beside_each_other_are_parted_as_the_language_does(language, said):
    with translation.override(language):
        assert formats.listed([1, 2]) == said
