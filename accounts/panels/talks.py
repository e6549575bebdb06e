"""How we are in talks with the account: when the next is due, the last ones, what is promised."""

import datetime as dt
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.choices import Direction, RecordKind
from accounts.models import Account, Organisation, Touchpoint, TouchpointTodo
from accounts.querysets import at_or_merged_into, reach_of
from accounts.registry import panels
from accounts.selectors.expectations import next_touch_of
from accounts.selectors.talks import last_talks

WAYS = (Direction.TWO_WAY, Direction.INBOUND, Direction.OUTBOUND)
SHOWN = 8


class TalksPanel:
    """The next touch, the last ones by direction, open to-dos of both sides, own drafts."""

    key = "talks"
    title = _("Talks and promises")
    column = "side"
    order = 15
    template = "accounts/panels/talks.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the next due day, the cadence in days, last instants, to-dos and drafts.

        None for who sees no talks: for them every account would look forgotten.
        """
        reach = reach_of(user)
        if not reach.covers(account, RecordKind.TOUCHPOINT):
            return None
        last = last_talks(account=account, user=user, until=at).by_direction
        following = next_touch_of(account, last=last.get(Direction.TWO_WAY), at=at)
        here = at_or_merged_into(account)
        talks = Touchpoint.objects.visible_to(user).filter(here, retracted_at__isnull=True)
        drafts = talks.filter(is_draft=True, created_by=user).order_by("-occurred_at", "-pk")
        todos = TouchpointTodo.objects.standing_for(user).open()
        owed = todos.filter(at_or_merged_into(account, "touchpoint__account")).select_related(
            "user", "contact"
        )
        promised = list(owed.order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN])
        if not reach.covers(account, RecordKind.CONTACT):
            for todo in promised:
                todo.contact = None
        return {
            "cadence": following.cadence,
            "next_on": following.on,
            "ways": [(way.label, last.get(way)) for way in WAYS],
            "todos": promised,
            "drafts": list(drafts[:SHOWN]),
            "today_there": Organisation.objects.day_of(at),
            "may_write": reach.covers(account, RecordKind.TOUCHPOINT, write=True),
            "reader": user.pk,
        }


panels.register("talks")(TalksPanel())
