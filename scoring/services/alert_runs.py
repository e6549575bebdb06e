"""Open and close alerts with a run: what holds is written down once, what cleared is closed.

It happens in the transaction of the computation, which holds the accounts' newest rows, so two
workers never look at one account at once; a partial unique index keeps it so. Two statements, and
a third for the trend in official runs, for any number of accounts.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection

from config.lib.bells import ring
from scoring.choices import Band
from scoring.models import HealthRun
from scoring.registry import metrics
from scoring.selectors.alert_rules import alert_rules
from scoring.selectors.alert_sql import CLOSE, CLOSE_GONE, DECLINING, OPEN
from scoring.selectors.frames import ONE_DAY, Frame

BELL = "health.alert"
#: The score of an alert is compared with the best of these days ago.
COMPARED_AGO = (30, 21, 14, 7, 3, 1)
TREND_DAYS = 30
NO_SLOT = 0


def tend_alerts(
    *, account_ids: Sequence[int], run: HealthRun, frame: Frame, slots: dict[str, int]
) -> int:
    """Bring the alerts of accounts just computed up to date; return how many opened.

    :param account_ids: also those nobody scores any more: their alerts close.
    """
    if not account_ids:
        return 0
    values = _parameters(account_ids, run, frame, slots)
    with connection.cursor() as cursor:
        if frame.is_official and "decline" in values["active"]:
            cursor.execute(DECLINING, values)
            found = cursor.fetchall()
            values |= {"declining": [pk for pk, _ in found], "changes": [by for _, by in found]}
        cursor.execute(CLOSE, values)
        cursor.execute(OPEN, values)
        opened: int = cursor.rowcount
    if opened:
        ring(BELL)
    return opened


def _parameters(
    account_ids: Sequence[int], run: HealthRun, frame: Frame, slots: dict[str, int]
) -> dict[str, Any]:
    rules = alert_rules()
    active = sorted(kind for kind, rule in rules.items() if rule.is_active)
    has_clock = "touch_recency" in metrics and metrics.get("touch_recency").reckoning == "clock"
    low = [Band.CRITICAL.value, Band.AT_RISK.value][: 1 + int(rules["crossing"].threshold)]
    return {
        "ids": list(account_ids),
        "t": frame.t,
        "day": frame.day,
        "zone": frame.zone,
        "kind": frame.kind,
        "official": frame.is_official,
        "run": run.pk,
        "active": active,
        "rests": [rules[kind].cool_down_days for kind in active],
        "low_bands": low if "crossing" in active else [],
        "least_change": rules["decline"].threshold,
        "quiet_days": rules["usage_silence"].threshold,
        "cadences": rules["talk_silence"].threshold,
        "touch_slot": slots.get("touch_recency", NO_SLOT) if has_clock else NO_SLOT,
        "declining": [],
        "changes": [],
        "trend_days": [frame.day - n * ONE_DAY for n in range(TREND_DAYS)],
        "past_days": [frame.day - n * ONE_DAY for n in COMPARED_AGO],
    }


def close_alerts_of_the_gone(*, at: dt.datetime, day: dt.date) -> int:
    """Close what is still open of accounts no run computes any more; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_GONE, {"t": at, "day": day})
        closed: int = cursor.rowcount
    return closed
