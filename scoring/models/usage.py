"""Roll-ups, additive in known time, and measurements pushed by other systems.

`known_on` is the organisation's day on which we learned of something. As known at midnight after
day D means `known_on <= D`; restated means without that filter. A late event adds to a newer row.
"""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from config.lib.clock import AppNow
from scoring.models.ingest import EventName, UsageUser
from scoring.querysets import MeasurementQuerySet

#: `UserMonth.series_id` of any event at all; other series are ids of `EventName`.
ANY_EVENT = 0
#: `UserMonth.known_on` of bits known on their own day (Python has no `-infinity`).
KNOWN_THAT_DAY = dt.date.min
#: Beyond it, sums of measurements would leave what a number can hold; it keeps NaN out, too.
LARGEST = 1e300


class UsageDay(models.Model):
    """How often an account did one thing on one day of the organisation, as learned on one day."""

    pk = models.CompositePrimaryKey("account_id", "day", "series_id", "known_on")
    account = models.ForeignKey(Account, models.DO_NOTHING, db_constraint=False, db_index=False)
    day = models.DateField()
    series = models.ForeignKey(EventName, models.DO_NOTHING, db_constraint=False, db_index=False)
    known_on = models.DateField()
    n = models.IntegerField()
    total = models.DecimalField(max_digits=30, decimal_places=6, null=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.day} {self.series_id}: {self.n}"


class UserMonth(models.Model):
    """On which days of a month a user was active: bit 0 is the first. Join rows by `bit_or`.

    Bits known on their own day stand in the row `KNOWN_THAT_DAY`, late ones in rows of their own.
    """

    pk = models.CompositePrimaryKey("account_id", "month", "series_id", "user_id", "known_on")
    account = models.ForeignKey(Account, models.DO_NOTHING, db_constraint=False, db_index=False)
    month = models.DateField()
    series_id = models.IntegerField(default=ANY_EVENT)
    user = models.ForeignKey(UsageUser, models.DO_NOTHING, db_constraint=False, db_index=False)
    known_on = models.DateField(default=KNOWN_THAT_DAY)
    days = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.month}: {self.days:b}"


class NewestDay(models.Model):
    """What a property of a series said last on one day, as learned on one day; see `EventSeries`.

    Of two events at the same instant the greater value stands, so that no order of arrival matters.
    """

    pk = models.CompositePrimaryKey("account_id", "day", "series_id", "known_on")
    account = models.ForeignKey(Account, models.DO_NOTHING, db_constraint=False, db_index=False)
    day = models.DateField()
    series_id = models.IntegerField()
    known_on = models.DateField()
    value = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.at} {self.series_id}: {self.value}"


class ValueMonth(models.Model):
    """On which days of a month a property of a series had a value, as in `UserMonth`.

    `key` is 16 bytes of a sha256 over series and value; what the value was stands nowhere.
    """

    pk = models.CompositePrimaryKey("account_id", "month", "series_id", "key", "known_on")
    account = models.ForeignKey(Account, models.DO_NOTHING, db_constraint=False, db_index=False)
    month = models.DateField()
    series_id = models.IntegerField()
    key = models.UUIDField()
    known_on = models.DateField(default=KNOWN_THAT_DAY)
    days = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.month}: {self.days:b}"


class Measurement(models.Model):
    """A number another system says about an account; a correction retracts and adds anew.

    It is known by its own-system id, else by the instant at which it was measured.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="measurements")
    key = models.SlugField(_("key"), max_length=60)
    value = models.FloatField(_("value"))
    measured_at = models.DateTimeField(_("measured"))
    external_id = models.CharField(_("own-system id"), max_length=128, null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=AppNow(), editable=False)
    is_declared = models.BooleanField(default=False, db_default=False, editable=False)
    retracted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        indexes = [
            models.Index(
                fields=["account", "key", "-measured_at"], name="scoring_measurement_account"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key", "external_id"],
                condition=Q(external_id__isnull=False, retracted_at__isnull=True),
                name="scoring_measurement_external",
            ),
            models.UniqueConstraint(
                fields=["account", "key", "measured_at"],
                condition=Q(external_id__isnull=True, retracted_at__isnull=True),
                name="scoring_measurement_instant",
            ),
            models.CheckConstraint(
                condition=~Q(external_id=""), name="scoring_measurement_external_id_text"
            ),
            models.CheckConstraint(
                condition=Q(value__range=(-LARGEST, LARGEST)), name="scoring_measurement_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
