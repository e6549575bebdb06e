import datetime as dt

import pytest

from accounts.selectors.timeline import timeline_of
from scoring.models import HealthCurrent, HealthDaily, HealthTransition
from scoring.services.overrides import end_override, set_override
from scoring.services.runs import recompute_dirty
from tests.factories import make_team, make_user
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    install_scorecards,
    last_days,
    make_live_source,
    make_paid_invoice,
    make_scored_account,
    make_talk,
    make_usage,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def account():
    install_scorecards()
    account = make_scored_account(team=make_team())
    make_live_source(account=account, days=60)
    make_paid_invoice(account)
    make_usage(account=account, days=last_days(60), users=8)
    make_talk(account, DAY - 3 * ONE_DAY)
    close_day(DAY - 2 * ONE_DAY, account)
    return account


def changes(account):
    user = make_user(team=account.team)
    items = timeline_of(account=account, user=user).items
    return [item.chips for item in items if item.source == "health"]


def test_a_band_set_by_an_override_and_let_go_says_so(account):
    author = make_user(team=account.team)
    set_override(account=account, kind="band", band="critical", reason="M&A", by=author, at=NOON)
    recompute_dirty(at=NOON + dt.timedelta(seconds=3))
    end_override(override=account.health_overrides.get(), by=author, at=NOON + HOUR)
    recompute_dirty(at=NOON + HOUR + dt.timedelta(seconds=3))

    assert changes(account) == [["an override ended"], ["by an override"], ["enough data again"]]


def test_a_limit_rule_that_begins_to_hold_is_named(account):
    now = HealthDaily.objects.get(account=account)
    names = [field.attname for field in HealthDaily._meta.concrete_fields]
    later = {"day": DAY, "corrections": [0, -20, 0, 0]}
    HealthDaily.objects.create(**({name: getattr(now, name) for name in names} | later))
    HealthCurrent.objects.filter(account=account).update(day=DAY)
    HealthTransition.objects.create(
        account=account, from_band="steady", to_band="at_risk", score=59, day=DAY, at=NOON,
        kind="provisional",
    )  # fmt: skip

    assert changes(account)[0] == ["a limit rule holds"]
