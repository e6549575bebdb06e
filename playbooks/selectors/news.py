"""What moved among one's accounts: their alerts, scores that changed, overrides to be judged."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import reach_of
from scoring.choices import OverrideVerdict
from scoring.models import HealthAlert, HealthOverride
from scoring.selectors.alerts import alert_rows, movers

ROWS_SHOWN = 8
ASKED_AT_ONCE = 3


@dataclass(frozen=True)
class MovedRow:
    """An account with its number, the change of it, and a sentence with the reason."""

    account: Account
    score: float | None
    band: str
    change: float | None
    reason: str
    alert: HealthAlert | None


@dataclass(frozen=True)
class News:
    """What a person should know of their accounts this morning.

    :param open_alerts: how many alerts are open on accounts they hold.
    :param to_review: overrides of theirs that ran out and wait for a word.
    """

    moved: list[MovedRow]
    open_alerts: int
    to_review: list[HealthOverride]
    verdicts: list[tuple[Any, Any]]


def news_of(user: Any, *, today: dt.date, at: dt.datetime) -> News:
    """Return open alerts of accounts the user holds first, then what moved; eight queries."""
    held = reach_of(user).held
    visible: Any = HealthAlert.objects.visible_to(user).filter(account__in=held)
    found = visible.open(at).filter(account__archived_at__isnull=True)
    account_ids = list(found.values_list("account_id", flat=True))
    unseen = found.filter(acknowledged_at__isnull=True).select_related("account__health")
    shown = unseen.order_by("-opened_at", "-pk")[:ROWS_SHOWN]
    rows = [_of_alert(row.alert, row.reason) for row in alert_rows(shown, at=at)]
    rows += _moved_otherwise(user, held - set(account_ids), rows, today)
    asked: Any = HealthOverride.objects.visible_to(user).to_review(user, at)
    return News(
        moved=rows,
        open_alerts=len(account_ids),
        to_review=list(asked.select_related("account").order_by("expires_at")[:ASKED_AT_ONCE]),
        verdicts=list(OverrideVerdict.choices),
    )


def _moved_otherwise(
    user: Any, account_ids: frozenset[int], rows: list[MovedRow], today: dt.date
) -> list[MovedRow]:
    room = ROWS_SHOWN - len(rows)
    if room <= 0:
        return []
    moved = movers(sorted(account_ids), today=today, limit=room)
    visible = Account.objects.showing(user, RecordKind.HEALTH).active()
    accounts = visible.in_bulk([mover.account_id for mover in moved])
    return [
        MovedRow(
            accounts[mover.account_id], mover.score, mover.band, mover.change, mover.reason, None
        )
        for mover in moved
        if mover.account_id in accounts
    ]


def _of_alert(alert: HealthAlert, reason: str) -> MovedRow:
    health = alert.account.health
    change = None
    if alert.before is not None and health.score is not None:
        change = health.score - alert.before
    return MovedRow(alert.account, health.score, health.band, change, reason, alert)
