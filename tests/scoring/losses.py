"""A book whose lost customers fell silent before, and the back-test over it."""

import datetime as dt

from accounts.models import (
    Account,
    AccountStatusFact,
)
from scoring.selectors.backtest import run_backtest
from scoring.selectors.scorecards import read_definition
from tests.factories import make_touchpoint
from tests.scoring.factories import (
    NOON,
    make_scorecard,
    make_scored_account,
    noon,
)

MARCH, APRIL = dt.date(2026, 3, 31), dt.date(2026, 4, 30)
SILENT_SINCE, LOST_ON = dt.date(2025, 12, 1), dt.date(2026, 5, 10)


def care_card(**fields):
    measure = {"metric": "touch_recency", "weight": 1, "curve": [[0, 100], [10, 0]]}
    dimension = {"key": "care", "label_en": "Care", "label_ja": "関係", "weight": 1}
    return make_scorecard(
        {"schema": 1, "dimensions": [{**dimension, "measures": [measure]}]}, **fields
    )


def talk(account, day, *, known=None):
    make_touchpoint(account=account, occurred_at=noon(day), recorded_at=known or noon(day))


def lose(account, on=LOST_ON):
    Account.objects.filter(pk=account.pk).update(status="churned", churned_on=on)
    AccountStatusFact.objects.create(
        account=account, status="active", starts_on=dt.date(2022, 4, 1), ends_on=on,
        recorded_at=noon(dt.date(2022, 4, 1)),
    )  # fmt: skip
    AccountStatusFact.objects.create(
        account=account, status="churned", starts_on=on, recorded_at=noon(on)
    )


def make_past(lost=12, kept=12):
    """Customers who fell silent and left, and as many we kept talking with."""
    leaving = [make_scored_account() for _ in range(lost)]
    staying = [make_scored_account() for _ in range(kept)]
    for account in leaving:
        talk(account, SILENT_SINCE)
        lose(account)
    for number, account in enumerate(staying):
        for month in range(1, 7):
            talk(account, dt.date(2026, month, 1 + number % 20))
    return leaving, staying


def judge(version, **options):
    told = []
    found = run_backtest(
        scorecard=version.scorecard,
        definition=read_definition(version),
        at=NOON,
        progress=lambda done, total: told.append((done, total)),
        **{"months": 3, "horizon": 30, **options},
    )
    return found, told
