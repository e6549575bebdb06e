"""How far the customer's approval flow is for the contract that must be decided next."""

import datetime as dt
from typing import Any

from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from accounts.choices import ApprovalState
from accounts.models import Contract
from accounts.registry import Field, fields
from accounts.selectors.contracts import with_worth


def _approval(at: dt.datetime) -> Combinable:
    """Return the state at the contract the renewal date comes from, not begun before begun."""
    contracts: Any = Contract.objects.filter(account=OuterRef("pk")).unarchived()
    worth: Any = with_worth(contracts, at=at)
    next_ones = worth.filter(decide_on=OuterRef("renewal_on"))
    idle = When(approval_state=ApprovalState.NOT_STARTED, then=Value(0))
    first = Case(idle, default=Value(1))
    return Subquery(next_ones.order_by(first, "pk").values("approval_state")[:1])


fields.register("contract.approval")(
    Field(
        "contract.approval",
        "choice",
        _("Approval flow"),
        "accounts",
        _approval,
        choices=lambda: ApprovalState.choices,
        is_sortable=False,
        now_only=True,
        in_rest=False,
    )
)
