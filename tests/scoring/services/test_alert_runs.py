import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import (
    HealthAlert,
    HealthCurrent,
    MetricValue,
    Source,
)
from scoring.selectors.frames import official_frame
from scoring.services.alerts import mark_false_alarms, set_alert_rule
from scoring.services.metric_slots import ensure_metric_slots
from scoring.services.recompute import open_book, recompute_accounts
from tests.factories import make_account, make_team, make_user
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    install_scorecards,
    make_live_source,
    make_scored_account,
    make_talk,
    noon,
)
from tests.scoring.services.watching import (
    AT_RISK,
    CRITICAL,
    STEADY,
    alerts,
    make_watched,
    stand,
    tend,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return make_watched()


def test_a_low_band_opens_one_alert_however_often_it_is_seen(account):
    stand(account, STEADY, 70)
    stand(account, AT_RISK, 55)

    assert (tend(account), tend(account), tend(account, official=False)) == (1, 0, 0)

    (alert,) = alerts(account)
    assert (alert.from_band, alert.band, alert.score) == (STEADY, AT_RISK, 55)
    assert alert.acted_at is None


def test_it_closes_when_the_band_recovers_and_rests_before_it_opens_again(account):
    stand(account, AT_RISK, 55)
    tend(account)
    stand(account, STEADY, 70, day=DAY + ONE_DAY)
    tend(account, day=DAY + ONE_DAY)
    stand(account, AT_RISK, 55, day=DAY + 2 * ONE_DAY)

    assert alerts(account)[0].closed_as == "cleared"
    assert tend(account, day=DAY + 2 * ONE_DAY) == 0
    assert tend(account, day=DAY + 8 * ONE_DAY) == 1
    assert [alert.closed_at is None for alert in alerts(account)] == [False, True]


def test_what_became_worse_does_not_wait(account):
    stand(account, AT_RISK, 55)
    tend(account)
    stand(account, STEADY, 70, day=DAY + ONE_DAY)
    tend(account, day=DAY + ONE_DAY)
    stand(account, CRITICAL, 20, day=DAY + 2 * ONE_DAY)

    assert tend(account, day=DAY + 2 * ONE_DAY) == 1


def test_from_at_risk_to_critical_is_a_new_alert(account):
    stand(account, AT_RISK, 55)
    tend(account)
    stand(account, CRITICAL, 20, day=DAY + ONE_DAY)

    assert tend(account, day=DAY + ONE_DAY, official=False) == 1
    assert [(a.band, a.closed_as) for a in alerts(account)] == [
        (AT_RISK, "worsened"),
        (CRITICAL, ""),
    ]


def test_one_marked_false_does_not_open_again_until_it_cleared(account):
    stand(account, AT_RISK, 55)
    tend(account)
    (alert,) = alerts(account)
    mark_false_alarms(alert_ids=[alert.pk], reason="Summer", by=make_user(), at=NOON)

    assert tend(account, day=DAY + 60 * ONE_DAY) == 0
    stand(account, CRITICAL, 20, day=DAY + 61 * ONE_DAY)
    assert tend(account, day=DAY + 61 * ONE_DAY) == 1


def test_without_enough_data_a_low_band_neither_opens_nor_closes(account):
    stand(account, AT_RISK, 55)
    tend(account)
    stand(account, "not_enough_data", None, day=DAY + ONE_DAY)

    tend(account, day=DAY + ONE_DAY)

    assert alerts(account)[0].closed_at is None
    (lost,) = alerts(account, "coverage_lost")
    assert lost.quiet_since == DAY + ONE_DAY
    stand(account, AT_RISK, 50, day=DAY + 2 * ONE_DAY)
    tend(account, day=DAY + 2 * ONE_DAY)
    assert alerts(account, "coverage_lost")[0].closed_as == "cleared"


def test_an_account_that_never_had_a_score_lost_none(account):
    HealthCurrent.objects.create(account=account)

    assert tend(account) == 0


def make_quiet(account, days, *, source_until=DAY):
    account.tracked = True
    account.save()
    make_live_source(account=account, until=source_until)
    Source.objects.update(last_event_at=noon(DAY - days * ONE_DAY))
    HealthCurrent.objects.get_or_create(account=account)


def test_a_tracked_account_that_went_quiet_is_told_once_and_closes_with_its_next_event(account):
    make_quiet(account, 20)

    assert (tend(account), tend(account)) == (1, 0)
    (alert,) = alerts(account, "usage_silence")
    assert alert.quiet_since == DAY - 20 * ONE_DAY

    Source.objects.update(last_event_at=NOON)
    tend(account, day=DAY + ONE_DAY, official=False)
    assert alerts(account, "usage_silence")[0].closed_as == "cleared"


@pytest.mark.parametrize(("days", "alive"), [(10, DAY), (20, DAY - 5 * ONE_DAY)])
def test_a_short_rest_or_a_dead_source_is_no_silence(account, days, alive):
    make_quiet(account, days, source_until=alive)

    assert tend(account) == 0


def test_a_source_that_dies_keeps_the_silence_open(account):
    make_quiet(account, 20)
    tend(account)

    tend(account, day=DAY + 9 * ONE_DAY)

    assert alerts(account, "usage_silence")[0].closed_at is None


def test_a_cadence_passed_by_half_is_a_silence_of_talks_and_ends_with_one():
    install_scorecards()
    account = make_scored_account(tracked=False, touch_model="high")
    make_talk(account, DAY - 44 * ONE_DAY)

    close_day(DAY, account)
    assert alerts(account, "talk_silence") == []
    close_day(DAY + 2 * ONE_DAY, account)
    (alert,) = alerts(account, "talk_silence")
    assert alert.quiet_since == DAY - 44 * ONE_DAY
    make_talk(account, DAY + 2 * ONE_DAY)
    close_day(DAY + 3 * ONE_DAY, account)
    assert alerts(account, "talk_silence")[0].closed_as == "cleared"


def test_a_rule_switched_off_closes_its_alerts_and_a_stricter_one_tells_less(account):
    stand(account, AT_RISK, 55)
    tend(account)
    manager = make_user(role="manager")
    rule = {"kind": "crossing", "cool_down_days": 0, "by": manager}

    set_alert_rule(is_active=False, threshold=1, **rule)
    tend(account)
    assert alerts(account)[0].closed_as == "switched_off"

    set_alert_rule(is_active=True, threshold=0, **rule)
    assert tend(account) == 0
    set_alert_rule(is_active=True, threshold=1, **rule)
    assert tend(account) == 1


def test_alerts_of_an_account_that_left_close(account):
    stand(account, AT_RISK, 55)
    tend(account)
    account.status, account.churned_on = "churned", DAY
    account.save()

    tend(account, day=DAY + ONE_DAY)

    assert alerts(account)[0].closed_as == "left"
    assert tend(account, day=DAY + 30 * ONE_DAY) == 0


def test_a_run_over_the_past_leaves_todays_alerts_alone(account):
    stand(account, AT_RISK, 55)
    tend(account)
    account.customer_since_on = DAY
    account.save()

    tend(account, day=DAY - 9 * ONE_DAY)

    assert alerts(account)[0].closed_at is None


def test_a_hundred_accounts_take_as_many_statements_as_one(account):
    team = make_team()
    others = [make_account(team=team) for _ in range(100)]
    for other in (account, *others):
        stand(other, AT_RISK, 55)

    assert tend(account) == 1
    with CaptureQueriesContext(connection) as few:
        assert tend(account) == 0
    with CaptureQueriesContext(connection) as many:
        assert tend(*others) == 100

    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_two_workers_open_it_once():
    install_scorecards()
    slots = ensure_metric_slots()
    account = make_scored_account(tracked=False, touch_model="high")
    make_talk(account, DAY - 90 * ONE_DAY)
    frame = official_frame(DAY)
    book = open_book(frame=frame)
    assert slots

    def work():
        recompute_accounts(book=book, account_ids=[account.pk])
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert HealthAlert.objects.filter(account=account, kind="talk_silence").count() == 1
    assert MetricValue.objects.count() == 1
