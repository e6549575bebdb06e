"""The customer's people on the account page: gaps, a small map, who plays which part."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import reach_of
from accounts.registry import panels
from accounts.selectors.people_gaps import gap_sentences
from accounts.selectors.stakeholder_map import map_of

SHOWN = 8
GAPS_SHOWN = 4


class PeoplePanel:
    """Their side: what is missing, who is who, when we last talked to each."""

    key = "people"
    title = _("Their side")
    column = "side"
    order = 10
    template = "accounts/panels/people.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the map of today with its gaps in words; None for who sees no contacts."""
        reach = reach_of(user)
        if not reach.covers(account, RecordKind.CONTACT):
            return None
        found = map_of(account=account, user=user, at=at)
        return {
            "account": account,
            "may_write": reach.covers(account, RecordKind.CONTACT, write=True),
            "map": found,
            "gaps": gap_sentences(found.gaps, found.names)[:GAPS_SHOWN],
            "people": found.people[:SHOWN],
            "more": max(0, len(found.people) - SHOWN),
        }


panels.register("people")(PeoplePanel())
