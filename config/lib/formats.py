"""Dates, spans, money, percentages and changes as people read them, in Japanese and English.

Everything here is pure: the language is the active one, and "today" is always passed in.
Sentences go through gettext; order, separators and weekdays come from Babel.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, override

from config.lib.countries import country_choices

MINUS = "\N{MINUS SIGN}"
NEAR_A_THRESHOLD = Decimal("0.5")
TENTH = Decimal("0.1")
MOST_PLACES = 3

#: Signs that Babel knows only where the currency is at home.
SIGNS = {"SGD": "S$"}

Number = int | float | Decimal

_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_DAYS_KEPT = 4096


def is_japanese() -> bool:
    """Whether the active language is Japanese; every other language reads as English."""
    return (get_language() or "en").startswith("ja")


def _locale() -> str:
    return "ja" if is_japanese() else "en"


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) else value


def _written_day(value: date, pattern: str) -> str:
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _kept_day(value, pattern, _locale())


@lru_cache(_DAYS_KEPT)
def _kept_day(value: date, pattern: str, locale: str) -> str:
    """Reading a pattern takes longer than anything else in a cell, and lists show few days."""
    return format_date(value, pattern, locale=locale)


def day(value: date) -> str:
    """Say a date in full: 2026/08/31(月), Mon 31 Aug 2026."""
    pattern = "y/MM/dd(EEE)" if is_japanese() else "EEE d MMM y"
    return _written_day(value, pattern)


def day_short(value: date, today: date) -> str:
    """Say a date without the year if it is this one: 8/31(月), 31 Aug."""
    if _local(value).year == today.year:
        pattern = "M/d(EEE)" if is_japanese() else "d MMM"
    else:
        pattern = "y/MM/dd(EEE)" if is_japanese() else "d MMM y"
    return _written_day(value, pattern)


def clock(value: datetime) -> str:
    """Say the time of day in the reader's zone: 14:00, 6:10."""
    local = timezone.localtime(value)
    return f"{local.hour}:{local.minute:02}"


def moment(value: datetime, today: date) -> str:
    """Say day and time: 6/16(火) 6:10, Tue 16 Jun, 6:10; another year is named."""
    same_year = _local(value).year == today.year
    if is_japanese():
        return f"{day_short(value, today)} {clock(value)}"
    pattern = "EEE d MMM" if same_year else "EEE d MMM y"
    return f"{_written_day(value, pattern)}, {clock(value)}"


def span(start: date, end: date, today: date) -> str:
    """Say a stretch of days: 5/7 → 6/18, 7 May → 18 Jun; with years unless both are this one."""
    start, end = _local(start), _local(end)
    short, long = ("M/d", "y/M/d") if is_japanese() else ("d MMM", "d MMM y")
    pattern = short if start.year == end.year == today.year else long
    return " → ".join(_written_day(day, pattern) for day in (start, end))


def from_today(value: date, today: date) -> str:
    """Say how far a date is: あと74日, 63日前, 今日; in 74 days, 63 days ago, today."""
    day = _local(value)
    days = (date(day.year, day.month, day.day) - today).days
    return _distance(days, get_language() or "en")


@lru_cache(_DAYS_KEPT)
def _distance(days: int, language: str) -> str:
    with override(language):
        return _distance_in_words(days)


def _distance_in_words(days: int) -> str:
    if days == 0:
        return gettext("today")
    if days > 0:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}


def days_late(value: date, today: date) -> str:
    """Say by how many days a date has passed: 1日超過, 1 day late."""
    days = (today - value).days
    return ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}


def fiscal_quarter(year: int, quarter: int) -> str:
    """Name a quarter of a fiscal year: 2026年度 第1四半期, FY2026 Q1."""
    return gettext("FY%(year)d Q%(quarter)d") % {"year": year, "quarter": quarter}


def number(value: Number, places: int | None = None) -> str:
    """Write a number with grouping and, unless `places` says how many, up to three decimals."""
    if places is None:
        return _without_noughts(value, MOST_PLACES)
    return f"{Decimal(str(value)):,.{places}f}".replace("-", MINUS)


