"""What people do with alerts: acknowledge them, call them false with a reason, put them off.

None of it closes an alert: that is for the run that finds its condition cleared.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.authors import written_by
from config.lib.problems import Conflict, FieldError, Problem
from scoring.choices import AlertKind
from scoring.domain.alerts import BOUNDS, LONGEST_COOL_DOWN
from scoring.models import AlertRule, HealthAlert

LONGEST_REASON = 2_000
LONGEST_SNOOZE = dt.timedelta(days=90)


class BadAlert(Problem):
    """Something was asked of an alert that says too little; each fault names its field."""

    code = "bad_alert"
    title = _("The alert can't be changed like this.")


class AlertIsClosed(Conflict):
    """What cleared needs no more attention; it can still be called false."""

    code = "alert_is_closed"
    title = _("This alert is closed already.")


class BadAlertRule(Problem):
    """A rule of alerts was given values that make no sense."""

    code = "bad_alert_rule"
    title = _("The rule can't be saved like this.")


@transaction.atomic
def acknowledge_alerts(*, alert_ids: Collection[int], by: User, at: dt.datetime) -> list[int]:
    """Note that somebody looks after these alerts; return those that were new to it.

    Closed ones are left out; one acknowledged already keeps its first name.
    """
    rows = _locked(alert_ids).filter(closed_at__isnull=True, acknowledged_at__isnull=True)
    found = list(rows.values_list("pk", flat=True))
    HealthAlert.objects.filter(pk__in=found).update(acknowledged_at=at, acknowledged_by=by)
    return found


@transaction.atomic
def unacknowledge_alerts(*, alert_ids: Collection[int], by: User) -> int:
    """Take back what one acknowledged oneself; return how many."""
    mine = HealthAlert.objects.filter(pk__in=alert_ids, acknowledged_by=by)
    return mine.update(acknowledged_at=None, acknowledged_by=None)


@transaction.atomic
def mark_false_alarms(
    *, alert_ids: Collection[int], reason: str, by: User, at: dt.datetime
) -> list[int]:
    """Call alerts false, open or closed, with a reason; return those that were.

    They stay until their condition clears, so that they do not open again at once, and count in
    the figures. One called false already keeps its first reason.

    :raises BadAlert: without a reason.
    """
    text = reason.strip()
    if not text:
        raise BadAlert(errors=[FieldError("/reason", _("Say why it is a false alarm."))])
    if len(text) > LONGEST_REASON:
        raise BadAlert(errors=[FieldError("/reason", _("Keep the reason under 2,000 characters."))])
    found = list(_locked(alert_ids).filter(false_at__isnull=True).values_list("pk", flat=True))
    changed = HealthAlert.objects.filter(pk__in=found)
    changed.update(false_at=at, false_by=by, false_reason=text)
    return found


@transaction.atomic
def unmark_false_alarms(*, alert_ids: Collection[int]) -> int:
    """Take the mark back: the alerts count as true again; return how many."""
    marked = HealthAlert.objects.filter(pk__in=alert_ids, false_at__isnull=False)
    return marked.update(false_at=None, false_by=None, false_reason="")


@transaction.atomic
def snooze_alert(*, alert: HealthAlert, until: dt.datetime | None, at: dt.datetime) -> HealthAlert:
    """Put an alert off until an instant; without one it is awake again.

    :raises AlertIsClosed: when it is.
    :raises BadAlert: for an instant that is past or more than 90 days ahead.
    """
    row: HealthAlert = _locked([alert.pk]).get()
    if row.closed_at is not None:
        raise AlertIsClosed
    if until is not None and not at < until <= at + LONGEST_SNOOZE:
        words = _("Choose an instant after now, at most 90 days ahead.")
        raise BadAlert(errors=[FieldError("/snoozed_until", words)])
    row.snoozed_until = until
    row.save(update_fields=["snoozed_until"])
    return row


def change_alert(
    *, alert: HealthAlert, changes: Mapping[str, Any], by: User, at: dt.datetime
) -> HealthAlert:
    """Change what the API may: `acknowledged`, `is_false` with `false_reason`, `snoozed_until`.

    :raises BadAlert: for a false alarm without a reason, or a reason without a false alarm.
    """
    ids = [alert.pk]
    with written_by(by):
        if "acknowledged" in changes:
            if changes["acknowledged"]:
                acknowledge_alerts(alert_ids=ids, by=by, at=at)
            else:
                unacknowledge_alerts(alert_ids=ids, by=by)
        if changes.get("is_false") is False:
            unmark_false_alarms(alert_ids=ids)
        elif changes.get("is_false"):
            reason = changes.get("false_reason", "").strip()
            if not reason:
                words = _("Say why it is a false alarm.")
                raise BadAlert(errors=[FieldError("/false_reason", words)])
            mark_false_alarms(alert_ids=ids, reason=reason, by=by, at=at)
        elif "false_reason" in changes:
            words = _("A reason goes with a false alarm.")
            raise BadAlert(errors=[FieldError("/is_false", words)])
        if "snoozed_until" in changes:
            snooze_alert(alert=alert, until=changes["snoozed_until"], at=at)
    return alert


def set_alert_rule(
    *, kind: str, is_active: bool, threshold: float, cool_down_days: int, by: User
) -> AlertRule:
    """Decide when a kind of alert opens; the next run goes by it.

    :raises BadAlertRule: naming what is out of range.
    """
    faults = []
    if kind not in AlertKind.values:
        raise BadAlertRule(errors=[FieldError("/kind", _("There is no such kind of alert."))])
    if not BOUNDS[kind].hold(threshold):
        words = _("Choose a number from %(low)s to %(high)s.") % vars(BOUNDS[kind])
        faults.append(FieldError("/threshold", words))
    if not 0 <= cool_down_days <= LONGEST_COOL_DOWN:
        faults.append(FieldError("/cool_down_days", _("Choose 0 to 90 days.")))
    if faults:
        raise BadAlertRule(errors=faults)
    with written_by(by):
        rule, _made = AlertRule.objects.update_or_create(
            kind=kind,
            defaults={
                "is_active": is_active,
                "threshold": threshold,
                "cool_down_days": cool_down_days,
            },
        )
    return rule


def _locked(alert_ids: Collection[int]) -> Any:
    return HealthAlert.objects.filter(pk__in=alert_ids).select_for_update().order_by("pk")
