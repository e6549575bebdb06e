import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scoring.domain.trend import trend
from scoring.models import (
    HealthAlert,
    HealthCurrent,
    HealthDaily,
    HealthTransition,
    MetricValue,
    ScorecardVersion,
    Source,
)
from scoring.selectors.alert_sql import DECLINING
from scoring.selectors.alerts import alert_rows, movers
from scoring.selectors.frames import official_frame, provisional_frame
from scoring.services.alert_runs import tend_alerts
from scoring.services.alerts import mark_false_alarms, set_alert_rule
from scoring.services.metric_slots import ensure_metric_slots
from scoring.services.recompute import open_book, recompute_accounts
from scoring.services.runs import start_run
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

pytestmark = pytest.mark.django_db
CRITICAL, AT_RISK, STEADY = "critical", "at_risk", "steady"


@pytest.fixture
def account():
    install_scorecards()
    ensure_metric_slots()
    return make_scored_account(tracked=False)


def stand(account, band, score=None, *, day=DAY):
    """Let a run have put the account into a band."""
    before = HealthCurrent.objects.filter(account=account).first()
    was = before.band if before else "not_enough_data"
    HealthCurrent.objects.update_or_create(
        account=account, defaults={"day": day, "score": score, "computed": score, "band": band}
    )
    if band != was:
        HealthTransition.objects.create(
            account=account, from_band=was, to_band=band, score=score, day=day, at=noon(day),
            kind="official",
        )  # fmt: skip


def tend(*accounts, day=DAY, official=True):
    frame = official_frame(day) if official else provisional_frame(noon(day))
    run = start_run(frame=frame)
    ids = [account.pk for account in accounts]
    return tend_alerts(account_ids=ids, run=run, frame=frame, slots=ensure_metric_slots())


def alerts(account, kind="crossing"):
    return list(HealthAlert.objects.filter(account=account, kind=kind).order_by("pk"))


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


def draw_line(account, scores, *, last=DAY, version):
    """Write daily rows that end on `last`; None leaves a day out."""
    run = start_run(frame=official_frame(last))
    for ago, score in enumerate(reversed(scores)):
        if score is not None:
            HealthDaily.objects.create(
                account=account, day=last - ago * ONE_DAY, score=score, computed=score,
                base_weight=1, coverage=1, points=0, corrections=[0, 0, 0, 0], dimensions=[],
                contributions=[score - 50], kind="official", version=version, run=run,
            )  # fmt: skip


@pytest.fixture
def version(account):
    return ScorecardVersion.objects.order_by("pk").first()


def test_a_significant_fall_is_a_decline_with_its_size_and_cause(account, version):
    draw_line(account, [80 - 0.4 * n for n in range(30)], version=version)
    stand(account, STEADY, 68.4)
    HealthCurrent.objects.update(version=version)

    assert tend(account, official=False) == 0
    assert tend(account) == 1

    (alert,) = alerts(account, "decline")
    assert alert.change == pytest.approx(-12)
    assert (alert.cause, alert.cause_place) == ("measure", 1)
    assert alert.cause_points == pytest.approx(-8.4)


def test_a_score_that_was_lost_is_no_decline(account, version):
    draw_line(account, [80 - 0.4 * n for n in range(29)], last=DAY - ONE_DAY, version=version)
    stand(account, "not_enough_data", None)
    HealthCurrent.objects.update(version=version)

    tend(account)

    assert alerts(account, "decline") == []


def test_a_band_set_by_an_override_is_named_and_not_a_score_that_stayed(account, version):
    draw_line(account, [82.3, *[82.1] * 8], version=version)
    HealthDaily.objects.filter(day=DAY).update(band=1, state=2)
    stand(account, STEADY, 82.1, day=DAY - ONE_DAY)
    stand(account, AT_RISK, 82.1)
    HealthCurrent.objects.update(version=version)

    tend(account)

    (row,) = alert_rows(alerts(account), at=NOON)
    assert row.alert.cause == "override"
    assert row.reason == "An override sets the band to At risk; the score is 82."


def test_who_moved_within_a_week_is_told_with_what_moved_it(account, version):
    draw_line(account, [90 - n for n in range(30)], version=version)
    stand(account, STEADY, 61)
    HealthCurrent.objects.update(version=version)

    (moved,) = movers([account.pk], today=DAY, limit=3)

    assert (moved.account_id, moved.change) == (account.pk, -7)
    assert moved.reason.startswith("Most of it: ")
    assert moved.reason.endswith("(−7.0)")


def test_a_decline_closes_by_an_official_run_alone(account, version):
    draw_line(account, [80 - 0.4 * n for n in range(30)], version=version)
    stand(account, STEADY, 68.4)
    HealthCurrent.objects.update(version=version)
    tend(account)
    HealthDaily.objects.all().delete()

    tend(account, official=False)
    assert alerts(account, "decline")[0].closed_at is None
    tend(account)
    assert alerts(account, "decline")[0].closed_as == "cleared"


def test_a_fall_with_the_scorecard_is_none(account, version):
    draw_line(account, [80 - 0.4 * n for n in range(30)], version=version)
    stand(account, STEADY, 68.4)

    assert tend(account) == 0


@given(
    st.lists(st.none() | st.floats(0, 100).map(lambda x: round(x, 2)), min_size=1, max_size=30),
    st.floats(-1.5, 1.5),
)
@example([50.0] * 30, -1.0)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_statement_and_the_pure_rule_agree(account, version, noise, slope):
    HealthDaily.objects.all().delete()
    line = [
        None if x is None else min(100.0, max(0.0, 50 + slope * n + (x - 50) / 4))
        for n, x in enumerate(noise)
    ]
    draw_line(account, line, version=version)
    HealthCurrent.objects.update_or_create(
        account=account,
        defaults={"day": DAY, "band": STEADY, "version": version, "score": 50, "computed": 50},
    )

    with connection.cursor() as cursor:
        cursor.execute(
            DECLINING,
            {
                "ids": [account.pk],
                "day": DAY,
                "least_change": 5,
                "trend_days": [DAY - n * ONE_DAY for n in range(30)],
            },
        )
        found = cursor.fetchall()

    pure = trend(line)
    is_declining = pure is not None and pure.direction == "declining"
    assert bool(found) == is_declining
    if found:
        assert found[0][1] == pytest.approx(pure.change_30d, abs=1e-9)


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
    book = open_book(run=start_run(frame=frame), frame=frame)
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
