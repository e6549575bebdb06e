"""Amounts of several currencies as one: what each is worth in the reporting currency."""

import datetime as dt

from accounts.models import FxRate, Organisation


def reporting_currency() -> str:
    """Return the currency sums over accounts are in."""
    return Organisation.objects.values_list("currency", flat=True).first() or "JPY"


def rates_on(day: dt.date) -> dict[str, float]:
    """Return the newest rate of each currency on a day; one without a rate is left out."""
    rates = FxRate.objects.filter(on__lte=day).order_by("currency", "-on", "-recorded_at")
    known = rates.distinct("currency").values_list("currency", "rate")
    return {currency: float(rate) for currency, rate in known} | {reporting_currency(): 1.0}
