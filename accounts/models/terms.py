"""Payment terms in words, as `parse_terms` reads them back in either language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.domain.payment_terms import MONTH_END, NetDays, PaymentTerms

_MONTHS: tuple[Any, ...] = (
    pgettext_lazy("month of payment", "the same month"),
    pgettext_lazy("month of payment", "the next month"),
    pgettext_lazy("month of payment", "the month after next"),
    pgettext_lazy("month of payment", "the third month after"),
)


def terms_in_words(terms: PaymentTerms) -> str:
    """Say until when is to be paid: within 30 days, 月末締め翌月末払い."""
    if isinstance(terms, NetDays):
        return days_in_words(terms.days)
    if terms.closing_day == MONTH_END:
        closing = _("closes at month's end")
    else:
        closing = _("closes on day %(day)s") % {"day": terms.closing_day}
    values = {"closing": closing, "month": _MONTHS[terms.months], "day": terms.payment_day}
    if terms.payment_day == MONTH_END:
        return _("%(closing)s, paid at the end of %(month)s") % values
    return _("%(closing)s, paid on day %(day)s of %(month)s") % values


def day_in_words(day: int) -> str:
    """Say which day of the month is meant."""
    return _("end of the month") if day == MONTH_END else _("day %(day)s") % {"day": day}


def days_in_words(days: int) -> str:
    """Say within how many days of the invoice is to be paid."""
    return ngettext("within %(n)s day", "within %(n)s days", days) % {"n": days}


def month_in_words(months: int) -> Any:
    """Say in which month after the closing is to be paid."""
    return _MONTHS[months]


def notice_in_words(months: int) -> str:
    """Say how long before the end notice is to be given."""
    if not months:
        return _("none")
    return ngettext("%(n)s month before", "%(n)s months before", months) % {"n": months}
