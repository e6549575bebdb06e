"""What the customer record itself shows on the account page: people."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.choices import ContactState
from accounts.models import (
    Account,
    Contact,
    Organisation,
    StakeholderRole,
    Touchpoint,
)
from accounts.registry import panels

SHOWN = 8


class PeoplePanel:
    """Their side: who is who, which parts they play today, when we last talked to each."""

    key = "people"
    title = _("Their side")
    column = "side"
    order = 10
    template = "accounts/panels/people.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return contacts with roles and the last talk of each, and how many ghosts there are."""
        today = Organisation.objects.day_of(at)
        contacts = list(
            Contact.objects.visible_to(user)
            .filter(account=account, archived_at__isnull=True, is_ghost=False)
            .order_by("family_kana", "pk")
        )
        roles = defaultdict(list)
        parts = StakeholderRole.objects.visible_to(user).current().holding_on(today)
        for fact in parts.filter(account=account).order_by("starts_on", "pk"):
            roles[fact.contact_id].append(fact)
        talks = dict(
            Touchpoint.objects.visible_to(user)
            .two_way()
            .filter(account=account, contacts__in=contacts)
            .order_by()
            .values("contacts")
            .annotate(last=Max("occurred_at"))
            .values_list("contacts", "last")
        )
        people = [(person, roles[person.pk], talks.get(person.pk)) for person in contacts]
        people.sort(key=lambda row: (row[0].state == ContactState.LEFT, not row[1]))
        present = [person for person in contacts if person.state not in ("left", "transferred")]
        talked = {person.pk for person in present if talks.get(person.pk)}
        return {
            "people": people[:SHOWN],
            "more": max(0, len(people) - SHOWN),
            "single": len(talked) == 1,
            "ghosts": Contact.objects.visible_to(user)
            .filter(account=account, is_ghost=True, archived_at__isnull=True)
            .count(),
        }


panels.register("people")(PeoplePanel())
