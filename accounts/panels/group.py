"""The group an account heads: its tree, and what it adds up to."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.registry import fields, panels
from accounts.selectors.hierarchy import (
    SHOWN,
    Measure,
    branches,
    ids_below,
    may_read,
    roll_up,
)

ARR, USERS = Measure("sum", "arr"), Measure("sum", "licensed_users")
RENEWAL, WORST, TICKETS = (
    Measure("min", "renewal_on"),
    Measure("min", "health.score"),
    Measure("sum", "tickets.open"),
)


class GroupPanel:
    """Accounts below this one, to any depth, over what the reader may see."""

    key = "group"
    title = _("Group")
    column = "main"
    order = 60
    template = "accounts/panels/group.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the tree and its figures; None where nothing is below the account."""
        below = ids_below(account) if getattr(account, "has_children", True) else {}
        if not below:
            return None
        scored = [m for m in (WORST, TICKETS) if m.key in fields and may_read(m, user)]
        found = roll_up(below, [ARR, USERS, RENEWAL, *scored], user=user, at=at)
        rows = branches(dict(list(below.items())[:SHOWN]), user=user, at=at)
        return {
            "rows": rows,
            "accounts": found.accounts,
            "hidden": found.hidden,
            "arr": found.values[ARR],
            "currency": found.currency,
            "users": found.values[USERS],
            "renewal_on": found.values[RENEWAL],
            "worst": found.values.get(WORST),
            "tickets": found.values.get(TICKETS),
            "has_worst": WORST in found.values,
            "has_more": len(below) > SHOWN,
        }


panels.register("group")(GroupPanel())
