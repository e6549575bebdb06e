import datetime as dt

import pytest

from config.lib import formats
from scoring.models import AlertRule, HealthAlert
from scoring.selectors.alerts import alert_figures, alert_rows, in_state
from scoring.services.alerts import (
    AlertIsClosed,
    BadAlert,
    BadAlertRule,
    acknowledge_alerts,
    mark_false_alarms,
    set_alert_rule,
    snooze_alert,
    unacknowledge_alerts,
    unmark_false_alarms,
)
from scoring.services.metric_slots import ensure_metric_slots
from tests.factories import make_account, make_user
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    install_scorecards,
    last_days,
    make_alert,
    make_live_source,
    make_paid_invoice,
    make_scored_account,
    make_talk,
    make_usage,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def alert():
    return make_alert(account=make_account())


def again(alert):
    return HealthAlert.objects.get(pk=alert.pk)


def open_ones(at=NOON):
    return list(in_state(HealthAlert.objects.all(), "open", at=at))


def test_who_acknowledged_first_is_kept_and_may_take_it_back(alert):
    first, second = make_user(), make_user()

    assert acknowledge_alerts(alert_ids=[alert.pk], by=first, at=NOON) == [alert.pk]
    assert acknowledge_alerts(alert_ids=[alert.pk], by=second, at=NOON) == []
    assert again(alert).acknowledged_by == first
    assert unacknowledge_alerts(alert_ids=[alert.pk], by=second) == 0
    assert unacknowledge_alerts(alert_ids=[alert.pk], by=first) == 1
    assert open_ones() == [alert]


def test_a_false_alarm_needs_a_reason_leaves_the_open_ones_and_can_be_taken_back(alert):
    with pytest.raises(BadAlert) as problem:
        mark_false_alarms(alert_ids=[alert.pk], reason=" ", by=make_user(), at=NOON)
    assert [error.pointer for error in problem.value.errors] == ["/reason"]
    assert open_ones() == [alert]

    mark_false_alarms(alert_ids=[alert.pk], reason="Summer", by=make_user(), at=NOON)

    assert open_ones() == []
    assert again(alert).closed_at is None
    unmark_false_alarms(alert_ids=[alert.pk])
    assert open_ones() == [alert]


def test_snoozed_it_comes_back_by_itself(alert):
    snooze_alert(alert=alert, until=NOON + HOUR, at=NOON)

    assert open_ones(NOON) == []
    assert list(in_state(HealthAlert.objects.all(), "snoozed", at=NOON)) == [alert]
    assert open_ones(NOON + HOUR) == [alert]


def test_what_is_closed_or_too_far_ahead_is_not_snoozed(alert):
    with pytest.raises(BadAlert):
        snooze_alert(alert=alert, until=NOON + 91 * ONE_DAY, at=NOON)
    HealthAlert.objects.update(closed_at=NOON, closed_as="cleared")
    with pytest.raises(AlertIsClosed):
        snooze_alert(alert=alert, until=NOON + HOUR, at=NOON)


def test_the_figures_count_opened_false_and_acted_on_by_kind(alert):
    make_alert(account=make_account(), acknowledged_at=NOON, acknowledged_by=make_user())
    make_alert(account=make_account(), day=DAY - 40 * ONE_DAY)
    mark_false_alarms(alert_ids=[alert.pk], reason="Summer", by=make_user(), at=NOON)

    crossing, *rest = alert_figures(since=DAY - 30 * ONE_DAY, until=DAY)

    assert (crossing.opened, crossing.marked_false, crossing.acted, crossing.open) == (2, 1, 1, 1)
    assert (crossing.false_share, crossing.acted_share) == (0.5, 0.5)
    assert {row.opened for row in rest} == {0}


@pytest.mark.parametrize(
    ("values", "pointers"),
    [
        ({"kind": "odd"}, {"/kind"}),
        ({"kind": "decline", "threshold": 4.9}, {"/threshold"}),
        ({"kind": "usage_silence", "threshold": float("nan")}, {"/threshold"}),
        ({"kind": "crossing", "threshold": 1, "cool_down_days": 91}, {"/cool_down_days"}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_field(values, pointers):
    with pytest.raises(BadAlertRule) as problem:
        set_alert_rule(
            by=make_user(),
            **{"is_active": True, "threshold": 14, "cool_down_days": 7, **values},
        )

    assert {error.pointer for error in problem.value.errors} == pointers
    assert not AlertRule.objects.exists()


def test_the_sentence_names_the_numbers_and_the_day():
    install_scorecards()
    ensure_metric_slots()
    account = make_scored_account()
    make_live_source(account=account, days=90)
    make_paid_invoice(account)
    make_talk(account, DAY - 35 * ONE_DAY)
    make_usage(account=account, days=last_days(60, until=DAY - 25 * ONE_DAY), users=9, events=4)
    make_usage(account=account, days=last_days(25), users=1)
    for ago in (30, 0):
        close_day(DAY - ago * ONE_DAY, account)

    alert = HealthAlert.objects.filter(kind="crossing").latest("pk")
    (row,) = alert_rows([alert], at=NOON)

    assert alert.before > alert.score
    assert row.reason.startswith(f"{formats.score(alert.before)} → {formats.score(alert.score)}")
    assert "since 20 May" in row.reason