def _without_noughts(value: Number, places: int) -> str:
    text = f"{Decimal(str(value)):,.{places}f}".rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def figure(value: Number) -> str:
    """Write what was reckoned: to one decimal, below 1 to two; its tail would say nothing."""
    return number(round(float(value), 2 if abs(float(value)) < 1 else 1))


def money(amount: Number, currency: str) -> str:
    """Write an amount, its decimals only where there are any: ¥18,000,000, £24,800, £1,200.50."""
    whole = int(amount)
    if amount == whole:
        return f"{MINUS if whole < 0 else ''}{_sign(currency)}{abs(whole):,}"
    text = format_currency(amount, currency, locale="en")
    symbol = get_currency_symbol(currency, locale="en")
    return text.replace(symbol, _sign(currency)).replace("-", MINUS)


@cache
def _sign(currency: str) -> str:
    """Return what stands before an amount: a sign, or the letters and a space."""
    symbol: str = SIGNS.get(currency) or get_currency_symbol(currency, locale="en")
    return f"{symbol}\N{NO-BREAK SPACE}" if symbol == currency else symbol


def currency_places(currency: str) -> int:
    """Return how many decimals amounts of a currency have: none in yen."""
    return get_currency_precision(currency)


def money_short(amount: Number, currency: str) -> str:
    """Write an amount for charts: 1,800万円, 12.8億円; ¥18.0M, ¥1.28B."""
    value = Decimal(str(amount))
    sign, size = (MINUS if value < 0 else ""), abs(value)
    scales = (
        ((Decimal(10) ** 8, 1, "億"), (Decimal(10) ** 4, 0, "万"))
        if is_japanese()
        else ((Decimal(10) ** 9, 2, "B"), (Decimal(10) ** 6, 1, "M"))
    )
    for scale, places, unit in scales:
        if size >= scale:
            figure = number(size / scale, places) + unit
            if is_japanese() and currency == "JPY":
                return f"{sign}{figure}円"
            return f"{sign}{_sign(currency)}{figure}"
    return money(value, currency)


def percent(ratio: Number) -> str:
    """Write a ratio as a percentage with at most one decimal: 0.925 → 92.5%."""
    return _without_noughts(Decimal(str(ratio)) * 100, 1) + "%"


def share(ratio: Number) -> float:
    """Round a ratio to what `percent` shows of it: 0.92513 → 0.925."""
    return round(float(ratio), 3)


def delta(value: Number, places: int = 0) -> str:
    """Write a change with its sign, U+2212 for minus, zero bare: −12.5, +18, 0."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    if not rounded:
        return number(0, places)
    return ("+" if rounded > 0 else "") + number(rounded, places)


def score(value: Number, thresholds: tuple[Number, ...] = (40, 60, 80), places: int = 0) -> str:
    """Write a health score so that number and band never contradict.

    Rounded to `places`, except within 0.5 of a threshold: there one decimal, cut and not rounded
    (59.96 → 59.9), so that 59.96 is never read as the 60 of the next band. Bands are open below
    and the topmost is open above (80 is not yet expansion): a cut that would fall back onto that
    threshold goes up to the next tenth (80.04 → 80.1).
    """
    exact = Decimal(str(value))
    bars = [Decimal(str(bar)) for bar in thresholds]
    near = [bar for bar in bars if abs(exact - bar) <= NEAR_A_THRESHOLD]
    if not near:
        return str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))
    cut = exact.quantize(TENTH, ROUND_DOWN)
    if exact > cut and cut == bars[-1]:
        cut = exact.quantize(TENTH, ROUND_CEILING)
    return str(cut)


def country_name(code: str) -> str:
    """Return what a country is called in the language of the page; an unknown code as it is."""
    return dict(country_choices("ja" if is_japanese() else "en")).get(code, code)


def is_written_in_japanese(text: str) -> bool:
    """Whether a text holds kana or kanji."""
    return _JAPANESE.search(text) is not None


def listed(words: Iterable[object]) -> str:
    """Write several words beside each other: East, West; 東日本、西日本."""
    return ("、" if is_japanese() else ", ").join(str(word) for word in words)


def name_language(text: str) -> str:
    """Tell a name's language where it is not the page's: `ja`, `en`, or nothing."""
    if is_written_in_japanese(text):
        return "" if is_japanese() else "ja"
    return "en" if is_japanese() and any(char.isalpha() for char in text) else ""
