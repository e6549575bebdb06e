"""Alerts as people read them: the reason in a sentence with numbers, figures by kind, movers."""

# ruff: noqa: S608 -- SQL is composed of our own text; values are parameters.

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from accounts.models import Organisation
from scoring.choices import AlertCause, AlertKind, AlertState
from scoring.models import HealthAlert
from scoring.selectors.causes import (
    caps_now,
    cause_of,
    cause_sql,
    definitions_of,
    measure_keys,
)
from scoring.selectors.words import alert_reason, move_reason

#: Smaller moves of a week are no news.
LEAST_MOVE = 5.0
MOVE_DAYS = 7


@dataclass(frozen=True)
class AlertRow:
    """An alert with the sentence that says why it is there."""

    alert: HealthAlert
    reason: str


@dataclass(frozen=True)
class KindFigures:
    """What became of the alerts of one kind that opened within a span."""

    kind: AlertKind
    opened: int
    acted: int
    marked_false: int
    open: int

    @property
    def label(self) -> Any:
        """Return the word for the kind."""
        return self.kind.label

    @property
    def false_share(self) -> float | None:
        """Return the share that was marked false."""
        return self.marked_false / self.opened if self.opened else None

    @property
    def acted_share(self) -> float | None:
        """Return the share somebody acknowledged or acted on."""
        return self.acted / self.opened if self.opened else None


@dataclass(frozen=True)
class Mover:
    """An account whose score moved within a week, and what moved it."""

    account_id: int
    score: float | None
    band: str
    change: float
    reason: str


def alert_rows(alerts: Iterable[HealthAlert], *, at: dt.datetime) -> list[AlertRow]:
    """Say why each alert is there; at most three queries beside that of the alerts."""
    found = list(alerts)
    today = Organisation.objects.day_of(at)
    definitions = definitions_of(alert.version_id for alert in found)
    capped = {
        alert.account_id: definitions[alert.version_id]
        for alert in found
        if alert.cause == AlertCause.GATES and not alert.closed_at and alert.version_id is not None
    }
    caps = caps_now(capped, at=at)
    rows = []
    for alert in found:
        keys = measure_keys(definitions.get(alert.version_id or 0))
        cap = caps.get(alert.account_id, "")
        cause = cause_of(alert.cause, alert.cause_place, alert.cause_points, keys, cap)
        rows.append(AlertRow(alert, alert_reason(alert, cause, today=today)))
    return rows


def alert_figures(*, since: dt.date, until: dt.date) -> list[KindFigures]:
    """Count the alerts of all accounts that opened on days in `[since, until]`, by kind."""
    opened = HealthAlert.objects.filter(day__range=(since, until)).order_by().values("kind")
    acted = Q(acknowledged_at__isnull=False) | Q(acted_at__isnull=False)
    counted = {
        row["kind"]: row
        for row in opened.annotate(
            opened=Count("pk"),
            acted=Count("pk", filter=acted),
            marked_false=Count("pk", filter=Q(false_at__isnull=False)),
            open=Count("pk", filter=Q(closed_at__isnull=True, false_at__isnull=True)),
        )
    }
    zero = {"opened": 0, "acted": 0, "marked_false": 0, "open": 0}
    return [
        KindFigures(**(zero | counted.get(kind, {}) | {"kind": AlertKind(kind)}))
        for kind in AlertKind.values
    ]


_MOVERS = f"""
SELECT c.account_id, c.score, c.band, c.score - p.score, c.version_id,
  why.cause, why.place, why.points
FROM scoring_healthcurrent c
JOIN scoring_healthdaily n ON n.account_id = c.account_id AND n.day = c.day
JOIN scoring_healthdaily p ON p.account_id = c.account_id AND p.day = c.day - {MOVE_DAYS}
LEFT JOIN LATERAL ({cause_sql("sign(c.score - p.score)")}) why ON true
WHERE c.account_id = ANY(%(ids)s) AND abs(c.score - p.score) >= {LEAST_MOVE}
  AND c.day >= %(day)s
ORDER BY abs(c.score - p.score) DESC, c.account_id LIMIT %(limit)s
"""


def movers(account_ids: Sequence[int], *, today: dt.date, limit: int) -> list[Mover]:
    """Return the accounts among these whose score moved most within a week; two queries.

    :param today: scores older than two days are no news any more.
    """
    values: dict[str, Any] = {
        "ids": list(account_ids),
        "limit": limit,
        "day": today - dt.timedelta(days=2),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVERS, values)
        rows = cursor.fetchall()
    definitions = definitions_of(row[4] for row in rows)
    return [
        Mover(
            account_id,
            score,
            band,
            change,
            move_reason(
                cause_of(part or "", place, points, measure_keys(definitions.get(version))), change
            ),
        )
        for account_id, score, band, change, version, part, place, points in rows
    ]


def in_state(rows: Any, state: str, *, at: dt.datetime) -> Any:
    """Keep the alerts that are open, put off, marked false or closed; all of them for no state."""
    match state:
        case AlertState.OPEN:
            return rows.open(at)
        case AlertState.SNOOZED:
            return rows.standing().filter(snoozed_until__gt=at, false_at__isnull=True)
        case AlertState.FALSE:
            return rows.filter(false_at__isnull=False)
        case AlertState.CLOSED:
            return rows.filter(closed_at__isnull=False)
        case _:
            return rows
