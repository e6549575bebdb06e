"""Until when an invoice is to be paid: the payment terms, and no bank works on a holiday."""

import datetime as dt

from config.lib.workdays import WorkCalendar

USUAL_PAYMENT_DAYS = 30
#: Later, the calendar has no next day.
LATEST = dt.date(9990, 12, 31)


def due_day(
    *, issued_on: dt.date, payment_days: int | None, due_on: dt.date | None, banks: WorkCalendar
) -> dt.date:
    """Return the due day of an invoice; one on a bank holiday is due the next banking day.

    :param payment_days: days after the invoice that the contract grants, 30 without one.
    :param due_on: the day that was agreed, which then counts instead.
    """
    if due_on is None:
        days = USUAL_PAYMENT_DAYS if payment_days is None else payment_days
        due_on = min(issued_on, LATEST) + dt.timedelta(days=days)
    return banks.next_workday(due_on) if due_on <= LATEST else due_on
