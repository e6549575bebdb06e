"""Exchange rates: what one unit of a currency is worth in the reporting currency from a day on.

A correction is a new row with a later `recorded_at`; the old one was true when it was used.
"""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.models import FxRate, User
from accounts.services.authors import written_by
from accounts.services.conflicts import check_columns, refusing
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.dirty import mark_accounts_dirty
from config.lib.problems import FieldError, Problem


class RateNotPositive(Problem):
    """A currency is worth something."""

    code = "rate_not_positive"
    title = _("The rate must be greater than zero.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/rate", self.title)])


def record_rate(
    *, currency: str, on: dt.date, rate: Decimal, at: dt.datetime, by: User | None = None
) -> FxRate:
    """Record a rate and bring accounts with contracts in several currencies in step.

    :raises RateNotPositive: for a rate of zero or less.
    """
    row = FxRate(currency=currency.upper(), on=on, rate=rate, recorded_at=at)
    check_columns(row)
    with written_by(by), refusing({"accounts_rate_positive": RateNotPositive}):
        row.save(force_insert=True)
        changed = refresh_contract_figures(at=at)
        mark_accounts_dirty(account_ids=changed, reason="rate", at=at)
    return row
