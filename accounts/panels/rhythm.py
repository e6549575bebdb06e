"""How often we talk with the account: last touches by direction, and when the next is due."""

import datetime as dt
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Direction, RecordKind
from accounts.models import Account, Organisation, Touchpoint
from accounts.querysets import reach_of
from accounts.registry import panels
from accounts.selectors.expectations import CARED_FOR, expectations_on

WAYS = (Direction.TWO_WAY, Direction.INBOUND, Direction.OUTBOUND)


class RhythmPanel:
    """Last two-way, inbound and outbound touch, kept apart; the cadence and the next due day."""

    key = "rhythm"
    title = _("Touches")
    column = "side"
    order = 15
    template = "accounts/panels/rhythm.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the last instants, the cadence in days and the next due day.

        None for who sees no talks: for them every account would look forgotten.
        """
        if not reach_of(user).covers(account, RecordKind.TOUCHPOINT):
            return None
        zone = Organisation.objects.zone()
        today = at.astimezone(zone).date()
        talks = Touchpoint.objects.visible_to(user).standing()
        last = talks.filter(account=account, occurred_at__lte=at).aggregate(
            **{way: Max("occurred_at", filter=Q(direction=way)) for way in WAYS}
        )
        cadence = expectations_on(today)[account.touch_model].cadence_near(
            phase=account.phase, renewal_on=account.renewal_on, today=today
        )
        two_way = last[Direction.TWO_WAY]
        since = two_way.astimezone(zone).date() if two_way else account.customer_since_on
        next_on = None
        if cadence is not None and since is not None and account.status in CARED_FOR:
            next_on = since + dt.timedelta(days=cadence)
        return {
            "ways": [(way.label, last[way]) for way in WAYS],
            "cadence": cadence,
            "next_on": next_on,
        }


panels.register("rhythm")(RhythmPanel())
