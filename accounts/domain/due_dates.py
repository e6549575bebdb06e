"""Until when an invoice is to be paid: the payment terms, and no bank works on a holiday."""

import datetime as dt

from accounts.domain.payment_terms import USUAL_TERMS, PaymentTerms, agreed_day
from config.lib.workdays import WorkCalendar

#: Later, the calendar has no next day.
LATEST = dt.date(9990, 12, 31)


def due_day(
    *,
    issued_on: dt.date,
    terms: PaymentTerms | None,
    due_on: dt.date | None,
    banks: WorkCalendar,
) -> dt.date:
    """Return the due day of an invoice; one on a bank holiday is due the next banking day.

    :param terms: what its contract grants, 30 days without one.
    :param due_on: the day that was agreed, which then counts instead.
    """
    if due_on is None:
        agreed = agreed_day(terms or USUAL_TERMS, min(issued_on, LATEST))
        due_on = max(agreed, issued_on)
    return banks.next_workday(due_on) if due_on <= LATEST else due_on
