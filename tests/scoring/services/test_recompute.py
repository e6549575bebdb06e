import pytest

from scoring.models import HealthCurrent, HealthTransition
from scoring.services.runs import recompute_health
from tests.factories import make_touchpoint
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    daily,
    install_scorecards,
    last_days,
    make_live_source,
    make_scored_account,
    make_usage,
    noon,
)

pytestmark = pytest.mark.django_db


def make_busy_account(**fields):
    account = make_scored_account(**fields)
    make_live_source(account=account)
    make_usage(account=account, days=last_days(60), users=7)
    talked_at = noon(DAY - 5 * ONE_DAY)
    make_touchpoint(account=account, occurred_at=talked_at, recorded_at=talked_at)
    return account


def test_a_provisional_run_shows_a_score_and_tells_the_change_of_band():
    install_scorecards()
    account = make_busy_account()

    outcome = recompute_health(at=NOON, account_ids=[account.pk])

    health = HealthCurrent.objects.get(account=account)
    news = HealthTransition.objects.get()
    assert (outcome.accounts, outcome.transitions) == (1, 1)
    assert (health.band, health.day, health.kind) == ("steady", DAY, "provisional")
    assert (news.from_band, news.to_band, news.acted_at) == ("not_enough_data", "steady", None)
    assert news.score == health.score


def test_running_twice_changes_nothing():
    install_scorecards()
    account = make_busy_account()

    close_day(DAY, account)
    before = HealthCurrent.objects.values().get(), vars(daily(account, DAY)) | {"_state": None}
    outcome = close_day(DAY, account)

    assert outcome.transitions == 0
    assert HealthTransition.objects.count() == 1
    after = HealthCurrent.objects.values().get(), vars(daily(account, DAY)) | {"_state": None}
    assert after == before
