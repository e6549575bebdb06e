"""Facts with two times: when they hold and since when they are known.

A fact is never deleted: a correction sets `retracted_at` and inserts anew, so that any past day
can be seen as it was known then (as-of pair (t, k)).
"""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Expression, Q

from config.lib.clock import AppNow


class RecordedQuerySet(models.QuerySet[Any]):
    def known_at(self, k: dt.datetime) -> Self:
        """Keep what was known at instant `k`: recorded by then and not yet retracted."""
        return self.filter(Q(retracted_at__isnull=True) | Q(retracted_at__gt=k), recorded_at__lte=k)

    def holding_on(self, t: dt.date | Expression) -> Self:
        """Keep what holds on day `t`; `ends_on` is the first day on which it no longer does."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=t), starts_on__lte=t)

    def as_of(self, t: dt.date, k: dt.datetime) -> Self:
        """Keep what held on day `t` as it was known at instant `k`."""
        return self.holding_on(t).known_at(k)

    def current(self) -> Self:
        """Keep facts that stand: not retracted, whatever days they hold for."""
        return self.filter(retracted_at__isnull=True)

    def open(self) -> Self:
        """Keep standing facts without an end."""
        return self.current().filter(ends_on__isnull=True)


class Recorded(models.Model):
    """A fact that holds over [`starts_on`, `ends_on`) and is known from `recorded_at`."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: `recorded_at` is when it happened, as a file declared, not when we came to know.
    is_declared = models.BooleanField(default=False, db_default=False, editable=False)

    objects = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
        ]
