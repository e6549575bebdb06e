"""What was agreed with the account, until when, and by when the renewal must be decided."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.models import Account, Contract, Organisation
from accounts.querysets import reach_of
from accounts.registry import panels
from accounts.selectors.contracts import renewal_of, with_worth
from accounts.selectors.status_proposal import propose_status, stands

SHOWN = 4


class ContractsPanel:
    """The contracts in force or still to come, newest first, each with its decision."""

    key = "contracts"
    title = _("Contracts and renewal")
    column = "side"
    order = 30
    template = "accounts/panels/contracts.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return (contract, renewal) rows; None for who sees no contracts of the account."""
        reach = reach_of(user)
        if not reach.covers(account, RecordKind.CONTRACT):
            return None
        today = Organisation.objects.day_of(at)
        every: Any = Contract.objects.visible_to(user).unarchived().of_stayers()
        contracts = with_worth(every.with_last_day().filter(account=account), at=at)
        agreed: list[Any] = list(contracts.order_by("-starts_on", "-pk"))
        rows = [row for row in agreed if stands(row, today)]
        shown = [
            (row, renewal_of(row, today=today, is_followed=row.is_followed)) for row in rows[:SHOWN]
        ]
        return {
            "contracts": shown,
            "has_more": len(rows) > SHOWN,
            "proposal": propose_status(account, agreed, today=today)
            if getattr(account, "is_editable", False)
            else None,
            "may_add": reach.scope(RecordKind.CONTRACT, write=True) != "none",
        }


panels.register("contracts")(ContractsPanel())
