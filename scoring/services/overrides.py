"""Overrides: a person corrects a score for a while, says why, and is asked in the end.

One acts at a time. Setting another retracts the one before, so that a replay of a past day sees
what stood then. The computed score runs on beneath and both are shown.
"""

import datetime as dt
import math

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, User
from accounts.services.accounts import lock_account
from accounts.services.authors import written_by
from accounts.services.dirty import mark_accounts_dirty
from config.lib.problems import Conflict, FieldError, Problem
from scoring.choices import Band, OverrideKind, OverrideVerdict
from scoring.models import HealthCurrent, HealthOverride

DEFAULT_DAYS, MOST_DAYS = 30, 90
LONGEST_REASON = 2_000
LET_GO_AT_ONCE = 1_000
FORCEABLE = tuple(band for band in Band if band != Band.NOT_ENOUGH_DATA)


class BadOverride(Problem):
    """An override was asked for that says too little or too much; each fault names its field."""

    code = "bad_override"
    title = _("The override can't be set like this.")


class OverrideIsOver(Conflict):
    """What ended can't be ended again."""

    code = "override_is_over"
    title = _("This override is over already.")


class OverrideStillActs(Conflict):
    """Whether it was right shows only in the end."""

    code = "override_still_acts"
    title = _("This override still acts; it is judged when it is over.")


def set_override(
    *,
    account: Account,
    kind: str,
    reason: str,
    by: User,
    at: dt.datetime,
    value: float | None = None,
    band: str = "",
    expires_at: dt.datetime | None = None,
) -> HealthOverride:
    """Correct the score of an account from now on, in place of any override that acts already.

    The account is marked dirty, so the effect shows within seconds. The same again changes nothing.

    :param value: the score, or its bound, 0 to 100; for every kind but `band`.
    :param band: the band that is forced; for the kind `band` alone.
    :param expires_at: 30 days from now unless given, at most 90.
    :raises BadOverride: naming every field that is missing or out of range.
    """
    until = expires_at or at + dt.timedelta(days=DEFAULT_DAYS)
    wanted = HealthOverride(
        account=account, kind=kind, value=value, band=band, reason=reason.strip(), author=by,
        starts_at=at, expires_at=until, recorded_at=at,
    )  # fmt: skip
    _check(wanted)
    with written_by(by):
        lock_account(account)
        before: HealthOverride | None = HealthOverride.objects.filter(
            account=account, retracted_at=None
        ).first()
        if before is not None:
            if before.expires_at > at and _say_the_same(before, wanted, asked=expires_at):
                return before
            _retract(before, at=at)
        health = HealthCurrent.objects.filter(account=account).first()
        if health is not None and health.computed is not None:
            wanted.computed, wanted.computed_band = health.computed, health.band
        wanted.save()
        mark_accounts_dirty(account_ids=[account.pk], reason="override", at=at)
    return wanted


def end_override(*, override: HealthOverride, at: dt.datetime, by: User) -> HealthOverride:
    """Take an override back before its time; the computed score shows again within seconds.

    :raises OverrideIsOver: when it ran out or was taken back already.
    """
    with written_by(by):
        lock_account(override.account)
        row: HealthOverride = HealthOverride.objects.select_related("account").get(pk=override.pk)
        if row.retracted_at is not None or row.expires_at <= at:
            raise OverrideIsOver
        _retract(row, at=at)
        mark_accounts_dirty(account_ids=[row.account_id], reason="override", at=at)
    return row


def review_override(
    *, override: HealthOverride, verdict: str, by: User, at: dt.datetime, note: str = ""
) -> HealthOverride:
    """Say whether an override that is over was right; said again, the last word counts.

    :raises BadOverride: for an unknown verdict.
    :raises OverrideStillActs: while it acts.
    """
    if verdict not in OverrideVerdict.values:
        raise BadOverride(errors=[FieldError("/verdict", _("Say right, wrong or unsure."))])
    with written_by(by):
        row: HealthOverride = HealthOverride.objects.select_for_update().get(pk=override.pk)
        if row.retracted_at is None and row.expires_at > at:
            raise OverrideStillActs
        row.verdict, row.verdict_note = verdict, note.strip()[:LONGEST_REASON]
        row.reviewed_at, row.reviewed_by = at, by
        row.save(update_fields=["verdict", "verdict_note", "reviewed_at", "reviewed_by"])
    return row


@transaction.atomic
def let_go_of_expired(*, at: dt.datetime) -> int:
    """Mark accounts dirty whose override ran out, once; return how many."""
    over = HealthOverride.objects.filter(
        retracted_at__isnull=True, let_go_at__isnull=True, expires_at__lte=at
    )
    claimed = over.select_for_update(skip_locked=True).order_by("pk")[:LET_GO_AT_ONCE]
    account_of = dict(claimed.values_list("pk", "account_id"))
    HealthOverride.objects.filter(pk__in=account_of).update(let_go_at=at)
    mark_accounts_dirty(account_ids=sorted(account_of.values()), reason="override", at=at)
    return len(account_of)


def faults_of_kind(row: HealthOverride) -> list[FieldError]:
    """Return what is wrong with the kind of an override, and with the score or band it asks for."""
    if row.kind not in OverrideKind.values:
        return [FieldError("/kind", _("Choose score, band, at least or at most."))]
    if row.kind == OverrideKind.BAND:
        faults = []
        if row.band not in FORCEABLE:
            faults.append(FieldError("/band", _("Choose a band.")))
        if row.value is not None:
            faults.append(FieldError("/value", _("An override of the band has no score.")))
        return faults
    faults = []
    if row.value is None or not math.isfinite(row.value) or not 0 <= row.value <= 100:
        faults.append(FieldError("/value", _("Give a score from 0 to 100.")))
    if row.band:
        faults.append(FieldError("/band", _("Only an override of the band has a band.")))
    return faults


def _retract(row: HealthOverride, *, at: dt.datetime) -> None:
    row.retracted_at = at
    row.save(update_fields=["retracted_at"])


def _say_the_same(
    known: HealthOverride, wanted: HealthOverride, *, asked: dt.datetime | None
) -> bool:
    columns = ("kind", "value", "band", "reason")
    same = all(getattr(known, name) == getattr(wanted, name) for name in columns)
    return same and (asked is None or asked == known.expires_at)


def _check(row: HealthOverride) -> None:
    faults = [*_faults_of_words(row), *faults_of_kind(row)]
    span = row.expires_at - row.starts_at
    if not dt.timedelta(0) < span <= dt.timedelta(days=MOST_DAYS):
        words = _("Choose an end after now, at most 90 days ahead.")
        faults.append(FieldError("/expires_at", words))
    if faults:
        raise BadOverride(errors=faults)


def _faults_of_words(row: HealthOverride) -> list[FieldError]:
    if not row.reason:
        return [FieldError("/reason", _("Say why the score is wrong."))]
    if len(row.reason) > LONGEST_REASON:
        return [FieldError("/reason", _("Keep the reason under 2,000 characters."))]
    return []
