"""Measurements: numbers other systems push about an account, each known since an instant.

A reading is known by its own-system id, else by the instant at which it was measured. Pushed
again with another value it is a correction: the row keeps its id and takes the new value, beside it
stays a retracted copy of what was known.
"""

import datetime as dt
import math

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.conflicts import check_columns, refusing
from accounts.services.dirty import mark_accounts_dirty
from config.lib.problems import Conflict, FieldError, Problem
from scoring.models import Measurement
from scoring.models.usage import LARGEST

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
SLACK = dt.timedelta(hours=1)


class NotYetMeasured(Problem):
    """Nobody has measured the future."""

    code = "not_yet_measured"
    title = _("The moment must lie in the past, after the year 1900.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/measured_at", self.title)])


class NoNumber(Problem):
    """A measurement is a number one can count with."""

    code = "no_number"
    title = _("Give a finite number.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/value", self.title)])


class MeasuredAlready(Conflict):
    """Another reading of this key stands at this instant."""

    code = "measured_already"
    title = _("There is another measurement of this moment.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/measured_at", self.title)])


class MeasurementRetracted(Conflict):
    """A retracted measurement takes no changes."""

    code = "measurement_retracted"
    title = _("The measurement was taken back.")


_CONFLICTS = {"scoring_measurement_instant": MeasuredAlready}


def record_measurement(
    *,
    account: Account,
    key: str,
    value: float,
    at: dt.datetime,
    measured_at: dt.datetime | None = None,
    external_id: str | None = None,
    by: User | None = None,
) -> Measurement:
    """Take a reading in; the same again changes nothing, another value corrects it.

    :param measured_at: now unless given.
    :raises NotYetMeasured: for a moment more than an hour ahead.
    """
    row = Measurement(account=account, key=key, external_id=external_id or None, recorded_at=at)
    row.value, row.measured_at = value, measured_at or at
    _check(row, at=at)
    with written_by(by):
        lock_account(account)
        standing = Measurement.objects.filter(account=account, key=key, retracted_at=None)
        same = standing.filter(external_id=row.external_id)
        if row.external_id is None:
            same = same.filter(measured_at=row.measured_at)
        known: Measurement | None = same.first()
        if known is not None:
            return correct_measurement(
                measurement=known, value=row.value, measured_at=row.measured_at, at=at
            )
        row.save()
        mark_accounts_dirty(account_ids=[account.pk], reason="measurement", at=at)
    return row


def correct_measurement(
    *,
    measurement: Measurement,
    at: dt.datetime,
    value: float | None = None,
    measured_at: dt.datetime | None = None,
    by: User | None = None,
) -> Measurement:
    """Correct the value or the moment of a reading; what says the same changes nothing.

    :raises MeasurementRetracted: when it was taken back.
    :raises MeasuredAlready: when another reading without an id of its own stands at that moment.
    """
    with written_by(by), refusing(_CONFLICTS):
        lock_account(measurement.account)
        row: Measurement = Measurement.objects.get(pk=measurement.pk)
        if row.retracted_at is not None:
            raise MeasurementRetracted
        known = (row.value, row.measured_at)
        row.value = row.value if value is None else value
        row.measured_at = measured_at or row.measured_at
        _check(row, at=at)
        if (row.value, row.measured_at) != known:
            _keep_as_known(row, at=at)
            row.recorded_at = at
            row.save()
            mark_accounts_dirty(account_ids=[row.account_id], reason="measurement", at=at)
    return row


def retract_measurement(
    *, measurement: Measurement, at: dt.datetime, by: User | None = None
) -> Measurement:
    """Take a reading back; earlier days can still be computed with it. Twice is once."""
    with written_by(by):
        lock_account(measurement.account)
        row: Measurement = Measurement.objects.get(pk=measurement.pk)
        if row.retracted_at is None:
            row.retracted_at = at
            row.save(update_fields=["retracted_at"])
            mark_accounts_dirty(account_ids=[row.account_id], reason="measurement", at=at)
    return row


def _check(row: Measurement, *, at: dt.datetime) -> None:
    check_columns(row)
    if not math.isfinite(row.value) or abs(row.value) > LARGEST:
        raise NoNumber
    if not EARLIEST_YEAR <= row.measured_at.year <= LATEST_YEAR or row.measured_at > at + SLACK:
        raise NotYetMeasured


def _keep_as_known(row: Measurement, *, at: dt.datetime) -> None:
    kept = Measurement.objects.get(pk=row.pk)
    kept.pk, kept.retracted_at = None, at
    kept._state.adding = True
    kept.save()
