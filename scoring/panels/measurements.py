"""What other systems say in numbers, on the account page: the newest of each key, and before."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind, Scope
from accounts.models import Account
from accounts.querysets import reach_of
from accounts.registry import panels
from scoring.models import Measurement

KEYS, READINGS = 8, 4


class MeasurementsPanel:
    """The newest reading of each key and the few before it."""

    key = "measurements"
    title = _("Measurements")
    column = "side"
    order = 60
    template = "scoring/measurements_panel.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the readings by key in one query; None where there are none to show."""
        if not reach_of(user).covers(account, RecordKind.HEALTH):
            return None
        place = Window(
            RowNumber(), partition_by=F("key"), order_by=[F("measured_at").desc(), F("pk").desc()]
        )
        standing: Any = Measurement.objects.standing().filter(account=account)
        rows = standing.annotate(place=place).filter(place__lte=READINGS).order_by("key", "place")
        keys = [(key, list(readings)) for key, readings in groupby(rows, lambda row: row.key)]
        if not keys:
            return None
        shown = [(key, readings[0], readings[1:]) for key, readings in keys[:KEYS]]
        may_add = reach_of(user).scope(RecordKind.HEALTH, write=True) != Scope.NONE
        return {
            "keys": shown,
            "more": max(0, len(keys) - KEYS),
            "may_add": may_add and account.archived_at is None,
        }


panels.register("measurements")(MeasurementsPanel())
